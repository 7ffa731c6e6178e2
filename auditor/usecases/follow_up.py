"""What to measure next at an address, decided from what was found there so far. Pure.

The same function tells the runner what is still to do and the judge what should have been done, so an
endpoint whose evidence is lost stays in the count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from auditor.model.evidence import Evidence
from auditor.model.facts import JSON
from auditor.model.inventory import Server
from auditor.model.plan import Task
from controls.subjects import service_records

STARTTLS: Mapping[str, str] = {
    "smtp": "smtp",
    "imap": "imap",
    "pop3": "pop3",
    "ftp": "ftp",
    "postgresql": "postgres",
    "ldap": "ldap",
}
"""Service name → the STARTTLS protocol it can be asked for."""

_OFFERS_TLS: Mapping[str, str] = {
    "smtp": "smtp.starttls",
    "imap": "imap.starttls",
    "pop3": "pop3.starttls",
    "ftp": "ftp.auth_tls",
    "postgresql": "postgresql.tls",
    "ldap": "ldap.starttls",
}
_HTTP_PORTS = frozenset(
    {80, 81, 443, 591, 3000, 5000, *range(8000, 8100), 8443, 8888, 9000, 9200, 9443, 10000}
)
_SPEAK_HTTP = frozenset(
    {"http", "upnp", "ipp", "soap", "xml-rpc", "wbem", "wsman", "websocket", "docker"}
    | {"webdav", "caldav", "http-ocsp", "ntop-http", "vnc-http"}
)
"""What nmap calls a port that answered it over HTTP; most of these names it takes from the Server header."""
_SSH_PORT = 22
_TLS_PORTS = frozenset({443, 465, 636, 853, 989, 990, 992, 993, 994, 995, 8443, 9443})


@dataclass(frozen=True, slots=True)
class FollowUpSettings:
    """Settings that later tasks carry beside what the port scan found."""

    ssh_spacing_seconds: float
    trust_anchors: str | None
    consent: tuple[str, ...]
    version_detection: bool = True
    datagrams: bool = True
    """Whether UDP is asked at all: an embedded machine is spared."""
    domains: tuple[str, ...] = ()
    """Zones that a name server is asked to hand over."""
    inside: Mapping[str, JSON] | None = None
    """Options of the look inside, where it belongs to this address and there is a way in; else None."""


def follow_up(
    server: Server, ports: Task, evidence: Mapping[str, Evidence], settings: FollowUpSettings
) -> tuple[Task, ...]:
    """Return every task that an address's evidence calls for, in a stable order.

    `evidence` is task id → evidence so far. A certificate is asked for wherever TLS was not ruled out. A
    domain and a network call for nothing more.
    """
    if ports.scanner != "ports":
        return ()
    tasks = (*_inside(server, ports, settings), *_from_outside(server, ports, evidence, settings))
    only = ports.options.get(ONLY)
    return tasks if not isinstance(only, list) else tuple(_of_retest(tasks, only))


ONLY = "only"
"""Option of a re-test's port scan: what may follow, as lists of scanner, port and name; 0 and "" are any."""


def _of_retest(tasks: Iterable[Task], only: Iterable[JSON]) -> Iterator[Task]:
    """Leave out what a re-test does not ask for; a port beside it is not asked what speaks there."""
    wanted = [one for one in only if isinstance(one, list)]
    for task in tasks:
        steps = [(port, name) for scanner, port, name in wanted if scanner == task.scanner]
        if task.scanner == "services":
            asked = _asked(task.options.get("ports"), {port for port, _ in steps})
            if asked:
                yield replace(task, options={**task.options, "ports": asked})
        elif any(port in (0, task.port) and name in ("", task.server_name) for port, name in steps):
            yield task


def _asked(found: JSON, wanted: set[JSON]) -> list[JSON]:
    listed = found if isinstance(found, list) else []
    return [port for port in listed if port in wanted or 0 in wanted]


def _inside(server: Server, ports: Task, settings: FollowUpSettings) -> Iterator[Task]:
    """Look inside before SSH is asked from outside: what ends without a login is held against its sender."""
    if settings.inside is not None and server.access is not None:
        port = 0 if server.access.local else server.access.port
        yield replace(ports, scanner="host", port=port, options=settings.inside)


def _from_outside(
    server: Server, ports: Task, evidence: Mapping[str, Evidence], settings: FollowUpSettings
) -> tuple[Task, ...]:
    services = replace(ports, scanner="services", options=_services_options(ports, evidence, settings))
    records = service_records(evidence.get(ports.id), evidence.get(services.id))
    if records is None:
        return ()
    tasks: list[Task] = []
    if settings.datagrams:
        tasks.append(replace(ports, scanner="udp", options={"consent": list(settings.consent)}))
    if records:
        tasks.append(services)
    for record in records:
        tasks.extend(_tasks_of_port(server, ports, record, evidence, settings))
    return tuple(tasks)


def _services_options(
    ports: Task, evidence: Mapping[str, Evidence], settings: FollowUpSettings
) -> dict[str, JSON]:
    found = evidence.get(ports.id)
    return {
        "ports": found.facts.get("ports.open") if found else [],
        "versions": settings.version_detection,
        "consent": list(settings.consent),
        "domains": list(settings.domains),
    }


def _tasks_of_port(
    server: Server,
    ports: Task,
    record: Mapping[str, JSON],
    evidence: Mapping[str, Evidence],
    settings: FollowUpSettings,
) -> Iterator[Task]:
    port, name = int(str(record["service.port"])), record.get("service.name")
    at = replace(ports, port=port, options={})
    names = server.hostnames or ("",)
    tls = _tls_task(at, record, names[0], settings)
    if tls is not None:
        yield tls
        known = evidence.get(tls.id)
        if known is None or known.facts.get("tls.spoken") is not False:
            options = {"starttls": tls.options["starttls"], "trust_anchors": settings.trust_anchors}
            for server_name in names:
                yield replace(at, scanner="certificates", server_name=server_name, options=options)
    unseen = "service.name" not in record
    if unseen or name == "ssh" or (name is None and port == _SSH_PORT):
        yield replace(at, scanner="ssh", options={"spacing_seconds": settings.ssh_spacing_seconds})
    seen = name in _SPEAK_HTTP
    if unseen or seen or _declared_as_http(server, port) or (name is None and port in _HTTP_PORTS):
        options = {"tls": True if record.get("service.tls") is True else None, "seen": seen}
        for server_name in names:
            yield replace(at, scanner="http", server_name=server_name, options=options)


def _declared_as_http(server: Server, port: int) -> bool:
    return any(one.port == port and one.name in ("http", "https") for one in server.services)


def _tls_task(
    at: Task, record: Mapping[str, JSON], server_name: str, settings: FollowUpSettings
) -> Task | None:
    """Ask for TLS wherever a port speaks it or was not observed not to, and on unidentified ports."""
    name, direct = record.get("service.name"), record.get("service.tls") is True
    starttls = None if direct or not isinstance(name, str) else STARTTLS.get(name)
    if "service.tls" in record and not direct and _is_known_plain(record, name):
        return None
    options: dict[str, JSON] = {
        "starttls": starttls,
        # Silence after a ClientHello means no TLS only where none is expected.
        "probe": not direct and starttls is None and at.port not in _TLS_PORTS,
        "plain": record.get("service.tls") is False and name in _SPEAK_HTTP,
        # A port has one set of versions and suites; a name is sent only because some servers refuse without.
        "server_name": server_name,
        "consent": list(settings.consent),
    }
    return replace(at, scanner="tls", options=options)


def _is_known_plain(record: Mapping[str, JSON], name: JSON) -> bool:
    if isinstance(name, str) and name in _OFFERS_TLS:
        return record.get(_OFFERS_TLS[name]) is False
    return name is not None and name not in _SPEAK_HTTP


def is_ready(task: Task, evidence: Mapping[str, Evidence]) -> bool:
    """Return whether a task can run yet.

    What a port speaks decides what it is asked; a certificate waits until it is known that TLS is spoken.
    """
    if not task.port or task.scanner == "host":
        return True
    if replace(task, scanner="services", port=0, server_name="").id not in evidence:
        return False
    return task.scanner != "certificates" or replace(task, scanner="tls", server_name="").id in evidence
