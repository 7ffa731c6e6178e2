"""Starting files, validation and plans: help for every command, located messages, nothing overwritten."""

from __future__ import annotations

import json
import re
from itertools import zip_longest
from pathlib import Path

from tests.auditor.cli.command import auditor, auditors
from tests.auditor.cli.world import write_files
from tests.auditor.malformed import INVENTORIES, POLICIES

COMMANDS = (
    *("", "init", "validate", "doctor", "plan", "audit", "scan", "assess", "report", "runs"),
    *("host-access", "local", "record", "openscap"),
    *("findings", "findings list", "findings show", "findings what-if"),
    *("verdicts", "compare", "statement", "roadmap"),
    *("controls", "controls list", "controls show", "controls coverage", "controls lint"),
    *("controls not-automated", "controls new-check"),
    *("waive", "waive request", "waive approve", "waive reject", "waive revoke", "waive list", "waive show"),
    *("attest", "attest set", "attest withdraw", "attest list", "attest show", "attest evidence"),
    *("attest export", "attest import", "attest schema"),
    *(
        "evidence",
        "evidence verify",
        "evidence show",
        "evidence export",
        "evidence check",
        "inventory",
        "inventory import",
    ),
    *("inventory map",),
    *("prune", "backup", "restore"),
    *("findings acknowledge", "findings unacknowledge", "findings changes", "findings history"),
    *("findings export", "findings import", "calendar", "verify", "admission", "serve"),
    *("schedule", "schedule list", "schedule history"),
    *("trial", "trial start", "trial status", "trial gate", "trial close", "trial list", "trial report"),
    *("messages", "messages preview", "messages send", "messages retry", "messages test", "messages list"),
    *("wall", "import", "import nmap", "import lynis", "import openscap", "import list", "import show"),
)
LOCATED = re.compile(r"^(?P<file>/.+?)(:[1-9]\d*:[1-9]\d*)?: \S")


def test_every_command_explains_itself(tmp_path: Path) -> None:
    seen = auditors([[*command.split(), "--help"] for command in COMMANDS], cwd=tmp_path)
    for command, result in zip(COMMANDS, seen, strict=True):
        assert (result.code, result.err) == (0, ""), command
        assert result.out.startswith(f"Usage: auditor {command}".rstrip() + " "), command
        assert "--help" in result.out
    listed = {
        f"{command} {name}".strip()
        for command, result in zip(COMMANDS, seen, strict=True)
        for name in re.findall(r"^  ([\w-]+)  ", result.out.partition("Commands:")[2], re.MULTILINE)
    }
    assert listed == set(COMMANDS) - {""}
    assert {path.name for path in tmp_path.iterdir()} <= {"out", "err"}


def test_starting_files_are_written_once_and_never_again(tmp_path: Path) -> None:
    first = auditor("init", "baru/folder", cwd=tmp_path)
    assert (first.code, first.err) == (0, "")
    folder = tmp_path / "baru" / "folder"
    written = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {"inventory.yaml", "policies.yaml"} <= written.keys()
    assert len(re.findall("^wrote ", first.out, re.MULTILINE)) == len(written)

    (folder / "inventory.yaml").write_bytes(b"mine")
    (folder / "policies.yaml").unlink()
    (folder / "policies.yaml").symlink_to(tmp_path / "elsewhere")
    second = auditor("init", folder, cwd=tmp_path)
    assert second.code == 0
    assert len(re.findall("^kept ", second.out, re.MULTILINE)) == len(written)
    assert (folder / "inventory.yaml").read_bytes() == b"mine"
    assert not (tmp_path / "elsewhere").exists()


def test_starting_files_are_valid_and_lead_on(tmp_path: Path) -> None:
    assert auditor("init", cwd=tmp_path).code == 0
    seen = auditor("validate", cwd=tmp_path)
    assert (seen.code, seen.err) == (0, "")
    assert "\nValid: 3 OPD, 3 servers, 1 domain.\n" in seen.out
    assert seen.out.endswith("Next: auditor plan\n")


def test_what_is_valid_and_still_surprises_is_told_on_standard_error(tmp_path: Path) -> None:
    write_files(tmp_path, {"situs": "127.30.1.1"})
    path = tmp_path / "inventory.yaml"
    path.write_text(re.sub("until: [0-9-]+", "until: 9999-12-31", path.read_text("utf-8")), encoding="utf-8")
    [line] = auditor("validate", cwd=tmp_path).err.splitlines()
    assert line.startswith("Warning: the policy gives room, hypervisor, network, host to the centre, but org")

    text = path.read_text("utf-8").replace("timezone: Asia/Jakarta", "timezone: Asia/Jakarta, centre: dinkes")
    path.write_text(text, encoding="utf-8")
    assert auditor("validate", cwd=tmp_path).err == ""
    path.write_text(
        re.sub("from: [0-9-]+, until: [0-9-]+", "from: 2020-01-01, until: 2020-12-31", text), "utf-8"
    )
    seen = auditor("validate", cwd=tmp_path)
    assert seen.code == 0
    assert seen.err.startswith("Warning: authorization 094/1/Diskominfo/2026 ended on 2020-12-31: ")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    seen = auditor("init", "file", cwd=tmp_path)
    assert (seen.code, seen.out) == (2, "")
    assert "Next: " in seen.err


def test_every_malformed_file_ends_with_located_messages_and_bad_usage(tmp_path: Path) -> None:
    """Inventory and policy go in pairs: the problems of both are told at once."""
    write_files(tmp_path, {"situs": "127.30.1.1"})
    good = (tmp_path / "inventory.yaml", tmp_path / "policies.yaml")
    pairs = [
        (inventory or good[0], policy or good[1]) for inventory, policy in zip_longest(INVENTORIES, POLICIES)
    ]
    seen = auditors([["validate", "-i", str(i), "-p", str(p)] for i, p in pairs], cwd=tmp_path)
    for pair, result in zip(pairs, seen, strict=True):
        assert (result.code, result.out) == (2, ""), pair
        *problems, last = result.err.splitlines()
        assert last == f"{len(problems)} problem{'s' if len(problems) > 1 else ''}; nothing was changed."
        located = [LOCATED.match(line) for line in problems]
        assert all(located), result.err
        assert {match["file"] for match in located if match} == {
            str(path) for path in pair if path not in good
        }
        assert result.err.isprintable() or all(line.isprintable() for line in result.err.splitlines())


def test_a_plan_names_what_is_measured_and_why_the_rest_is_not(tmp_path: Path) -> None:
    servers = {"dalam": "127.30.1.1", "luar": "127.30.2.1"}
    write_files(tmp_path, servers, authorized="127.30.1.0/24")
    seen = auditor("plan", "-f", "json", cwd=tmp_path)
    assert (seen.code, seen.err) == (0, "")
    rows = {row["server"]: row for row in json.loads(seen.out)}
    assert rows["dalam"]["measured"] == "yes"
    assert rows["luar"]["measured"] == "no"
    assert rows["luar"]["why"].startswith("no authorization covers this address: ask for an assignment")
    only = auditor("plan", "--server", "luar", cwd=tmp_path)
    assert only.code == 3
    assert "dalam" not in only.out


def test_servers_from_a_table_become_a_new_inventory_and_nothing_is_overwritten(tmp_path: Path) -> None:
    write_files(tmp_path, {"situs": "127.30.1.1"})
    before = (tmp_path / "inventory.yaml").read_bytes()
    (tmp_path / "t.csv").write_text(
        "opd,id,zone,category,addresses\ndinkes,situs-2,dmz,tinggi,127.30.1.2\n", encoding="utf-8"
    )
    seen = auditor("inventory", "import", "t.csv", cwd=tmp_path)
    assert seen.code == 0, seen.err
    assert (tmp_path / "inventory.yaml").read_bytes() == before
    valid = auditor("validate", "-i", "inventory-imported.yaml", cwd=tmp_path)
    assert valid.code == 0, valid.err
    assert "situs-2" in valid.out
    again = auditor("inventory", "import", "t.csv", cwd=tmp_path)
    assert (again.code, again.out) == (2, "")
    assert "is there already" in again.err


def test_a_machine_without_nmap_is_told_how_to_get_it(tmp_path: Path) -> None:
    whole = auditor("doctor", "-f", "json", cwd=tmp_path)
    assert whole.code == 0
    assert all(part["state"] == "ok" for part in json.loads(whole.out))
    bare = auditor("doctor", "-f", "json", cwd=tmp_path, env={"PATH": str(tmp_path)})
    assert bare.code == 3
    missing = {part["part"]: part["next"] for part in json.loads(bare.out) if part["state"] != "ok"}
    assert missing == {"nmap": "apt-get install nmap", "nmap scripts": "apt-get install nmap"}
