"""Reading a file that a person named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from auditor.documents.files import read_file
from auditor.model.document import MAXIMUM_BYTES, DocumentError


def refusal(path: Path) -> str:
    with pytest.raises(DocumentError) as caught:
        read_file(path, "look elsewhere")
    [problem] = caught.value.problems
    assert str(problem) == f"{path}: {problem.message}"
    return problem.message


def test_missing_file_says_what_to_do(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.yaml") == "no such file; look elsewhere"


def test_folder_is_no_file(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "a directory; name a file inside it"


def test_path_through_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    assert refusal(tmp_path / "a" / "b.yaml").startswith("no such file; a part of this path")


def test_fifo_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path / "pipe").startswith("not a regular file")


def test_device_is_refused() -> None:
    assert refusal(Path("/dev/null")).startswith("not a regular file")


def test_circle_of_links(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert refusal(tmp_path / "a").startswith("symbolic links lead in a circle")


def test_too_long_a_name(tmp_path: Path) -> None:
    assert refusal(tmp_path / ("a" * 300)).startswith("this name is too long")


def test_nul_in_the_name(tmp_path: Path) -> None:
    assert refusal(tmp_path / "a\0b").startswith("a file name cannot contain a NUL")


def test_file_that_everyone_may_change(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: 1\n")
    path.chmod(0o666)
    assert refusal(path) == "everyone on this machine may change it; run 'chmod o-w' on it"


def test_link_to_a_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"a: 1\n")
    (tmp_path / "b.yaml").symlink_to("a.yaml")
    assert read_file(tmp_path / "b.yaml") == b"a: 1\n"


def test_no_more_is_read_than_a_document_may_have(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    with path.open("wb") as file:
        file.truncate(MAXIMUM_BYTES * 10)
    assert len(read_file(path)) == MAXIMUM_BYTES + 1
