"""inventory map, as a user runs it."""

from __future__ import annotations

from pathlib import Path

from tests.auditor.cli.command import auditor
from tests.auditor.cli.world import write_files


def test_the_map_is_drawn_before_the_first_audit(tmp_path: Path) -> None:
    write_files(tmp_path, {"situs": "127.30.1.1", "arsip": "127.30.1.2"})
    seen = auditor("inventory", "map", "-o", "gambar/peta.svg", "-l", "en", cwd=tmp_path)
    assert (seen.code, seen.err) == (0, "")
    told = "2 servers, no audit yet, so nothing but what is registered"
    assert seen.out == f"wrote gambar/peta.svg: {told}\n"
    written = (tmp_path / "gambar" / "peta.svg").read_text("utf-8")
    assert written.startswith("<svg ") and "situs" in written and "Not measured" in written
    assert not (tmp_path / "audit-data").exists()


def test_a_wrong_wish_is_told_with_the_next_step(tmp_path: Path) -> None:
    write_files(tmp_path, {"situs": "127.30.1.1"})
    seen = auditor("inventory", "map", "-o", "peta.png", cwd=tmp_path)
    assert (seen.code, seen.out) == (2, "")
    assert seen.err == (
        "there are no maps of the kind .png\nNext: name a file that ends with one of: .html, .svg, .pdf\n"
    )
