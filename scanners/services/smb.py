"""Ask a file server which SMB it speaks, whether it demands signatures, and whether it lets strangers in.

MS-SMB2 sections 2.2.3 and 2.2.5, MS-SMB section 2.2.4.5. Two connections, one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model.facts import Facts
from scanners.services.answers import AnswerError, number, whole
from scanners.services.context import Context
from scanners.services.conversation import Conversation
from scanners.services.products import described

_DIALECTS = (0x0202, 0x0210, 0x0300, 0x0302, 0x0311)
_SIGNING_REQUIRED = 0x2
_MAXIMUM_BYTES = 65_536
_SESSION_PORT = 139
_SMB1_HEADER = b"\xffSMBr" + bytes(4) + b"\x18\x01\xc8" + bytes(12) + b"\xff\xff\xff\xfe\0\0\0\0"
_SMB1_NEGOTIATE = _SMB1_HEADER + b"\0" + (12).to_bytes(2, "little") + b"\x02NT LM 0.12\0"


def _smb2_negotiate() -> bytes:
    header = b"\xfeSMB" + (64).to_bytes(2, "little") + bytes(8) + b"\x01\0" + bytes(48)
    listed = b"".join(one.to_bytes(2, "little") for one in _DIALECTS)
    padding = bytes(-(64 + 36 + len(listed)) % 8)
    contexts = 64 + 36 + len(listed) + len(padding)
    body = (36).to_bytes(2, "little") + len(_DIALECTS).to_bytes(2, "little") + b"\x01\0" + bytes(2 + 4 + 16)
    body += contexts.to_bytes(4, "little") + b"\x01\0" + bytes(2) + listed + padding
    # SMB 3.1.1 demands one context: integrity before authentication, by SHA-512, with a salt.
    return (
        header + body + b"\x01\0" + (38).to_bytes(2, "little") + bytes(4) + b"\x01\0\x20\0\x01\0" + bytes(32)
    )


def ask_smb(talk: Conversation, context: Context) -> Iterator[Facts]:
    """Negotiate SMB 2, then SMB 1 alone on a connection of its own."""
    _session(talk, context.port)
    signing = parse_smb2(_exchange(talk, _smb2_negotiate()))
    name = "netbios-ssn" if context.port == _SESSION_PORT else "microsoft-ds"
    yield {"service.name": name, **described(None, None, "")}
    if signing is not None:
        yield {"smb.signing_required": signing}
    with context.open() as other:
        _session(other, context.port)
        try:
            answer = _exchange(other, _SMB1_NEGOTIATE)
        except (EOFError, ConnectionError):
            # Hanging up on the oldest dialect is how servers without it answer.
            yield {"smb.smb1": False}
            return
    yield {"smb.smb1": parse_smb1(answer)}


def parse_smb2(answer: bytes) -> bool | None:
    """Tell from an answer to SMB 2's negotiation whether signatures are demanded.

    None for a server that speaks SMB 1 alone. Raise AnswerError for what is no SMB.
    """
    magic = whole(answer, 0, 4)
    if magic == b"\xffSMB":
        return None
    if magic != b"\xfeSMB" or number(answer, 12, 2, "little") != 0:
        raise AnswerError("not an answer to an SMB negotiation")
    if number(answer, 8, 4, "little") != 0 or number(answer, 64, 2, "little") != 65:
        return None
    return bool(number(answer, 66, 2, "little") & _SIGNING_REQUIRED)


def parse_smb1(answer: bytes) -> bool:
    """Tell from an answer to SMB 1's negotiation whether the dialect was taken; raise AnswerError."""
    if whole(answer, 0, 5) != b"\xffSMBr":
        raise AnswerError("not an answer to an SMB negotiation")
    return (
        number(answer, 5, 4, "little") == 0 and number(answer, 32, 1) > 1 and number(answer, 33, 2) != 0xFFFF
    )


def _session(talk: Conversation, port: int) -> None:
    """Open a NetBIOS session where SMB is carried in one (RFC 1002 section 4.3.2)."""
    if port != _SESSION_PORT:
        return
    names = _netbios(b"*SMBSERVER", 0x20) + _netbios(b"TILIK", 0)
    talk.send(b"\x81\0" + len(names).to_bytes(2, "big") + names)
    if talk.exactly(4)[0] != 0x82:
        raise AnswerError("no NetBIOS session")


def _netbios(name: bytes, suffix: int) -> bytes:
    padded = name.ljust(15) + bytes((suffix,))
    return b"\x20" + bytes(half for one in padded for half in (0x41 + (one >> 4), 0x41 + (one & 15))) + b"\0"


def _exchange(talk: Conversation, message: bytes) -> bytes:
    talk.send(len(message).to_bytes(4, "big") + message)
    head = talk.exactly(4)
    length = number(head, 1, 3)
    if head[0] != 0 or length > _MAXIMUM_BYTES:
        raise AnswerError("not an SMB message")
    return talk.exactly(length)
