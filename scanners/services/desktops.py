"""Ask VNC, X11 and remote desktops which security they demand. No session is opened."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.model.facts import Facts
from scanners.services.answers import AnswerError, number
from scanners.services.context import Context
from scanners.services.conversation import Conversation
from scanners.services.products import described

_NONE = 1
_X11_SETUP = b"l\0\x0b\0\0\0\0\0\0\0\0\0"
_NO_FLAGS, _TLS = 0, 1
_SSL_REQUIRED, _HYBRID_REQUIRED = 1, 5


def ask_vnc(talk: Conversation, _context: Context) -> Iterator[Facts]:
    """Read the version, answer with it, and read the security types (RFC 6143 section 7.1)."""
    greeting = talk.exactly(12)
    found = re.fullmatch(rb"RFB ([0-9]{3})\.([0-9]{3})\n", greeting)
    if found is None:
        return
    major, minor = int(found[1]), int(found[2])
    yield {"service.name": "vnc", **described("VNC", f"protocol {major}.{minor}", "")}
    if (major, minor) >= (3, 7):
        talk.send(b"RFB 003.008\n" if (major, minor) >= (3, 8) else greeting)
        count = number(talk.exactly(1), 0, 1)
        if count:
            yield {"vnc.no_authentication": _NONE in talk.exactly(count)}
        return
    talk.send(b"RFB 003.003\n")
    chosen = number(talk.exactly(4), 0, 4)
    if chosen in (1, 2):
        yield {"vnc.no_authentication": chosen == _NONE}


def ask_x11(talk: Conversation, _context: Context) -> Iterator[Facts]:
    """Ask to be let in without a cookie (X11 protocol, connection setup)."""
    talk.send(_X11_SETUP)
    opened = parse_x11(talk.exactly(8))
    yield {"service.name": "X11", **described(None, None, "")}
    yield {"x11.open": opened}


def parse_x11(head: bytes) -> bool:
    """Tell from the first 8 bytes of the answer whether a stranger is let in; raise AnswerError."""
    status, major = number(head, 0, 1), number(head, 2, 2, "little")
    if status not in (0, 1, 2) or (status != 2 and major != 11):
        raise AnswerError("not the answer of an X server")
    return status == 1


def ask_rdp(talk: Conversation, context: Context) -> Iterator[Facts]:
    """Ask for a session of the oldest kind, and for one in TLS without network level authentication.

    MS-RDPBCGR section 2.2.1.1. A server that demands network level authentication refuses both.
    """
    oldest = _negotiate(talk, _NO_FLAGS)
    yield {"service.name": "ms-wbt-server", **described(None, None, "")}
    if oldest == ("refused", _HYBRID_REQUIRED):
        yield {"rdp.standard_security": False, "rdp.nla": True}
        return
    accepted = oldest[0] == "accepted"
    yield {"rdp.standard_security": accepted}
    if accepted:
        yield {"rdp.nla": False}
        return
    if oldest == ("refused", _SSL_REQUIRED):
        with context.open() as again:
            in_tls = _negotiate(again, _TLS)
        yield {"rdp.nla": in_tls[0] != "accepted"}


def _negotiate(talk: Conversation, protocols: int) -> tuple[str, int]:
    request = b"\x01\0\x08\0" + protocols.to_bytes(4, "little")
    confirm = bytes((6 + len(request), 0xE0)) + bytes(5) + request
    talk.send(b"\x03\0" + (4 + len(confirm)).to_bytes(2, "big") + confirm)
    head = talk.exactly(4)
    length = number(head, 2, 2)
    if head[0] != 3 or not 11 <= length <= 64:
        raise AnswerError("not an X.224 answer")
    return parse_confirm(talk.exactly(length - 4))


def parse_confirm(answer: bytes) -> tuple[str, int]:
    """Return ("accepted", protocol) or ("refused", code) of a connection confirm; raise AnswerError."""
    if number(answer, 1, 1) != 0xD0:
        raise AnswerError("not a connection confirm")
    if len(answer) < 15:
        # A server from before the negotiation says nothing about it: it speaks the oldest kind.
        return "accepted", _NO_FLAGS
    kind, value = number(answer, 7, 1), number(answer, 11, 4, "little")
    if kind not in (2, 3):
        raise AnswerError("not an answer to the negotiation")
    return ("accepted" if kind == 2 else "refused"), value
