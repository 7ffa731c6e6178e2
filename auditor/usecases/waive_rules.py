"""What may be asked for and approved. Everything else is refused with the next step."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from auditor.documents.shape import nearest
from auditor.model.check import Check
from auditor.model.people import same_person
from auditor.model.plain_text import show
from auditor.model.policy import WaiverRules, Width
from auditor.model.subject import SubjectKind
from auditor.model.waiver import Waiver, WaiverStatus
from auditor.model.waiver_scope import WaiverPart, is_too_wide, missing_part, scope_contains
from auditor.model.waiver_standing import in_force
from auditor.usecases.errors import UsageProblem
from auditor.usecases.inputs import Inputs

_SHORTEST, _LONGEST = 15, 2000
"""Characters of a reason or a compensating control."""
_LETTERS_OF_A_NAME, _LONGEST_NAME = 3, 120
_ASK = {
    "reason": "say with --reason why, in a sentence that others understand later",
    "compensating": "say with --compensating what keeps the risk small meanwhile",
    "remark": "say with --remark what it came to, in a sentence that others understand later",
}


def day_of(text: str, option: str) -> date | None:
    """Return the day that an option names, None for an empty one; raise UsageProblem for anything else."""
    if not text:
        return None
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise UsageProblem(f"--{option} {show(text)} is no day", "write year, month and day, such as 2026-12-31")


def written(text: str, option: str) -> str:
    """Return a text on one line; raise UsageProblem when it says nothing or cannot be read."""
    line = _printable(text, option)
    if len(line) < _SHORTEST or sum(letter.isalpha() for letter in line) < _SHORTEST // 2:
        raise UsageProblem(f"--{option} says too little (at least {_SHORTEST} characters)", _ASK[option])
    if len(line) > _LONGEST:
        raise UsageProblem(f"--{option} has {len(line)} characters", f"write at most {_LONGEST}")
    return line


def person(name: str, option: str) -> str:
    """Return the name of a person on one line; raise UsageProblem for what is none."""
    line = _printable(name, option)
    if sum(letter.isalpha() for letter in line) < _LETTERS_OF_A_NAME or len(line) > _LONGEST_NAME:
        raise UsageProblem(
            f"--{option} {show(line)} is no name", f"write who it is: --{option} 'Siti Aminah, S.Kom.'"
        )
    return line


def _printable(text: str, option: str) -> str:
    line = " ".join(text.split())
    if not line.isprintable():
        raise UsageProblem(f"--{option} holds characters that nobody sees", "write it without them")
    return line


def check_request(
    first: date | None, last: date | None, today: date, rules: WaiverRules
) -> tuple[date, date]:
    """Return the first and last day; raise UsageProblem when there is no end, or not a good one."""
    first = first or today
    if first < today:
        raise UsageProblem(f"--from {first} has passed", f"a waiver begins today ({today}) at the earliest")
    if (first - today).days > rules.maximum_days:
        raise UsageProblem(f"--from {first} is too far ahead", "ask for it when it is needed")
    latest = first + timedelta(days=rules.maximum_days)
    if last is None:
        raise UsageProblem("a waiver needs an end", f"add --until with a day up to {latest}")
    if last < today:
        raise UsageProblem(f"--until {last} has passed", f"name a day from {today} to {latest}")
    if last < first:
        raise UsageProblem(f"--until {last} comes before --from {first}", f"name a day up to {latest}")
    if last > latest:
        raise UsageProblem(
            f"--until {last} is {(last - first).days} days after the first day, and the policy allows"
            f" {rules.maximum_days}",
            f"name a day up to {latest}; whoever still needs it then asks anew",
        )
    return first, last


def known_waiver(waiver_id: str, waivers: Iterable[Waiver]) -> Waiver:
    """Return the waiver with an id, or raise UsageProblem."""
    by_id = {waiver.id: waiver for waiver in waivers}
    if waiver_id not in by_id:
        hint = nearest(waiver_id, by_id)
        listing = "list them with: auditor waive list"
        raise UsageProblem(f"there is no waiver {show(waiver_id)}", f"{hint} {listing}".strip())
    return by_id[waiver_id]


def is_live(waiver: Waiver, today: date) -> bool:
    """Return whether a waiver waits for approval, or holds today or later."""
    if waiver.status is WaiverStatus.REQUESTED:
        return today <= waiver.valid_until
    return in_force(waiver, max(today, waiver.valid_from))


def check_scope(waiver: Waiver, others: Iterable[Waiver], inputs: Inputs, today: date) -> None:
    """Raise UsageProblem when a request reaches too wide, or asks for what was asked for already."""
    checks = checks_in_force(inputs)
    missing = missing_part(waiver, checks, inputs.inventory)
    if missing is not None:
        raise UsageProblem(f"a waiver would cover nothing: {_GONE[missing]}", "nothing is needed for it")
    check = checks[waiver.check]
    if is_too_wide(waiver, check, inputs.policy.waivers):
        raise UsageProblem(_too_wide(check, inputs.policy.waivers), _narrower(check, inputs.policy.waivers))
    for one in others:
        contained = (
            is_live(one, today)
            and scope_contains(one, waiver)
            and one.valid_from <= waiver.valid_from
            and waiver.valid_until <= one.valid_until
        )
        if contained:
            raise UsageProblem(
                f"{one.id} is {one.status.value} and covers all of this until {one.valid_until}",
                f"see: auditor waive show {one.id}",
            )
        if one.id == waiver.id:
            raise UsageProblem(
                f"the same was asked for today as {one.id}, which is {one.status.value}",
                "say in --reason what is different now",
            )


def _too_wide(check: Check, rules: WaiverRules) -> str:
    reach = {Width.ENDPOINT: "one endpoint", Width.SERVER: "one server", Width.OPD: "one OPD"}
    allowed = reach[rules.widest[check.severity]]
    return f"this is too broad: a waiver of {check.id} ({check.severity.value}) may reach {allowed} at most"


def _narrower(check: Check, rules: WaiverRules) -> str:
    endpoint = rules.widest[check.severity] is Width.ENDPOINT
    if not endpoint or check.subject in (SubjectKind.DOMAIN, SubjectKind.NETWORK, SubjectKind.HOST):
        return "add --server"
    if check.subject is SubjectKind.ADDRESS:
        return "add --server and --address"
    return "add --server, --address and --port, or name one finding with --finding"


_GONE = {
    WaiverPart.CHECK: "its check is not in force any more",
    WaiverPart.OPD: "its OPD is not registered any more",
    WaiverPart.SERVER: "its server is not registered any more, or belongs to another OPD",
    WaiverPart.ADDRESS: "its address is not registered any more",
    WaiverPart.NAME: "its host name is not registered any more",
}


def check_approval(waiver: Waiver, approver: str, inputs: Inputs, today: date) -> None:
    """Raise UsageProblem when a waiver may not be approved by this person, today, under this policy."""
    anew = f"reject it and ask anew: auditor waive reject {waiver.id}"
    if waiver.status is not WaiverStatus.REQUESTED:
        raise UsageProblem(
            f"{waiver.id} is {waiver.status.value} already", f"see: auditor waive show {waiver.id}"
        )
    if same_person(waiver.requested_by, approver):
        raise UsageProblem(
            f"{show(waiver.requested_by)} asked for {waiver.id}, and nobody approves what they asked for",
            "let another person approve it",
        )
    if waiver.valid_until < today:
        raise UsageProblem(f"{waiver.id} would have ended with {waiver.valid_until}", anew)
    in_catalogue = checks_in_force(inputs)
    missing = missing_part(waiver, in_catalogue, inputs.inventory)
    if missing is not None:
        raise UsageProblem(f"{waiver.id} covers nothing: {_GONE[missing]}", anew)
    rules, first = inputs.policy.waivers, max(waiver.valid_from, today)
    if (waiver.valid_until - first).days > rules.maximum_days:
        raise UsageProblem(f"{waiver.id} is longer than the {rules.maximum_days} days of the policy", anew)
    check = in_catalogue[waiver.check]
    if is_too_wide(waiver, check, rules):
        raise UsageProblem(_too_wide(check, rules), anew)


def checks_in_force(inputs: Inputs) -> dict[str, Check]:
    """Return the checks that the policy does not switch off, by id."""
    off = inputs.policy.disabled_checks
    return {name: check for name, check in inputs.catalogue.checks.items() if name not in off}
