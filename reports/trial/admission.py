"""The admission of one server in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from auditor.model.gate import Admission
from auditor.model.trial_report import AdmissionReport
from auditor.model.verdict import Status
from reports.trial.parts import Head, head, proof_rows, server_label, server_rows
from reports.trial.reasons import ReasonView, admission_badge, reason_views, rule_lines
from reports.view.identity import Row
from reports.view.labels import Badge, method_label, reason_label
from reports.view.statuses import verdict_counts
from reports.visible import shown
from reports.words import N_, Words

_SENTENCES = {
    Admission.ADMIT: N_("By the rules below the server may stand in the server room."),
    Admission.CONDITIONS: N_(
        "By the rules below the server may stand in the server room under the conditions that are listed, "
        "each to be met until its day."
    ),
    Admission.NOT_YET: N_(
        "By the rules below the server may not stand in the server room yet. Once what is listed is mended, "
        "it is measured again."
    ),
}


@dataclass(frozen=True, slots=True)
class AdmissionView:
    """Everything on the page of an admission."""

    head: Head
    document: tuple[Row, ...]
    subject: str
    decision: Badge
    sentence: str
    server: tuple[Row, ...]
    measured: tuple[Row, ...]
    reasons: tuple[tuple[Badge, tuple[ReasonView, ...]], ...]
    """By what the reason alone would come to, worst first."""
    gaps: tuple[tuple[str, str, str], ...]
    """Address, what was not measured, why."""
    rules: tuple[str, ...]
    proof: tuple[Row, ...]


def admission_view(report: AdmissionReport, words: Words, digest: str) -> AdmissionView:
    """Word an admission; `digest` is that of the report as JSON."""
    views = reason_views(words, report.gate, report.checks, report.rules)
    badges = tuple(dict.fromkeys(view.decision for view in views))
    return AdmissionView(
        head=head(words, report.organization, report.classification),
        document=_document(report, words),
        subject=server_label(report.server, report.named),
        decision=admission_badge(words, report.gate.decision),
        sentence=words.say(_SENTENCES[report.gate.decision]),
        server=server_rows(words, report.server, report.named),
        measured=_measured(report, words),
        reasons=tuple((one, tuple(view for view in views if view.decision == one)) for one in badges),
        gaps=tuple(
            (shown(gap.address), method_label(words, gap.what), reason_label(words, gap.reason))
            for gap in report.gaps
        ),
        rules=rule_lines(words, report.rules),
        proof=proof_rows(words, report.proof, digest),
    )


def _document(report: AdmissionReport, words: Words) -> tuple[Row, ...]:
    number = shown("/".join(("PS", report.server.upper(), report.proof.run)))
    rows = [
        Row(words.say("Number"), (number,)),
        Row(words.say("Date"), (words.day(words.local_day(report.started_at)),)),
        Row(words.say("Letter of assignment"), tuple(map(shown, report.letters)) or (words.say("none"),)),
    ]
    if report.asked_by:
        rows.append(Row(words.say("Asked for by"), (shown(report.asked_by),)))
    return tuple(rows)


def _measured(report: AdmissionReport, words: Words) -> tuple[Row, ...]:
    period = words.moment(report.started_at)
    if report.finished_at is not None:
        period = f"{period} – {words.moment(report.finished_at)}"
    counts = Counter({Status(name): count for name, count in report.judged.items()})
    tools = [shown(f"{tool} {version}") for tool, version in report.tools.items()]
    return (
        Row(words.say("Time of measurement"), (period,)),
        Row(words.say("Checks and places"), (verdict_counts(words, counts) or words.say("nothing"),)),
        Row(words.say("Coverage"), (words.percent(report.coverage),)),
        Row(words.say("Tools"), (words.listed(tools) or words.say("nothing"),)),
    )
