"""Judge one check about one subject: facts in, verdict out, never a silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from auditor.model.check import Check, Direction, Parameter, Text
from auditor.model.facts import JSON, FactSpec
from auditor.model.verdict import Status, Verdict
from controls.expression import NOW, Expression, Outcome
from controls.reasons import ABSENT, error_text, failure_text, missing_text
from controls.subjects import Measured, Presence
from controls.wording import PLACEHOLDER, fill


@dataclass(frozen=True, slots=True)
class CompiledCheck:
    """A check with its two expressions compiled and its parameters as the policy sets them."""

    check: Check
    applies: Expression
    passes: Expression
    parameters: Mapping[str, JSON]
    loosened: tuple[str, ...]
    names: tuple[str, ...]
    """Every fact that decides a verdict or is shown in one."""


@dataclass(frozen=True, slots=True)
class _Decided:
    """What some facts come to under a check, whoever shows them."""

    status: Status
    observed: Text
    expected: Text
    missing: tuple[str, ...] = ()
    error: str = ""


def compile_check(
    check: Check, vocabulary: Mapping[str, FactSpec], chosen: Mapping[str, JSON] | None = None
) -> CompiledCheck:
    """Compile a check with the policy's parameter values; raise ExpressionError when it cannot be."""
    values = {
        f"param.{parameter.name}": (chosen or {}).get(parameter.name, parameter.default)
        for parameter in check.parameters
    }
    applies = Expression(check.applies, vocabulary, check.parameters)
    passes = Expression(check.passes, vocabulary, check.parameters)
    told = (*check.observed.values(), *check.expected.values())
    shown = (name for text in told for name in PLACEHOLDER.findall(text))
    return CompiledCheck(
        check,
        applies,
        passes,
        values,
        tuple(p.name for p in check.parameters if is_looser(p, values[f"param.{p.name}"])),
        tuple(dict.fromkeys((*applies.names, *passes.names, *shown))),
    )


def is_looser(parameter: Parameter, value: JSON) -> bool:
    """Return whether a value lies on the loose side of what the control tolerates."""
    if isinstance(value, list) and isinstance(parameter.loosest, list):
        return any(entry not in value for entry in parameter.loosest)
    if isinstance(value, int | float) and isinstance(parameter.loosest, int | float):
        if parameter.direction is Direction.MINIMUM:
            return value < parameter.loosest
        return value > parameter.loosest
    return value != parameter.loosest


def judge(compiled: CompiledCheck, measured: Measured, now: datetime) -> Verdict:
    """Return the verdict of one check about one subject, on the date `now`."""
    return next(_judge_each(compiled, (measured,), now))


def judge_all(
    checks: Iterable[CompiledCheck], subjects: Iterable[Measured], now: datetime
) -> tuple[Verdict, ...]:
    """Judge every check about every subject of its kind, in a stable order.

    A check marked `consent` is judged only where the subject's authorization names it.
    """
    by_kind: dict[str, list[Measured]] = {}
    for measured in sorted(subjects, key=lambda measured: measured.subject):
        by_kind.setdefault(measured.subject.kind, []).append(measured)
    return tuple(
        verdict
        for compiled in sorted(checks, key=lambda compiled: compiled.check.id)
        for verdict in _judge_each(compiled, _consenting(compiled.check, by_kind), now)
    )


def _consenting(check: Check, by_kind: Mapping[str, list[Measured]]) -> Iterable[Measured]:
    found = by_kind.get(check.subject, [])
    return [one for one in found if check.id in one.consent] if check.consent else found


def _judge_each(compiled: CompiledCheck, subjects: Iterable[Measured], now: datetime) -> Iterator[Verdict]:
    """Judge one check about many subjects; those that show the same to it are decided, and told, once."""
    decided: dict[str, _Decided] = {}
    for measured in subjects:
        if measured.presence is Presence.ABSENT:
            yield _verdict(compiled, measured, _ABSENT, ABSENT)
            continue
        facts = measured.facts
        known = {name: facts[name] for name in compiled.names if name in facts}
        # The text of JSON values tells them apart: true from 1, and 1 from "1".
        text = repr(known)
        if text not in decided:
            decided[text] = _decide(compiled, {**known, **compiled.parameters, NOW: now})
        found = decided[text]
        if found.status is Status.PASS and (why := _why_incomplete(compiled, measured)):
            yield _verdict(compiled, measured, _OPEN, why)
            continue
        yield _verdict(compiled, measured, found, _reason(measured, found))


def _why_incomplete(compiled: CompiledCheck, measured: Measured) -> Text:
    """Return why a pass proves nothing: a fact that it rests on may be longer than what was seen of it."""
    asked = (measured.incomplete.get(name) for name in compiled.passes.names)
    return next((why for why in asked if why), _NO_TEXT)


_NO_TEXT: Text = {}
_OPEN = _Decided(Status.UNKNOWN, _NO_TEXT, _NO_TEXT)
_ABSENT = _Decided(Status.NOT_APPLICABLE, _NO_TEXT, _NO_TEXT)


def _decide(compiled: CompiledCheck, values: Mapping[str, Any]) -> _Decided:
    """Return what the values come to; of what they leave open, which are missing or what went wrong."""
    applies = compiled.applies.evaluate(values)
    if applies.value is None:
        return _undecided(applies)
    if not applies.value:
        return _Decided(Status.NOT_APPLICABLE, _NO_TEXT, _NO_TEXT)
    passes = compiled.passes.evaluate(values)
    if passes.value is None:
        return _undecided(passes)
    status = Status.PASS if passes.value else Status.FAIL
    return _Decided(status, fill(compiled.check.observed, values), fill(compiled.check.expected, values))


def _undecided(outcome: Outcome) -> _Decided:
    status = Status.ERROR if outcome.error else Status.UNKNOWN
    return _Decided(status, _NO_TEXT, _NO_TEXT, outcome.missing, outcome.error)


def _reason(measured: Measured, decided: _Decided) -> Text:
    if decided.status is Status.ERROR:
        return error_text(decided.error)
    return _why_missing(measured, decided.missing) if decided.status is Status.UNKNOWN else _NO_TEXT


def _why_missing(measured: Measured, missing: tuple[str, ...]) -> Text:
    """Prefer the named failure of the scanner that should have observed the fact."""
    if measured.reason:
        return measured.reason
    for name in missing:
        if name in measured.unread:
            return measured.unread[name]
        namespace = name.partition(".")[0]
        if namespace in measured.refused:
            return measured.refused[namespace]
        failure = measured.failures.get(namespace)
        if failure is not None:
            return failure_text(failure)
    if measured.underlying is not None:
        return failure_text(measured.underlying)
    return missing_text(missing)


def _verdict(compiled: CompiledCheck, measured: Measured, decided: _Decided, reason: Text) -> Verdict:
    return Verdict(
        check=compiled.check.id,
        subject=measured.subject,
        status=decided.status,
        reason=reason,
        observed=decided.observed,
        expected=decided.expected,
        evidence=measured.evidence,
        loosened=compiled.loosened if decided.status in (Status.PASS, Status.FAIL) else (),
    )
