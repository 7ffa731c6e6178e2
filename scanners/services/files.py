"""Ask file services: FTP and rsync. No password is tried but the one that FTP means for strangers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.model.facts import JSON, Facts
from scanners.services.answers import text_of
from scanners.services.context import Context
from scanners.services.conversation import Conversation
from scanners.services.mail import reply
from scanners.services.products import described, product_of

_TLS_DEMANDED = re.compile(r"^534|encrypt|cleartext|secure|\b(?:AUTH|FTPS|TLS|SSL)\b", re.IGNORECASE)
_SEQUENCE = ("500", "501", "502", "503", "504")
_MODULES = 1000
_MODULES_ASKED = 5
_VERSION = b"@RSYNCD: 31.0\n"


def ask_ftp(talk: Conversation, context: Context) -> Iterator[Facts]:
    """Ask FEAT, offer a user name without a password, then log in as anonymous (RFC 959, 2389, 4217)."""
    greeting = reply(talk)
    yield {"service.name": "ftp", **product_of("ftp", greeting)}
    if not greeting.startswith("220"):
        return
    offered = talk.tls
    for facts in _logins(talk, context):
        offered = offered or facts.get("ftp.auth_tls") is True
        yield facts
    if not offered:
        yield from _change_to_tls(context)


def _logins(talk: Conversation, context: Context) -> Iterator[Facts]:
    try:
        if not talk.tls:
            yield from _before_tls(talk)
        answer = reply(talk, b"USER anonymous")
    except (EOFError, OSError):
        # Some servers hang up on a name that may not log in here: strangers are asked for once more.
        with context.open_like(talk) as again:
            if reply(again).startswith("220"):
                yield from _anonymous(again, reply(again, b"USER anonymous"))
        return
    yield from _anonymous(talk, answer)


def _before_tls(talk: Conversation) -> Iterator[Facts]:
    features = reply(talk, b"FEAT")
    if features.startswith("211") and re.search(r"AUTH\s+\S*TLS", features):
        yield {"ftp.auth_tls": True}
    answer = reply(talk, b"USER tilik-audit")
    if answer.startswith(("230", "331", "332")):
        yield {"ftp.login_before_tls": True}
    elif _TLS_DEMANDED.search(answer):
        yield {"ftp.login_before_tls": False}


def _change_to_tls(context: Context) -> Iterator[Facts]:
    """Ask for TLS where FEAT does not list it: vsftpd without TLS 1.0 leaves it out."""
    with context.open() as again:
        if not reply(again).startswith("220"):
            return
        answer = reply(again, b"AUTH TLS")
    if answer.startswith(("234", "5")):
        yield {"ftp.auth_tls": answer.startswith("234")}


def _anonymous(talk: Conversation, answer: str) -> Iterator[Facts]:
    if answer.startswith("331"):
        answer = reply(talk, b"PASS audit@")
    if answer.startswith("230") or (answer.startswith("5") and not answer.startswith(_SEQUENCE)):
        yield {"ftp.anonymous_login": answer.startswith("230")}


def ask_rsync(talk: Conversation, context: Context) -> Iterator[Facts]:
    """List the modules, as `rsync address::` does, and ask the first ones for a login.

    Only a list that was ended by the server counts.
    """
    greeting = talk.line()
    if not greeting.startswith(b"@RSYNCD:"):
        return
    number = text_of(greeting).removeprefix("@RSYNCD:").split()
    version = f"protocol version {number[0].split('.')[0]}" if number else None
    yield {"service.name": "rsync", **described(None, version, "")}
    talk.send(_VERSION + b"#list\n")
    names: set[str] = set()
    while not (line := talk.line()).startswith((b"@RSYNCD: EXIT", b"@ERROR")):
        # The message of the day comes first, without the tab that follows a module's name.
        name, tab, _ = line.partition(b"\t")
        if tab and len(names) < _MODULES:
            names.add(text_of(name))
    if not line.startswith(b"@RSYNCD: EXIT"):
        return
    modules: list[JSON] = [*sorted(names)]
    yield {"rsync.modules": modules}
    readable: list[JSON] = [name for name in sorted(names)[:_MODULES_ASKED] if _opens(name, context)]
    yield {"rsync.open_modules": readable}


def _opens(module: str, context: Context) -> bool:
    """Return whether a module lets a stranger in; the transfer itself is never begun."""
    with context.open() as talk:
        talk.line()
        talk.send(_VERSION + module.encode() + b"\n")
        while not (line := talk.line()).startswith((b"@RSYNCD: ", b"@ERROR")):
            pass
        return line.startswith(b"@RSYNCD: OK")
