"""Ask mail servers: greeting, what EHLO, CAPABILITY and CAPA offer, and whether addresses can be probed.

What TLS hides from strangers is asked outside TLS only; on a port that starts with TLS there is no "before".
No message is ever sent: a relay is asked up to RCPT (RFC 5321 section 3.3) and then reset.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.model.facts import JSON, Facts
from scanners.services.answers import AnswerError, text_of
from scanners.services.context import Context
from scanners.services.conversation import Conversation, Tls
from scanners.services.products import product_of

RELAY_CONSENT = "smtp-relay-refused"
MAILBOX_CONSENT = "smtp-abuse-mailbox-accepted"
_NAME = "audit.invalid"
_NOBODY = "tilik-audit-no-such-user"
_OUTSIDE = ("tilik-audit@example.org", "tilik-audit@example.net")
_MAILBOXES = ("abuse", "security")
_MAXIMUM_DOMAINS = 5
_MAXIMUM_LINES = 200
_RELAY_WORDS = re.compile(r"relay|not permitted|not allowed to send", re.IGNORECASE)
_UNKNOWN_WORDS = re.compile(r"\b5\.1\.[0-9]|unknown|no such|not exist|not found", re.IGNORECASE)
_ATOM = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")


def reply(talk: Conversation, command: bytes = b"") -> str:
    """Send a command and return the reply to it, all its lines; raise AnswerError for what is none."""
    if command:
        talk.send(command + b"\r\n")
    lines = [talk.line()]
    # FTP's lines in between are free text: only the code with a space ends them (RFC 959 section 4.2).
    last = lines[0][:3] + b" "
    while lines[0][3:4] == b"-" and not lines[-1].startswith(last):
        if len(lines) > _MAXIMUM_LINES:
            raise AnswerError("the reply does not end")
        lines.append(talk.line())
    return parse_reply(b"".join(lines))


def parse_reply(data: bytes) -> str:
    """Return a reply of three digits and text (RFC 5321 section 4.2); raise AnswerError."""
    if not re.match(rb"[1-5][0-9]{2}(?:[ -]|\r?\n|$)", data):
        raise AnswerError("not a reply with a code")
    return data.decode("utf-8", "replace")


def ask_smtp(talk: Conversation, context: Context) -> Iterator[Facts]:
    """Read the greeting, ask EHLO, VRFY and EXPN, and what the authorization consents to."""
    greeting = reply(talk)
    banner = text_of(greeting.encode())
    yield {"service.name": "smtp", **product_of("smtp", banner)}
    if not greeting.startswith("220"):
        return
    yield {"smtp.banner": banner}
    offers = reply(talk, b"EHLO " + _NAME.encode())
    if not talk.tls and offers.startswith("250"):
        yield parse_offers(offers)
    yield from _probing(talk)
    if context.consent & {RELAY_CONSENT, MAILBOX_CONSENT} and _refused_before_tls(talk):
        if not reply(talk, b"STARTTLS").startswith("220"):
            return
        if talk.start_tls(context.server_name) is not Tls.SPOKEN:
            return
        reply(talk, b"EHLO " + _NAME.encode())
    if RELAY_CONSENT in context.consent:
        yield from _relay(talk)
    if MAILBOX_CONSENT in context.consent:
        yield _mailboxes(talk, context.domains)
    reply(talk, b"QUIT")


def parse_offers(offers: str) -> Facts:
    """Return what the lines after the first of an answer to EHLO offer."""
    words = {re.split(r"[ =]", line[4:].strip(), maxsplit=1)[0].upper() for line in offers.splitlines()[1:]}
    return {"smtp.starttls": "STARTTLS" in words, "smtp.auth_before_tls": "AUTH" in words}


def _probing(talk: Conversation) -> Iterator[Facts]:
    """Ask for a mailbox that all servers have and for one that none has: equal answers tell nothing."""
    known, unknown = reply(talk, b"VRFY postmaster"), reply(talk, b"VRFY " + _NOBODY.encode())
    if (tells := tells_apart(known, unknown)) is not None:
        yield {"smtp.vrfy": tells}
    expanded = reply(talk, b"EXPN postmaster")
    if expanded[0] in "25":
        yield {"smtp.expn": expanded.startswith("250")}


def tells_apart(known: str, unknown: str) -> bool | None:
    """Tell from two replies to VRFY whether they give away which mailbox exists; None when unsaid."""
    if known[0] not in "25" or unknown[0] not in "25":
        return None
    return known.startswith(("250", "251")) or known[:3] != unknown[:3]


def _refused_before_tls(talk: Conversation) -> bool:
    """Return whether mail is taken inside TLS alone."""
    answer = reply(talk, b"MAIL FROM:<>")
    if answer.startswith("250"):
        reply(talk, b"RSET")
    return not talk.tls and answer.startswith("530") and "TLS" in answer.upper()


def _relay(talk: Conversation) -> Iterator[Facts]:
    sender, recipient = _OUTSIDE
    answer = reply(talk, f"MAIL FROM:<{sender}>".encode())
    if answer.startswith("250"):
        answer = reply(talk, f"RCPT TO:<{recipient}>".encode())
        if answer.startswith(("250", "251", "5")) or _RELAY_WORDS.search(answer):
            yield {"smtp.open_relay": answer.startswith("25")}
    elif answer.startswith("530"):
        yield {"smtp.open_relay": False}
    reply(talk, b"RSET")


def _mailboxes(talk: Conversation, domains: tuple[str, ...]) -> Facts:
    accepted: list[JSON] = []
    refused: list[JSON] = []
    for domain in [one for one in domains if _ATOM.fullmatch(one)][:_MAXIMUM_DOMAINS]:
        for mailbox in (f"{one}@{domain}" for one in _MAILBOXES):
            if not reply(talk, b"MAIL FROM:<>").startswith("250"):
                continue
            answer = reply(talk, f"RCPT TO:<{mailbox}>".encode())
            if answer.startswith(("250", "251")):
                accepted.append(mailbox)
            elif answer.startswith("5") and _UNKNOWN_WORDS.search(answer):
                refused.append(mailbox)
            reply(talk, b"RSET")
    return {"smtp.mailboxes_accepted": accepted, "smtp.mailboxes_refused": refused}


def ask_imap(talk: Conversation, _context: Context) -> Iterator[Facts]:
    """Read the greeting and ask CAPABILITY (RFC 9051 section 6.1.1)."""
    banner = without_variables(text_of(talk.line()))
    if not banner.startswith("* "):
        return
    yield {"service.name": "imap", **product_of("imap", banner)}
    if banner.startswith("* BYE"):
        return
    yield {"imap.banner": banner}
    talk.send(b"a1 CAPABILITY\r\n")
    lines = _until(talk, b"a1 ")
    if not talk.tls and (offered := parse_capability(lines)):
        yield offered
    talk.send(b"a2 LOGOUT\r\n")
    _until(talk, b"a2 ")


def parse_capability(lines: list[bytes]) -> Facts:
    """Return what an answer to CAPABILITY offers; nothing when it is none."""
    words = {
        word.upper() for line in lines if line.upper().startswith(b"* CAPABILITY ") for word in line.split()
    }
    if not any(word.startswith(b"IMAP4") for word in words):
        return {}
    return {"imap.starttls": b"STARTTLS" in words, "imap.login_before_tls": b"LOGINDISABLED" not in words}


def ask_pop3(talk: Conversation, _context: Context) -> Iterator[Facts]:
    """Read the greeting and ask CAPA (RFC 2449)."""
    banner = without_variables(text_of(talk.line()))
    if not banner.startswith("+OK"):
        return
    yield {"service.name": "pop3", **product_of("pop3", banner)}
    yield {"pop3.banner": banner}
    talk.send(b"CAPA\r\n")
    first = talk.line()
    if first.startswith(b"+OK"):
        lines = _until(talk, b".\r", b".\n")
        if not talk.tls:
            yield parse_capa(lines)
    talk.send(b"QUIT\r\n")
    talk.line()


def parse_capa(lines: list[bytes]) -> Facts:
    """Return what the lines of an answer to CAPA offer."""
    offers = [line.decode("ascii", "replace").upper().split() for line in lines]
    words = {words[0] for words in offers if words}
    mechanisms = {word for words in offers if words and words[0] == "SASL" for word in words[1:]}
    clear = "USER" in words or bool(mechanisms & {"PLAIN", "LOGIN"})
    return {"pop3.starttls": "STLS" in words, "pop3.login_before_tls": clear}


def _until(talk: Conversation, *ends: bytes) -> list[bytes]:
    lines: list[bytes] = []
    while len(lines) < _MAXIMUM_LINES:
        line = talk.line()
        if line.startswith(ends):
            return lines
        lines.append(line)
    raise AnswerError("the answer does not end")


def without_variables(banner: str) -> str:
    """Leave out of a greeting what is no name of software: capabilities and the stamp of this connection."""
    return " ".join(re.sub(r"\[[^\]]*\]?|<[^>]*>?", " ", banner).split())
