"""What well-kept services would show: every fact of every scanner, to be changed test by test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count

from auditor.model.facts import JSON, Facts, FactSpec, FactType
from scanners.certificates.facts import FACTS as CERTIFICATE_FACTS
from scanners.http.facts import FACTS as HTTP_FACTS
from scanners.ssh.facts import FACTS as SSH_FACTS
from scanners.tls.facts import FACTS as TLS_FACTS
from scanners.udp.facts import FACTS as UDP_FACTS

_EMPTY: Mapping[FactType, JSON] = {
    FactType.BOOL: False,
    FactType.INT: 0,
    FactType.STRING: "",
    FactType.STRINGS: [],
    FactType.INTS: [],
    FactType.RECORDS: [],
}
_ONLY_WITH_CONSENT = ("tls.ccs_injection", "tls.robot")


def _digest() -> str:
    """Return another digest each time: well-kept servers share no key."""
    return f"{next(_NUMBERS):064x}"


_NUMBERS = count(1)


def _facts(specs: Iterable[FactSpec], **shown: JSON) -> dict[str, JSON]:
    """Return every fact of some specs: false, empty or null but for what is `shown`."""
    facts = {spec.name: None if spec.nullable else _EMPTY[spec.type] for spec in specs}
    return facts | {name.replace("__", "."): value for name, value in shown.items()}


def service(port: int, name: str | None, *, tls: bool = False, **shown: JSON) -> dict[str, JSON]:
    """Return the record of one open port."""
    return {
        "service.port": port,
        "service.transport": "tcp",
        "service.name": name,
        "service.product": None,
        "service.version": None,
        "service.cpe": [],
        "service.tls": tls,
        **{fact.replace("__", "."): value for fact, value in shown.items()},
    }


def ports(*services: dict[str, JSON]) -> Facts:
    """Return what the port scanner says of an address with these services."""
    return {
        "ports.answered": True,
        "ports.open": sorted(int(str(one["service.port"])) for one in services),
        "ports.scanned": "1-10000",
        "ports.closed": 100 - len(services),
        "ports.filtered": 0,
    }


def host(place: str, *services: dict[str, JSON]) -> dict[str, Facts]:
    """Return task id → what an address shows over TCP and UDP; `place` is server and address."""
    return {
        f"ports|{place}|0|": ports(*services),
        f"services|{place}|0|": {"ports.services": list(services)},
        f"udp|{place}|0|": udp(),
    }


def udp(**shown: JSON) -> Facts:
    """Return what an address shows that answers nothing over UDP, asked without consent."""
    return {name: value for name, value in _facts(UDP_FACTS, **shown).items() if "snmp" not in name}


def tls(**shown: JSON) -> Facts:
    """Return what a well-kept TLS port shows, asked with consent for Heartbleed only."""
    good: dict[str, JSON] = {
        "tls__spoken": True,
        "tls__tls_1_2": True,
        "tls__tls_1_3": True,
        "tls__cipher_suites": ["TLS_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"],
        "tls__groups": ["X25519", "secp256r1"],
        "tls__secure_renegotiation": True,
        "tls__fallback_scsv": True,
        "tls__extended_master_secret": True,
    }
    facts = _facts(TLS_FACTS, **(good | shown))
    return {name: value for name, value in facts.items() if name not in _ONLY_WITH_CONSENT}


def certificate(**shown: JSON) -> Facts:
    """Return the evidence of one good certificate, valid from October to December 2026."""
    good: dict[str, JSON] = {
        "certificate__sha256": _digest(),
        "certificate__spki_sha256": _digest(),
        "certificate__name_asked": "www.example.go.id",
        "certificate__name_matches": True,
        "certificate__not_before": "2026-10-15T00:00:00Z",
        "certificate__not_after": "2027-01-12T00:00:00Z",
        "certificate__lifetime_days": 89,
        "certificate__key_type": "EC",
        "certificate__key_bits": 256,
        "certificate__signature_hash": "SHA256",
        "certificate__trusted": True,
        "certificate__chain_length": 2,
        "certificate__chain_complete": True,
        "certificate__server_auth": True,
    }
    return {"certificates.deployments": [_facts(CERTIFICATE_FACTS, **(good | shown))]}


def ssh(**shown: JSON) -> Facts:
    """Return what a well-kept SSH port shows."""
    good: dict[str, JSON] = {
        "ssh__protocol": "2.0",
        "ssh__software": "OpenSSH_9.2p1",
        "ssh__key_exchange": ["sntrup761x25519-sha512@openssh.com", "curve25519-sha256"],
        "ssh__host_key_algorithms": ["ssh-ed25519"],
        "ssh__ciphers": ["aes256-gcm@openssh.com"],
        "ssh__macs": ["hmac-sha2-256-etm@openssh.com"],
        "ssh__strict_key_exchange": True,
        "ssh__host_keys": [{"type": "ssh-ed25519", "bits": 256, "sha256": _digest()}],
        "ssh__authentication_methods": ["publickey"],
    }
    return _facts(SSH_FACTS, **(good | shown))


def http(*, scheme: str = "https", **shown: JSON) -> Facts:
    """Return what a well-kept site shows."""
    good: dict[str, JSON] = {
        "http__spoken": True,
        "http__scheme": scheme,
        "http__status": 200,
        "http__redirects_to_https": scheme == "http",
        "http__strict_transport_security": "max-age=63072000; includeSubDomains",
        "http__hsts_max_age": 63_072_000,
        "http__hsts_include_subdomains": True,
        "http__content_security_policy": "default-src 'self'",
        "http__csp_script_sources": ["'self'"],
        "http__frame_protected": True,
        "http__content_type_options": "nosniff",
        "http__referrer_policy": "no-referrer",
        "http__permissions_policy": "camera=()",
        "http__cookies": [{"name": "sid", "secure": True, "http_only": True, "same_site": "Lax"}],
        "http__security_txt": True,
    }
    return _facts(HTTP_FACTS, **(good | shown))
