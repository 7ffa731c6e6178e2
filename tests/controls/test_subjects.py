"""What an audit answers for at one address, and what stays in the count when evidence is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from auditor.model.evidence import Evidence, Failure, FailureKind
from auditor.model.facts import JSON, Facts
from auditor.model.plan import Task
from auditor.model.subject import SubjectKind
from controls.subjects import SERVER_KINDS, Measured, Presence, Target, enumerate_subjects

PORTS = Task("ports", "bkd-web-01", "bkd", "10.0.0.1")
SERVICES = replace(PORTS, scanner="services")
TLS = replace(PORTS, scanner="tls", port=443)
CERTIFICATES = replace(TLS, scanner="certificates", server_name="bkd.example.go.id")
SSH = replace(PORTS, scanner="ssh", port=22)
SERVICE: dict[str, JSON] = {"service.port": 443, "service.name": "http", "service.tls": True}
OPEN: Facts = {"ports.open": [443]}
ASKED: Facts = {"ports.services": [SERVICE]}
TIMEOUT = Failure(FailureKind.TIMEOUT, "")


def row(task: Task, facts: Facts, failure: Failure | None = None) -> Evidence:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    number = ("ports", "services", "tls", "certificates", "ssh").index(task.scanner) + 1
    return Evidence(number, "run", task, at, at, 1.0, "fake", "1", {}, facts, failure, {}, "", "")


def subjects(*rows: Evidence, expected: tuple[Task, ...] = (TLS, CERTIFICATES)) -> tuple[Measured, ...]:
    """Return the subjects at an address where TLS and its certificate were to be asked."""
    evidence: Mapping[str, Evidence] = {one.task.id: one for one in rows}
    target = Target("bkd-web-01", "bkd", {"server.zone": "dmz"}, PORTS, evidence, expected)
    return enumerate_subjects([target])


def of_kind(kind: SubjectKind, found: tuple[Measured, ...]) -> list[Measured]:
    return [one for one in found if one.subject.kind is kind]


def certificates(facts: Facts, failure: Failure | None = None) -> list[Measured]:
    found = subjects(
        row(PORTS, OPEN),
        row(SERVICES, ASKED),
        row(TLS, {"tls.spoken": True}),
        row(CERTIFICATES, facts, failure),
    )
    return of_kind(SubjectKind.CERTIFICATE, found)


def deployment(key_type: str) -> dict[str, JSON]:
    return {"certificate.key_type": key_type, "certificate.trusted": True}


@pytest.mark.parametrize(
    ("facts", "failure"),
    [
        ({}, None),
        ({}, TIMEOUT),
        ({"certificates.deployments": []}, TIMEOUT),
        ({"certificates.deployments": None}, None),
    ],
)
def test_certificates_that_were_not_seen_stay_in_the_count(facts: Facts, failure: Failure | None) -> None:
    found = certificates(facts, failure)
    assert [one.presence for one in found] == [Presence.UNMEASURED]
    assert found[0].subject.port == 443
    assert found[0].evidence == (1, 4)


def test_a_look_that_was_broken_off_leaves_the_rest_unmeasured() -> None:
    found = certificates({"certificates.deployments": [deployment("EC")]}, TIMEOUT)
    assert [(one.subject.variant, one.presence) for one in found] == [
        ("", Presence.UNMEASURED),
        ("EC", Presence.PRESENT),
    ]
    assert found[0].failures == {"certificate": TIMEOUT}


def test_one_subject_for_each_kind_of_key() -> None:
    found = certificates({"certificates.deployments": [deployment("EC"), deployment("RSA")]})
    assert [one.subject.variant for one in found] == ["EC", "RSA"]
    assert all(one.presence is Presence.PRESENT and one.facts["certificate.trusted"] for one in found)


def test_no_certificate_at_all_is_absent() -> None:
    nothing: tuple[Facts, ...] = ({"certificates.deployments": []}, {"certificates.spoken": False})
    for facts in nothing:
        found = certificates(facts)
        assert [(one.subject.port, one.presence) for one in found] == [(0, Presence.ABSENT)]


def test_a_port_of_which_only_its_number_is_known_is_a_service_to_judge() -> None:
    for rows in ((row(PORTS, OPEN),), (row(PORTS, OPEN), row(SERVICES, {}, TIMEOUT))):
        (service,) = of_kind(SubjectKind.SERVICE, subjects(*rows))
        assert service.presence is Presence.PRESENT
        assert service.facts["service.port"] == 443
        assert "service.name" not in service.facts


def test_an_address_that_does_not_answer_is_judged_for_its_silence_alone() -> None:
    silent = row(PORTS, {"ports.answered": False}, Failure(FailureKind.UNREACHABLE, ""))
    found = {one.subject.kind: one for one in subjects(silent, expected=())}
    assert found[SubjectKind.ADDRESS].facts["ports.answered"] is False
    assert found[SubjectKind.ADDRESS].presence is Presence.PRESENT
    assert {found[kind].presence for kind in SERVER_KINDS[1:]} == {Presence.UNMEASURED}


def test_what_was_not_asked_over_udp_says_why() -> None:
    (address,) = of_kind(SubjectKind.ADDRESS, subjects(row(PORTS, OPEN)))
    assert address.refused["udp"]["id"] == "belum diukur"
