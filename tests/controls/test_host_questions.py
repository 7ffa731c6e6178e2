"""Every wanted question about the inside of a server has a check of its own."""

from __future__ import annotations

from pathlib import Path

from auditor.model.subject import SubjectKind
from tests.controls.catalogue import shipped

FOLDER = Path(__file__).parent / "host_questions"
WANTED = 150


def questions() -> list[tuple[str, str]]:
    """Return number and check id of each wanted question, as the areas list them."""
    lines = (line for path in sorted(FOLDER.glob("*.txt")) for line in path.read_text().splitlines())
    return [(number, check) for number, _, check in (line.partition(" ") for line in lines if line)]


def test_each_of_the_wanted_questions_has_one_check() -> None:
    assert sorted(number for number, _ in questions()) == [f"HOST-{n:03}" for n in range(1, WANTED + 1)]
    assert len({check for _, check in questions()}) == WANTED


def test_each_of_these_checks_is_about_the_inside_of_a_server() -> None:
    kinds = {check: shipped().checks[check].subject for _, check in questions()}
    assert {check for check, kind in kinds.items() if kind is not SubjectKind.HOST} == set()
