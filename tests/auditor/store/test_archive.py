"""A backup gives back what was put into it, and everything else that calls itself one is refused."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.store.archive import ArchiveError, Entry, Manifest, archive_bytes, entry_of, extract

RAW = "raw/ab/ab" + "0" * 62
CONTENT = {"audit.db": b"database" * 1000, "keys/chain-head.key": b"k" * 32, RAW: b""}


def packed(folder: Path, content: dict[str, bytes] = CONTENT) -> bytes:
    """Return a backup of these files."""
    places = {}
    for number, (name, value) in enumerate(content.items()):
        places[name] = folder / str(number)
        places[name].write_bytes(value)
    entries = tuple(entry_of(name, place) for name, place in places.items())
    return b"".join(archive_bytes(Manifest("2026-11-22", 5, "e", 0, "d", entries), places))


def unpacked(data: bytes, folder: Path) -> Manifest:
    return extract(io.BytesIO(data), folder, lambda _manifest: None)


def listing(**changes: Any) -> dict[str, Any]:
    """Return the manifest of one file of three bytes."""
    entry = {"name": "audit.db", "size_bytes": 3, "sha256": entry_sha(b"abc")}
    whole = {"format": "tilik-backup", "version": 1, "made_at": "", "evidence": 0, "evidence_head": ""}
    return {**whole, "decisions": 0, "decisions_head": "", "entries": [entry], **changes}


def entry_sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def made(manifest: object, *members: tuple[tarfile.TarInfo | str, bytes]) -> bytes:
    """Return an archive that somebody else made."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        text = manifest if isinstance(manifest, bytes) else json.dumps(manifest).encode()
        for name, content in (("manifest.json", text), *members):
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        end = archive.offset + 1024
    return gzip.compress(buffer.getvalue()[:end])


def test_what_was_packed_comes_back_for_the_owner_alone(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    manifest = unpacked(packed(tmp_path), target)
    assert {one.name: (target / one.name).read_bytes() for one in manifest.entries} == CONTENT
    assert {(target / one.name).stat().st_mode & 0o777 for one in manifest.entries} == {0o600}


def test_any_tar_can_list_it(tmp_path: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(packed(tmp_path))) as archive:
        assert archive.getnames() == ["manifest.json", *CONTENT]


def test_one_made_by_hand_like_ours_is_taken(tmp_path: Path) -> None:
    assert unpacked(made(listing(), ("audit.db", b"abc")), tmp_path).entries[0].size_bytes == 3


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_damaged_one_is_refused(tmp_path: Path, data: st.DataObject) -> None:
    whole = packed(tmp_path)
    place = data.draw(st.integers(0, len(whole) - 1))
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    if data.draw(st.booleans()):
        with pytest.raises(ArchiveError):
            unpacked(whole[:place], folder)
        return
    byte = whole[place] ^ data.draw(st.integers(1, 255))
    try:
        unpacked(whole[:place] + bytes([byte]) + whole[place + 1 :], folder)
    except ArchiveError:
        return
    # The time and name in the head of gzip cover nothing: what was written is whole all the same.
    assert {name: (folder / name).read_bytes() for name in CONTENT} == CONTENT


def link(kind: bytes) -> tarfile.TarInfo:
    info = tarfile.TarInfo("audit.db")
    info.type, info.linkname = kind, "/etc/passwd"
    return info


def entries(*names: str) -> list[dict[str, object]]:
    return [{"name": name, "size_bytes": 3, "sha256": entry_sha(b"abc")} for name in names]


ABC = ("audit.db", b"abc")
HOSTILE: dict[str, bytes] = {
    "no archive": b"PK\x03\x04",
    "nothing": b"",
    "an empty archive": gzip.compress(bytes(10240)),
    "no manifest": made(b"x", ABC),
    "a manifest that is no object": made([], ABC),
    "deep nesting": made(b"[" * 100_000, ABC),
    "another format": made(listing(format="other"), ABC),
    "a newer version": made(listing(version=2), ABC),
    "a path that leads out": made(listing(entries=entries("../audit.db")), ("../audit.db", b"abc")),
    "an absolute path": made(listing(entries=entries("/etc/cron.d/x")), ("/etc/cron.d/x", b"abc")),
    "a path through raw": made(listing(entries=entries("audit.db", "raw/../x")), ABC, ("raw/../x", b"abc")),
    "a name that ends with a line": made(listing(entries=entries("audit.db\n")), ("audit.db\n", b"abc")),
    "the kill switch": made(listing(entries=entries("audit.db", "STOP")), ABC, ("STOP", b"abc")),
    "a file twice": made(listing(entries=entries("audit.db", "audit.db")), ABC, ABC),
    "no database": made(listing(entries=entries(RAW)), (RAW, b"abc")),
    "a symbolic link": made(listing(), (link(tarfile.SYMTYPE), b"")),
    "a hard link": made(listing(), (link(tarfile.LNKTYPE), b"")),
    "a device": made(listing(), (link(tarfile.CHRTYPE), b"")),
    "a folder": made(listing(), (link(tarfile.DIRTYPE), b"")),
    "another size": made(listing(), ("audit.db", b"abcd")),
    "another content": made(listing(), ("audit.db", b"abd")),
    "another file": made(listing(), ("keys/a.key", b"abc")),
    "a file too many": made(listing(), ABC, ("keys/a.key", b"abc")),
    "a file too few": made(listing(entries=entries("audit.db", "keys/a.key")), ABC),
    "more behind it": made(listing(), ABC) + gzip.compress(b"more"),
    "garbage behind it": made(listing(), ABC) + b"garbage",
    "a size below nothing": made(listing(entries=[{**entries("audit.db")[0], "size_bytes": -1}]), ABC),
    "a size that is no number": made(listing(entries=[{**entries("audit.db")[0], "size_bytes": "3"}]), ABC),
    "a digest that is none": made(listing(entries=[{**entries("audit.db")[0], "sha256": "x"}]), ABC),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_no_backup_of_ours_is_refused(case: str, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    with pytest.raises(ArchiveError) as refused:
        unpacked(HOSTILE[case], target)
    assert str(refused.value)
    assert [one.name for one in tmp_path.iterdir()] == ["target"]


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    bomb = made(listing(entries=entries("audit.db")), ("audit.db", bytes(50_000_000)))
    with pytest.raises(ArchiveError):
        unpacked(bomb, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_manifest_beyond_any_size_is_not_read(tmp_path: Path) -> None:
    info = tarfile.TarInfo("manifest.json")
    info.size = 2**40
    with pytest.raises(ArchiveError):
        unpacked(gzip.compress(info.tobuf(tarfile.GNU_FORMAT)), tmp_path)


def test_nothing_is_written_when_there_is_no_room(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()

    def refuse(manifest: Manifest) -> None:
        raise OSError(sum(one.size_bytes for one in manifest.entries))

    with pytest.raises(OSError, match="8032"):
        extract(io.BytesIO(packed(tmp_path)), target, refuse)
    assert list(target.iterdir()) == []


@pytest.mark.parametrize("change", [lambda p: p.write_bytes(b"dat"), lambda p: p.write_bytes(b"x" * 8000)])
def test_what_changes_while_it_is_copied_is_told(change: Callable[[Path], object], tmp_path: Path) -> None:
    file = tmp_path / "audit.db"
    file.write_bytes(CONTENT["audit.db"])
    manifest = Manifest("", 0, "", 0, "", (entry_of("audit.db", file),))
    change(file)
    with pytest.raises(ArchiveError, match="changed"):
        list(archive_bytes(manifest, {"audit.db": file}))


def test_no_other_name_is_ever_packed(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"x")
    with pytest.raises(ValueError, match="STOP"):
        entry_of("STOP", tmp_path / "x")
    assert entry_of(RAW, tmp_path / "x") == Entry(RAW, 1, entry_sha(b"x"))
