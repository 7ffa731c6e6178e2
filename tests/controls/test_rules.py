"""The digest of a rule changes with all that can change a verdict or its weight, and with nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.check import Confidence, ControlLinks, Severity
from auditor.model.facts import JSON
from auditor.model.inventory import Layer
from auditor.model.policy import Policy
from auditor.model.subject import SubjectKind
from auditor.policy.loading import load_policy
from controls.rules import rules_of
from tests.controls.catalogue import changed, shipped

CHECK = "tls-dh-group-strong"
POLICY = load_policy()


def digest(policy: Policy = POLICY, **changes: Any) -> str:
    """Return the digest of the check with something changed in it."""
    return rules_of({CHECK: changed(CHECK, **changes)}, policy)[CHECK].digest


def with_values(values: dict[str, JSON], check: str = CHECK) -> Policy:
    return replace(POLICY, parameters={check: values})


MEANING: list[dict[str, Any]] = [
    {"applies": "tls.spoken"},
    {"passes": "tls.dh_bits == null"},
    {"subject": SubjectKind.SERVICE},
    {"layer": Layer.HOST},
    {"severity": Severity.LOW},
    {"confidence": Confidence.INFERRED},
    {"consent": True},
    {"parameters": ()},
]
WORDS: list[dict[str, Any]] = [
    {"title": {"en": "Other", "id": "Lain"}},
    {"why": {"en": "Other", "id": "Lain"}},
    {"observed": {"en": "Other", "id": "Lain"}},
    {"remediation": ()},
    {"effort_hours": 7.0},
    {"controls": {"2013": ControlLinks((), ()), "2022": ControlLinks((), ())}},
    {"references": ()},
    {"examples": {}},
]


@pytest.mark.parametrize("changes", MEANING, ids=lambda changes: next(iter(changes)))
def test_another_meaning_is_another_rule(changes: dict[str, Any]) -> None:
    assert digest(**changes) != digest()


@pytest.mark.parametrize("changes", WORDS, ids=lambda changes: next(iter(changes)))
def test_other_words_are_the_same_rule(changes: dict[str, Any]) -> None:
    assert digest(**changes) == digest()


def test_values_in_force_count_however_they_came_to_be() -> None:
    assert digest(with_values({"minimum_bits": 3072})) != digest()
    assert digest(with_values({"minimum_bits": 2048})) == digest()
    assert digest(with_values({"minimum_bits": 2048.0})) == digest()
    assert digest(with_values({"minimum_bits": 4096}, check="another")) == digest()


def test_a_switched_off_check_has_no_rule() -> None:
    off = replace(POLICY, disabled_checks={CHECK: "tidak dipakai"})
    assert set(rules_of(shipped().checks, POLICY)) - set(rules_of(shipped().checks, off)) == {CHECK}


def test_every_check_has_a_rule_of_its_own() -> None:
    rules = rules_of(shipped().checks, POLICY)
    assert list(rules) == sorted(shipped().checks)
    assert len({rule.digest for rule in rules.values()}) == len(rules)
    for name, rule in rules.items():
        assert len(rule.digest) == 64
        assert (rule.severity, rule.layer) == (shipped().checks[name].severity, shipped().checks[name].layer)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_two_values_share_a_digest_only_when_they_are_the_same(one: int, other: int) -> None:
    digests = [digest(with_values({"minimum_bits": value})) for value in (one, other)]
    assert (digests[0] == digests[1]) is (one == other)
