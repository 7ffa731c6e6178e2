"""Observations: each check over an OPD, each finding, each answer of people, each gap."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import cast

from auditor.model.evidence import Evidence
from auditor.model.facts import JSON
from auditor.model.finding import Finding
from auditor.model.plan import IMPORTED_LOOK
from auditor.model.subject import Subject, SubjectKind
from auditor.model.verdict import Status, Verdict
from reports.oscal.components import origin, subject
from reports.oscal.paper import Paper
from reports.oscal.parts import end_of_day, filled, line, moment, paragraphs, prop, props, start_of_day
from reports.view.labels import method_label, reason_label

_OPEN = (Status.FAIL, Status.UNKNOWN, Status.ERROR)


def of_check(paper: Paper, check: str) -> str:
    """Return the identifier of what one check saw over the OPD."""
    return paper.ids.of("checked", paper.context.data.run.id, paper.opd_id, check)


def of_finding(paper: Paper, finding: Finding) -> str:
    """Return the identifier of what a run saw of a finding."""
    return paper.ids.of("seen", paper.context.data.run.id, finding.id)


def of_answer(paper: Paper, control: str, answer: str) -> str:
    """Return the identifier of an answer of people about a control."""
    return paper.ids.of("answered", paper.context.data.run.id, paper.opd_id, control, answer)


def verdicts_by_check(paper: Paper) -> Mapping[str, tuple[Verdict, ...]]:
    """Return check → the verdicts that belong to the OPD, in the order of checks."""
    found: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in paper.context.data.verdicts:
        if paper.context.owner(verdict) == paper.opd_id:
            found[verdict.check].append(verdict)
    return {check: tuple(found[check]) for check in sorted(found)}


def check_observations(paper: Paper) -> Iterator[dict[str, JSON]]:
    """Yield one observation for each check, with how many places came to which verdict.

    It refers to those servers alone on which a place failed or could not be judged.
    """
    for check, verdicts in verdicts_by_check(paper).items():
        rows = _rows(paper, (row for verdict in verdicts for row in verdict.evidence))
        servers = dict.fromkeys(one.subject.server for one in verdicts if one.status in _OPEN)
        counts = Counter(one.status for one in verdicts)
        latest = max((row.finished_at for row in rows), default=paper.context.data.run.started_at)
        yield filled(
            {
                "uuid": of_check(paper, check),
                "title": line(paper.context.check_label(check)),
                "description": paper.say("One check over every place of the agency that it asks about."),
                "props": props(
                    prop("check", check),
                    *(prop(status.value.lower(), counts[status]) for status in Status if counts[status]),
                ),
                "methods": cast(list[JSON], sorted({_method(one.subject, rows) for one in verdicts})),
                "types": ["control-objective"],
                "origins": [origin(paper)],
                "subjects": [subject(paper, server) for server in servers if server],
                "collected": moment(latest),
                "expires": _expires(paper, latest),
            }
        )


def finding_observations(paper: Paper, findings: Iterable[Finding]) -> Iterator[dict[str, JSON]]:
    """Yield what was seen of each finding when it was last seen to fail, with the evidence behind it."""
    words = paper.context.words
    for finding in findings:
        rows = _rows(paper, finding.evidence)
        yield filled(
            {
                "uuid": of_finding(paper, finding),
                "title": line(f"{finding.id}: {words.of(finding.title)}"),
                "description": paragraphs(
                    (
                        paper.say("Observed: %(what)s", what=words.of(finding.observed)),
                        paper.say("Expected: %(what)s", what=words.of(finding.expected)),
                        paper.say("Place: %(where)s", where=paper.context.endpoint(finding.subject)),
                    )
                ),
                "props": props(prop("finding", finding.id), prop("check", finding.check)),
                "methods": [_method(finding.subject, rows)],
                "types": ["finding"],
                "origins": [origin(paper)],
                "subjects": [subject(paper, finding.subject.server)],
                "relevant-evidence": [_evidence(paper, row) for row in rows],
                "collected": moment(finding.last_seen),
                "expires": _expires(paper, finding.last_seen),
            }
        )


def answer_observations(paper: Paper) -> Iterator[dict[str, JSON]]:
    """Yield every dated answer of people that a control rests on; it ends on the day that they named."""
    for result in paper.context.scorecard(paper.opd_id).controls[paper.context.edition]:
        for one in paper.sources.given(result.attested):
            yield filled(
                {
                    "uuid": of_answer(paper, result.control, one.id),
                    "title": line(f"{one.control}: {one.answer.value}"),
                    "description": line(one.justification),
                    "props": props(
                        prop("control-id", one.control),
                        prop("edition", one.edition),
                        prop("aspect", one.aspect.value),
                        prop("answer", one.answer.value),
                    ),
                    "methods": ["INTERVIEW"],
                    "types": ["control-objective"],
                    "origins": [{"actors": [{"type": "party", "actor-uuid": paper.person(one.attested_by)}]}],
                    "relevant-evidence": [
                        *({"description": line(text)} for text in one.references),
                        *(
                            {"description": line(file.name), "props": props(prop("sha-256", file.digest))}
                            for file in one.evidence
                        ),
                    ],
                    "collected": start_of_day(one.attested_on, paper.zone),
                    "expires": end_of_day(one.valid_until, paper.zone),
                }
            )


def gap_observations(paper: Paper) -> Iterator[dict[str, JSON]]:
    """Yield what should have been measured and was not: neither good nor bad."""
    context = paper.context
    shared = {server.id for server in context.shared_servers(paper.opd_id)}
    for gap in context.data.not_measured:
        if gap.opd == paper.opd_id or gap.server in shared:
            yield _gap(paper, gap.server, gap.address, gap.what, gap.reason)
    for one in context.data.skipped:
        if one.opd == paper.opd_id or one.server in shared:
            yield _gap(paper, one.server, one.address, one.scanner, one.reason.value)


def _gap(paper: Paper, server: str, address: str, what: str, reason: str) -> dict[str, JSON]:
    scanner = what.partition(" ")[0]
    words = paper.context.words
    return filled(
        {
            "uuid": paper.ids.of("gap", paper.context.data.run.id, server, address, what, reason),
            "title": paper.say("Not measured: %(what)s", what=method_label(words, what)),
            "description": line(reason_label(words, reason)),
            "props": props(prop("not-measured", what or "everything"), prop("address", address)),
            "methods": ["EXAMINE" if scanner == "host" else "TEST"],
            "types": ["not-measured"],
            "origins": [origin(paper)],
            "subjects": [subject(paper, server)] if server in paper.context.servers else [],
            "collected": moment(paper.context.data.run.started_at),
        }
    )


def _method(about: Subject, rows: Iterable[Evidence]) -> str:
    """Return TEST for what was measured from outside, EXAMINE for what was read inside or in a report."""
    imported = any(row.task.look == IMPORTED_LOOK for row in rows)
    return "EXAMINE" if imported or about.kind is SubjectKind.HOST else "TEST"


def _rows(paper: Paper, sequences: Iterable[int]) -> tuple[Evidence, ...]:
    evidence = paper.context.data.evidence
    return tuple(evidence[one] for one in dict.fromkeys(sequences) if one in evidence)


def _evidence(paper: Paper, row: Evidence) -> dict[str, JSON]:
    return {
        "description": paper.say(
            "Row %(sequence)s of the evidence chain, %(method)s",
            sequence=row.sequence,
            method=method_label(paper.context.words, row.task.scanner),
        ),
        "props": props(prop("sequence", row.sequence), prop("hash", row.hash)),
    }


def _expires(paper: Paper, collected: datetime) -> str | None:
    """Return when the same is measured again by schedule; None where no schedule says so."""
    again = paper.context.data.next_audits.get(paper.opd_id)
    return moment(again) if again is not None and again.astimezone(UTC) > collected else None
