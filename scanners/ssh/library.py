"""Ask what needs a whole key exchange: host keys, and what is offered and said to an unknown user.

No credential exists here: no key, agent, password or configuration file is read, so the server's host
key need not be known beforehand, and a hostile one can take nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import TypeVar

import asyncssh
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from scanners.dialling import BoundedSocket, Dialer
from scanners.ssh import algorithms
from scanners.ssh.greeting import OWN_VERSION

UNKNOWN_USER = "tilik-audit"
_BUDGET_BYTES = 262_144
_BANNER_CHARACTERS = 2000
_QUESTION_SECONDS = 30.0
"""Long enough for a server that looks up names in vain; the library itself would wait for two minutes."""
ERRORS = (
    asyncssh.Error,
    OSError,
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    InvalidSignature,
    UnsupportedAlgorithm,
)
"""What a hostile or an old server can make asyncssh raise: it hands on whatever its packet handlers meet."""

_T = TypeVar("_T")
# Without a handler, the last resort of `logging` would print a server's text to the terminal.
logging.getLogger("asyncssh").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class LoginOffer:
    """What a server says to an unknown user: the methods of login, sorted, and a text, None for none."""

    methods: tuple[str, ...]
    banner: str | None


class _Listener(asyncssh.SSHClient):
    """Keep the text that a server shows before any login."""

    def __init__(self) -> None:
        self.banner = ""

    def auth_banner_received(self, msg: str, _lang: str) -> None:
        """Add a piece of it, as far as it is still short (RFC 4252, section 5.4)."""
        self.banner += msg[: _BANNER_CHARACTERS - len(self.banner)]


def login_offer(dialer: Dialer) -> LoginOffer:
    """Return what is said after the one attempt `none` of an unknown user.

    Raises one of ERRORS when nothing can be negotiated or the server does not answer in time.
    """
    every = [name for names in algorithms.HOST_KEY_SIGNATURES.values() for name in names]
    listener = _Listener()

    def ask(connection: BoundedSocket) -> Coroutine[object, object, Sequence[str]]:
        return asyncssh.get_server_auth_methods(
            sock=connection,
            config=None,
            username=UNKNOWN_USER,
            client_version=OWN_VERSION,
            kex_algs=algorithms.KEY_EXCHANGE,
            server_host_key_algs=every,
            options=_options(listener),
        )

    methods = _asked(dialer, ask)
    return LoginOffer(tuple(sorted(set(methods))), listener.banner or None)


def host_key(dialer: Dialer, signatures: tuple[str, ...]) -> bytes:
    """Return the public key blob that the server proves with one of these signature algorithms.

    Raises one of ERRORS when nothing can be negotiated or the server does not answer in time.
    """

    def ask(connection: BoundedSocket) -> Coroutine[object, object, asyncssh.SSHKey | None]:
        return asyncssh.get_server_host_key(
            sock=connection,
            config=None,
            client_version=OWN_VERSION,
            kex_algs=algorithms.KEY_EXCHANGE,
            server_host_key_algs=signatures,
            options=_options(_Listener()),
        )

    key = _asked(dialer, ask)
    if key is None:
        raise LookupError("the server proved no host key")
    return key.public_data


def _options(listener: _Listener) -> asyncssh.SSHClientConnectionOptions:
    return asyncssh.SSHClientConnectionOptions(
        client_factory=lambda: listener,
        config=None,
        username=UNKNOWN_USER,
        known_hosts=None,
        client_keys=None,
        agent_path=None,
        password=None,
        gss_kex=False,
        gss_auth=False,
        host_based_auth=False,
        encryption_algs=algorithms.CIPHERS,
        mac_algs=algorithms.MACS,
        compression_algs=algorithms.COMPRESSION,
    )


def _asked(dialer: Dialer, ask: Callable[[BoundedSocket], Coroutine[object, object, _T]]) -> _T:
    """Ask one question over a connection of its own, bounded in time and bytes."""
    with dialer.open() as connection:
        connection.budget_bytes = min(connection.budget_bytes, _BUDGET_BYTES)
        connection.setblocking(False)
        seconds = min(dialer.deadline.remaining_seconds(), _QUESTION_SECONDS)
        return asyncio.run(asyncio.wait_for(ask(connection), seconds))
