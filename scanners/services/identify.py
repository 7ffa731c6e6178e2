"""Find out what speaks on one port and what it gives to strangers, in as few connections as that takes.

1. Connect and listen. Who greets is named by the greeting and asked in its own language, on this connection.
2. Who waits is asked what the port number suggests, still on this connection; where that fails, each further
   language (HTTP and TLS where the number suggests nothing) costs one connection.
3. Inside TLS the same begins again, on the same connection.

Nothing of another language is ever sent to a port that named itself.

Connections: 1 for SSH, SMTP, IMAP, POP3, MySQL, VNC, Redis, memcached, PostgreSQL, MongoDB, LDAP, DNS, X11,
HTTP and TLS on their own ports; 2 for SMB, RDP that demands TLS, rpcbind with exports and an FTP server that
hangs up on an unknown name; rsync one more per module (five at most), DNS one more per registered zone, an
open proxy two more with consent. An unknown port costs 1 that greets, else 1 for HTTP and 1 for TLS.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from auditor.model.facts import JSON, Facts
from scanners.services.caches import ask_memcached, ask_redis
from scanners.services.context import Context, Question
from scanners.services.conversation import Conversation, Tls
from scanners.services.desktops import ask_rdp, ask_vnc, ask_x11
from scanners.services.directory import ask_ldap
from scanners.services.domain import ask_domain
from scanners.services.files import ask_ftp, ask_rsync
from scanners.services.greeting import name_of_greeting
from scanners.services.mail import ask_imap, ask_pop3, ask_smtp
from scanners.services.mongodb import ask_mongodb
from scanners.services.mssql import ask_mssql
from scanners.services.mysql import ask_mysql
from scanners.services.postgresql import ask_postgresql
from scanners.services.products import product_of
from scanners.services.proxies import ask_ajp, ask_http_proxy, ask_socks
from scanners.services.rpc import ask_nfs, ask_rpcbind
from scanners.services.smb import ask_smb
from scanners.services.web import ask_http

_GREETING_SECONDS = 1.5
_EXPECTED_SILENCE_SECONDS = 0.4
"""How long is listened where the port number says that the client speaks first."""
_TRIAL_SECONDS = 3.0
"""How long an answer is waited for in a language that nothing suggested."""

_GREETERS: Mapping[str, Question] = {
    "ftp": ask_ftp,
    "imap": ask_imap,
    "mysql": ask_mysql,
    "pop3": ask_pop3,
    "redis": ask_redis,
    "rsync": ask_rsync,
    "smtp": ask_smtp,
    "vnc": ask_vnc,
}
"""Service → its question, where the server speaks first."""

_SUGGESTED: Mapping[int, Question] = {
    **dict.fromkeys(
        (80, 81, 591, 2375, 3000, 3128, 5000, 5984, 5985, 8000, 8001, 8080, 8081, 8888, 9200), ask_http
    ),
    **dict.fromkeys((53,), ask_domain),
    **dict.fromkeys((111,), ask_rpcbind),
    **dict.fromkeys((139, 445), ask_smb),
    **dict.fromkeys((389, 3268), ask_ldap),
    **dict.fromkeys((1080,), ask_socks),
    **dict.fromkeys((1433,), ask_mssql),
    **dict.fromkeys((2049,), ask_nfs),
    **dict.fromkeys((2379, 10255), ask_http),
    **dict.fromkeys((3389,), ask_rdp),
    **dict.fromkeys((5432,), ask_postgresql),
    **dict.fromkeys(range(6000, 6064), ask_x11),
    **dict.fromkeys((6379,), ask_redis),
    **dict.fromkeys((8009,), ask_ajp),
    **dict.fromkeys((11211,), ask_memcached),
    **dict.fromkeys((27017, 27018, 27019), ask_mongodb),
}
_TLS_PORTS = frozenset(
    {443, 465, 636, 853, 989, 990, 992, 993, 994, 995, 2376, 3269, 5986, 6443, 8443, 9443, 10250}
)
_INSIDE_TLS: Mapping[int, Question] = {636: ask_ldap, 3269: ask_ldap, 853: ask_domain}
_GREETED_INSIDE_TLS = frozenset({465, 989, 990, 992, 993, 994, 995})
_MUTE = frozenset({7, 9, 13, 17, 19, 37, 79, 512, 513, 514, 515})
"""Small services, remote shells, printers: the number says enough, and what is sent could be acted on."""
_SPEECHLESS = (OSError, EOFError, ValueError)


@dataclass(frozen=True, slots=True)
class Found:
    """What came of asking a port."""

    facts: Facts
    """Nothing when it took no connection."""
    heard: bytes
    """What it said first."""
    connections: int
    hung_up: bool
    """It hung up on a stranger before anything was asked, as access lists do: more questions end likewise."""


def identify(context: Context) -> Found:
    """Ask a port, within the deadline of its dialer."""
    facts: dict[str, JSON] = {}
    try:
        with contextlib.suppress(*_SPEECHLESS):
            for learned in _spoken(context):
                facts |= learned
        if facts.get("service.name") == "http" and facts.get("service.tls") is False:
            with contextlib.suppress(*_SPEECHLESS):
                for learned in ask_http_proxy(context):
                    facts |= learned
    finally:
        context.close()
    hung_up = not context.heard and context.dialer.opened == 1 and "service.name" in facts
    return Found(facts, context.heard, context.dialer.opened, hung_up and context.port not in _MUTE)


def _spoken(context: Context) -> Iterator[Facts]:
    talk = context.open()
    yield {"service.name": None}
    waits = context.port in _SUGGESTED or context.port in _TLS_PORTS
    greeting = talk.greeting(_EXPECTED_SILENCE_SECONDS if waits else _GREETING_SECONDS)
    name = name_of_greeting(greeting, context.port)
    if name is not None:
        yield {"service.tls": False}
        yield from _greeted(name, greeting, talk, context)
    elif not greeting and context.port not in _MUTE:
        yield from _asked(talk, context)


def _greeted(name: str, greeting: bytes, talk: Conversation, context: Context) -> Iterator[Facts]:
    first = greeting.splitlines()[0] if greeting else b""
    yield {"service.name": name, **product_of(name, first.decode("utf-8", "replace"))}
    if name in _GREETERS:
        yield from _GREETERS[name](talk, context)


def _languages(port: int) -> list[Question]:
    """Return what a port that waits is asked: what its number suggests, then HTTP and TLS."""
    suggested = _ask_tls if port in _TLS_PORTS else _SUGGESTED.get(port)
    return [
        *([suggested] if suggested else []),
        *(one for one in (ask_http, _ask_tls) if one is not suggested),
    ]


def _asked(talk: Conversation, context: Context) -> Iterator[Facts]:
    """Ask in one language after the other until one is understood."""
    expected = context.port in _SUGGESTED or context.port in _TLS_PORTS
    for turn, language in enumerate(_languages(context.port)):
        if turn:
            talk = context.open()
        if turn or not expected:
            talk.patience_seconds = min(talk.patience_seconds, _TRIAL_SECONDS)
        understood = False
        with contextlib.suppress(*_SPEECHLESS):
            for learned in language(talk, context):
                understood = understood or bool(learned.get("service.name") or learned.get("service.tls"))
                yield learned if language is _ask_tls else {"service.tls": False, **learned}
        if understood:
            return
        late = name_of_greeting(talk.heard, context.port)
        if late is not None:
            # It greeted after patience was lost: it is named, and asked on a connection of its own.
            yield {"service.name": late, "service.tls": False}
            yield from _again(late, context)
            return


def _again(name: str, context: Context) -> Iterator[Facts]:
    talk = context.open()
    greeting = talk.greeting(talk.patience_seconds)
    if name_of_greeting(greeting, context.port) == name:
        yield from _greeted(name, greeting, talk, context)


def _ask_tls(talk: Conversation, context: Context) -> Iterator[Facts]:
    """Shake hands, then find out what speaks inside."""
    became = talk.start_tls(context.server_name)
    if became is Tls.SILENT:
        return
    yield {"service.tls": became is not Tls.OTHER}
    if became is not Tls.SPOKEN:
        return
    greets = context.port in _GREETED_INSIDE_TLS
    greeting = talk.greeting(_GREETING_SECONDS if greets else _EXPECTED_SILENCE_SECONDS)
    name = name_of_greeting(greeting, context.port)
    if name is not None:
        yield from _greeted(name, greeting, talk, context)
    elif not greeting:
        yield from _INSIDE_TLS.get(context.port, ask_http)(talk, context)
