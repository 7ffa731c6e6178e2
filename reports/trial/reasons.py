"""Decisions about servers, and why, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from auditor.model.gate import Admission, Because, GateReason, ServerGate
from auditor.model.operation import AdmissionRules
from auditor.model.subject import Subject
from auditor.model.trial_report import NamedCheck
from reports.view.labels import SEVERITIES, Badge, badge, not_met
from reports.visible import shown
from reports.words import N_, Words

ADMISSIONS = {
    Admission.ADMIT: ("conforms", N_("Admitted")),
    Admission.CONDITIONS: ("partial", N_("Admitted with conditions")),
    Admission.NOT_YET: ("does-not-conform", N_("Not yet admitted")),
}
"""Decision → shape and colour, and its words."""
_CHECKS = {
    GateReason.FAILING: N_("Fails"),
    GateReason.FAILING_MILDER: N_("Fails; to be mended until"),
    GateReason.OVERDUE: N_("Fails, and its deadline has passed"),
    GateReason.ACCEPTED: N_("Fails; the risk is accepted until"),
    GateReason.UNKNOWN: N_("Could not be judged"),
}
_WITHOUT_DAY = frozenset((GateReason.UNKNOWN,))


@dataclass(frozen=True, slots=True)
class ReasonView:
    """One reason: what it is about, which check at which places, and the day that belongs to it."""

    told: str
    decision: Badge
    checks: tuple[tuple[Badge | None, str], ...]
    """Severity and title; more than one only of those that could not be judged."""
    places: tuple[str, ...]
    findings: tuple[str, ...]
    day: str


def admission_badge(words: Words, decision: Admission) -> Badge:
    """Return the decision in words."""
    kind, label = ADMISSIONS[decision]
    return Badge(kind, words.say(label))


def reason_views(
    words: Words, found: ServerGate, checks: Mapping[str, NamedCheck], rules: AdmissionRules
) -> tuple[ReasonView, ...]:
    """Return the reasons of a decision, worst first.

    One line for a check that fails at many places alike, and one for all that could not be judged.
    """
    grouped: dict[tuple[GateReason, str, Admission], list[Because]] = defaultdict(list)
    for one in found.reasons:
        about = "" if one.reason is GateReason.UNKNOWN else one.detail
        grouped[one.reason, about, one.decision].append(one)
    return tuple(_view(words, listed, found, checks, rules) for listed in grouped.values())


def told(words: Words, one: Because, found: ServerGate, rules: AdmissionRules) -> str:
    """Return why in a few words, without the check that it is about."""
    match one.reason:
        case GateReason.NEVER_MEASURED:
            return _never(words, one, found)
        case GateReason.TOO_OLD:
            if one.detail.startswith("-"):
                return words.say("Measured on a day that has not come yet: the clock was wrong")
            return words.plural(
                "Measured %(count)s day ago; older than %(allowed)s days admits nobody",
                "Measured %(count)s days ago; older than %(allowed)s days admits nobody",
                int(one.detail),
                allowed=words.integer(rules.evidence_days),
            )
        case GateReason.LOW_COVERAGE:
            return words.say(
                "Only %(part)s of its weight could be judged; %(minimum)s is the least",
                part=words.percent(float(one.detail)),
                minimum=words.percent(rules.minimum_coverage),
            )
        case _:
            return words.say(_CHECKS[one.reason])


def place(subject: str) -> str:
    """Return where a check failed: address, port and name as far as there are any."""
    if not subject:
        return ""
    one = Subject.from_key(subject)
    if not one.address:
        return shown(one.server_name)
    address = f"[{one.address}]" if ":" in one.address and one.port else one.address
    port = f":{one.port}/{one.transport}" if one.port else ""
    return shown(f"{address}{port}" + (f" ({one.server_name})" if one.server_name else ""))


def _never(words: Words, one: Because, found: ServerGate) -> str:
    if one.detail:
        return words.say("Nothing was measured at its address %(address)s", address=shown(one.detail))
    if found.run:
        return words.say("Nothing of it could be judged when it was looked at")
    return words.say("It was never measured")


def _view(
    words: Words,
    listed: Iterable[Because],
    found: ServerGate,
    checks: Mapping[str, NamedCheck],
    rules: AdmissionRules,
) -> ReasonView:
    every = list(listed)
    one = every[0]
    named = dict.fromkeys(reason.detail for reason in every) if one.reason in _CHECKS else ()
    days = [reason.due for reason in every if reason.due is not None]
    return ReasonView(
        told=told(words, one, found, rules),
        decision=admission_badge(words, one.decision),
        checks=tuple(_check(words, name, checks, one.reason is GateReason.UNKNOWN) for name in named),
        places=tuple(dict.fromkeys(filter(None, (place(reason.subject) for reason in every)))),
        findings=tuple(shown(reason.finding) for reason in every if reason.finding),
        day=_day(words, days) if one.reason not in _WITHOUT_DAY else "",
    )


def _check(
    words: Words, name: str, checks: Mapping[str, NamedCheck], unknown: bool
) -> tuple[Badge | None, str]:
    check = checks.get(name)
    if check is None:
        return None, shown(name)
    title = shown(f"{words.of(check.title)} ({name})")
    return badge(words, check.severity), title if unknown else not_met(words, title)


def _day(words: Words, days: list[date]) -> str:
    return words.day(min(days)) if days else ""


def rule_lines(words: Words, rules: AdmissionRules) -> tuple[str, ...]:
    """Return the rules of the gate, as the policy set them."""

    lines = [
        words.say(
            "A failing check of severity %(severity)s or worse keeps a server out, unless its risk is "
            "accepted.",
            severity=words.say(SEVERITIES[rules.refuse_from]),
        ),
        words.say(
            "A failing check of severity %(severity)s or worse is a condition, until the day it is due; "
            "an accepted risk is one until its acceptance ends.",
            severity=words.say(SEVERITIES[rules.condition_from]),
        ),
    ]
    if rules.refuse_overdue_from is not None:
        lines.append(
            words.say(
                "A failing check of severity %(severity)s or worse keeps a server out once its deadline has "
                "passed.",
                severity=words.say(SEVERITIES[rules.refuse_overdue_from]),
            )
        )
    return (
        *lines,
        words.say(
            "A server is not admitted while less than %(coverage)s of it could be judged, or a check that "
            "would keep it out could not.",
            coverage=words.percent(rules.minimum_coverage),
        ),
        words.plural(
            "What was measured more than %(count)s day ago admits nobody.",
            "What was measured more than %(count)s days ago admits nobody.",
            rules.evidence_days,
        ),
        words.say("What failed and could not be measured again counts as failing."),
    )
