"""Make up fleets of any size: zones, OPD, servers with ports, shared hosts, strangers, gaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address, ip_network

from auditor.model.check import Confidence, Severity
from auditor.model.evidence import Evidence, Failure, FailureKind
from auditor.model.facts import JSON, Facts
from auditor.model.finding import Finding, FindingStatus, finding_id
from auditor.model.inventory import (
    Category,
    Inventory,
    Kind,
    Opd,
    Organization,
    Responsible,
    Server,
    State,
    Zone,
)
from auditor.model.plan import Task
from auditor.model.subject import Subject, SubjectKind
from auditor.model.verdict import Status
from reports.topology.seen import Seen, see

AT = datetime(2026, 10, 5, 1, 30, tzinfo=UTC)
PORTS = (22, 25, 53, 80, 110, 143, 443, 465, 587, 993, 995, 3306, 5432, 6379, 8080, 8443)
NAMES = {22: "ssh", 25: "smtp", 53: "domain", 80: "http", 443: "http", 5432: "postgresql", 8443: "https-alt"}
CENTRE = "opd-00"


def zone(number: int) -> Zone:
    return Zone(f"zona-{number:02}", f"Zona {number}", number % 4 == 3, (ip_network(f"10.{number}.0.0/16"),))


def server(number: int, opd: str, zone_number: int, **chosen: object) -> Server:
    made = Server(
        f"{opd}-server-{number:03}",
        opd,
        f"Sistem Informasi Layanan Nomor {number}",
        f"zona-{zone_number:02}",
        Category.TINGGI,
        (ip_address(f"10.{zone_number}.{number // 200}.{1 + number % 200}"),),
    )
    return replace(made, **chosen)  # type: ignore[arg-type]


def swept(zone_number: int) -> Server:
    """Return the entry of a zone itself, which the centre answers for."""
    name = f"zona-{zone_number:02}"
    return Server(name, CENTRE, "", name, Category.TINGGI, (), kind=Kind.ZONE)


def inventory(servers: Iterable[Server], zones: int) -> Inventory:
    by_opd: dict[str, list[Server]] = {CENTRE: []}
    for one in servers:
        by_opd.setdefault(one.opd, []).append(one)
        for other in one.name_owners.values():
            by_opd.setdefault(other, [])
    opds = tuple(Opd(opd, f"Dinas {opd}", tuple(listed)) for opd, listed in by_opd.items())
    return Inventory(
        Organization("Pemerintah Kabupaten Contoh", "Asia/Jakarta", centre=CENTRE),
        (),
        tuple(zone(number) for number in range(zones)),
        opds,
        vantage="zona-01",
    )


def row(
    scanner: str, one: Server, facts: Facts | None = None, address: str = "", *, look: int = 1, port: int = 0
) -> Evidence:
    """Return evidence; without facts it is a failure."""
    where = address or str(one.addresses[0] if one.addresses else "")
    task = Task(scanner, one.id, one.opd, where, port, look=look)
    failure = None if facts is not None else Failure(FailureKind.TIMEOUT, "30 s")
    return Evidence(1, "run-1", task, AT, AT, 1.0, "fake", "1", {}, facts or {}, failure, {}, "", "")


def rows(one: Server, ports: Iterable[int], address: str = "") -> tuple[Evidence, ...]:
    """Return what the port scan and the service scan saw at an address."""
    opened = sorted(ports)
    records: list[JSON] = [
        {
            "service.port": port,
            "service.transport": "tcp",
            "service.name": NAMES.get(port),
            "service.product": "nginx" if port in (80, 443) else None,
            "service.version": "1.22.1" if port == 443 else None,
            "service.tls": port == 443,
        }
        for port in opened
    ]
    return (
        row("ports", one, {"ports.open": [*opened], "ports.answered": True}, address),
        row("services", one, {"ports.services": records}, address),
    )


def finding(one: Server, port: int, severity: Severity, opd: str = "") -> Finding:
    subject = Subject(SubjectKind.SERVICE, one.id, str(one.addresses[0]), port)
    said = {"en": "made up", "id": "rekaan"}
    return Finding(
        id=finding_id(f"check-{severity}", subject),
        check=f"check-{severity}",
        severity=severity,
        confidence=Confidence.MEASURED,
        status=FindingStatus.OPEN,
        verdict=Status.FAIL,
        opd=opd or one.opd,
        responsible=Responsible.OPD,
        subject=subject,
        title=said,
        observed=said,
        expected=said,
        controls={},
        first_seen=AT,
        last_seen=AT,
        due=date(2026, 10, 19),
        evidence=(),
        opened_at=AT - timedelta(days=3),
    )


def ports_of(number: int) -> tuple[int, ...]:
    """Return which ports the n-th server has open: none to all of them."""
    return PORTS[: number % (len(PORTS) + 1)]


def large(count: int = 300, zones: int = 12, opds: int = 30) -> Seen:
    """Return a made-up government; the first zones are much fuller than the last."""
    servers = list(_servers(count, zones, opds))
    evidence = [one for place, made in enumerate(servers) for one in _seen_of(made, place)]
    entries = [swept(number) for number in range(zones)]
    for number, entry in enumerate(entries):
        facts: Facts = {
            "hosts.network": f"10.{number}.0.0/16",
            "hosts.asked": 500,
            "hosts.answering": [f"10.{number}.250.{1 + last}" for last in range(number % 4)],
        }
        evidence.append(row("hosts", entry, facts, f"10.{number}.0.0/16"))
    severities = list(Severity)
    findings = tuple(
        finding(made, ports_of(place)[0], severities[place % len(severities)])
        for place, made in enumerate(servers)
        if ports_of(place) and place % 3
    )
    measured = frozenset(one.id for place, one in enumerate(servers) if place % 17)
    return see(inventory([*servers, *entries], zones), evidence, findings, measured)


def _servers(count: int, zones: int, opds: int) -> Iterator[Server]:
    for place in range(count):
        opd, where = f"opd-{place % opds:02}", (place * 37 % 100) ** 2 * zones // 10_000
        owners: Mapping[str, str] = {"situs.contoh.go.id": f"opd-{(place + 1) % opds:02}"}
        more = (ip_address(f"10.{where}.200.{1 + place % 200}"),) if place % 23 == 5 else ()
        made = server(place, opd, where)
        yield replace(
            made,
            addresses=(*made.addresses, *more),
            state=State.RETIRED if place % 29 == 7 else State.ACTIVE,
            name_owners=owners if place % 31 == 3 else {},
            hostnames=("situs.contoh.go.id",) if place % 31 == 3 else (),
        )


def _seen_of(one: Server, place: int) -> Iterator[Evidence]:
    for number, address in enumerate(map(str, one.addresses)):
        if place % 17:
            yield from rows(one, ports_of(place + number), address)
        else:
            yield row("ports", one, None, address)
