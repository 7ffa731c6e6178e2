"""Every scanner, by name: one line each. Modules are imported only when a worker needs them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from auditor.model.facts import FactSpec
from scanners.base import Scanner
from scanners.certificates.facts import FACTS as CERTIFICATE_FACTS
from scanners.dns.facts import FACTS as DNS_FACTS
from scanners.host.areas import FACTS as INSIDE_FACTS
from scanners.hosts.facts import FACTS as HOST_FACTS
from scanners.http.facts import FACTS as HTTP_FACTS
from scanners.imported.facts import IMPORTED_FACTS
from scanners.ports.facts import FACTS as PORT_FACTS
from scanners.services.facts import FACTS as SERVICE_FACTS
from scanners.ssh import facts as ssh
from scanners.ssh.facts import FACTS as SSH_FACTS
from scanners.tls import facts as tls
from scanners.tls.facts import FACTS as TLS_FACTS
from scanners.udp.facts import FACTS as UDP_FACTS

_SCANNERS: Mapping[str, tuple[str, str]] = {
    "ports": ("scanners.ports.scanner", "PortScanner"),
    "services": ("scanners.services.scanner", "ServicesScanner"),
    "udp": ("scanners.udp.scanner", "UdpScanner"),
    "tls": ("scanners.tls.scanner", "TlsScanner"),
    "certificates": ("scanners.certificates.scanner", "CertificateScanner"),
    "ssh": ("scanners.ssh.scanner", "SshScanner"),
    "http": ("scanners.http.scanner", "HttpScanner"),
    "hosts": ("scanners.hosts.scanner", "HostScanner"),
    "dns": ("scanners.dns.scanner", "DnsScanner"),
    "host": ("scanners.host.scanner", "HostScanner"),
}

LATE_IMPORTS = ("scanners.tls.sessions", "scanners.tls.reference")
"""Modules that a scanner imports only when it needs them, for they take long."""

NAMES = tuple(_SCANNERS)
"""Names of all scanners."""


@dataclass(frozen=True, slots=True)
class Reusable:
    """What a scanner may take over from an earlier measurement: `kept`, while `compared` is the same."""

    compared: tuple[str, ...]
    kept: tuple[str, ...]


REUSABLE: Mapping[str, Reusable] = {
    "tls": Reusable(tls.HANDSHAKE_FACTS, tls.SESSION_FACTS),
    "ssh": Reusable((*ssh.GREETING_FACTS, *ssh.OFFER_FACTS), ssh.SESSION_FACTS),
}
"""By scanner. Open ports, services, certificates and sites are measured anew every time."""

VOCABULARY: tuple[FactSpec, ...] = (
    *PORT_FACTS,
    *SERVICE_FACTS,
    *UDP_FACTS,
    *TLS_FACTS,
    *CERTIFICATE_FACTS,
    *SSH_FACTS,
    *HTTP_FACTS,
    *HOST_FACTS,
    *DNS_FACTS,
    *INSIDE_FACTS,
    *IMPORTED_FACTS,
)
"""Everything any scanner can observe."""


def load(name: str) -> Scanner:
    """Return the scanner of this name; raise KeyError when there is none."""
    module, class_name = _SCANNERS[name]
    factory: Callable[[], Scanner] = getattr(import_module(module), class_name)
    return factory()
