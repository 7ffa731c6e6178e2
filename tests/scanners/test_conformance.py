"""A fact that is unknown or of the wrong type never passes; a right one always does."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.evidence import FailureKind, Observation, RawOutput
from auditor.model.facts import FactSpec, FactType
from auditor.model.plan import Task
from scanners.base import Limits, Pace, Scanner
from scanners.conformance import nonconforming
from scanners.registry import NAMES, VOCABULARY, load
from scanners.worker import measure

TYPES = {
    FactType.BOOL: st.booleans(),
    FactType.INT: st.integers(),
    FactType.STRING: st.text(max_size=5),
    FactType.STRINGS: st.lists(st.text(max_size=5), max_size=3),
    FactType.INTS: st.lists(st.integers(), max_size=3),
    FactType.RECORDS: st.lists(st.fixed_dictionaries({"a": st.none() | st.text(max_size=3)}), max_size=2),
}
SPECS = {kind: FactSpec("x.fact", kind, "", record=("a",)) for kind in FactType}
ANYTHING: dict[str, st.SearchStrategy[Any]] = {
    "bool": st.booleans(),
    "int": st.integers(),
    "float": st.floats(),
    "text": st.text(max_size=5),
    "bytes": st.binary(max_size=5),
    "texts": st.lists(st.text(max_size=5), min_size=1, max_size=3),
    "ints": st.lists(st.integers(), min_size=1, max_size=3),
    "mixed": st.just([1, "a"]),
    "bools": st.just([True]),
    "mapping": st.just({"a": 1}),
    "records with other keys": st.just([{"b": "c"}]),
    "records with bytes": st.just([{"a": b"x"}]),
    "records with a number that JSON has not": st.just([{"a": float("nan")}]),
}
FITTING = {
    FactType.BOOL: {"bool"},
    FactType.INT: {"int"},
    FactType.STRING: {"text"},
    FactType.STRINGS: {"texts"},
    FactType.INTS: {"ints"},
    FactType.RECORDS: set(),
}
TASK = Task("fake", "s", "o", "127.0.0.1")
LIMITS = Limits(1000.0, 1, 1, 10.0)


@pytest.mark.parametrize("kind", FactType)
@given(st.data())
def test_a_value_of_the_type_passes(kind: FactType, data: st.DataObject) -> None:
    assert nonconforming({"x.fact": data.draw(TYPES[kind])}, {"x.fact": SPECS[kind]}) == []


@pytest.mark.parametrize(
    ("kind", "other"),
    [(kind, other) for kind in FactType for other in ANYTHING if other not in FITTING[kind]],
)
@given(st.data())
def test_a_value_of_another_type_does_not_pass(kind: FactType, other: str, data: st.DataObject) -> None:
    assert nonconforming({"x.fact": data.draw(ANYTHING[other])}, {"x.fact": SPECS[kind]})


@pytest.mark.parametrize("kind", FactType)
def test_null_passes_only_where_absence_is_a_value(kind: FactType) -> None:
    assert nonconforming({"x.fact": None}, {"x.fact": SPECS[kind]})
    nullable = FactSpec("x.fact", kind, "", nullable=True)
    assert nonconforming({"x.fact": None}, {"x.fact": nullable}) == []


@pytest.mark.parametrize("value", [True, 1, "a", [], [1], [{"x.fact": True}], {}, None])
def test_a_name_outside_the_vocabulary_does_not_pass(value: Any) -> None:
    assert nonconforming({"x.other": value}, {"x.fact": SPECS[FactType.BOOL]})


@pytest.mark.parametrize("name", ["ports.services", "certificates.deployments"])
def test_lists_of_subjects_are_looked_into(name: str) -> None:
    vocabulary = {"x.fact": SPECS[FactType.BOOL]}
    assert nonconforming({name: [{"x.fact": True}, {}]}, vocabulary) == []
    assert nonconforming({name: [{"x.fact": True}, {"x.fact": 1}]}, vocabulary)
    assert nonconforming({name: [{"x.other": True}]}, vocabulary)
    assert nonconforming({name: ["x.fact"]}, vocabulary)
    assert nonconforming({name: {"x.fact": True}}, vocabulary)


def test_every_scanner_is_loaded_by_its_name_and_observes_only_the_vocabulary() -> None:
    names = [spec.name for spec in VOCABULARY]
    assert len(names) == len(set(names))
    for method in NAMES:
        scanner = load(method)
        assert scanner.name == method
        assert set(scanner.facts) <= set(VOCABULARY)
    with pytest.raises(KeyError):
        load("no-such-scanner")


class Fake:
    """A scanner that answers what it was made with."""

    def __init__(self, result: Observation | BaseException):
        self.name = "fake"
        self.facts: tuple[FactSpec, ...] = ()
        self._result = result

    def scan(self, _task: Task, _limits: Limits, _pace: Pace) -> Observation:
        if isinstance(self._result, BaseException):
            raise self._result
        return self._result


def measured(result: Observation | BaseException) -> Observation:
    """Return what the worker makes of a scanner's result."""
    scanners: dict[str, Scanner] = {"fake": Fake(result)}
    return measure(TASK, LIMITS, scanners)


def test_a_right_observation_passes_the_worker_unchanged() -> None:
    right = Observation("t", "1", {"a": 1}, {"tls.spoken": True}, None, (RawOutput("r", "text/plain", b"x"),))
    assert measured(right) == right


def test_wrong_facts_become_a_fault_of_ours_that_keeps_the_raw_output() -> None:
    raw = (RawOutput("r", "text/plain", b"x"),)
    seen = measured(Observation("t", "1", {"a": 1}, {"tls.spoken": "yes"}, None, raw))
    assert seen.facts == {}
    assert (seen.tool, seen.tool_version, seen.settings, seen.raw) == ("t", "1", {"a": 1}, raw)
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.INTERNAL
    assert "tls.spoken" in seen.failure.detail


@pytest.mark.parametrize(
    "error", [RuntimeError("x" * 1000), MemoryError(), RecursionError("deep"), KeyError("k")]
)
def test_a_scanner_that_raises_becomes_a_fault_of_ours(error: Exception) -> None:
    seen = measured(error)
    assert seen.facts == {}
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.INTERNAL
    assert seen.failure.detail.startswith(type(error).__name__)
    assert len(seen.failure.detail) <= 300


def test_an_unknown_scanner_becomes_a_fault_of_ours() -> None:
    seen = measure(TASK, LIMITS, {})
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.INTERNAL
