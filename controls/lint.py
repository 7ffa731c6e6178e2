"""What a check file must be beyond its shape: every rule has an id, every problem names its check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from auditor.model.check import Check
from auditor.model.facts import Facts, FactSpec
from auditor.model.framework import Framework
from auditor.model.subject import Subject, SubjectKind
from auditor.model.verdict import Status, Verdict
from controls.expression import NOW, ExpressionError, as_instant, referenced_names
from controls.judge import CompiledCheck, compile_check, is_looser, judge
from controls.subjects import Measured
from controls.wording import PLACEHOLDER

_VISIBLE: Mapping[SubjectKind, tuple[str, ...]] = {
    SubjectKind.ADDRESS: ("ports", "udp"),
    SubjectKind.TLS: ("tls", "service"),
    SubjectKind.CERTIFICATE: ("certificate", "service"),
    SubjectKind.SSH: ("ssh", "service"),
    SubjectKind.HTTP: ("http", "service"),
    SubjectKind.DOMAIN: ("domain",),
    SubjectKind.NETWORK: ("hosts",),
}
_ALWAYS = ("server", "vantage", "param")
_OTHER_ENDPOINTS = frozenset({"tls", "certificate", "ssh", "http", "udp", "domain", "hosts"})
EXAMPLE_DAY = datetime(2026, 11, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LintProblem:
    """One broken rule in one check."""

    rule: str
    check: str
    message: str


def lint(
    checks: Mapping[str, Check], frameworks: Mapping[str, Framework], vocabulary: Mapping[str, FactSpec]
) -> tuple[LintProblem, ...]:
    """Return every broken rule of every check, in the order of the checks."""
    return tuple(
        LintProblem(rule, check.id, message)
        for check in checks.values()
        for rule, message in _problems(check, frameworks, vocabulary)
    )


def _problems(
    check: Check, frameworks: Mapping[str, Framework], vocabulary: Mapping[str, FactSpec]
) -> Iterator[tuple[str, str]]:
    yield from _control_problems(check, frameworks)
    yield from _visibility_problems(check, vocabulary)
    yield from _parameter_problems(check)
    try:
        compiled = compile_check(check, vocabulary)
    except ExpressionError as error:
        yield "expression", str(error)
        return
    yield from _example_problems(check, compiled)


def _control_problems(check: Check, frameworks: Mapping[str, Framework]) -> Iterator[tuple[str, str]]:
    for edition, framework in frameworks.items():
        known = {control.id for control in framework.controls}
        links = check.controls[edition]
        for control in (*links.implements, *links.related):
            if control not in known:
                yield "control-exists", f"{control} is no control of {edition}"
        if set(links.implements) & set(links.related):
            yield "control-once", f"a control of {edition} is both implemented and related"


def _visibility_problems(check: Check, vocabulary: Mapping[str, FactSpec]) -> Iterator[tuple[str, str]]:
    parameters = {f"param.{parameter.name}" for parameter in check.parameters}
    texts = " ".join((*check.observed.values(), *check.expected.values()))
    placeholders = set(PLACEHOLDER.findall(texts))
    for name in sorted(placeholders):
        if name not in vocabulary and name not in parameters:
            yield "placeholder", f"{{{name}}} is neither a fact nor a parameter"
    named = placeholders | set(referenced_names(check.applies)) | set(referenced_names(check.passes))
    for name in sorted(named & set(vocabulary)):
        if not _is_visible(check.subject, name.partition(".")[0]):
            yield "fact-visible", f"{name} is not observed about a subject of kind {check.subject}"


def _is_visible(kind: SubjectKind, namespace: str) -> bool:
    if namespace in _ALWAYS:
        return True
    if kind is SubjectKind.SERVICE:
        return namespace not in _OTHER_ENDPOINTS
    return namespace in _VISIBLE[kind]


def _parameter_problems(check: Check) -> Iterator[tuple[str, str]]:
    used = {*referenced_names(check.applies), *referenced_names(check.passes)}
    for parameter in check.parameters:
        if f"param.{parameter.name}" not in used:
            yield "parameter-used", f"no expression asks param.{parameter.name}"
        if is_looser(parameter, parameter.default):
            yield "parameter-default", f"the default of {parameter.name} is looser than the control tolerates"


def _example_problems(check: Check, compiled: CompiledCheck) -> Iterator[tuple[str, str]]:
    for wanted, key in ((Status.PASS, "pass"), (Status.FAIL, "fail")):
        if not check.examples.get(wanted.value) and key not in check.no_example:
            yield "example-present", f"no example that gives {wanted}, and no written reason in no_example"
    for status, examples in check.examples.items():
        for example in examples:
            got = judge_example(compiled, example.facts)
            if got.status.value != status:
                why = got.reason.get("en", "")
                yield "example-verdict", f'"{example.note}" gives {got.status} {why}, not {status}'


def judge_example(compiled: CompiledCheck, facts: Facts) -> Verdict:
    """Return the verdict that an example's facts give; `now` may stand among them as RFC 3339 text."""
    now = as_instant(str(facts[NOW])) if NOW in facts else EXAMPLE_DAY
    plain = {name: value for name, value in facts.items() if name != NOW}
    subject = Subject(compiled.check.subject, "example", "192.0.2.1", 1)
    return judge(compiled, Measured(subject, "example", plain), now)
