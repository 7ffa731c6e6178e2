"""A trial in words: where it stands, or how it ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from auditor.model.check import Severity
from auditor.model.gate import WORST_FIRST, Admission, GateReason, ServerGate
from auditor.model.trial_report import TrialReport
from auditor.model.trial_status import Forecast, ForecastKind, OpdTrial, TrialDay
from reports.trial.chart import ChartView, chart_view
from reports.trial.parts import Head, head, proof_rows, server_label
from reports.trial.reasons import ReasonView, admission_badge, reason_views, rule_lines
from reports.view.identity import Row
from reports.view.labels import SEVERITIES, Badge, badge
from reports.view.score import Percent, percent
from reports.visible import shown
from reports.words import Words


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the numbers on top."""

    label: str
    value: str
    note: str
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class OpdView:
    """One agency's line. `floor` is None while no audit of all its servers is there."""

    name: str
    baseline: str
    floor: Percent | None
    letter: str
    target: Percent | None
    reached: Badge
    open: tuple[tuple[Badge, str], ...]
    rest: str
    servers: tuple[tuple[Badge, str], ...]
    forecast: str


@dataclass(frozen=True, slots=True)
class ServerView:
    """One server with the decision about it and its reasons."""

    label: str
    opd: str
    decision: Badge
    measured: str
    reasons: tuple[ReasonView, ...]


@dataclass(frozen=True, slots=True)
class DayView:
    """One day of the table: its severities in the order of the heads, then new, fixed and accepted."""

    day: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrialView:
    """Everything on the page of a trial."""

    head: Head
    document: tuple[Row, ...]
    closing: bool
    subject: str
    tiles: tuple[Tile, ...]
    forecast: str
    remark: str
    chart: ChartView | None
    opds: tuple[OpdView, ...]
    held: tuple[tuple[Badge, tuple[ServerView, ...]], ...]
    """Servers that are not simply admitted, by decision, worst first."""
    admitted: tuple[str, ...]
    unmeasured: tuple[tuple[str, str, str], ...]
    """OPD, server, reason."""
    day_heads: tuple[str, ...]
    days: tuple[DayView, ...]
    missing: str
    rules: tuple[str, ...]
    proof: tuple[Row, ...]


def trial_view(report: TrialReport, words: Words, digest: str) -> TrialView:
    """Word a trial; `digest` is that of the report as JSON."""
    status, trial = report.status, report.status.trial
    return TrialView(
        head=head(words, report.organization, report.classification),
        document=_document(report, words),
        closing=report.closed is not None,
        subject=shown(trial.name),
        tiles=_tiles(report, words),
        forecast=forecast_sentence(words, status.whole.forecast, report),
        remark=shown(report.closed.remark) if report.closed else "",
        chart=chart_view(words, status.days, trial.starts, trial.ends, status.whole.forecast),
        opds=tuple(_opd(one, report, words) for one in status.opds),
        held=tuple(
            (admission_badge(words, decision), tuple(_servers(report, words, decision)))
            for decision in WORST_FIRST[:-1]
            if any(one.decision is decision for one in status.gates)
        ),
        admitted=tuple(
            server_label(one.server, report.servers.get(one.server))
            for one in status.gates
            if one.decision is Admission.ADMIT
        ),
        unmeasured=tuple(_unmeasured(report, words)),
        day_heads=_day_heads(words),
        days=tuple(_day(one, words) for one in status.days),
        missing=words.listed([words.day(day) for day in status.without_audit]),
        rules=rule_lines(words, report.rules),
        proof=proof_rows(words, report.proof, digest),
    )


def _document(report: TrialReport, words: Words) -> tuple[Row, ...]:
    status, trial = report.status, report.status.trial
    number = shown("/".join(("UC", trial.id, status.today.isoformat())))
    days = words.plural("%(count)s day", "%(count)s days", (trial.ends - trial.starts).days + 1)
    rows = [
        Row(words.say("Number"), (number,)),
        Row(words.say("Date"), (words.day(status.today),)),
        Row(words.say("Trial"), (f"{words.day(trial.starts)} – {words.day(trial.ends)} ({days})",)),
        Row(words.say("Started by"), (shown(status.record.started_by),)),
        Row(words.say("Letter of order"), (shown(trial.letter) or "–",)),
        Row(words.say("Compared with"), (_baseline(report, words),)),
        Row(words.say("As of"), (words.moment(status.at),)),
    ]
    if report.closed is not None:
        rows.insert(4, Row(words.say("Closed by"), (shown(report.closed.by),)))
    return tuple(rows)


def _baseline(report: TrialReport, words: Words) -> str:
    if not report.status.baseline:
        return words.say("no audit yet")
    day = next((day.day for day in report.status.days if report.status.baseline in day.runs), None)
    run = shown(report.status.baseline)
    return words.say("audit %(run)s of %(day)s", run=run, day=words.day(day)) if day else run


def _tiles(report: TrialReport, words: Words) -> tuple[Tile, ...]:
    status, whole = report.status, report.status.whole
    reached = sum(one.reached for one in status.opds)
    admitted, all_servers = whole.servers[Admission.ADMIT], sum(whole.servers.values())
    left = whole.forecast.left
    first = status.days[0] if status.days else None
    before = (first.held if first.held_at_baseline is None else first.held_at_baseline) if first else 0
    held = SEVERITIES[report.rules.condition_from]
    return (
        _days_tile(report, words),
        Tile(
            words.say("Open, %(severity)s or worse", severity=words.say(held)),
            words.integer(left),
            words.say("at first: %(count)s", count=words.integer(before)),
        ),
        Tile(words.say("Past their deadline"), words.integer(whole.overdue), "", alarm=whole.overdue > 0),
        Tile(
            words.say("Servers admitted"),
            words.say("%(part)s of %(all)s", part=words.integer(admitted), all=words.integer(all_servers)),
            words.say(
                "with conditions: %(conditions)s; not yet: %(refused)s",
                conditions=words.integer(whole.servers[Admission.CONDITIONS]),
                refused=words.integer(whole.servers[Admission.NOT_YET]),
            ),
            alarm=whole.servers[Admission.NOT_YET] > 0,
        ),
        Tile(
            words.say("OPD at their target"),
            words.say(
                "%(part)s of %(all)s", part=words.integer(reached), all=words.integer(len(status.opds))
            ),
            "",
        ),
    )


def _days_tile(report: TrialReport, words: Words) -> Tile:
    status, last = report.status, words.day(report.status.trial.ends)
    if report.closed is not None:
        return Tile(
            words.say("Closed on"), words.day(report.closed.on), words.say("last day: %(day)s", day=last)
        )
    if status.begins_in_days:
        first = words.day(status.trial.starts)
        return Tile(words.say("Days until it begins"), words.integer(status.begins_in_days), first)
    if status.days_left < 0:
        return Tile(words.say("Days over time"), words.integer(-status.days_left), last, alarm=True)
    return Tile(
        words.say("Days left"), words.integer(status.days_left), words.say("last day: %(day)s", day=last)
    )


def forecast_sentence(words: Words, expected: Forecast, report: TrialReport) -> str:
    """Word a forecast with the two numbers that it rests on."""
    if expected.since is None or expected.until is None:
        return words.say("There is no audit of these days yet.")
    left = words.integer(expected.left)
    if expected.kind is ForecastKind.DONE:
        return words.say("No finding is left that counts against admission.")
    if expected.kind is ForecastKind.TOO_LITTLE_DATA:
        return words.say("%(left)s left; too few audits lately for a forecast.", left=left)
    moved = words.say(
        "%(before)s on %(since)s, %(left)s on %(until)s.",
        before=words.integer(expected.before),
        left=left,
        since=words.day(expected.since),
        until=words.day(expected.until),
    )
    if expected.kind is ForecastKind.NOT_AT_THIS_PACE or expected.day is None:
        never = words.say("At this pace it will not be done.")
        return f"{moved} {never}"
    late = (expected.day - report.status.trial.ends).days
    done = words.say("At this pace nothing is left on %(day)s", day=words.day(expected.day))
    when = (
        words.plural("%(count)s day after the end.", "%(count)s days after the end.", late)
        if late > 0
        else words.say("in time.")
    )
    return f"{moved} {done}, {when}"


def _opd(one: OpdTrial, report: TrialReport, words: Words) -> OpdView:
    if one.now is None:
        reached = Badge("not-assessed", words.say("not measured as a whole"))
    elif one.reached:
        reached = Badge("conforms", words.say("reached"))
    else:
        reached = Badge("does-not-conform", words.say("not reached"))
    rest = [
        (words.say("overdue: %(count)s", count=words.integer(one.overdue)), one.overdue),
        (words.say("taken on: %(count)s", count=words.integer(one.acknowledged)), one.acknowledged),
        (words.say("accepted: %(count)s", count=words.integer(one.accepted)), one.accepted),
        (words.say("fixed since: %(count)s", count=words.integer(one.fixed)), one.fixed),
    ]
    return OpdView(
        name=shown(one.name or one.opd),
        baseline=words.percent(one.baseline.floor) if one.baseline else "–",
        floor=percent(words, one.now.floor) if one.now else None,
        letter=(one.now.letter or "–") if one.now else "–",
        target=percent(words, one.target) if one.target is not None else None,
        reached=reached,
        open=tuple(
            (badge(words, severity), words.integer(one.open[severity]))
            for severity in Severity
            if one.open[severity]
        ),
        rest=" · ".join(label for label, count in rest if count),
        servers=tuple(
            (admission_badge(words, decision), words.integer(one.servers[decision]))
            for decision in reversed(WORST_FIRST)
            if one.servers[decision]
        ),
        forecast=forecast_sentence(words, one.forecast, report),
    )


def _servers(report: TrialReport, words: Words, decision: Admission) -> Iterable[ServerView]:
    for one in report.status.gates:
        if one.decision is decision:
            yield _server(one, report, words)


def _server(one: ServerGate, report: TrialReport, words: Words) -> ServerView:
    named = report.servers.get(one.server)
    nothing = any(
        because.reason is GateReason.NEVER_MEASURED and not because.detail for because in one.reasons
    )
    return ServerView(
        label=server_label(one.server, named),
        opd=shown(named.opd_name if named else one.opd),
        decision=admission_badge(words, one.decision),
        measured=words.moment(one.measured_at) if one.measured_at and not nothing else "",
        reasons=reason_views(words, one, report.checks, report.rules),
    )


def _unmeasured(report: TrialReport, words: Words) -> Iterable[tuple[str, str, str]]:
    for one in report.status.unmeasured:
        named = report.servers.get(one.server)
        why = words.of(one.reason) or words.say("never looked at")
        yield shown(named.opd_name if named else one.opd), server_label(one.server, named), shown(why)


def _day_heads(words: Words) -> tuple[str, ...]:
    severities = (words.say(SEVERITIES[severity]) for severity in Severity)
    return (*severities, words.say("New"), words.say("Fixed"), words.say("Accepted risk"))


def _day(one: TrialDay, words: Words) -> DayView:
    numbers = (*(one.open[severity] for severity in Severity), one.new, one.fixed, one.accepted)
    return DayView(words.day(one.day), tuple(words.integer(number) for number in numbers))
