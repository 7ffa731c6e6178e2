"""Files are written whole or not at all, and never through what somebody else put in their way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from auditor.documents.replacing import replace_file, replacing


@pytest.fixture
def precious(tmp_path: Path) -> Path:
    """Return a file outside of the folder that is written to."""
    path = tmp_path / "precious"
    path.write_text("mine")
    path.chmod(0o600)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "out"
    made.mkdir()
    return made


def untouched(precious: Path) -> bool:
    return precious.read_text() == "mine" and precious.stat().st_mode & 0o777 == 0o600


def test_a_link_under_a_name_that_is_easy_to_guess_is_not_followed(folder: Path, precious: Path) -> None:
    (folder / ".page.html.part").symlink_to(precious)
    replace_file(folder / "page.html", b"new", 0o644)
    assert (folder / "page.html").read_bytes() == b"new"
    assert untouched(precious)


def test_a_link_under_the_name_itself_is_replaced_and_not_followed(folder: Path, precious: Path) -> None:
    (folder / "page.html").symlink_to(precious)
    replace_file(folder / "page.html", b"new", 0o644)
    assert not (folder / "page.html").is_symlink()
    assert untouched(precious)


def test_a_second_name_of_a_file_is_not_written_through(folder: Path, precious: Path) -> None:
    os.link(precious, folder / "page.html")
    replace_file(folder / "page.html", b"new", 0o644)
    assert untouched(precious)


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_without_a_mode_a_file_is_as_the_process_makes_every_file(folder: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        replace_file(folder / "page.html", b"new")
    finally:
        os.umask(before)
    assert (folder / "page.html").stat().st_mode & 0o777 == 0o666 & ~mask


def test_a_mode_holds_whatever_the_process_masks(folder: Path) -> None:
    before = os.umask(0o077)
    try:
        replace_file(folder / "page.html", b"new", 0o644)
    finally:
        os.umask(before)
    assert (folder / "page.html").stat().st_mode & 0o777 == 0o644


def test_nobody_else_reads_what_is_not_whole_yet(folder: Path) -> None:
    with replacing(folder / "key", 0o600) as file:
        file.write(b"half")
        (part,) = folder.iterdir()
        assert part.stat().st_mode & 0o777 == 0o600


def test_what_fails_leaves_the_old_file_and_nothing_else(folder: Path) -> None:
    replace_file(folder / "page.html", b"old")

    def fail() -> None:
        with replacing(folder / "page.html") as file:
            file.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert [path.name for path in folder.iterdir()] == ["page.html"]
    assert (folder / "page.html").read_bytes() == b"old"


def test_the_longest_name_is_written(folder: Path) -> None:
    replace_file(folder / ("a" * 251 + ".svg"), b"new")
    assert (folder / ("a" * 251 + ".svg")).read_bytes() == b"new"
