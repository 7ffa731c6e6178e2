"""Evidence packs: what is in them, what is not, and that no change goes unnoticed."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auditor.model.plan import Task
from auditor.store.evidence import Timing
from auditor.store.pack_verifier import closing, signature_file, signed_bytes
from auditor.store.pack_writer import PackWriter
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.assess import assess
from auditor.usecases.errors import UsageProblem
from auditor.usecases.evidence_pack import Asked, export_pack, verifier_source, verify_pack
from reports.errors import ReportError
from tests.auditor.store.stores import observation, tampering
from tests.auditor.usecases.test_assess import WORLD, store
from tests.controls.catalogue import shipped

NOW = datetime(2026, 10, 6, 2, 0, tzinfo=UTC)


def packed(workspace: Workspace, folder: Path, name: str = "pack.zip", **asked: object) -> Path:
    return export_pack(workspace, Asked(**asked), folder / name, NOW).path  # type: ignore[arg-type]


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as opened:
        found = {name: opened.read(name) for name in opened.namelist()}
    return {n: gzip.decompress(content) if n.endswith(".gz") else content for n, content in found.items()}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    opened = open_workspace(tmp_path / "workspace")
    yield opened
    opened.engine.dispose()


@pytest.fixture
def opds(workspace: Workspace) -> tuple[str, ...]:
    store(workspace, WORLD)
    assess(workspace, WORLD.run, WORLD.inputs, shipped())
    return tuple(one.id for one in WORLD.inputs.inventory.opds)


def test_a_pack_is_intact_and_says_what_it_holds(
    workspace: Workspace, opds: tuple[str, ...], tmp_path: Path
) -> None:
    made = export_pack(workspace, Asked(), tmp_path / "all.zip", NOW)
    verified = verify_pack(made.path, made.public_key)
    assert verified.problems == ()
    assert f"{made.rows} rows of evidence, 0 rows of others" in " ".join(verified.summary)
    assert made.public_key == workspace.public_key
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert {f"cards/kartu-skor-{opd}.html" for opd in opds} <= set(members(made.path))


def test_the_same_workspace_gives_the_same_bytes(
    workspace: Workspace, opds: tuple[str, ...], tmp_path: Path
) -> None:
    one, other = (packed(workspace, tmp_path, name) for name in ("one.zip", "other.zip"))
    assert one.read_bytes() == other.read_bytes()


def test_the_program_inside_verifies_it_without_us(
    workspace: Workspace, opds: tuple[str, ...], tmp_path: Path
) -> None:
    path = packed(workspace, tmp_path)
    program = tmp_path / "verify.py"
    program.write_bytes(members(path)["verify.py"])
    assert program.read_bytes() == verifier_source()
    # -I -S: no site packages and no modules of the project.
    command = [sys.executable, "-I", "-S", str(program), str(path), "--key", workspace.public_key]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Utuh" in done.stdout
    wrong = subprocess.run([*command[:-1], "00" * 32], capture_output=True, text=True, check=False)
    assert wrong.returncode == 1
    assert "kunci lain" in wrong.stdout


def test_no_byte_can_change_unnoticed(workspace: Workspace, opds: tuple[str, ...], tmp_path: Path) -> None:
    path = packed(workspace, tmp_path, opd=opds[0], formats=("json",))
    whole, chance = path.read_bytes(), random.Random(7)
    changed = tmp_path / "changed.zip"
    for place in (
        *range(200),
        *chance.sample(range(len(whole)), 300),
        *range(len(whole) - 200, len(whole)),
    ):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << chance.randrange(8)
        changed.write_bytes(damaged)
        assert verify_pack(changed).problems, f"byte {place}"


def rebuilt(path: Path, change: dict[str, bytes], folder: Path, backwards: bool = False) -> Path:
    """Write the pack anew with some members replaced, as somebody without the key could."""
    with zipfile.ZipFile(path) as opened:
        content = {name: opened.read(name) for name in opened.namelist()} | change
    target = folder / "rebuilt.zip"
    with target.open("wb") as file:
        writer = PackWriter(file)
        for name, one in list(content.items())[:: -1 if backwards else 1]:
            writer.add(name, one)
        file.write(closing(writer._members))
    return target


def test_a_forger_without_the_key_is_found(
    workspace: Workspace, opds: tuple[str, ...], tmp_path: Path
) -> None:
    path = packed(workspace, tmp_path)
    assert verify_pack(rebuilt(path, {}, tmp_path)).problems == ()
    card = next(name for name in members(path) if name.endswith(".html"))
    assert verify_pack(rebuilt(path, {card: b"better"}, tmp_path)).problems == (f"{card} was changed",)
    manifest = json.loads(members(path)["manifest.json"])
    manifest["organization"] = "another"
    forged = json.dumps(manifest, ensure_ascii=True, indent=1, sort_keys=True).encode()
    told = verify_pack(rebuilt(path, {"manifest.json": forged}, tmp_path)).problems
    assert told == ("the signature of the list of members is not valid",)
    assert (
        "extra.txt is not in the list of members"
        in verify_pack(rebuilt(path, {"extra.txt": b""}, tmp_path)).problems
    )


def test_nothing_can_be_hidden_in_another_form(
    workspace: Workspace, opds: tuple[str, ...], tmp_path: Path
) -> None:
    path = packed(workspace, tmp_path)
    signature = json.loads(members(path)["signature.json"])["signature"]
    for other in (signature.upper(), signature[:10] + " \t" + signature[10:]):
        content = json.dumps({"signature": other}, separators=(",", ":")).encode()
        assert verify_pack(rebuilt(path, {"signature.json": content}, tmp_path)).problems
    told = verify_pack(rebuilt(path, {}, tmp_path, backwards=True)).problems
    assert told == ("the files do not stand in the order of the list of members",)


def sealed_by_somebody(folder: Path, manifest: object, lines: bytes = b"") -> Path:
    """Write a file that is laid out and signed as a pack is, by a key of somebody's own."""
    private = Ed25519PrivateKey.generate()
    target = folder / "hostile.zip"
    with target.open("wb") as file:
        writer = PackWriter(file)
        for name in ("chain", "heads", "pruned"):
            writer.add_packed(f"evidence/{name}.jsonl.gz", lines)
        entries = [{"name": one.name, "size": one.size, "sha256": one.sha256} for one in writer._members]
        if isinstance(manifest, dict):
            key = private.public_key().public_bytes_raw().hex()
            manifest = {**WHOLE, "public_key": key, "entries": entries, **manifest}
        content = manifest if isinstance(manifest, bytes) else json.dumps(manifest).encode()
        writer.add("manifest.json", content)
        signature = private.sign(signed_bytes(hashlib.sha256(content).hexdigest())).hex()
        writer.add("signature.json", signature_file(signature))
        file.write(closing(writer._members))
    return target


WHOLE = {
    "format": "tilik-evidence-pack",
    "version": 1,
    "organization": "a",
    "opd_name": "",
    "from": "",
    "to": "",
    "made_at": "",
    "runs": [],
    "problems": [],
    "evidence": {"rows": 0, "withheld": 0},
}


@pytest.mark.parametrize(
    "manifest",
    [
        *(b"[" * 200_000, b"[]", b"{}", b"\xff", b"null"),
        *(
            {"entries": 1},
            {"entries": [1]},
            {"entries": [{"name": "a"}]},
            {"evidence": [1]},
            {"evidence": {}},
        ),
        *(
            {"runs": [{"id": 1, "seal": None}]},
            {"runs": 5},
            {"problems": [1]},
            {"version": 2},
            {"public_key": 5},
        ),
    ],
)
def test_a_hostile_list_of_members_is_told(manifest: object, tmp_path: Path) -> None:
    (told,) = verify_pack(sealed_by_somebody(tmp_path, manifest)).problems
    assert told in ("the list of members is not readable", "version 2 of the pack is not known")


@pytest.mark.parametrize("line", [b"[" * 100_000, b"[]", b"{}", b"5", b'{"sequence": {}}', b"\xff"])
def test_hostile_rows_are_told(line: bytes, tmp_path: Path) -> None:
    told = verify_pack(sealed_by_somebody(tmp_path, {}, line + b"\n")).problems
    assert [one for one in told if one.endswith("is not readable")]


def test_what_is_not_sealed_is_not_unpacked(tmp_path: Path) -> None:
    path = sealed_by_somebody(tmp_path, {}, b"[" * 100_000)
    told = verify_pack(rebuilt(path, {"signature.json": b"{}"}, tmp_path)).problems
    assert told == ("the signature of the list of members is not valid",)


def test_evidence_that_was_changed_in_the_workspace_is_found(
    workspace: Workspace, opds: tuple[str, ...], tmp_path: Path
) -> None:
    with tampering(workspace.folder) as connection:
        was, now = '"tool_version":"1"', '"tool_version":"2"'
        connection.execute("UPDATE evidence SET row = replace(row, ?, ?) WHERE sequence = 1", (was, now))
    with pytest.raises(UsageProblem, match="does not verify, in 1 places, the first: 1: its content was"):
        packed(workspace, tmp_path)
    assert list(tmp_path.glob("*.zip")) == []
    told = verify_pack(packed(workspace, tmp_path, damaged=True))
    assert told.problems == ("the content of evidence row 1 was changed",)


def test_verdicts_that_were_changed_break_the_seal(
    workspace: Workspace, opds: tuple[str, ...], tmp_path: Path
) -> None:
    with tampering(workspace.folder) as connection:
        connection.execute("UPDATE verdicts SET content = replace(content, 'FAIL', 'PASS')")
    with pytest.raises(UsageProblem, match="does not verify"):
        packed(workspace, tmp_path, opd=opds[0])
    told = verify_pack(packed(workspace, tmp_path, damaged=True)).problems
    assert [one for one in told if one.startswith("the seal of audit")]
    of_one = verify_pack(packed(workspace, tmp_path, "one.zip", opd=opds[0], damaged=True))
    assert of_one.problems == ()
    assert "known to be damaged" in " ".join(of_one.summary)


def test_a_pack_of_one_opd_shows_nothing_of_another(
    workspace: Workspace, opds: tuple[str, ...], tmp_path: Path
) -> None:
    world_servers = _servers(workspace)
    for opd in opds:
        path = packed(workspace, tmp_path, f"{opd}.zip", opd=opd)
        assert verify_pack(path).problems == ()
        shown = [json.loads(line) for line in members(path)["evidence/chain.jsonl.gz"].splitlines()]
        own = {json.loads(one["row"])["task"]["server"] for one in shown if "row" in one}
        foreign = set().union(*(names for other, names in world_servers.items() if other != opd))
        text = b"".join(
            content for name, content in members(path).items() if name.startswith(("runs/", "evidence/"))
        )
        for server in foreign - own:
            assert server.encode() not in text, server


def _servers(workspace: Workspace) -> dict[str, set[str]]:
    run = workspace.runs.all()[-1]
    inventory = workspace.runs.inputs(run.id).inventory
    return {opd.id: {server.id for server in opd.servers} for opd in inventory.opds}


def test_a_pack_tells_the_rules_and_not_whom_we_tell(
    workspace: Workspace, opds: tuple[str, ...], tmp_path: Path
) -> None:
    (content,) = (
        json.loads(one)
        for name, one in members(packed(workspace, tmp_path, opd=opds[0])).items()
        if name.endswith("policy.json.gz")
    )
    assert {"weights", "deadline_days", "parameters"} <= set(content)
    assert not {"messages", "backup", "signature", "blackouts", "schedules", "trial", "wall"} & set(content)


def test_rows_that_name_addresses_of_others_stay_closed(workspace: Workspace, tmp_path: Path) -> None:
    store(workspace, WORLD)
    own, other = WORLD.inputs.inventory.opds[:2]
    foreign = [str(one) for server in other.servers for one in server.addresses]
    task = Task("dns", own.servers[0].id, own.id, "", options={"compared": {"addresses": foreign}})
    row = workspace.evidence.append(WORLD.run.id, task, Timing(NOW, NOW, 1.0), observation(1))
    assess(workspace, WORLD.run, WORLD.inputs, shipped())
    for opd, is_shown in ((own.id, False), (other.id, False), ("", True)):
        chain = members(packed(workspace, tmp_path, f"{opd}.zip", opd=opd))["evidence/chain.jsonl.gz"]
        (found,) = (one for one in map(json.loads, chain.splitlines()) if one["sequence"] == row.sequence)
        assert ("row" in found) is is_shown


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"language": "xx"}, "there are no reports in language xx"),
        ({"edition": "1999"}, "there are no reports in edition 1999"),
        ({"opd": "nobody"}, "there is no OPD nobody"),
        ({"run": "none"}, "there is no audit none"),
        ({"first": date(2030, 1, 1)}, "no audit of this period was judged"),
        ({"first": date(2020, 1, 1), "run": "run-1"}, "a pack is of one audit or of a period"),
    ],
)
def test_what_cannot_be_packed_is_told(
    workspace: Workspace, opds: tuple[str, ...], tmp_path: Path, asked: dict[str, object], told: str
) -> None:
    with pytest.raises(UsageProblem, match=told):
        packed(workspace, tmp_path, **asked)
    assert [one.name for one in tmp_path.iterdir()] == ["workspace"]


def test_what_cannot_be_rendered_leaves_nothing_behind(
    workspace: Workspace, opds: tuple[str, ...], tmp_path: Path
) -> None:
    with pytest.raises(ReportError, match="unknown format exe"):
        export_pack(workspace, Asked(formats=("exe",)), tmp_path / "new" / "pack.zip", NOW)
    assert not (tmp_path / "new").exists()


def test_a_file_that_is_there_is_left_alone(
    workspace: Workspace, opds: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "pack.zip").write_bytes(b"mine")
    with pytest.raises(UsageProblem, match="is there already"):
        packed(workspace, tmp_path)
    assert (tmp_path / "pack.zip").read_bytes() == b"mine"
