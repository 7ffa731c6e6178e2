"""Count a new failure only when a second look finds it too. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from auditor.model.evidence import Evidence
from auditor.model.facts import JSON
from auditor.model.subject import Subject, SubjectKind
from auditor.model.verdict import Status, Verdict
from controls.reasons import LOOKS_DIFFER, SECOND_LOOK_FAILED

SCANNERS: Mapping[SubjectKind, tuple[str, ...]] = {
    SubjectKind.ADDRESS: ("ports", "udp"),
    SubjectKind.SERVICE: ("services",),
    SubjectKind.TLS: ("tls",),
    SubjectKind.CERTIFICATE: ("certificates",),
    SubjectKind.SSH: ("ssh",),
    SubjectKind.HTTP: ("http",),
    SubjectKind.DOMAIN: ("dns",),
    SubjectKind.NETWORK: ("hosts",),
    # One login for each audit: what a host says of itself does not flap like a network.
    SubjectKind.HOST: (),
}
"""Kind of subject → the scanners whose evidence its verdicts rest on, and which look a second time."""

WORSE = "worse"
"""Option of a second look: what it is about, one text for each check and subject (see `question`)."""


def question(verdict: Verdict) -> JSON:
    """Return a text that names a verdict's check and subject, the same in every audit."""
    return f"{verdict.check} {verdict.subject.key}"


def rests_on(verdict: Verdict, evidence: Mapping[int, Evidence]) -> tuple[Evidence, ...]:
    """Return the rows of evidence (by sequence) that a second look at a verdict would measure again."""
    rows = (evidence[number] for number in verdict.evidence if number in evidence)
    return tuple(row for row in rows if row.task.scanner in SCANNERS[verdict.subject.kind])


def confirm(
    first: Iterable[Verdict],
    second: Iterable[Verdict],
    evidence: Iterable[Evidence],
    again: Mapping[str, Evidence],
) -> tuple[Verdict, ...]:
    """Return the verdicts of the first look, its failures corrected where there was a second.

    `evidence` are the rows of the first look, `again` those of the second by the id of the first's task. A
    failure that both found stands on the rows of both; one that only the first found is UNKNOWN. A failure
    that a second look is not about stands, though it rests on the same rows: it is no new one.
    """
    by_sequence = {row.sequence: row for row in evidence}
    other = {(verdict.check, verdict.subject): verdict for verdict in second}
    return tuple(_confirmed(verdict, other, by_sequence, again) for verdict in first)


def _confirmed(
    verdict: Verdict,
    other: Mapping[tuple[str, Subject], Verdict],
    by_sequence: Mapping[int, Evidence],
    again: Mapping[str, Evidence],
) -> Verdict:
    if verdict.status is not Status.FAIL:
        return verdict
    looked = [
        again[row.task.id]
        for row in rests_on(verdict, by_sequence)
        if row.task.id in again and _is_about(again[row.task.id], verdict)
    ]
    if not looked:
        return verdict
    rows = (*verdict.evidence, *(row.sequence for row in looked))
    twin = other.get((verdict.check, verdict.subject))
    if twin is not None and twin.status is Status.FAIL:
        return replace(verdict, evidence=rows)
    if twin is None:
        measured = all(row.failure is None for row in looked)
    else:
        measured = twin.status in (Status.PASS, Status.NOT_APPLICABLE)
    reason = LOOKS_DIFFER if measured else SECOND_LOOK_FAILED
    return replace(
        verdict, status=Status.UNKNOWN, reason=reason, observed={}, expected={}, evidence=rows, loosened=()
    )


def _is_about(look: Evidence, verdict: Verdict) -> bool:
    listed = look.task.options.get(WORSE)
    return isinstance(listed, list) and question(verdict) in listed
