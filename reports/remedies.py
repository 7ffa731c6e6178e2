"""Choose the remedy for the software that was found, and fill in the command that verifies it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from auditor.model.check import Remedy
from auditor.model.evidence import Evidence
from auditor.model.facts import JSON, Facts
from auditor.model.finding import Finding
from auditor.model.inventory import Server
from auditor.model.report import ReportData
from auditor.model.subject import Subject, SubjectKind

_PATTERNS = {
    "nginx": r"\bnginx\b",
    "apache": r"\bapache\b(?! tomcat| traffic)",
    "openssh": r"\bopenssh",
    "postfix": r"\bpostfix\b",
    "dovecot": r"\bdovecot\b",
    "vsftpd": r"\bvsftpd\b",
    "redis": r"\bredis\b",
    "postgresql": r"\bpostgres",
    "mariadb": r"\b(mariadb|mysql)",
    "bind": r"\bbind\b",
    "memcached": r"\bmemcached\b",
    "mongodb": r"\bmongo",
    "samba": r"\bsamba\b",
    "openldap": r"\bopenldap\b",
    "rsync": r"\brsync",
    "php": r"\bphp\b",
}
_BY_PORT = {
    "nginx": (80, 443, 8080, 8443),
    "apache": (80, 443, 8080, 8443),
    "postfix": (25, 465, 587),
    "dovecot": (110, 143, 993, 995),
    "vsftpd": (21, 990),
    "openldap": (389, 636),
    "postgresql": (5432,),
    "mariadb": (3306,),
}
"""Ports on which programs usually answer, to tell which texts cannot be meant where nothing names itself."""
SOFTWARE = {software: re.compile(pattern, re.IGNORECASE) for software, pattern in _PATTERNS.items()}

SERVICES = "ports.services"
_NAMED_BY = ("service.product", "http.server", "http.powered_by", "ssh.software")
_FALLBACKS = ("any", "system")
_HTTPS_URL = "https://{server_name}:{port}"
# What a command says of sites without TLS; left out where the scheme was measured.
_SCHEME_HINT = re.compile(r"(\s*#\s*|;\s*)http:// on a plain HTTP site$")
_PLACEHOLDER = re.compile(r"\{(address|port|server_name)\}")
# What stays the same in every shell, quoted or not; a leading hyphen would be read as an option.
_PLAIN = re.compile(r"[A-Za-z0-9_.:\[\]][A-Za-z0-9_.:\[\]-]*(?:/[0-9]{1,3})?")


def software_seen(finding: Finding, data: ReportData) -> frozenset[str]:
    """Return ids of the software that the evidence of a finding names, else what the inventory names."""
    rows = [data.evidence[row] for row in finding.evidence if row in data.evidence]
    if finding.subject.kind is SubjectKind.HOST:
        return frozenset(name for row in rows for name in _of_host(row.facts))
    named = _recognised(text for row in rows for text in _named(row, finding.subject))
    if named:
        return named
    server = _server(finding, data)
    return _recognised(server.software) if server else frozenset()


def _of_host(facts: Facts) -> Iterator[str]:
    """Yield who packages a host's software, and what is installed on it."""
    family, software = facts.get("host.os_family"), facts.get("host.software")
    yield str(family)
    yield from (str(one) for one in software) if isinstance(software, list) else ()


def _server(finding: Finding, data: ReportData) -> Server | None:
    try:
        return data.inventory.server(finding.subject.server)
    except KeyError:  # it has left the inventory since
        return None


def _named(row: Evidence, subject: Subject) -> Iterator[str]:
    if row.task.port in (0, subject.port):
        yield from _texts(row.facts)
    records = row.facts.get(SERVICES)
    for record in records if isinstance(records, Sequence) else ():
        if isinstance(record, Mapping) and record.get("service.port") == subject.port:
            yield from _texts(record)


def _texts(facts: Facts) -> Iterator[str]:
    for name in _NAMED_BY:
        value = facts.get(name)
        if isinstance(value, str):
            yield value


def _recognised(texts: Iterable[str]) -> frozenset[str]:
    joined = "\n".join(texts)
    return frozenset(software for software, pattern in SOFTWARE.items() if pattern.search(joined))


def _fitting(remedies: tuple[Remedy, ...], port: int) -> tuple[Remedy, ...]:
    """Return the remedies for software that usually answers on a port; all where that leaves none."""
    usual = tuple(one for one in remedies if port in _BY_PORT.get(one.software, ()))
    return usual or remedies


def chosen_remedies(remedies: Iterable[Remedy], seen: frozenset[str]) -> tuple[Remedy, ...]:
    """Return the remedies for software that was seen; else those for any software; else all of them."""
    listed = tuple(remedies)
    exact = tuple(remedy for remedy in listed if remedy.software in seen)
    general = tuple(remedy for remedy in listed if remedy.software in _FALLBACKS)
    return exact or general or listed


def remedies_for(finding: Finding, data: ReportData) -> tuple[Remedy, ...]:
    """Return the remedies that fit a finding; none when its check has left the catalogue.

    A certificate is got in the same way whatever serves it, so that this stands before where to put it.
    """
    check = data.checks.get(finding.check)
    seen = software_seen(finding, data)
    chosen = chosen_remedies(check.remediation, seen) if check else ()
    if check and chosen == check.remediation and not seen:
        chosen = _fitting(chosen, finding.subject.port)
    if not check or finding.subject.kind is not SubjectKind.CERTIFICATE:
        return chosen
    getting = (one for one in check.remediation if one.software == "any" and one not in chosen)
    return (*getting, *chosen)


def verify_command(remedy: Remedy, finding: Finding, data: ReportData) -> str:
    """Return the command by which a person checks one finding, ready for a shell.

    The server name is the one measured, else the first that the inventory gives the server, else the address.
    """
    subject, server = finding.subject, _server(finding, data)
    registered = server.hostnames[0] if server and server.hostnames else ""
    template = _for_scheme(remedy.verify, _scheme(finding, data))
    return filled(template, subject, subject.server_name or registered or subject.address)


def _scheme(finding: Finding, data: ReportData) -> JSON:
    rows = (data.evidence[row] for row in finding.evidence if row in data.evidence)
    here = (row.facts.get("http.scheme") for row in rows if row.task.port == finding.subject.port)
    return next((scheme for scheme in here if scheme), None)


def _for_scheme(template: str, scheme: JSON) -> str:
    if scheme is None:
        return template
    settled = _SCHEME_HINT.sub("", template)
    return settled.replace(_HTTPS_URL, _HTTPS_URL.replace("https", "http")) if scheme == "http" else settled


def filled(template: str, subject: Subject, server_name: str) -> str:
    """Fill address, port and server name into a command that a person will paste into a shell.

    Only values that no shell reads specially are filled in; for any other the placeholder stays.
    """
    address = f"[{subject.address}]" if ":" in subject.address else subject.address
    bracketed = template.replace("{address}:{port}", f"{address}:{{port}}")
    values = {
        "address": subject.address,
        "port": str(subject.port),
        "server_name": server_name,
    }

    def fill(match: re.Match[str]) -> str:
        value = values[match.group(1)]
        return value if _PLAIN.fullmatch(value) else match.group(0)

    return _PLACEHOLDER.sub(fill, bracketed)
