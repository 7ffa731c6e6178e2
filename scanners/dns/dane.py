"""Ask for the TLSA records of the mail hosts, and compare them with what reachable hosts show."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

import dns.name
from dns.rdtypes.ANY.TLSA import TLSA

from auditor.model.facts import JSON, Facts
from scanners.base import Limits, Pace
from scanners.dialling import BoundedSocket, Deadline, Dialer, cut_off
from scanners.dns.domain import Domain, shown
from scanners.dns.mail import mail_hosts
from scanners.dns.signing import Signing
from scanners.dns.tlsa import Association
from scanners.dns.zone import zone_signing

_LINE_BYTES = 1024
_LINES = 100
_RECORDS = 20


@dataclass(frozen=True, slots=True)
class Reach:
    """How hosts of the domain itself are reached: only at addresses that the task allows."""

    limits: Limits
    pace: Pace
    deadline: Deadline
    https_port: int
    smtp_port: int

    def dialer(self, domain: Domain, name: dns.name.Name, port: int) -> Dialer | None:
        """Return a way to an allowed address of the name, or None where it has none."""
        allowed = [one for one in domain.addresses(name) if one in domain.options.reachable]
        return Dialer(str(allowed[0]), port, self.limits, self.pace, self.deadline) if allowed else None


def tlsa_facts(domain: Domain, reach: Reach) -> Facts:
    """Return the TLSA records of port 25 of every mail host, with what is decided about them."""
    found = {host: _associations(domain, host) for host in mail_hosts(domain)}
    found = {host: records for host, records in found.items() if records}
    if not found:
        return {"domain.tlsa": [], "domain.tlsa_signed": None, "domain.tlsa_matches": None}
    zones = {domain.zone_of(host) for host in found}
    signed = all(zone_signing(domain, zone) is Signing.VALID for zone in sorted(zones))
    records: list[JSON] = []
    decided: list[bool | None] = []
    for host, associations in found.items():
        matches = _matches(domain, reach, host, associations)
        decided.append(_any(matches))
        records += [_record(host, one, match) for one, match in zip(associations, matches, strict=True)]
    facts: dict[str, JSON] = {"domain.tlsa": records, "domain.tlsa_signed": signed}
    matching = _all(decided)
    return facts if matching is None else {**facts, "domain.tlsa_matches": matching}


def _associations(domain: Domain, host: dns.name.Name) -> tuple[Association, ...]:
    answer = domain.asker.ask(domain.below(host, "_25", "_tcp"), "TLSA")
    found = [
        Association(record.usage, record.selector, record.mtype, record.cert)
        for record in answer.records
        if isinstance(record, TLSA)
    ]
    return tuple(sorted(found, key=lambda one: (one.usage, one.selector, one.matching, one.data)))[:_RECORDS]


def _record(host: dns.name.Name, one: Association, matches: bool | None) -> dict[str, JSON]:
    return {
        "host": shown(host),
        "usage": one.usage,
        "selector": one.selector,
        "matching": one.matching,
        "usable": one.usable,
        "matches": matches,
    }


def _matches(
    domain: Domain, reach: Reach, host: dns.name.Name, associations: tuple[Association, ...]
) -> list[bool | None]:
    if not any(one.usable for one in associations):
        return [False] * len(associations)
    dialer = reach.dialer(domain, host, reach.smtp_port)
    certificate = shown_certificate(dialer, shown(host)) if dialer is not None else None
    return [None if certificate is None else one.matches(certificate) for one in associations]


def shown_certificate(dialer: Dialer, host: str) -> bytes | None:
    """Return the certificate (DER) that a mail host shows after STARTTLS, or None where it shows none.

    It is compared only: nothing is sent over the connection, so it need not be trusted.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with dialer.open() as connection:
            deadline = Deadline.after(
                min(dialer.limits.connect_timeout_seconds, dialer.deadline.remaining_seconds())
            )
            for command in (b"", b"EHLO tilik.invalid\r\n", b"STARTTLS\r\n"):
                connection.sendall(command)
                if not _reply(connection, deadline).startswith((b"220", b"250")):
                    return None
            connection.settimeout(deadline.remaining_seconds())
            wrapped = context.wrap_socket(connection, server_hostname=host, do_handshake_on_connect=False)
            with wrapped as secured, cut_off(secured, deadline.remaining_seconds()):
                secured.do_handshake()
                return secured.getpeercert(binary_form=True)
    except (OSError, ValueError):
        return None


def _reply(connection: BoundedSocket, deadline: Deadline) -> bytes:
    """Return the last line of a reply (RFC 5321, 4.2.1); empty for what is none.

    It is read byte by byte: what follows a reply belongs to the TLS handshake.
    """
    for _ in range(_LINES):
        line = b""
        while not line.endswith(b"\n"):
            connection.settimeout(deadline.remaining_seconds())
            byte = connection.recv(1)
            if not byte or len(line) > _LINE_BYTES:
                return b""
            line += byte
        if line[3:4] != b"-":
            return line
    return b""


def _any(values: list[bool | None]) -> bool | None:
    return True if True in values else None if None in values else False


def _all(values: list[bool | None]) -> bool | None:
    return False if False in values else None if None in values else True
