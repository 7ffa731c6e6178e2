"""Logins from afar: SSH, Telnet, screens, SNMP, TFTP."""

from __future__ import annotations

from dataclasses import replace

from tests.lab.model import LabServer
from tests.lab.roundtrip.model import Case
from tests.lab.roundtrip.moved import MOVED, copied
from tests.lab.roundtrip.placers import others
from tests.lab.roundtrip.placers.openssh import sshd

_COUNTER = MOVED["disdukcapil-loket-01"]
_RACK = MOVED["diskominfo-rak-01"]


def only(server: str, *daemons: str) -> LabServer:
    """Return a server with these daemons alone."""
    whole = MOVED[server]
    services = tuple(one for one in whole.services if one.name in daemons)
    return replace(whole, services=services)


def _ssh(check: str, server: LabServer, **more: object) -> Case:
    return Case(check, server, {"openssh": sshd}, port=22, **more)  # type: ignore[arg-type]


_LEGACY = (
    "ssh-ciphers-strong",
    "ssh-macs-strong",
    "ssh-key-exchange-strong",
    "ssh-host-key-strong",
    "ssh-ed25519-offered",
    "ssh-password-refused",
    "ssh-post-quantum-offered",
    "ssh-notice-shown",
)
_SCREENS = "rsud-loket-01"

CASES: tuple[Case, ...] = (
    *(
        _ssh(check, copied(only("disdukcapil-loket-01", "openssh"), 201 + number))
        for number, check in enumerate(_LEGACY)
    ),
    _ssh("ssh-host-key-unique", MOVED["dishub-parkir-01"], companions=(MOVED["dpupr-peta-01"],)),
    Case(
        "network-telnet-absent", _COUNTER, {}, ("system",), removes=frozenset(["telnet"]),
        closes=frozenset([23]),
    ),
    Case("network-tftp-absent", _RACK, {}, ("system",), removes=frozenset(["tftpd"])),
    Case("snmp-default-community-refused", _RACK, {"snmpd": others.snmpd}, ("system",)),
    Case(
        "vnc-authentication-required", only(_SCREENS, "tigervnc"), {"tigervnc": others.tigervnc}, ("any",),
        port=5900, closes=frozenset([5900]),
    ),
    Case(
        "x11-access-refused", only(_SCREENS, "x11"), {"x11": others.no_tcp}, ("system",), port=6000,
        closes=frozenset([6000]),
    ),
    Case(
        "network-open-proxy-absent", MOVED["diskominfo-proksi-01"], {"tinyproxy": others.tinyproxy},
        port=3128,
    ),
    Case(
        "rdp-nla-required", only(_SCREENS, "xrdp"), {"xrdp": others.xrdp}, ("system",), port=3389,
        closes=frozenset([3389]),
    ),
)  # fmt: skip
