"""Findings that one change closes are one cause, and every open finding is in exactly one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.check import Severity
from auditor.model.evidence import Evidence
from auditor.model.facts import JSON, Facts
from auditor.model.finding import CLOSED, Finding, FindingStatus, finding_id
from auditor.model.inventory import Category, Responsible, Server, State
from auditor.model.plan import Task
from auditor.model.root_cause import RootCause
from auditor.model.subject import Subject, SubjectKind
from auditor.model.verdict import Status
from auditor.policy.loading import load_policy
from controls.root_causes import SWITCH_OFF, Place, identity_of, root_causes
from tests.controls.catalogue import shipped

CHECKS = shipped().checks
POLICY = load_policy()
NOW = datetime(2026, 10, 5, 1, 30, tzinfo=UTC)
DUE = date(2026, 10, 19)
SERVERS = {
    name: Server(
        id=name,
        opd="dinkes",
        name=name,
        zone="dmz",
        category=Category.TINGGI,
        addresses=(ip_address("127.20.1.1"),),
    )
    for name in ("web", "mail", "files")
}


def found(
    check: str, server: str = "web", port: int = 443, *, name: str = "", variant: str = "", due: date = DUE
) -> Finding:
    rule = CHECKS[check]
    subject = Subject(rule.subject, server, "127.20.1.1", port, "tcp", name, variant)
    return Finding(
        id=finding_id(check, subject),
        check=check,
        severity=rule.severity,
        confidence=rule.confidence,
        status=FindingStatus.OPEN,
        verdict=Status.FAIL,
        opd="dinkes",
        responsible=Responsible.OPD,
        subject=subject,
        title=rule.title,
        observed=rule.title,
        expected=rule.title,
        controls={},
        first_seen=NOW,
        last_seen=NOW,
        due=due,
        evidence=(),
        opened_at=NOW,
    )


def place(finding: Finding, software: str, identity: str = "", program: str = "") -> Place:
    """Return a place where one program was found."""
    fitting = tuple(one for one in CHECKS[finding.check].remediation if one.software == software)
    return Place(fitting, identity, program)


def causes(seen: Iterable[tuple[Finding, Place]]) -> tuple[RootCause, ...]:
    listed = tuple(seen)
    places = {finding.id: where for finding, where in listed}
    return root_causes([finding for finding, _ in listed], CHECKS, SERVERS, POLICY, places)


def on(software: str, *findings: Finding, identity: str = "") -> list[tuple[Finding, Place]]:
    return [(one, place(one, software, identity)) for one in findings]


def test_ten_sites_of_one_program_are_one_cause() -> None:
    sites = [found("http-hsts-long", name=f"desa{number}.lab.test") for number in range(10)]
    (cause,) = causes(on("nginx", *sites))
    assert set(cause.findings) == {one.id for one in sites}
    assert cause.hours == CHECKS["http-hsts-long"].effort_hours


def test_checks_with_the_same_text_are_one_change() -> None:
    old = [found("tls-1-0-refused"), found("tls-1-1-refused"), found("tls-1-0-refused", port=8443)]
    (cause,) = causes(on("nginx", *old))
    assert set(cause.checks) == {"tls-1-0-refused", "tls-1-1-refused"}
    assert len(cause.findings) == 3


def test_two_programs_on_one_server_are_two_changes() -> None:
    listed = causes(
        [*on("nginx", found("tls-1-0-refused")), *on("postfix", found("tls-1-0-refused", port=25))]
    )
    assert len(listed) == 2


@pytest.mark.parametrize("check", ["software-supported", "tls-post-quantum-offered"])
def test_programs_that_no_text_names_are_changed_one_by_one(check: str) -> None:
    answering = {443: "nginx", 8443: "nginx", 5432: "postgresql", 5984: "couchdb", 9200: "elasticsearch"}
    seen = [(found(check, port=port), program) for port, program in answering.items()]
    listed = causes((one, place(one, "system", program=program)) for one, program in seen)
    assert {_ports(cause, [one for one, _ in seen]) for cause in listed} == {
        (443, 8443),
        (5432,),
        (5984,),
        (9200,),
    }
    assert {cause.hours for cause in listed} == {CHECKS[check].effort_hours}


def test_one_text_for_two_programs_that_name_themselves_is_followed_twice() -> None:
    docker, kubelet = found("http-framing-refused", port=2375), found("http-framing-refused", port=10250)
    seen = [(docker, "docker"), (kubelet, "kubernetes")]
    assert len(causes((one, place(one, "nginx", program=program)) for one, program in seen)) == 2


def test_what_does_not_name_itself_stays_apart_by_port() -> None:
    ports = [found("software-supported", port=port) for port in (2380, 7000)]
    assert len(causes((one, place(one, "system")) for one in ports)) == 2
    sites = [found("http-framing-refused", port=port) for port in (80, 443)]
    every = CHECKS["http-framing-refused"].remediation
    assert len(causes((one, Place(every)) for one in sites)) == 2
    again = replace(sites[0], id="F-again", subject=replace(sites[0].subject, address="127.20.1.2"))
    assert len(causes((one, Place(every)) for one in (sites[0], again))) == 1


def test_a_program_that_only_the_inventory_names_is_one_whatever_its_ports() -> None:
    named, silent = found("http-framing-refused", port=80), found("http-framing-refused", port=443)
    seen = [(named, place(named, "nginx", program="nginx")), (silent, place(silent, "nginx"))]
    assert len(causes(seen)) == 1


def _ports(cause: RootCause, seen: Iterable[Finding]) -> tuple[int, ...]:
    return tuple(sorted(one.subject.port for one in seen if one.id in cause.findings))


def test_the_same_program_on_two_servers_is_changed_twice() -> None:
    assert len(causes(on("nginx", found("tls-1-0-refused"), found("tls-1-0-refused", "mail")))) == 2


def test_one_certificate_on_several_servers_is_replaced_once() -> None:
    listed = [
        found("certificate-valid-now", "web", name="contoh.lab.test"),
        found("certificate-valid-now", "mail", 993, name="surel.lab.test"),
        found("certificate-key-strong", "mail", 993, name="surel.lab.test"),
    ]
    (cause,) = causes(on("nginx", *listed, identity="ab" * 32))
    assert cause.servers == ("web", "mail") or cause.servers == ("mail", "web")
    assert cause.checks == ("certificate-key-strong", "certificate-valid-now")
    assert cause.hours == 2 * max(CHECKS[name].effort_hours for name in cause.checks)


def test_two_certificates_of_one_server_are_replaced_one_by_one() -> None:
    first, second = (found("certificate-valid-now", name=f"{name}.lab.test") for name in "ab")
    assert len(causes([*on("nginx", first, identity="a"), *on("nginx", second, identity="b")])) == 2


def test_one_sshd_on_two_addresses_is_one_cause_and_two_sshd_are_two() -> None:
    first, second = found("ssh-ciphers-strong", port=22), found("ssh-ciphers-strong", port=2222)
    assert len(causes(on("openssh", first, second, identity="k"))) == 1
    assert len(causes([*on("openssh", first, identity="k"), *on("openssh", second, identity="l")])) == 2


def test_what_nobody_changes_by_a_text_is_grouped_by_its_check() -> None:
    bare = [found("http-framing-refused"), found("http-sniffing-refused")]
    assert len(causes((one, Place()) for one in bare)) == 2


def test_the_worst_for_its_effort_comes_first() -> None:
    listed = causes(
        [
            *on("nginx", found("http-permissions-limited"), found("tls-1-0-refused")),
            (found("x11-absent"), Place()),
        ]
    )
    gains = [cause.risk / cause.hours for cause in listed]
    assert gains == sorted(gains, reverse=True)
    assert listed[-1].severity is Severity.INFO


def test_switching_off_comes_before_what_it_makes_needless() -> None:
    servers = {**SERVERS, "web": replace(SERVERS["web"], state=State.RETIRED)}
    listed = [found("x11-absent"), found(SWITCH_OFF), found("x11-absent", "mail")]
    places = {one.id: Place() for one in listed}
    ordered = root_causes(listed, CHECKS, servers, POLICY, places)
    assert [
        (one.checks[0], one.servers[0], one.after_switching_off) for one in ordered if "web" in one.servers
    ] == [
        (SWITCH_OFF, "web", False),
        ("x11-absent", "web", True),
    ]
    assert not next(one for one in ordered if "mail" in one.servers).after_switching_off


STATES = st.sampled_from(FindingStatus)
CHOSEN = st.sampled_from(
    ("tls-1-0-refused", "tls-1-1-refused", "certificate-valid-now", "ssh-ciphers-strong", "x11-absent")
)


@given(
    st.lists(
        st.tuples(CHOSEN, st.sampled_from(tuple(SERVERS)), st.integers(1, 4), STATES, st.sampled_from(" ab")),
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_every_open_finding_is_in_one_cause_whatever_the_order(
    drawn: Sequence[tuple[str, str, int, FindingStatus, str]], random: object
) -> None:
    made = {}
    for number, (check, server, port, status, identity) in enumerate(drawn):
        one = replace(found(check, server, port, due=DUE + timedelta(days=number)), status=status)
        made[one.id] = (
            replace(one, waiver="W-1" if status is FindingStatus.WAIVED else ""),
            identity.strip(),
        )
    listed = [one for one, _ in made.values()]
    places = {one.id: place(one, "nginx", identity) for one, identity in made.values()}
    ordered = root_causes(listed, CHECKS, SERVERS, POLICY, places)
    inside = [finding for cause in ordered for finding in cause.findings]
    assert sorted(inside) == sorted(one.id for one in listed if one.status not in CLOSED and not one.waiver)
    random.shuffle(listed)  # type: ignore[attr-defined]
    assert root_causes(listed, CHECKS, SERVERS, POLICY, places) == ordered


def row(port: int, facts: Facts) -> Evidence:
    task = Task("certificates", "web", "dinkes", "127.20.1.1", port, authorization="1")
    return Evidence(1, "audit", task, NOW, NOW, 1.0, "tilik", "1", {}, facts, None, {}, "", "")


def test_a_certificate_is_known_by_its_fingerprint_and_sshd_by_its_keys() -> None:
    served: JSON = [
        {"certificate.key_type": "rsa", "certificate.sha256": "aa"},
        {"certificate.key_type": "ec", "certificate.sha256": "bb"},
    ]
    certificate = found("certificate-valid-now", variant="ec")
    assert identity_of(certificate, [row(443, {"certificates.deployments": served})]) == "bb"
    keys: JSON = [
        {"type": "rsa", "bits": 2048, "sha256": "cc"},
        {"type": "ed25519", "bits": 256, "sha256": "dd"},
    ]
    assert identity_of(found("ssh-ciphers-strong"), [row(22, {"ssh.host_keys": keys})]) == "cc dd"
    assert identity_of(found("x11-absent"), [row(22, {"ssh.host_keys": keys})]) == ""
    assert identity_of(certificate, [row(443, {"certificates.deployments": "damaged"})]) == ""
    assert certificate.subject.kind is SubjectKind.CERTIFICATE
