"""A new check is refused for what is to be filled in and nothing else; filled in, it passes and judges."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

from auditor.model.check import Severity
from auditor.model.subject import Subject, SubjectKind
from auditor.model.verdict import Status
from auditor.usecases.check_files import lint_rows, new_check
from auditor.usecases.errors import UsageProblem
from controls.examples import EXAMPLE_DAY
from controls.judge import compile_check, judge_all
from controls.loading import CATALOGUE
from controls.loading_local import add_local_checks
from controls.skeleton import skeleton
from controls.subjects import Measured
from tests.controls.catalogue import shipped
from tests.controls.expressions import KNOWN

NAME = "local-http-status-hidden"
FILLED = [
    ("<fill in: what must be so, for example: The status page is not public>", "The page is not found"),
    ("<isi: keadaan yang diharapkan>", "Halaman tidak ditemukan"),
    ("<fill in: an expression over the facts below>", "http.status == 404"),
    ("<fill in: for example Status: {http.spoken}>", "Status: {http.status}"),
    ("<isi: misalnya Status: {http.spoken}>", "Status: {http.status}"),
    ("<fill in: such as A.13.1.1>", "A.9.1.2"),
    ("<fill in: such as A.8.20>", "A.5.15"),
    ("<fill in: what can happen>", "Strangers read it."),
    ("<isi: akibat yang dapat terjadi>", "Isinya terbaca pihak lain."),
    ("<fill in: what to change>", "Remove it."),
    ("<isi: yang perlu diubah>", "Hapus."),
    ("<fill in: a command that shows the correction>", "curl -sI http://{server_name}:{port}/"),
    ("<fill in: what is good about it>", "not found"),
    ("<fill in: what is wrong with it>", "found"),
    ('{http.spoken: "<fill in>"}', "{http.status: 404}"),
    ('{http.spoken: "<fill in>"}', "{http.status: 200}"),
    ("<fill in>", "Not found"),
    ("<isi>", "Tidak ditemukan"),
    ("<fill in>", "Peraturan Bupati"),
]


def filled_in(text: str) -> str:
    """Return the skeleton of an http check as a person would fill it in."""
    for blank, words in FILLED:
        assert blank in text, blank
        text = text.replace(blank, words, 1)
    return text


@pytest.mark.parametrize(
    ("subject", "severity"), [*zip(SubjectKind, itertools.cycle(Severity), strict=False)]
)
def test_a_skeleton_is_refused_for_its_blanks_alone(
    subject: SubjectKind, severity: Severity, tmp_path: Path
) -> None:
    path = new_check("local-some-thing-required", subject.value, severity.value, tmp_path)
    files, rows = lint_rows(tmp_path)
    lines = path.read_text(encoding="utf-8").splitlines()
    blank = [number for number, line in enumerate(lines, 1) if re.search(r"<(fill in|isi)", line)]
    assert files == 1
    assert {row["rule"] for row in rows} == {"filled-in"}
    assert sorted({int(row["line"]) for row in rows}) == blank


@pytest.mark.parametrize("subject", SubjectKind)
def test_a_skeleton_lists_facts_of_its_subject(subject: SubjectKind) -> None:
    text = skeleton(NAME, subject, Severity.LOW, KNOWN)
    listed = re.findall(r"^#   ([a-z_]+\.[a-z0-9_]+) \(", text, re.MULTILINE)
    assert len(listed) >= 3
    assert set(listed) <= set(KNOWN)


def test_a_filled_skeleton_passes_and_judges(tmp_path: Path) -> None:
    path = new_check(NAME, "http", "medium", tmp_path)
    path.write_text(filled_in(path.read_text(encoding="utf-8")), encoding="utf-8")
    assert lint_rows(tmp_path) == (1, [])
    check = add_local_checks(shipped(), tmp_path, KNOWN).checks[NAME]
    sites = [
        Measured(Subject(SubjectKind.HTTP, server, "10.0.0.1", 80), "dinkes", {"http.status": status})
        for server, status in (("situs", 404), ("data", 200))
    ]
    unmeasured = Measured(Subject(SubjectKind.HTTP, "lain", "10.0.0.2", 80), "dinkes", {})
    verdicts = judge_all([compile_check(check, KNOWN)], [*sites, unmeasured], EXAMPLE_DAY)
    assert {one.subject.server: one.status for one in verdicts} == {
        "situs": Status.PASS,
        "data": Status.FAIL,
        "lain": Status.UNKNOWN,
    }
    assert {one.observed.get("id") for one in verdicts} == {"Status: 404", "Status: 200", None}


@pytest.mark.parametrize(
    ("name", "subject", "severity", "told"),
    [
        ("http-status-hidden", "http", "low", "begin with local-"),
        ("local-status", "http", "low", "area-object-state"),
        ("local-Http-Status", "http", "low", "area-object-state"),
        ("local-../../etc-passwd", "http", "low", "area-object-state"),
        (f"local-http-{'x' * 60}", "http", "low", "at most 63"),
        (NAME, "website", "low", "there is no subject website"),
        (NAME, "http", "gawat", "there is no severity gawat"),
    ],
)
def test_a_bad_wish_writes_nothing(name: str, subject: str, severity: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match=re.escape(told)):
        new_check(name, subject, severity, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_nothing_is_written_over(tmp_path: Path) -> None:
    path = new_check(NAME, "http", "low", tmp_path)
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageProblem, match="is there already"):
        new_check(NAME, "http", "low", tmp_path)
    assert path.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", [NAME, "tls-1-0-refused"])
def test_a_shipped_check_has_a_free_id_without_the_local_beginning(name: str) -> None:
    folder = CATALOGUE / "checks" / "tls"
    before = sorted(folder.iterdir())
    with pytest.raises(UsageProblem):
        new_check(name, "tls", "low", folder)
    assert sorted(folder.iterdir()) == before
