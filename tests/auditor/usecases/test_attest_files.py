"""Files that are handed in: inside their folder, regular, bounded, and called by a name that obeys nobody."""

from __future__ import annotations

import itertools
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.usecases.handed_in import NotTaken, files_beside, named_files, safe_name

SECRET = "rahasia.txt"
BEGINNINGS = (
    *(
        "../",
        "../../",
        "/",
        "//",
        "./",
        "bukti/../../",
        "bukti/../",
        "bukti/./",
        "bukti//",
        "~/",
        "..\\",
        "\\",
    ),
    *(
        "C:\\",
        "C:/",
        "c:",
        "\\\\server\\",
        "....//../",
        "%2e%2e/",
        "file:///",
        "bukti/../bukti/../../",
        "/proc/self/cwd/../",
    ),
    *("tautan/", "bukti/tautan/", "\u2025/", "..\x00/", "\n../"),
)
ENDINGS = (
    *(SECRET, f"{SECRET}/", f"{SECRET}/.", f"{SECRET}\x00.pdf", f"{SECRET}\\", f" {SECRET}", f"{SECRET} "),
    *("", ".", "..", "*", f"x/../{SECRET}", f"{SECRET}\n"),
)
ESCAPES = [first + last for first, last in itertools.product(BEGINNINGS, ENDINGS)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with evidence, beside a secret that lies outside of it, and links to it."""
    (tmp_path / SECRET).write_text("rahasia")
    inside = tmp_path / "kiriman"
    (inside / "bukti").mkdir(parents=True)
    (inside / "bukti/sk tim.pdf").write_bytes(b"isi")
    (inside / "tautan").symlink_to(tmp_path)
    (inside / "bukti/tautan").symlink_to(tmp_path)
    (inside / "tautan.txt").symlink_to(tmp_path / SECRET)
    (inside / "lingkaran").symlink_to("lingkaran")
    return inside


def told(read: Callable[[str], bytes], written: str) -> str:
    """Return why a file is not taken."""
    with pytest.raises(NotTaken) as raised:
        read(written)
    return str(raised.value)


def test_a_file_inside_is_taken_whole(folder: Path) -> None:
    assert files_beside(folder, 3)("bukti/sk tim.pdf") == b"isi"


def test_no_path_leads_out_of_the_folder(folder: Path) -> None:
    assert len(ESCAPES) > 300
    read = files_beside(folder, 1_000)
    for written in ESCAPES:
        assert told(read, written), written


@pytest.mark.parametrize(
    "written", ["tautan.txt", "lingkaran", "tautan/rahasia.txt", "bukti/tautan/rahasia.txt"]
)
def test_no_link_is_followed(folder: Path, written: str) -> None:
    assert "symbolic link" in told(files_beside(folder, 1_000), written)


def test_the_operator_names_files_anywhere_but_no_links(folder: Path) -> None:
    assert named_files(1_000)(str(folder.parent / SECRET)) == b"rahasia"
    assert "symbolic link" in told(named_files(1_000), str(folder / "tautan.txt"))
    assert "NUL" in told(named_files(1_000), "a\x00b")


def test_only_regular_files_of_a_bounded_size_are_taken(folder: Path) -> None:
    os.mkfifo(folder / "pipa")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "soket"))
        (folder / "kosong").write_bytes(b"")
        (folder / "besar").write_bytes(bytes(1_001))
        (folder / "pas").write_bytes(bytes(1_000))
        read = files_beside(folder, 1_000)
        assert "no regular file" in told(read, "pipa")
        assert "no regular file" in told(read, "soket")
        assert "a folder" in told(read, "bukti")
        assert "it is empty" in told(read, "kosong")
        assert "larger than the 1,000 bytes" in told(read, "besar")
        assert len(read("pas")) == 1_000
        assert "no such file" in told(read, "tidak-ada.pdf")
        assert "too long" in told(read, "a" * 300)
    for device in ("/dev/null", "/dev/zero"):
        assert "no regular file" in told(named_files(1_000), device)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("bukti/SK Tim SMKI.pdf", "SK Tim SMKI.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\bukti\\SK.pdf", "SK.pdf"),
        (".htaccess", "htaccess"),
        ("nul.txt", "_nul.txt"),
        ("COM1", "_COM1"),
        ("", "berkas"),
        ("...", "berkas"),
        ("a\u202egpj.exe", "a_gpj.exe"),
        ("a\nb\x1b.pdf", "a_b_.pdf"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
        ("東" * 100 + ".pdf", "東" * 38 + ".pdf"),
    ],
)
def test_names_are_made_plain(written: str, name: str) -> None:
    assert safe_name(written) == name


@given(st.text(max_size=400))
def test_every_name_is_one_step_and_short(written: str) -> None:
    name = safe_name(written)
    assert name
    assert name not in (".", "..")
    assert not set(name) & set('/\\\x00<>:"|?*')
    assert name.isprintable()
    assert not name.startswith(".")
    assert len(name.encode()) <= 120
    assert safe_name(name) == name
