"""What a made-up server shows to one task: well-kept, but for one of the usual faults here and there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from auditor.model.facts import JSON, Facts, FactSpec, FactType
from auditor.model.plan import Task
from scanners.dns.facts import FACTS as DOMAIN_FACTS
from tests.auditor.usecases import observations as shown

_FAULTY = 0.3
"""Share of the answers that have one of the faults below."""
_DATABASES: Sequence[tuple[int, str, Mapping[str, JSON], Mapping[str, JSON]]] = (
    (5432, "postgresql", {"postgresql__tls": True, "postgresql__trust": False}, {"postgresql__trust": True}),
    (3306, "mysql", {"mysql__tls": True, "mysql__unauthenticated": False}, {"mysql__tls": False}),
    (6379, "redis", {"redis__unauthenticated": False}, {"redis__unauthenticated": True}),
)
_MAIL: Mapping[str, JSON] = {
    "smtp__starttls": True,
    "smtp__auth_before_tls": False,
    "smtp__banner": "220 mail ESMTP",
    "smtp__vrfy": False,
    "smtp__expn": False,
}
_FTP: Mapping[str, JSON] = {
    "ftp__anonymous_login": False,
    "ftp__auth_tls": True,
    "ftp__login_before_tls": True,
}
_TLS_FAULTS: Sequence[Mapping[str, JSON]] = (
    {"tls__tls_1_0": True, "tls__tls_1_1": True},
    {"tls__dh_bits": 1024},
    {"tls__tls_1_3": False},
    {"tls__cipher_suites": ["TLS_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA"]},
)
_CERTIFICATE_FAULTS: Sequence[Mapping[str, JSON]] = (
    {"certificate__not_after": "2026-11-01T00:00:00Z"},
    {"certificate__name_matches": False},
    {"certificate__self_signed": True, "certificate__trusted": False, "certificate__chain_complete": None},
    {"certificate__signature_hash": "SHA1"},
    {"certificate__wildcard": True, "certificate__sha256": "ab" * 32, "certificate__spki_sha256": "cd" * 32},
)
_SSH_FAULTS: Sequence[Mapping[str, JSON]] = (
    {"ssh__ciphers": ["aes128-cbc", "3des-cbc"]},
    {"ssh__authentication_methods": ["publickey", "password"]},
    {"ssh__key_exchange": ["diffie-hellman-group1-sha1"]},
    {"ssh__strict_key_exchange": False, "ssh__ciphers": ["chacha20-poly1305@openssh.com"]},
)
_HTTP_FAULTS: Sequence[Mapping[str, JSON]] = (
    {"http__hsts_max_age": None, "http__strict_transport_security": None},
    {"http__exposed_vcs": ["/.git/HEAD"]},
    {"http__directory_listing": ["/uploads/"]},
    {"http__cookies": [{"name": "PHPSESSID", "secure": False, "http_only": False, "same_site": ""}]},
    {"http__server": "Apache/2.2.15 (CentOS)", "http__powered_by": "PHP/5.6.40"},
    {"http__content_security_policy": None, "http__csp_script_sources": None, "http__frame_protected": False},
)
_DOMAIN_EMPTY: Mapping[FactType, JSON] = {
    FactType.BOOL: False,
    FactType.INT: 0,
    FactType.STRING: "",
    FactType.STRINGS: [],
    FactType.INTS: [],
    FactType.RECORDS: [],
}
_SILENT_EVERY, _MAIL_EVERY, _FTP_EVERY = 50, 10, 7


def answer(task: Task, chance: Random) -> Facts:
    """Return what a task observes at a made-up server; its number decides what speaks there."""
    if task.scanner == "dns":
        return _domain(DOMAIN_FACTS, chance)
    number = int(task.server.rpartition("-")[2])
    match task.scanner:
        case "ports" if number % _SILENT_EVERY == _SILENT_EVERY - 1:
            return {**shown.ports(), "ports.answered": False}
        case "ports":
            return shown.ports(*_services(number, Random(number)))
        case "services":
            return {"ports.services": [*_services(number, Random(number))]}
        case "udp":
            return shown.udp()
        case "tls" if task.port == 80 or task.port in _plain_ports(number):
            return {"tls.spoken": False}
        case "tls":
            return shown.tls(**_some(_TLS_FAULTS, chance))
        case "certificates":
            return shown.certificate(**_some(_CERTIFICATE_FAULTS, chance))
        case "ssh":
            return shown.ssh(**_some(_SSH_FAULTS, chance))
        case _:
            scheme = "https" if task.port == 443 else "http"
            return shown.http(scheme=scheme, **_some(_HTTP_FAULTS, chance))


def _some(faults: Sequence[Mapping[str, JSON]], chance: Random) -> dict[str, Any]:
    return dict(chance.choice(faults)) if chance.random() < _FAULTY else {}


def _plain_ports(number: int) -> tuple[int, ...]:
    return (6379,) if number % len(_DATABASES) == 2 else ()


def _services(number: int, chance: Random) -> list[dict[str, JSON]]:
    port, name, kept, careless = _DATABASES[number % len(_DATABASES)]
    database = {**kept, **careless} if chance.random() < _FAULTY else kept
    release = chance.choice(("1.18.0", "1.24.0", "1.28.0"))
    found = [
        shown.service(22, "ssh", service__product="OpenSSH", service__version="9.2p1 Debian 2+deb12u3"),
        shown.service(80, "http", service__product="nginx", service__version=release),
        shown.service(443, "http", tls=True, service__product="nginx", service__version=release),
        shown.service(port, name, **dict(database)),
    ]
    if number % _MAIL_EVERY == 0:
        found.append(shown.service(25, "smtp", **dict(_MAIL)))
    if number % _FTP_EVERY == 0:
        found.append(shown.service(21, "ftp", **dict(_FTP)))
    return found


def _domain(specs: Sequence[FactSpec], chance: Random) -> Facts:
    facts: dict[str, JSON] = {one.name: None if one.nullable else _DOMAIN_EMPTY[one.type] for one in specs}
    kept = chance.random() >= _FAULTY
    return facts | {
        "domain.exists": True,
        "domain.signed": kept,
        "domain.validates": kept,
        "domain.expires": "2027-06-01T00:00:00Z",
    }
