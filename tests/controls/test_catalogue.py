"""What every shipped check must have, for the person who is told to act on it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest

from auditor.model.check import Check, Severity, Text
from auditor.model.facts import JSON
from auditor.model.subject import Subject, SubjectKind
from auditor.model.verdict import Status
from auditor.policy.loading import load_policy
from controls.examples import EXAMPLE_DAY, judge_example
from controls.expression import NOW
from controls.judge import CompiledCheck, judge
from controls.subjects import Measured, Presence
from controls.vocabulary import INVENTORY_FACTS
from tests.controls.catalogue import compiled_catalogue, shipped
from tests.controls.expressions import KNOWN

CHECKS = tuple(shipped().checks.values())
COMPILED = compiled_catalogue()
SOFTWARE = frozenset(
    [
        "nginx",
        "apache",
        "openssh",
        "postfix",
        "dovecot",
        "vsftpd",
        "redis",
        "postgresql",
        "mariadb",
        "bind",
        "memcached",
        "mongodb",
        "samba",
        "openldap",
        "rsync",
        "php",
        "docker",
        "debian",
        "rhel",
        "system",
        "any",
    ]
)
_PLACEHOLDER = re.compile(r"\{([a-z_.]+)\}")


def texts(check: Check) -> Iterator[tuple[str, Text]]:
    """Yield every text of a check that is read by people, with the name of its place."""
    yield "title", check.title
    yield "why", check.why
    yield "expected", check.expected
    yield "observed", check.observed
    for remedy in check.remediation:
        yield f"remediation {remedy.software}", remedy.steps


def by_id(check: Check | CompiledCheck) -> str:
    return check.id if isinstance(check, Check) else check.check.id


def test_there_are_at_least_sixty_checks_of_every_kind() -> None:
    assert len(CHECKS) >= 60
    assert {check.subject for check in CHECKS} == set(SubjectKind)
    assert {check.severity for check in CHECKS} == set(Severity)


@pytest.mark.parametrize("check", CHECKS, ids=by_id)
def test_a_check_is_told_in_both_languages(check: Check) -> None:
    for place, text in texts(check):
        assert set(text) == {"en", "id"}, place
        assert text["en"].strip() and text["id"].strip(), place
        # What is observed may be a bare header, the same in every language.
        assert place in ("observed", "expected") or text["en"] != text["id"], place


@pytest.mark.parametrize("check", CHECKS, ids=by_id)
def test_both_languages_show_the_same_observations(check: Check) -> None:
    for text in (check.observed, check.expected):
        assert set(_PLACEHOLDER.findall(text["en"])) == set(_PLACEHOLDER.findall(text["id"]))


@pytest.mark.parametrize("check", CHECKS, ids=by_id)
def test_a_check_rests_on_controls_and_sources(check: Check) -> None:
    assert set(check.controls) == {"2013", "2022"}
    for edition, links in check.controls.items():
        assert len(links.implements) <= 3, edition
        assert len(set(links.implements)) == len(links.implements), edition
        assert len(set(links.related)) == len(links.related), edition
    assert check.references
    assert all(reference.source.strip() for reference in check.references)


@pytest.mark.parametrize("check", CHECKS, ids=by_id)
def test_a_check_says_how_to_mend_and_how_to_verify(check: Check) -> None:
    assert check.remediation
    assert len({remedy.software for remedy in check.remediation}) == len(check.remediation)
    for remedy in check.remediation:
        assert remedy.software in SOFTWARE
        assert remedy.verify.strip(), remedy.software
        placeholders = re.findall(r"\{(address|port|server_name|[a-z_.]+)\}", remedy.verify)
        assert set(placeholders) <= {"address", "port", "server_name"}, remedy.software
    assert 0 < check.effort_hours <= 80


@pytest.mark.parametrize("compiled", COMPILED, ids=by_id)
def test_taking_a_fact_from_an_example_leaves_its_verdict_or_none(compiled: CompiledCheck) -> None:
    for status, examples in compiled.check.examples.items():
        for example in examples:
            for name in example.facts.keys() - {NOW}:
                fewer = {key: value for key, value in example.facts.items() if key != name}
                got = judge_example(compiled, fewer).status
                assert got in (Status.UNKNOWN, Status(status)), f"{example.note} without {name}"


@pytest.mark.parametrize("check", CHECKS, ids=by_id)
def test_an_example_names_facts_that_exist(check: Check) -> None:
    for examples in check.examples.values():
        for example in examples:
            assert set(example.facts) <= {*KNOWN, NOW}, example.note


@pytest.mark.parametrize("compiled", COMPILED, ids=by_id)
def test_nothing_passes_or_fails_on_what_the_inventory_says_alone(compiled: CompiledCheck) -> None:
    """An address of which nothing was measured must never be called good or bad."""
    for public, status in itertools.product((True, False), ("active", "retired")):
        known: dict[str, JSON] = {
            "server.roles": ["web"],
            "server.zone": "dmz",
            "server.zone_public": public,
            "server.category": "tinggi",
            "server.hostnames": ["www.example.go.id"],
            "server.approved_ports": [80, 443],
            "server.status": status,
            "vantage.zone": "internet" if public else "kantor",
            "vantage.public": public,
            "vantage.inside": False,
        }
        assert set(known) == {spec.name for spec in INVENTORY_FACTS}
        subject = Subject(compiled.check.subject, "server", "10.0.0.1")
        measured = Measured(subject, "opd", known, presence=Presence.UNMEASURED)
        verdict = judge(compiled, measured, EXAMPLE_DAY)
        assert verdict.status in (Status.UNKNOWN, Status.NOT_APPLICABLE)


@pytest.mark.parametrize("compiled", COMPILED, ids=by_id)
def test_an_example_shows_its_observation_in_both_languages(compiled: CompiledCheck) -> None:
    for status in ("PASS", "FAIL"):
        for example in compiled.check.examples.get(status, ()):
            verdict = judge_example(compiled, example.facts)
            for text in (verdict.observed, verdict.expected):
                assert set(text) == {"en", "id"}
                assert all(text.values())


def test_intrusive_questions_are_asked_with_consent_only() -> None:
    asked_with_consent = {check.id for check in CHECKS if check.consent}
    assert asked_with_consent == {
        "databases-test-data-masked",
        "network-open-proxy-absent",
        "smtp-abuse-mailbox-accepted",
        "smtp-relay-refused",
        "snmp-default-community-refused",
        "tls-ccs-injection-absent",
        "tls-heartbleed-absent",
        "tls-robot-absent",
        "web-personal-data-absent",
    }


def test_the_default_policy_loosens_no_check() -> None:
    policy = load_policy(
        check_parameters={check.id: {p.name: p for p in check.parameters} for check in CHECKS},
        known_checks=frozenset(shipped().checks),
    )
    assert not policy.disabled_checks
    assert all(not compiled.loosened for compiled in COMPILED)
