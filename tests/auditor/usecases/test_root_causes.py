"""Which program answers on a port is read from what was measured there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from auditor.model.evidence import Evidence
from auditor.model.facts import Facts
from auditor.model.finding import Finding
from auditor.model.plan import Task
from auditor.usecases.root_causes import programs_seen, with_root_causes
from tests.reports.sample import report_data

DATA = report_data()
SERVER, ADDRESS = "dinkes-web-01", "127.20.1.10"
SAMPLE = next(iter(DATA.evidence.values()))


def row(sequence: int, facts: Facts, scanner: str = "services", port: int = 0) -> Evidence:
    task = Task(scanner, SERVER, "dinkes", ADDRESS, port, authorization="1")
    return replace(SAMPLE, sequence=sequence, task=task, facts=facts)


def service(port: int, product: str | None) -> Facts:
    return {"service.port": port, "service.transport": "tcp", "service.name": "x", "service.product": product}


def seen(*rows: Evidence) -> dict[int, str]:
    return {port: program for (_, _, port), program in programs_seen(rows).items()}


def test_programs_are_known_by_what_they_are_and_not_by_what_stands_in_front() -> None:
    services = [service(5984, "CouchDB httpd"), service(9200, "Elasticsearch REST API"), service(80, "nginx")]
    header = row(2, {"http.server": "nginx/1.22.1"}, "http", 5984)
    assert seen(row(1, {"ports.services": services}), header) == {
        5984: "couchdb httpd",
        9200: "elasticsearch rest api",
        80: "nginx",
    }


def test_two_greetings_of_one_program_are_one_program() -> None:
    services = [service(110, "Dovecot pop3d"), service(143, "Dovecot imapd"), service(80, None)]
    site, secure = (row(n, {"http.server": "Apache/2.4.71 (Debian)"}, "http", n) for n in (80, 443))
    assert seen(row(1, {"ports.services": services}), site, secure) == {
        110: "dovecot",
        143: "dovecot",
        80: "apache",
        443: "apache",
    }
    assert seen(row(1, {"ports.services": "damaged"}), row(2, {"http.server": None}, "http", 80)) == {}


def test_a_program_that_was_never_heard_of_is_known_by_its_header() -> None:
    rows = [row(n, {"http.server": f"Papaya/{n} (x)"}, "http", n) for n in (80, 443)]
    assert seen(*rows) == {80: "papaya", 443: "papaya"}


def test_reports_count_the_hours_of_each_program() -> None:
    one = next(one for one in DATA.findings if one.subject.port and not one.waiver)
    ports = (5984, 9200)
    findings = tuple(_moved(one, port) for port in ports)
    rows = [row(9001, {"ports.services": [service(5984, "CouchDB"), service(9200, "Elasticsearch")]})]
    assert len(_causes(findings, rows)) == 2
    rows = [row(9001, {"ports.services": [service(port, "CouchDB") for port in ports]})]
    assert len(_causes(findings, rows)) == 1


def _moved(finding: Finding, port: int) -> Finding:
    subject = replace(finding.subject, server=SERVER, address=ADDRESS, port=port)
    return replace(finding, id=f"F-{port}", check="software-supported", subject=subject, evidence=())


def _causes(findings: Iterable[Finding], rows: Iterable[Evidence]) -> tuple[object, ...]:
    data = replace(DATA, findings=tuple(findings), evidence={one.sequence: one for one in rows})
    return with_root_causes(data).causes
