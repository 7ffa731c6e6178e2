"""The questions: two datagrams each at most, and what decides that somebody answered. Pure.

Every question is one that any client of the protocol may ask, none changes anything, and none is answered
with much more than it costs to ask. The second datagram is sent only when the first stayed without answer;
where two forms of a question exist, it carries the other form.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, replace
from ipaddress import ip_address
from types import MappingProxyType

from scanners.udp import snmp

CONSENT_CHECK = "snmp-default-community-refused"
"""Check whose consent allows the default community strings to be tried: they are passwords of a kind."""
COMMUNITIES = ("public", "private")
_IDENTIFIER = 0x5469
_NAME_CLASS_INTERNET, _TYPE_POINTER, _TYPE_NODE_STATUS = 1, 12, 33
_RESPONSE_BIT = 0x8000
_ASF_PING = bytes.fromhex("0600ff06 000011be 80 54 00 00")
"""RMCP presence ping (ASF 2.0, section 3.2.4.2), message tag 0x54."""
_ASF_PONG = bytes.fromhex("000011be40")
_IPMI_GREETING = bytes.fromhex("0600ff07 00 00000000 00000000 09 2018c8 81 00 38 0e04 35")
"""Get Channel Authentication Capabilities without a session (IPMI 2.0, section 22.13)."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its name, where it goes, what is sent first and second, and what answers it."""

    name: str
    port: int
    first: bytes
    second: bytes
    answers: Callable[[bytes], bool]
    any_port: bool = False
    """The answer comes from a port of its own, as TFTP's does."""
    ending: Callable[[bytes], bytes] = lambda _reply: b""
    """What ends the exchange politely, nothing where the answer ends it."""
    kept_bytes: int = 512
    """How much of the answer is kept as evidence."""


def questions(
    address: str, consent: Set[str], ports: Mapping[str, int] = MappingProxyType({})
) -> tuple[Question, ...]:
    """Return what is asked of an address, in a fixed order; `ports` moves questions to other ports."""
    version_4 = ip_address(address).version == 4
    asked = [_TFTP, _NTP_CONTROL, _NTP_MONITORING]
    # NetBIOS over UDP exists over IPv4 only (RFC 1002).
    asked += [_NETBIOS] if version_4 else []
    asked += [_SNMP_VERSION_3, _IPMI, _ssdp(address), _MDNS, _llmnr(address)]
    if CONSENT_CHECK in consent:
        asked += [_community(name) for name in COMMUNITIES]
    return tuple(replace(one, port=ports.get(one.name, one.port)) for one in asked)


def _same(name: str, port: int, datagram: bytes, answers: Callable[[bytes], bool]) -> Question:
    return Question(name, port, datagram, datagram, answers)


def _community(name: str) -> Question:
    return Question(
        f"snmp_{name}",
        161,
        snmp.community_request(snmp.VERSION_2C, name),
        snmp.community_request(snmp.VERSION_1, name),
        snmp.answers_community(name),
    )


def _is_tftp(reply: bytes) -> bool:
    """Tell DATA, ERROR and OACK (RFC 1350 section 5, RFC 2347): whoever sends one speaks TFTP."""
    return len(reply) >= 4 and reply[:2] in (b"\0\3", b"\0\5", b"\0\6")


def _end_of_transfer(reply: bytes) -> bytes:
    # Without this the server would send a file, were there one, again and again.
    return b"\0\5\0\0not wanted\0" if reply[:2] != b"\0\5" else b""


def _is_ntp_control(reply: bytes) -> bool:
    """Tell a mode 6 response to our opcode and sequence (RFC 9327 section 2)."""
    return len(reply) >= 12 and reply[0] & 7 == 6 and reply[1] & 0x9F == 0x82 and reply[2:4] == b"\x54\x69"


def _is_ntp_monitoring(reply: bytes) -> bool:
    """Tell a mode 7 response to our request code, an error among them."""
    return len(reply) >= 8 and reply[0] & 0x87 == 0x87 and reply[3] == 4


def _names(identifier: int, flags: int, name: bytes, kind: int) -> bytes:
    """Return a DNS-shaped query with one question of class Internet (RFC 1035 section 4.1)."""
    header = struct.pack(">6H", identifier, flags, 1, 0, 0, 0)
    return header + name + struct.pack(">2H", kind, _NAME_CLASS_INTERNET)


def _labels(*labels: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in labels) + b"\0"


def _is_name_response(reply: bytes) -> bool:
    if len(reply) < 12:
        return False
    identifier, flags = struct.unpack_from(">2H", reply)
    return bool(identifier == _IDENTIFIER and flags & _RESPONSE_BIT)


def _is_mdns(reply: bytes) -> bool:
    """Tell an mDNS response; its identifier may be ours or zero (RFC 6762 sections 6.7 and 18.1)."""
    if len(reply) < 12:
        return False
    identifier, flags = struct.unpack_from(">2H", reply)
    return bool(identifier in (0, _IDENTIFIER) and flags & _RESPONSE_BIT)


def _is_ssdp(reply: bytes) -> bool:
    first, _, rest = reply.partition(b"\r\n")
    names = {line.partition(b":")[0].strip().upper() for line in rest.split(b"\r\n")}
    return first.startswith(b"HTTP/1.") and b" 200" in first and b"ST" in names


def _is_ipmi(reply: bytes) -> bool:
    """Tell a presence pong, or an IPMI message to our greeting (IPMI 2.0, sections 13.2.4 and 13.6)."""
    if len(reply) < 9 or reply[:1] != b"\x06":
        return False
    if reply[3] & 0x1F == 6:
        return reply[4:9] == _ASF_PONG
    # An application response, addressed to us, without authentication, as the greeting was.
    return reply[3] & 0x1F == 7 and reply[4] == 0 and reply[14:15] == b"\x81" and reply[15:16] == b"\x1c"


def _ssdp(address: str) -> Question:
    host = f"[{address}]" if ":" in address else address
    search = (
        f"M-SEARCH * HTTP/1.1\r\nHOST: {host}:1900\r\n"
        'MAN: "ssdp:discover"\r\nMX: 1\r\nST: upnp:rootdevice\r\n\r\n'
    )
    return _same("ssdp", 1900, search.encode("ascii"), _is_ssdp)


def _llmnr(address: str) -> Question:
    # A responder speaks for its own names only, and the one that is known is its address (RFC 4795, 2.4).
    name = _labels(*ip_address(address).reverse_pointer.split("."))
    return _same("llmnr", 5355, _names(_IDENTIFIER, 0, name, _TYPE_POINTER), _is_name_response)


_REQUEST_FOR_NOTHING = b"\0\1tilik-audit-no-such-file\0octet\0"
_TFTP = Question("tftp", 69, _REQUEST_FOR_NOTHING, _REQUEST_FOR_NOTHING, _is_tftp, True, _end_of_transfer)
_NTP_CONTROL = _same(
    # Version 2, mode 6, read variables of the system, of which the one named: a short answer.
    "ntp_control",
    123,
    struct.pack(">BBHHHHH", 0x16, 2, _IDENTIFIER, 0, 0, 0, 7) + b"version\0",
    _is_ntp_control,
)
_NTP_MONITORING = _same(
    # Version 2, mode 7, implementation 3, request 4: facts about the daemon in one packet. The request for
    # the list of clients, which made mode 7 infamous, is answered with up to a hundred and is not asked.
    "ntp_monitoring",
    123,
    bytes((0x17, 0, 3, 4)) + bytes(44),
    _is_ntp_monitoring,
)
_NETBIOS = Question(
    "netbios",
    137,
    _names(_IDENTIFIER, 0, b"\x20CK" + b"A" * 30 + b"\0", _TYPE_NODE_STATUS),
    _names(_IDENTIFIER, 0, b"\x20CK" + b"A" * 30 + b"\0", _TYPE_NODE_STATUS),
    _is_name_response,
    # Behind the header and the name asked for stand names of people who are logged in.
    kept_bytes=56,
)
_SNMP_VERSION_3 = _same("snmp_version_3", 161, snmp.engine_discovery(), snmp.answers_discovery)
_IPMI = Question("ipmi", 623, _ASF_PING, _IPMI_GREETING, _is_ipmi)
_MDNS = _same(
    # The top bit of the class asks for an answer to us alone (RFC 6762 section 5.4).
    "mdns",
    5353,
    _names(_IDENTIFIER, 0, _labels("_services", "_dns-sd", "_udp", "local"), _TYPE_POINTER)[:-2]
    + struct.pack(">H", 0x8000 | _NAME_CLASS_INTERNET),
    _is_mdns,
)
