"""The worked example of docs/scoring.md: every number on the page is the one that is computed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from auditor.model.inventory import Category
from auditor.model.movement import Cause, Movement
from auditor.model.next_grade import Obstacle
from auditor.model.scorecard import Level, Score
from auditor.model.verdict import Status
from controls.movement import movement
from controls.next_grade import next_grade
from reports.apportion import change_shown, parts_shown
from reports.words import truncated
from tests.controls.judged_runs import CHECKS, Judged, Place, judged, server

PAGE = Path(__file__).parents[2] / "docs" / "scoring.md"
P, F, U = Status.PASS, Status.FAIL, Status.UNKNOWN
CERTIFICATE, EXPOSED, OLD_TLS, NEW_TLS, CIPHERS = (
    "certificate-valid-now",
    "http-vcs-absent",
    "tls-1-0-refused",
    "tls-1-3-offered",
    "tls-aead-only",
)
ORDER = (CERTIFICATE, EXPOSED, OLD_TLS, NEW_TLS, CIPHERS)
NAMES = {
    Cause.POSTURE: "Posture",
    Cause.SCOPE: "Scope",
    Cause.COVERAGE: "Coverage",
    Cause.EXCEPTIONS: "Exceptions",
    Cause.RULE_PACK: "Rule pack",
}
HOURS = dict.fromkeys(CHECKS, 0.5)


def on(server_id: str, *statuses: Status) -> dict[Place, Status]:
    return {(check, server_id, 0): status for check, status in zip(ORDER, statuses, strict=True)}


WEB, ARCHIVE, QUEUE = (
    server("s0", category=Category.TINGGI),
    server("s1", category=Category.RENDAH),
    server("s2", category=Category.RENDAH),
)
FIRST = judged(
    {**on("s0", P, P, F, P, F), **on("s1", P, U, F, F, P)}, WEB, ARCHIVE, waived=[(OLD_TLS, "s1", 0)]
)
SECOND = replace(
    judged(
        {**on("s0", P, P, P, P, P), **on("s1", P, P, F, F, P), **on("s2", P, P, F, P, F)}, WEB, ARCHIVE, QUEUE
    ),
    digests={**dict.fromkeys(CHECKS, "1"), CIPHERS: "2"},
)


def level(run: Judged) -> Level:
    return run.cards()["bkd"].own


def numbers(name: str, score: Score) -> str:
    floor, ceiling, coverage = (truncated(one, 2) for one in (score.floor, score.ceiling, score.coverage))
    passed, failed, unjudged = (f"{one:g}" for one in (score.passed, score.failed, score.unjudged))
    return f"| {name} | {passed} | {failed} | {unjudged} | {floor} % | {ceiling} % | {coverage} % |"


def signed(points: Decimal) -> str:
    sign = "+" if points > 0 else "−" if points < 0 else ""
    return f"{sign}{abs(points):.2f}"


def part_rows(plain: Movement, lenient: Movement) -> list[str]:
    shown = [parts_shown(one, 2) for one in (plain, lenient)]
    parts = [
        f"| {name} | {' | '.join(signed(one[cause]) for one in shown)} |" for cause, name in NAMES.items()
    ]
    changes = (signed(change_shown(one, 2)) for one in (plain, lenient))
    return [*parts, f"| **Together** | {' | '.join(changes)} |"]


def rows() -> list[str]:
    compared = movement(FIRST.side(), SECOND.side(), "bkd")
    way = next_grade(SECOND.side(), "bkd", HOURS)
    before, after = level(FIRST), level(SECOND)
    return [
        numbers("First audit", before.score),
        numbers("First audit, with exceptions", before.with_waivers),
        numbers("Second audit", after.score),
        numbers("Second audit, with exceptions", after.with_waivers),
        f"the first grade is **{before.grade.letter}**",
        f"The second grade is **{after.grade.letter}**",
        *part_rows(compared.without_exceptions, compared.with_exceptions),
        f"So of {change_shown(compared.without_exceptions, 2)} points "
        f"{parts_shown(compared.without_exceptions, 2)[Cause.POSTURE]} are the agency's own doing",
        f"**{len(way.findings)} findings** lead from {way.letter_from} to {way.letter_to}",
        f"about {way.hours:g} hour, and the floor is {truncated(way.floor_to, 2)} %",
    ]


@pytest.mark.parametrize("row", rows())
def test_the_page_says_what_is_computed(row: str) -> None:
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert " ".join(row.split()) in text


def test_no_fix_would_have_reached_the_next_grade_after_the_first_audit() -> None:
    blocked = next_grade(FIRST.side(), "bkd", HOURS)
    assert (blocked.letter_to, blocked.findings) == ("C", ())
    assert [one.obstacle for one in blocked.blocked_by] == [Obstacle.UNJUDGED_CAPS]
