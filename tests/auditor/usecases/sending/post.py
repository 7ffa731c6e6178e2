"""A certificate authority, a message and channels for tests of sending, and small mail servers."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from auditor.model.host_access import SecretReference, SecretSource
from auditor.model.message import Audience, Channel, ChannelKind, Delivery, Encryption, Message
from auditor.usecases.sending.connection import Limits
from tests.scanners.loopback import unused_port
from tests.scanners.tls.servers import Identity, issue, server_context

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
PASSWORD = "rahasia-S4ngat"
LIMITS = Limits(step_seconds=10, whole_seconds=20)
_BEGINS, _ENDS = datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)
MESSAGE = Message(
    subject="[Terbatas] Ringkasan audit 22 November 2026: Dinas Kesehatan",
    text="Tiga temuan lewat tenggat – é.\n",
    html="<!doctype html><p>Tiga temuan lewat tenggat – é.</p>",
    short="Tiga temuan",
    language="id",
    classification="Terbatas",
    record={"schema": "tilik-digest-1", "overdue": 3},
)


@cache
def authority() -> Identity:
    """Return a CA as strict clients want it."""
    key = ec.generate_private_key(ec.SECP256R1())
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    known = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return issue(
        "CA Kabupaten", key=key, authority=True, extensions=(usage, known), begins=_BEGINS, ends=_ENDS
    )


@cache
def leaf(*names: str) -> Identity:
    """Return a server certificate of the CA for names or addresses."""
    issuer = authority().key.public_key()
    return issue(
        names[0],
        authority(),
        names=names,
        extensions=(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer),),
        begins=_BEGINS,
        ends=_ENDS,
    )


def context(*names: str) -> ssl.SSLContext:
    """Return the TLS of a server, by default for 127.0.0.1."""
    return server_context(leaf(*(names or ("127.0.0.1",))))


def ca_file(folder: Path) -> str:
    """Write the CA to a file and return its path."""
    path = folder / "ca.pem"
    path.write_bytes(authority().certificate.public_bytes(Encoding.PEM))
    return str(path)


def secret_file(folder: Path, content: str = PASSWORD, mode: int = 0o600) -> SecretReference:
    """Write a secret to a file and return where it lies."""
    path = folder / f"secret-{abs(hash((content, mode)))}"
    path.write_text(content)
    path.chmod(mode)
    return SecretReference(SecretSource.FILE, str(path))


def delivery(to: str = "ti@dinkes.example.go.id", **changes: object) -> Delivery:
    """Return a delivery to an address."""
    values: dict[str, object] = {
        "id": "M-0123456789abcdef0123",
        "channel": "surel",
        "to": to,
        "audience": Audience.OPD,
        "opd": "dinkes",
        "subject": MESSAGE.subject,
        "created_at": NOW - timedelta(minutes=1),
        **changes,
    }
    return Delivery(**values)  # type: ignore[arg-type]


def mail_channel(folder: Path, port: int, **changes: object) -> Channel:
    """Return a mail channel to this machine with the CA, STARTTLS and a login."""
    values: dict[str, object] = {
        "id": "surel",
        "kind": ChannelKind.EMAIL,
        "host": "127.0.0.1",
        "port": port,
        "encryption": Encryption.STARTTLS,
        "user": "tilik",
        "sender": "Tilik Audit <tilik@kabupaten.example.go.id>",
        "secret": secret_file(folder),
        "ca": ca_file(folder),
        **changes,
    }
    return Channel(**values)  # type: ignore[arg-type]


@dataclass
class Post:
    """A mail server's handler: what it took on, and answers it gives instead of taking on."""

    mails: list[Envelope] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    to_answers: list[str] = field(default_factory=list)
    data_answers: list[str] = field(default_factory=list)

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Refuse as long as there are refusals."""
        if self.to_answers:
            return self.to_answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep a mail, or refuse it."""
        if self.data_answers:
            return self.data_answers.pop(0)
        self.mails.append(envelope)
        self.encrypted.append(session.ssl is not None)
        return "250 OK"


def _login(_server: SMTP, _session: Session, _envelope: Envelope, _kind: str, given: object) -> AuthResult:
    right = isinstance(given, LoginPassword) and given.password == PASSWORD.encode()
    return AuthResult(success=right, handled=False)


@contextlib.contextmanager
def post_office(
    post: Post, *, starttls: ssl.SSLContext | None = None, at_once: ssl.SSLContext | None = None
) -> Iterator[int]:
    """Run a mail server with a login and yield its port."""
    controller = Controller(
        post,
        hostname="127.0.0.1",
        port=unused_port(),
        tls_context=starttls,
        ssl_context=at_once,
        require_starttls=starttls is not None,
        authenticator=_login,
        auth_required=starttls is not None,
        # Of TLS that begins before SMTP the server knows nothing.
        auth_require_tls=at_once is None,
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
