"""Evidence packs: what is in them, what is not, and that no change goes unnoticed."""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.assess import assess
from auditor.usecases.errors import UsageProblem
from auditor.usecases.evidence_pack import Asked, export_pack, verifier_source, verify_pack
from tests.auditor.store.stores import tampering
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


def rebuilt(path: Path, change: dict[str, bytes], folder: Path) -> Path:
    """Write the pack anew with some members replaced, as somebody without the key could."""
    from auditor.store.pack_verifier import closing
    from auditor.store.pack_writer import PackWriter

    with zipfile.ZipFile(path) as opened:
        content = {name: opened.read(name) for name in opened.namelist()} | change
    target = folder / "rebuilt.zip"
    with target.open("wb") as file:
        writer = PackWriter(file)
        for name, one in content.items():
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


def test_evidence_that_was_changed_in_the_workspace_is_found(
    workspace: Workspace, opds: tuple[str, ...], tmp_path: Path
) -> None:
    with tampering(workspace.folder) as connection:
        was, now = '"tool_version":"1"', '"tool_version":"2"'
        connection.execute("UPDATE evidence SET row = replace(row, ?, ?) WHERE sequence = 1", (was, now))
    told = verify_pack(packed(workspace, tmp_path)).problems
    assert told == ("the content of evidence row 1 was changed",)


def test_verdicts_that_were_changed_break_the_seal(
    workspace: Workspace, opds: tuple[str, ...], tmp_path: Path
) -> None:
    with tampering(workspace.folder) as connection:
        connection.execute("UPDATE verdicts SET content = replace(content, 'FAIL', 'PASS')")
    told = verify_pack(packed(workspace, tmp_path)).problems
    assert [one for one in told if one.startswith("the seal of audit")]


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


@pytest.mark.parametrize(
    ("asked", "told"),
    [
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
    assert list(tmp_path.glob("*.zip")) == []
    assert not [one for one in tmp_path.iterdir() if one.name.startswith(".pack")]


def test_a_file_that_is_there_is_left_alone(
    workspace: Workspace, opds: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "pack.zip").write_bytes(b"mine")
    with pytest.raises(UsageProblem, match="is there already"):
        packed(workspace, tmp_path)
    assert (tmp_path / "pack.zip").read_bytes() == b"mine"
