"""The digest of a rule changes with all that can change a verdict or its weight, and with nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.assessment import Rule
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


def differing(one: Mapping[str, Rule], other: Mapping[str, Rule]) -> set[str]:
    return {name for name in one if one[name].digest != other[name].digest}


def test_another_software_pack_is_another_rule_for_the_checks_that_rest_on_it() -> None:
    one, other = (rules_of(shipped().checks, POLICY, pack) for pack in ("1", "2"))
    inside = {"packages-release-supported", "packages-runtimes-supported", "packages-libraries-patched"}
    outside = {"software-supported", "software-flaws-absent", "http-cms-supported"}
    assert differing(one, other) == inside | outside


def test_approving_another_time_server_is_another_rule_for_the_check_that_compares_it() -> None:
    approving = replace(POLICY, approved={"approved.time_servers": ["10.10.1.123"]})
    changed = differing(rules_of(shipped().checks, POLICY), rules_of(shipped().checks, approving))
    assert len(changed) == 1
    assert "approved.time_servers" in shipped().checks[changed.pop()].passes


def test_what_a_check_compares_with_the_register_is_declared() -> None:
    rules = rules_of(shipped().checks, POLICY)
    asked = {fact for rule in rules.values() for fact in rule.asks if fact.startswith("record.")}
    assert {"record.accounts", "record.backups"} <= asked


def test_other_trust_anchors_are_another_rule_for_the_checks_of_certificates() -> None:
    def rules(**anchors: str) -> Mapping[str, Rule]:
        return rules_of(shipped().checks, replace(POLICY, trust_anchors=anchors))

    resting = differing(rules(), rules(lan="/etc/tilik/ca.pem"))
    assert {"certificate-trusted", "certificate-chain-complete"} <= resting
    assert all(name.startswith("certificate-") for name in resting)
    assert differing(rules(lan="/etc/tilik/ca.pem"), rules(lan="/etc/tilik/other.pem")) == resting
    assert differing(rules(lan="/etc/tilik/ca.pem"), rules(dmz="/etc/tilik/ca.pem")) == resting


def test_a_rule_says_which_declared_facts_it_asks_for() -> None:
    rules = rules_of(shipped().checks, POLICY)
    assert "server.approved_ports" in rules["network-ports-approved"].asks
    assert rules["network-retired-silent"].asks == ("server.status",)
    assert rules[CHECK].asks == ()
    asked = {fact for rule in rules.values() for fact in rule.asks}
    assert {name.partition(".")[0] for name in asked} == {"server", "vantage", "record"}


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
