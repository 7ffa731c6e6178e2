"""A re-test in words, for one agency: what was seen before and after, and what came of each finding."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model.retest import RetestItem, RetestResult, Seen
from auditor.model.retest import Row as EvidenceRow
from auditor.model.retest_report import RetestReport
from reports.trial.parts import Head, head, server_label
from reports.trial.reasons import place
from reports.view.identity import Row
from reports.view.labels import RETESTS, VERDICTS, Badge, badge, not_met
from reports.visible import clipped, shown
from reports.words import Words


@dataclass(frozen=True, slots=True)
class SeenView:
    """What one run saw; `rows` are rows of the evidence chain with the beginning of their hash."""

    moment: str
    run: str
    verdict: str
    observed: str
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemView:
    """One finding. `before` is None for one that was never decided, `after` for one that was not tried."""

    id: str
    title: str
    check: str
    severity: Badge | None
    result: Badge
    reason: str
    place: str
    server: str
    due: str
    first_seen: str
    expected: str
    before: SeenView | None
    after: SeenView | None


@dataclass(frozen=True, slots=True)
class RetestView:
    """Everything on the page of a re-test."""

    head: Head
    document: tuple[Row, ...]
    subject: str
    opening: str
    sentence: str
    counts: tuple[tuple[Badge, str], ...]
    stopped: bool
    items: tuple[ItemView, ...]
    measured: tuple[Row, ...]
    proof: tuple[Row, ...]


def retest_view(report: RetestReport, opd: str, words: Words, digest: str) -> RetestView:
    """Word a re-test for an agency; `digest` is that of the report as JSON."""
    mine = [item for item in report.record.items if item.opd == opd]
    ordered = sorted(mine, key=_order)
    found = {result: sum(item.result is result for item in mine) for result in RETESTS}
    return RetestView(
        head=head(words, report.organization, report.classification),
        document=_document(report, opd, words),
        subject=shown(report.opds[opd]),
        opening=words.plural(
            "On %(day)s %(count)s finding of %(opd)s was measured again.",
            "On %(day)s %(count)s findings of %(opd)s were measured again.",
            len(mine),
            day=words.day(words.local_day(report.record.started_at)),
            opd=shown(report.opds[opd]),
        ),
        sentence=_sentence(words, found, len(mine)),
        counts=tuple((_result(words, result), words.integer(count)) for result, count in found.items()),
        stopped=report.record.stopped,
        items=tuple(_item(report, item, words) for item in ordered),
        measured=_measured(report, words),
        proof=_proof(report, words, digest),
    )


def _order(item: RetestItem) -> tuple[int, int, str, str, str]:
    gravity = item.severity.rank if item.severity else -1
    return list(RETESTS).index(item.result), gravity, item.server, item.check, item.subject


def _result(words: Words, result: RetestResult) -> Badge:
    kind, label = RETESTS[result]
    return Badge(kind, words.say(label))


def _sentence(words: Words, found: dict[RetestResult, int], count: int) -> str:
    if found[RetestResult.FIXED] == count:
        return words.say("Every finding below was measured again and is proven to be fixed.")
    if found[RetestResult.FIXED]:
        return words.say("A part of the findings below is proven to be fixed; the others stay open.")
    return words.say("None of the findings below could be proven to be fixed; they stay open.")


def _document(report: RetestReport, opd: str, words: Words) -> tuple[Row, ...]:
    record = report.record
    number = shown("/".join(("UU", opd.upper(), record.run)))
    rows = [
        Row(words.say("Number"), (number,)),
        Row(words.say("Date"), (words.day(words.local_day(record.started_at)),)),
        Row(words.say("Letter of assignment"), tuple(map(shown, report.letters)) or (words.say("none"),)),
        Row(words.say("Asked for by"), (_asked_by(report, words),)),
    ]
    if record.asked.reason:
        rows.append(Row(words.say("Reason"), (clipped(record.asked.reason),)))
    return tuple(rows)


def _asked_by(report: RetestReport, words: Words) -> str:
    asked = report.record.asked
    account = words.say("account %(account)s", account=clipped(asked.account))
    return f"{clipped(asked.by)} ({account})" if asked.by else account


def _item(report: RetestReport, item: RetestItem, words: Words) -> ItemView:
    told = [words.of(seen.expected) for seen in (item.after, item.before) if seen is not None]
    title = clipped(words.of(item.title))
    return ItemView(
        id=shown(item.finding),
        title=title if item.result is RetestResult.FIXED else not_met(words, title),
        check=shown(item.check),
        severity=badge(words, item.severity) if item.severity else None,
        result=_result(words, item.result),
        reason=_reason(item, words),
        place=place(item.subject),
        server=server_label(item.server, report.servers.get(item.server)),
        due=words.day(item.due),
        first_seen=words.day(words.local_day(item.first_seen)),
        expected=clipped(next(filter(None, told), "")),
        before=_seen(item.before, words),
        after=_seen(item.after, words),
    )


def _reason(item: RetestItem, words: Words) -> str:
    if item.waiver:
        return words.say("It fails as an accepted risk (%(waiver)s).", waiver=shown(item.waiver))
    return clipped(words.of(item.reason))


def _seen(seen: Seen | None, words: Words) -> SeenView | None:
    if seen is None:
        return None
    return SeenView(
        moment=words.moment(seen.at),
        run=shown(seen.run),
        verdict=words.say(VERDICTS[seen.status]),
        observed=clipped(words.of(seen.observed) or words.of(seen.reason)),
        rows=tuple(_row(row, words) for row in seen.rows),
    )


def _row(row: EvidenceRow, words: Words) -> str:
    return f"{words.integer(row.sequence)}: {row.hash[:16]}"


def _measured(report: RetestReport, words: Words) -> tuple[Row, ...]:
    record = report.record
    period = words.moment(record.started_at)
    if record.finished_at is not None:
        period = f"{period} – {words.moment(record.finished_at)}"
    tools = [shown(f"{tool} {version}") for tool, version in report.tools.items()]
    rows = [
        Row(words.say("Time of measurement"), (period,)),
        Row(words.say("Tools"), (words.listed(tools) or words.say("nothing"),)),
    ]
    if record.beside:
        told = words.say(
            "compared with what %(runs)s saw of them",
            runs=words.listed([*map(shown, record.beside)]),
        )
        rows.append(Row(words.say("Shared with other servers"), (told,)))
    return tuple(rows)


def _proof(report: RetestReport, words: Words, digest: str) -> tuple[Row, ...]:
    record = report.record
    end = f"{words.integer(record.head.sequence)}: {record.head.hash}" if record.head else ""
    rows = (
        (words.say("This report as JSON"), digest),
        (words.say("Signed record"), record.digest),
        (words.say("Re-test"), record.run),
        (words.say("Head of the evidence chain"), end),
        (words.say("Policy"), record.provenance.policy),
        (words.say("Catalogue of checks"), record.provenance.catalogue),
        (words.say("Inventory"), record.provenance.inventory),
        (words.say("Auditor"), record.provenance.auditor),
    )
    return tuple(Row(label, (shown(value),)) for label, value in rows if value)
