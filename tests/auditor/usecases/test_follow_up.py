"""What is asked next, once the ports of an address are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from auditor.model.evidence import Evidence, Failure, FailureKind
from auditor.model.facts import JSON, Facts
from auditor.model.inventory import DeclaredService, Server
from auditor.model.plan import Task
from auditor.usecases.follow_up import FollowUpSettings, follow_up, is_ready
from tests.auditor.usecases import observations as shown
from tests.auditor.usecases.world import BKD, STARTED

NAMED = BKD.servers[0]
NAMELESS = BKD.servers[1]
PORTS = Task("ports", NAMED.id, NAMED.opd, "10.1.0.10", authorization="094/112/2026")
SERVICES = replace(PORTS, scanner="services")
SETTINGS = FollowUpSettings(2.0, "/etc/tilik/ca.pem", ("tls-robot-absent",))


def observed(task: Task, facts: Facts, failure: Failure | None = None) -> dict[str, Evidence]:
    """Return evidence of one task."""
    return {
        task.id: Evidence(1, "run", task, STARTED, STARTED, 1.0, "fake", "1", {}, facts, failure, {}, "", "")
    }


def asked(
    *services: Mapping[str, JSON], server: Server = NAMELESS, more: Mapping[str, Evidence] | None = None
) -> tuple[Task, ...]:
    """Return the tasks that some open ports call for, each by itself."""
    found = [dict(one) for one in services]
    evidence = observed(PORTS, shown.ports(*found)) | observed(SERVICES, {"ports.services": [*found]})
    tasks = follow_up(server, PORTS, {**evidence, **(more or {})}, SETTINGS)
    return tuple(task for task in tasks if task.port)


def scanners(*services: Mapping[str, JSON]) -> list[str]:
    return [task.scanner for task in asked(*services)]


def without(record: Mapping[str, JSON], name: str) -> dict[str, JSON]:
    return {key: value for key, value in record.items() if key != name}


@pytest.mark.parametrize(
    "record",
    [
        without(shown.service(2222, "ssh"), "service.name"),
        without(shown.service(8765, "http"), "service.name"),
    ],
)
def test_a_port_whose_service_was_not_observed_is_asked_everything(record: dict[str, JSON]) -> None:
    assert set(scanners(record)) == {"tls", "certificates", "ssh", "http"}


def test_a_port_of_which_it_is_not_known_whether_it_speaks_tls_is_asked_for_it() -> None:
    record = shown.service(6380, "redis", tls=True)
    assert scanners(without(record, "service.tls")) == scanners(record) == ["tls", "certificates"]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (shown.service(443, "http", tls=True), ["tls", "certificates", "http"]),
        (shown.service(80, "http"), ["tls", "certificates", "http"]),
        (shown.service(993, "imap", tls=True), ["tls", "certificates"]),
        (shown.service(25, "smtp", smtp__starttls=True), ["tls", "certificates"]),
        (shown.service(25, "smtp"), ["tls", "certificates"]),
        (shown.service(25, "smtp", smtp__starttls=False), []),
        (shown.service(143, "imap", imap__starttls=False), []),
        (shown.service(110, "pop3", pop3__starttls=False), []),
        (shown.service(21, "ftp", ftp__auth_tls=False), []),
        (shown.service(5432, "postgresql", postgresql__tls=False), []),
        (shown.service(389, "ldap", ldap__starttls=False), []),
        (shown.service(22, "ssh"), ["ssh"]),
        (shown.service(2222, "ssh"), ["ssh"]),
        (shown.service(6379, "redis"), []),
        (shown.service(6379, "redis", tls=True), ["tls", "certificates"]),
        (shown.service(3306, "mysql"), []),
        (shown.service(7777, None), ["tls", "certificates"]),
        (shown.service(22, None), ["tls", "certificates", "ssh"]),
        (shown.service(8080, None), ["tls", "certificates", "http"]),
        (shown.service(8080, None, tls=True), ["tls", "certificates", "http"]),
    ],
)
def test_a_port_is_asked_what_its_service_calls_for(record: dict[str, JSON], expected: list[str]) -> None:
    assert scanners(record) == expected


@pytest.mark.parametrize(
    ("name", "fact", "protocol"),
    [
        ("smtp", "smtp__starttls", "smtp"),
        ("imap", "imap__starttls", "imap"),
        ("pop3", "pop3__starttls", "pop3"),
        ("ftp", "ftp__auth_tls", "ftp"),
        ("postgresql", "postgresql__tls", "postgres"),
        ("ldap", "ldap__starttls", "ldap"),
    ],
)
def test_starttls_is_asked_in_the_words_of_the_protocol(name: str, fact: str, protocol: str) -> None:
    tls, certificates = asked(shown.service(1000, name, **{fact: True}))
    assert (tls.options["starttls"], tls.options["probe"]) == (protocol, False)
    assert certificates.options["starttls"] == protocol
    direct, _ = asked(shown.service(1000, name, tls=True))
    assert (direct.options["starttls"], direct.options["probe"]) == (None, False)


def test_a_port_that_may_not_speak_tls_is_only_probed_for_it() -> None:
    for record in (shown.service(80, "http"), shown.service(7777, None)):
        assert asked(record)[0].options["probe"] is True


def test_the_tls_scanner_is_told_whether_the_port_was_heard_speaking_plainly() -> None:
    heard = {
        (80, "http", False): True,
        (443, "http", True): False,
        (7777, None, False): False,
        (993, "imap", True): False,
    }
    for (port, name, tls), plain in heard.items():
        assert asked(shown.service(port, name, tls=tls))[0].options["plain"] is plain
    (unseen, *_) = asked(without(shown.service(80, "http"), "service.tls"))
    assert unseen.options["plain"] is False


def test_sites_and_certificates_are_asked_for_every_name_but_tls_and_ssh_once() -> None:
    tasks = asked(shown.service(443, "http", tls=True), shown.service(22, "ssh"), server=NAMED)
    by_scanner = {
        scanner: [t.server_name for t in tasks if t.scanner == scanner]
        for scanner in ("tls", "certificates", "http", "ssh")
    }
    assert by_scanner == {
        "tls": [""],
        "certificates": list(NAMED.hostnames),
        "http": list(NAMED.hostnames),
        "ssh": [""],
    }
    (tls,) = (task for task in tasks if task.scanner == "tls")
    assert tls.options["server_name"] == NAMED.hostnames[0]


def test_a_server_without_names_is_asked_bare() -> None:
    assert [task.server_name for task in asked(shown.service(443, "http", tls=True))] == ["", "", ""]


def test_a_certificate_is_asked_for_unless_tls_was_ruled_out() -> None:
    record = shown.service(80, "http")
    tls = asked(record)[0]
    for facts, failure, wanted in (
        ({"tls.spoken": False}, None, False),
        ({"tls.spoken": True}, None, True),
        ({}, Failure(FailureKind.TIMEOUT, ""), True),
        ({}, None, True),
    ):
        tasks = asked(record, more=observed(tls, facts, failure))
        assert ("certificates" in {task.scanner for task in tasks}) is wanted


def test_a_certificate_waits_until_tls_was_asked() -> None:
    server = replace(NAMED, hostnames=("a.example.go.id",))
    tls, certificates, http = asked(shown.service(443, "http", tls=True), server=server)
    asked_what_it_is = observed(SERVICES, {})
    assert [is_ready(task, asked_what_it_is) for task in (tls, certificates, http)] == [True, False, True]
    for facts, failure in (({"tls.spoken": True}, None), ({}, Failure(FailureKind.RESET, ""))):
        assert is_ready(certificates, asked_what_it_is | observed(tls, facts, failure))
    elsewhere = observed(replace(tls, port=8443), {"tls.spoken": True})
    assert not is_ready(certificates, asked_what_it_is | elsewhere)


def test_nothing_is_asked_of_a_port_before_it_was_asked_what_it_is() -> None:
    assert not any(is_ready(task, {}) for task in asked(shown.service(443, "http", tls=True)))


def test_an_address_is_asked_what_its_ports_are_and_over_udp_at_once() -> None:
    found = follow_up(NAMED, PORTS, observed(PORTS, shown.ports(shown.service(22, None))), SETTINGS)
    whole = [task for task in found if is_ready(task, {})]
    assert [task.scanner for task in whole] == ["udp", "services"]
    assert whole[0].options == {"consent": ["tls-robot-absent"]}
    assert (whole[1].options["ports"], whole[1].options["versions"]) == ([22], True)


def test_an_embedded_machine_is_asked_nothing_over_udp() -> None:
    evidence = observed(PORTS, shown.ports(shown.service(80, None)))
    tasks = follow_up(NAMED, PORTS, evidence, replace(SETTINGS, datagrams=False))
    assert "udp" not in {task.scanner for task in tasks}


def test_an_open_port_stays_in_the_count_when_what_it_is_was_lost() -> None:
    evidence = observed(PORTS, shown.ports(shown.service(443, "http", tls=True)))
    tasks = follow_up(NAMED, PORTS, evidence, SETTINGS)
    assert {task.scanner for task in tasks if task.port == 443} == {"tls", "certificates", "ssh", "http"}


@pytest.mark.parametrize("scanner", ["dns", "hosts"])
def test_a_domain_and_a_network_call_for_nothing_more(scanner: str) -> None:
    task = replace(PORTS, scanner=scanner)
    assert follow_up(NAMED, task, observed(task, {"ports.open": [80]}), SETTINGS) == ()


def test_settings_and_authorization_travel_with_the_tasks() -> None:
    tasks = asked(shown.service(443, "http", tls=True), shown.service(22, "ssh"))
    assert {task.authorization for task in tasks} == {"094/112/2026"}
    assert {task.server for task in tasks} == {NAMED.id}
    by_scanner = {task.scanner: task.options for task in tasks}
    assert by_scanner["tls"]["consent"] == ["tls-robot-absent"]
    assert by_scanner["certificates"]["trust_anchors"] == "/etc/tilik/ca.pem"
    assert by_scanner["ssh"] == {"spacing_seconds": 2.0}
    assert by_scanner["http"] == {"tls": True, "seen": True}


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"ports.answered": False},
        {"ports.open": None},
        {"ports.services": [{"service.port": 443}]},
    ],
)
def test_without_ports_there_is_nothing_to_follow(facts: Facts) -> None:
    assert follow_up(NAMED, PORTS, observed(PORTS, facts), SETTINGS) == ()
    assert follow_up(NAMED, PORTS, {}, SETTINGS) == ()


def test_every_task_has_an_id_of_its_own() -> None:
    services = [shown.service(port, None) for port in (22, 80, 443, 7777)]
    tasks = asked(*services, server=NAMED)
    assert len({task.id for task in tasks}) == len(tasks)
    assert PORTS.id not in {task.id for task in tasks}


@pytest.mark.parametrize("name", ["upnp", "ipp", "webdav", "docker"])
def test_a_web_server_by_another_name_is_asked_as_one(name: str) -> None:
    assert set(scanners(shown.service(8765, name))) == {"tls", "certificates", "http"}


def test_a_port_declared_as_http_is_asked_whatever_nmap_calls_it() -> None:
    server = replace(NAMELESS, services=(DeclaredService(8765, "tcp", "http"),))
    assert "http" in [task.scanner for task in asked(shown.service(8765, "rtsp"), server=server)]


@pytest.mark.parametrize(("name", "seen"), [("http", True), ("upnp", True), (None, False)])
def test_the_web_scanner_is_told_whether_the_port_scan_met_http(name: str | None, seen: bool) -> None:
    (http,) = (task for task in asked(shown.service(8080, name)) if task.scanner == "http")
    assert http.options["seen"] is seen
