"""Ask an LDAP directory for its root entry, and for one entry below it, without a login (RFC 4511)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from auditor.model.facts import Facts
from scanners.services.answers import AnswerError
from scanners.services.ber import element, integer, parse_elements, parse_header
from scanners.services.context import Context
from scanners.services.conversation import Conversation
from scanners.services.products import described

_STARTTLS = "1.3.6.1.4.1.1466.20037"
_ATTRIBUTES = (b"namingContexts", b"supportedExtension", b"vendorName", b"vendorVersion")
_CONTEXTS = 5
_MAXIMUM_BYTES = 262_144
_MAXIMUM_MESSAGES = 20
_SEARCH, _ENTRY, _DONE, _REFERENCE = 0x63, 0x64, 0x65, 0x73
_EMPTY = frozenset({0, 32})
"""Success and no such object: nothing there that a stranger may see."""
_REFUSED = frozenset({1, 8, 48, 49, 50, 53})
"""Operations error (how Active Directory asks for a login), stronger authentication, and the like."""


@dataclass(slots=True)
class Found:
    """What a search brought: the attributes of its entries, and the result code that ended it."""

    entries: list[dict[str, list[str]]] = field(default_factory=list)
    code: int = -1


def parse_message(content: bytes, found: Found) -> bool:
    """Add one LDAPMessage, given without its outer header, to what was found; return whether it is the last.

    Raise AnswerError for what is no answer to a search.
    """
    parts = list(parse_elements(content))
    if len(parts) < 2 or parts[0][0] != 0x02:
        raise AnswerError("not an LDAP message")
    tag, body = parts[1]
    if tag == _ENTRY:
        found.entries.append(_entry(body))
    elif tag == _DONE:
        codes = [value for kind, value in parse_elements(body) if kind == 0x0A]
        found.code = int.from_bytes(codes[0][:4], "big") if codes else -1
    elif tag != _REFERENCE:
        raise AnswerError("not an answer to a search")
    return tag == _DONE


def _entry(body: bytes) -> dict[str, list[str]]:
    attributes: dict[str, list[str]] = {}
    for tag, listed in list(parse_elements(body))[1:2]:
        for _, attribute in parse_elements(listed) if tag == 0x30 else ():
            pair = list(parse_elements(attribute))
            if len(pair) == 2:
                values = [value.decode("utf-8", "replace") for _, value in parse_elements(pair[1][1])]
                attributes[pair[0][1].decode("utf-8", "replace").lower()] = values
    return attributes


def ask_ldap(talk: Conversation, _context: Context) -> Iterator[Facts]:
    """Read the root entry, then search below each naming context for one entry, names only."""
    root = _search(talk, 1, b"", 0, _ATTRIBUTES)
    product = "".join(value for one in root.entries for value in one.get("vendorname", []))
    version = "".join(value for one in root.entries for value in one.get("vendorversion", []))
    yield {"service.name": "ldap", **described(product or None, version or None, "")}
    extensions = [value for one in root.entries for value in one.get("supportedextension", [])]
    if extensions and not talk.tls:
        yield {"ldap.starttls": _STARTTLS in extensions}
    contexts = [value for one in root.entries for value in one.get("namingcontexts", [])]
    answers = [
        _search(talk, number_, context.encode(), 2, (b"1.1",))
        for number_, context in enumerate(contexts[:_CONTEXTS], start=2)
    ]
    shown = anonymous_entries(answers or [root], below=bool(answers))
    if shown is not None:
        yield {"ldap.anonymous_entries": shown}
    talk.send(element(0x30, integer(9), element(0x42)))


def anonymous_entries(answers: list[Found], *, below: bool) -> bool | None:
    """Tell whether a stranger sees entries, from the searches below the naming contexts.

    Without naming contexts only a refusal of the root entry itself decides. None when the answers do not say.
    """
    if below and any(answer.entries for answer in answers):
        return True
    codes = {answer.code for answer in answers}
    if codes <= (_REFUSED | _EMPTY if below else _REFUSED):
        return False
    return None


def _search(talk: Conversation, message: int, base: bytes, scope: int, names: tuple[bytes, ...]) -> Found:
    request = element(
        _SEARCH,
        element(0x04, base),
        integer(scope, 0x0A),
        integer(0, 0x0A),
        integer(1),
        integer(5),
        element(0x01, b"\0"),
        element(0x87, b"objectClass"),
        element(0x30, *(element(0x04, name) for name in names)),
    )
    talk.send(element(0x30, integer(message), request))
    found = Found()
    for _ in range(_MAXIMUM_MESSAGES):
        if parse_message(_message(talk), found):
            break
    return found


def _message(talk: Conversation) -> bytes:
    head = talk.exactly(2)
    if head[0] != 0x30:
        raise AnswerError("not an LDAP message")
    if head[1] > 0x80:
        head += talk.exactly(head[1] & 0x7F) if head[1] <= 0x84 else b""
    _, _, length = parse_header(head)
    if length > _MAXIMUM_BYTES:
        raise AnswerError("an LDAP message that is too large")
    return talk.exactly(length)
