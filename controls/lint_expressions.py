"""Whether a check's expressions ask what can be known, and its examples give the verdicts they promise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from auditor.model.check import Check, Example
from auditor.model.facts import JSON, FactSpec, FactType
from auditor.model.plain_text import show
from auditor.model.problem import Path
from auditor.model.subject import SubjectKind
from auditor.model.verdict import Status
from controls.examples import judge_example
from controls.expression import NOW, Expression, ExpressionError, as_instant, referenced_names
from controls.judge import CompiledCheck, compile_check
from controls.lint_rules import Broken
from controls.vocabulary import INVENTORY_FACTS
from controls.wording import PLACEHOLDER

_INSIDE = ("host", "record", "approved", "lynis", "openscap")

VISIBLE: Mapping[SubjectKind, tuple[str, ...]] = {
    SubjectKind.ADDRESS: ("ports", "udp"),
    SubjectKind.TLS: ("tls", "service"),
    SubjectKind.CERTIFICATE: ("certificate", "service"),
    SubjectKind.SSH: ("ssh", "service"),
    SubjectKind.HTTP: ("http", "service"),
    SubjectKind.DOMAIN: ("domain",),
    SubjectKind.NETWORK: ("hosts",),
    SubjectKind.HOST: _INSIDE,
}
"""Kind of subject → first words of the facts observed about it; a service shows what its protocol says."""
_ALWAYS = ("server", "vantage", "param")
_OTHER_ENDPOINTS = frozenset({"tls", "certificate", "ssh", "http", "udp", "domain", "hosts", *_INSIDE})
_INVENTORY = frozenset(spec.name for spec in INVENTORY_FACTS)
_KEYS = {
    Status.PASS: "pass",
    Status.FAIL: "fail",
    Status.NOT_APPLICABLE: "not_applicable",
    Status.UNKNOWN: "unknown",
}
_SHORTEST_REASON = 15


def expression_problems(check: Check, vocabulary: Mapping[str, FactSpec]) -> Iterator[Broken]:
    """Yield every broken rule of a check's expressions and examples."""
    yield from _visibility_problems(check, vocabulary)
    yield from _reason_problems(check)
    broken = [*_compile_problems(check, vocabulary)]
    yield from broken
    if not broken:
        compiled = compile_check(check, vocabulary)
        asked = {*compiled.applies.names, *compiled.passes.names} & set(vocabulary)
        if not asked - _INVENTORY:
            message = "asks what the inventory says alone; ask a measured fact, or nothing is measured at all"
            yield Broken("fact-measured", ("pass",), message)
        yield from _example_problems(compiled, vocabulary)


def is_visible(kind: SubjectKind, namespace: str) -> bool:
    """Return whether facts of this first word are observed about a kind of subject."""
    if namespace in _ALWAYS:
        return True
    if kind is SubjectKind.SERVICE:
        return namespace not in _OTHER_ENDPOINTS
    return namespace in VISIBLE[kind]


def _visibility_problems(check: Check, vocabulary: Mapping[str, FactSpec]) -> Iterator[Broken]:
    for path, names in _named(check):
        for name in sorted(names & set(vocabulary)):
            if not is_visible(check.subject, name.partition(".")[0]):
                message = f"{name} is not observed about a subject of kind {check.subject}"
                yield Broken("fact-visible", path, message)


def _named(check: Check) -> Iterator[tuple[Path, set[str]]]:
    yield ("applies",), set(referenced_names(check.applies))
    yield ("pass",), set(referenced_names(check.passes))
    for key, text in (("observed", check.observed), ("expected", check.expected)):
        for language, words in text.items():
            yield (key, language), set(PLACEHOLDER.findall(words))


def _compile_problems(check: Check, vocabulary: Mapping[str, FactSpec]) -> Iterator[Broken]:
    for key, source in (("applies", check.applies), ("pass", check.passes)):
        try:
            Expression(source, vocabulary, check.parameters)
        except ExpressionError as error:
            yield Broken("expression", (key,), str(error))


def _reason_problems(check: Check) -> Iterator[Broken]:
    for status in (Status.PASS, Status.FAIL):
        key = _KEYS[status]
        reason = check.no_example.get(key)
        if reason is None and not check.examples.get(status.value):
            message = f"no example that gives {status}; write one, or why there is none in no_example"
            yield Broken("example-present", ("examples",), message, key=True)
        elif reason is not None and check.examples.get(status.value):
            message = f"there is an example of {status}; remove the reason"
            yield Broken("example-reason", ("no_example", key), message)
        elif reason is not None and len(reason.strip()) < _SHORTEST_REASON:
            message = f"{show(reason)} is no reason; write a sentence"
            yield Broken("example-reason", ("no_example", key), message)


def _example_problems(compiled: CompiledCheck, vocabulary: Mapping[str, FactSpec]) -> Iterator[Broken]:
    for status, key in _KEYS.items():
        for index, example in enumerate(compiled.check.examples.get(status.value, ())):
            path: Path = ("examples", key, index)
            if not example.note.strip():
                yield Broken("text-present", (*path, "note"), "a blank note; say what the example shows")
            wrong = [*_fact_problems(example, path, vocabulary)]
            yield from wrong or _verdict_problems(compiled, example, status, path)


def _fact_problems(example: Example, path: Path, vocabulary: Mapping[str, FactSpec]) -> Iterator[Broken]:
    for name, value in example.facts.items():
        where = (*path, "facts", name)
        if name == NOW:
            try:
                as_instant(str(value))
            except ValueError:
                message = f'{show(str(value))} is no instant; write one such as "2026-11-01T12:00:00Z"'
                yield Broken("example-fact", where, message)
        elif name not in vocabulary:
            yield Broken("example-fact", where, f"{show(name)} is no fact", key=True)
        elif not fits(value, vocabulary[name]):
            spec = vocabulary[name]
            kind = f"{spec.type} or null" if spec.nullable else str(spec.type)
            yield Broken("example-fact", where, f"{name} is of type {kind}")


def fits(value: JSON, spec: FactSpec) -> bool:
    """Return whether a value is one that a fact can have."""
    if value is None:
        return spec.nullable
    listed: Sequence[JSON] = value if isinstance(value, list) else ()
    match spec.type:
        case FactType.BOOL:
            return isinstance(value, bool)
        case FactType.INT:
            return _is_whole(value)
        case FactType.STRING:
            return isinstance(value, str)
        case FactType.STRINGS:
            return listed is value and all(isinstance(one, str) for one in listed)
        case FactType.INTS:
            return listed is value and all(_is_whole(one) for one in listed)
        case FactType.RECORDS:
            return listed is value and all(isinstance(one, dict) for one in listed)


def _is_whole(value: JSON) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _verdict_problems(
    compiled: CompiledCheck, example: Example, status: Status, path: Path
) -> Iterator[Broken]:
    got = judge_example(compiled, example.facts)
    if got.status is not status:
        why = got.reason.get("en", "")
        message = " ".join(f"{show(example.note)} gives {got.status} {why}, not {status}".split())
        yield Broken("example-verdict", path, message)
