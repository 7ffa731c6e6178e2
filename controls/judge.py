"""Judge one check about one subject: facts in, verdict out, never a silence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from auditor.model.check import Check, Direction, Parameter, Text
from auditor.model.facts import JSON, FactSpec
from auditor.model.verdict import Status, Verdict
from controls.expression import NOW, Expression, Outcome
from controls.reasons import ABSENT, error_text, failure_text, missing_text
from controls.subjects import Measured, Presence
from controls.wording import fill


@dataclass(frozen=True, slots=True)
class CompiledCheck:
    """A check with its two expressions compiled and its parameters as the policy sets them."""

    check: Check
    applies: Expression
    passes: Expression
    parameters: Mapping[str, JSON]
    loosened: tuple[str, ...]


def compile_check(
    check: Check, vocabulary: Mapping[str, FactSpec], chosen: Mapping[str, JSON] | None = None
) -> CompiledCheck:
    """Compile a check with the policy's parameter values; raise ExpressionError when it cannot be."""
    values = {
        f"param.{parameter.name}": (chosen or {}).get(parameter.name, parameter.default)
        for parameter in check.parameters
    }
    return CompiledCheck(
        check,
        Expression(check.applies, vocabulary, check.parameters),
        Expression(check.passes, vocabulary, check.parameters),
        values,
        tuple(p.name for p in check.parameters if is_looser(p, values[f"param.{p.name}"])),
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
    if measured.presence is Presence.ABSENT:
        return _verdict(compiled, measured, Status.NOT_APPLICABLE, ABSENT)
    values: dict[str, Any] = {**measured.facts, **compiled.parameters, NOW: now}
    applies = compiled.applies.evaluate(values)
    if applies.value is None:
        return _undecided(compiled, measured, applies, values)
    if not applies.value:
        return _verdict(compiled, measured, Status.NOT_APPLICABLE, {}, values)
    passes = compiled.passes.evaluate(values)
    if passes.value is None:
        return _undecided(compiled, measured, passes, values)
    return _verdict(compiled, measured, Status.PASS if passes.value else Status.FAIL, {}, values)


def judge_all(
    checks: Iterable[CompiledCheck], subjects: Iterable[Measured], now: datetime
) -> tuple[Verdict, ...]:
    """Judge every check about every subject of its kind, in a stable order.

    A check marked `consent` is judged only where the subject's authorization names it.
    """
    by_kind: dict[str, list[Measured]] = {}
    for measured in subjects:
        by_kind.setdefault(measured.subject.kind, []).append(measured)
    return tuple(
        judge(compiled, measured, now)
        for compiled in sorted(checks, key=lambda compiled: compiled.check.id)
        for measured in sorted(by_kind.get(compiled.check.subject, ()), key=lambda m: m.subject)
        if not compiled.check.consent or compiled.check.id in measured.consent
    )


def _undecided(
    compiled: CompiledCheck, measured: Measured, outcome: Outcome, values: Mapping[str, Any]
) -> Verdict:
    if outcome.error:
        return _verdict(compiled, measured, Status.ERROR, error_text(outcome.error), values)
    return _verdict(compiled, measured, Status.UNKNOWN, _why_missing(measured, outcome.missing), values)


def _why_missing(measured: Measured, missing: tuple[str, ...]) -> Text:
    """Prefer the named failure of the scanner that should have observed the fact."""
    if measured.reason:
        return measured.reason
    for name in missing:
        namespace = name.partition(".")[0]
        if namespace in measured.refused:
            return measured.refused[namespace]
        failure = measured.failures.get(namespace)
        if failure is not None:
            return failure_text(failure)
    if measured.underlying is not None:
        return failure_text(measured.underlying)
    return missing_text(missing)


def _verdict(
    compiled: CompiledCheck,
    measured: Measured,
    status: Status,
    reason: Text,
    values: Mapping[str, Any] | None = None,
) -> Verdict:
    told = status in (Status.PASS, Status.FAIL) and values is not None
    return Verdict(
        check=compiled.check.id,
        subject=measured.subject,
        status=status,
        reason=reason,
        observed=fill(compiled.check.observed, values or {}) if told else {},
        expected=fill(compiled.check.expected, values or {}) if told else {},
        evidence=measured.evidence,
        loosened=compiled.loosened if told else (),
    )
