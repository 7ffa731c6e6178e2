"""Raw outputs are kept by the digest of their bytes, and by nothing else."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.store.artefacts import ArtefactStore


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=2_000))
def test_bytes_come_back_as_they_were(tmp_path: Path, content: bytes) -> None:
    store = ArtefactStore(tmp_path)
    name = store.put(content)
    assert name == hashlib.sha256(content).hexdigest()
    assert store.get(name) == content
    assert store.put(content) == name


@pytest.mark.parametrize(
    "name",
    [
        "../secret",
        "/etc/passwd",
        "..",
        "",
        "0" * 63,
        "0" * 65,
        "A" * 64,
        "../" + "0" * 61,
        "0" * 64 + "\n",
        "0" * 63 + "/",
        "00/" + "0" * 61,
    ],
)
def test_what_is_no_digest_names_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_text("not to be read")
    assert ArtefactStore(tmp_path / "raw").get(name) is None


def test_what_is_not_kept_is_none(tmp_path: Path) -> None:
    assert ArtefactStore(tmp_path / "raw").get("0" * 64) is None


def test_only_the_owner_reads_raw_outputs_and_nothing_is_left_beside_them(tmp_path: Path) -> None:
    store = ArtefactStore(tmp_path / "raw")
    name = store.put(b"answer")
    folder = tmp_path / "raw" / name[:2]
    assert [file.name for file in folder.iterdir()] == [name]
    assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_storing_again_writes_nothing_but_its_time(tmp_path: Path) -> None:
    store = ArtefactStore(tmp_path)
    file = store.path(store.put(b"answer"))
    os.utime(file, (1000, 1000))
    before = file.stat()
    store.put(b"answer")
    after = file.stat()
    assert (after.st_ino, after.st_size) == (before.st_ino, before.st_size)
    assert after.st_mtime > before.st_mtime


def test_what_is_set_aside_is_still_found_and_can_come_back(tmp_path: Path) -> None:
    store = ArtefactStore(tmp_path)
    name = store.put(b"answer")
    os.utime(store.path(name), (1000, 1000))
    assert store.set_aside(name, 2000)
    assert (store.get(name), store.size(name), list(store.names())) == (b"answer", None, [])
    store.give_back_all()
    assert (store.get(name), list(store.names())) == (b"answer", [name])
    assert store.set_aside(name, 2000)
    store.remove_aside(name)
    assert store.get(name) is None


def test_what_was_stored_again_meanwhile_is_not_set_aside(tmp_path: Path) -> None:
    store = ArtefactStore(tmp_path)
    name = store.put(b"answer")
    assert not store.set_aside(name, 1000)
    assert store.size(name) == 6


def test_what_is_stored_while_its_like_is_aside_stays(tmp_path: Path) -> None:
    store = ArtefactStore(tmp_path)
    name = store.put(b"answer")
    os.utime(store.path(name), (1000, 1000))
    assert store.set_aside(name, 2000)
    store.put(b"answer")
    store.remove_aside(name)
    assert store.get(name) == b"answer"
    assert store.set_aside(name, 2**40)
    store.put(b"answer")
    store.give_back_all()
    assert [file.name for file in store.path(name).parent.iterdir()] == [name]
