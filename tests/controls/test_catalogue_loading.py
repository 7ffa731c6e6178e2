"""Malformed files of the catalogue are refused with their place, and the digest follows every byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.model.document import DocumentError
from controls.loading import CATALOGUE, load_catalogue

SHAPES = [
    ("severity: high", "severity: severe", "severity must be"),
    ("severity: high\n", "", "severity is missing"),
    ("consent: false", "consent: no", "consent must be true or false"),
    ("effort_hours: 0.5", "effort_hours: 0", "effort_hours must be more than 0"),
    ("effort_hours: 0.5", "effort_hours: 0.5\nrank: 1", 'unknown key "rank"'),
    (
        "implements: [A.10.1.1, A.13.1.2, A.14.1.2]",
        "implements: [A.5.1.1, A.5.1.2, A.6.1.1, A.6.1.2]",
        "at most 3",
    ),
    ("implements: [A.10.1.1, A.13.1.2, A.14.1.2]", "implements: [ISO]", "an entry of implements"),
    (
        "title: {en: TLS 1.0 is refused, id: TLS 1.0 ditolak}",
        "title: {en: TLS 1.0 is refused}",
        "id is missing",
    ),
    ("subject: tls", "subject: tls\nsubject: ssh", "duplicate key"),
    ("subject: tls", "subject: &kind tls", "anchor"),
    ("id: tls-1-0-refused", "id: tls-1-0-denied", "name the file tls-1-0-denied.yaml"),
]


@pytest.mark.parametrize(("written", "instead", "told"), SHAPES)
def test_a_malformed_check_file_is_refused_with_its_place(
    tmp_path: Path, written: str, instead: str, told: str
) -> None:
    text = (CATALOGUE / "checks/tls/tls-1-0-refused.yaml").read_text(encoding="utf-8")
    assert written in text
    folder = small_catalogue(tmp_path, text.replace(written, instead, 1))
    with pytest.raises(DocumentError) as raised:
        load_catalogue(folder)
    assert told in str(raised.value)
    assert all(problem.line > 0 for problem in raised.value.problems)


def test_one_id_names_one_check(tmp_path: Path) -> None:
    text = (CATALOGUE / "checks/tls/tls-1-0-refused.yaml").read_text(encoding="utf-8")
    folder = small_catalogue(tmp_path, text)
    copy = folder / "checks/again/tls-1-0-refused.yaml"
    copy.parent.mkdir()
    copy.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError, match="a second check with the id tls-1-0-refused"):
        load_catalogue(folder)


def test_the_digest_follows_every_byte_of_every_file(tmp_path: Path) -> None:
    text = (CATALOGUE / "checks/tls/tls-1-0-refused.yaml").read_text(encoding="utf-8")
    folder = small_catalogue(tmp_path, text)
    before = load_catalogue(folder).digest
    assert load_catalogue(folder).digest == before
    file = folder / "checks/tls/tls-1-0-refused.yaml"
    file.write_text(text + "# reviewed\n", encoding="utf-8")
    assert load_catalogue(folder).digest != before
    file.write_text(text, encoding="utf-8")
    file.rename(folder / "checks/tls-1-0-refused.yaml")
    assert load_catalogue(folder).digest != before


def small_catalogue(folder: Path, check: str) -> Path:
    """Write a catalogue with the shipped frameworks and one check."""
    (folder / "frameworks").mkdir()
    for file in (CATALOGUE / "frameworks").iterdir():
        (folder / "frameworks" / file.name).write_bytes(file.read_bytes())
    (folder / "checks/tls").mkdir(parents=True)
    (folder / "checks/tls/tls-1-0-refused.yaml").write_text(check, encoding="utf-8")
    return folder
