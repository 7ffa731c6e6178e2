"""Hand a message to a mail server: TLS first, then the login, then one address (RFC 5321, 3207, 4954)."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from auditor.model.message import Channel, Delivery, Encryption, Message
from auditor.usecases.sending.connection import Limits, Watch, tls_context, told
from auditor.usecases.sending.problem import SendProblem
from reports.visible import clipped

_LONGEST_SUBJECT = 200
_LASTING_FROM = 500


class _Client(smtplib.SMTP):
    """A client whose connection is watched, and begins with TLS where `context` is given."""

    def __init__(self, channel: Channel, watch: Watch, context: ssl.SSLContext | None):
        self._watch = watch
        self._context = context
        super().__init__(channel.host, channel.port, timeout=watch.limits.step_seconds)

    def _get_socket(self, host: str, port: int, _seconds: float) -> socket.socket:
        opened = self._watch.open(host, port)
        return self._context.wrap_socket(opened, server_hostname=host) if self._context else opened


def send_mail(channel: Channel, secret: str, delivery: Delivery, message: Message, limits: Limits) -> None:
    """Hand a message over for one address; raise SendProblem. Every attempt sends the same bytes."""
    content = mail_bytes(channel, delivery, message)
    context = None if channel.encryption is Encryption.NONE else tls_context(channel.ca)
    at_once = context if channel.encryption is Encryption.TLS else None
    with Watch(limits) as watch:
        try:
            with contextlib.closing(_Client(channel, watch, at_once)) as client:
                if channel.encryption is Encryption.STARTTLS and context is not None:
                    _start_tls(client, context)
                if channel.user:
                    _log_in(client, channel.user, secret)
                _hand_over(client, channel, delivery.to, content)
        except OSError as error:
            if isinstance(error, smtplib.SMTPResponseException) and not watch.expired:
                raise _refused(error.smtp_code, error.smtp_error, whole_channel=True) from None
            raise told(_beneath(error), channel.host, channel.port, watch) from None


def _beneath(error: OSError) -> OSError:
    """Return what broke a connection off where smtplib wrapped it."""
    if isinstance(error, smtplib.SMTPServerDisconnected) and isinstance(error.__context__, OSError):
        return error.__context__
    return error


def _start_tls(client: smtplib.SMTP, context: ssl.SSLContext) -> None:
    try:
        client.starttls(context=context)
    except smtplib.SMTPNotSupportedError:
        raise SendProblem(
            "the mail server offers no STARTTLS, so nothing was sent; set up TLS there", whole_channel=True
        ) from None


def _log_in(client: smtplib.SMTP, user: str, secret: str) -> None:
    try:
        client.login(user, secret)
    except smtplib.SMTPAuthenticationError as error:
        # Its words are left out: servers repeat what they were given.
        raise SendProblem(
            f"the mail server refused the login ({error.smtp_code}); correct user or secret of the channel",
            whole_channel=True,
        ) from None
    except smtplib.SMTPNotSupportedError:
        raise SendProblem(
            "the mail server offers no login here; look at its port", whole_channel=True
        ) from None
    except UnicodeError:
        raise SendProblem(
            "user or password hold characters that no login can carry; choose others", whole_channel=True
        ) from None


def _hand_over(client: smtplib.SMTP, channel: Channel, to: str, content: bytes) -> None:
    try:
        client.sendmail(parseaddr(channel.sender)[1], [parseaddr(to)[1]], content)
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise _refused(code, said, whole_channel=False) from None
    except smtplib.SMTPSenderRefused as error:
        raise _refused(error.smtp_code, error.smtp_error, whole_channel=True) from None
    except smtplib.SMTPDataError as error:
        raise _refused(error.smtp_code, error.smtp_error, whole_channel=False) from None
    with contextlib.suppress(OSError):
        client.quit()


def _refused(code: int, said: bytes | str, *, whole_channel: bool) -> SendProblem:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return SendProblem(
        f"the mail server refused it ({code} {clipped(words, 150)})",
        lasting=code >= _LASTING_FROM and not whole_channel,
        whole_channel=whole_channel,
    )


def mail_bytes(channel: Channel, delivery: Delivery, message: Message) -> bytes:
    """Return a mail in plain ASCII with text and HTML; raise SendProblem for an address that is not."""
    mail = EmailMessage(policy=SMTP)
    try:
        mail["From"] = _address(channel.sender)
        mail["To"] = _address(delivery.to)
    except ValueError:
        raise SendProblem(
            "an address that mail cannot carry; correct it in the policy", lasting=True
        ) from None
    mail["Subject"] = clipped(message.subject, _LONGEST_SUBJECT)
    mail["Date"] = format_datetime(delivery.created_at)
    mail["Message-ID"] = f"<{delivery.id}@{parseaddr(channel.sender)[1].rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no absence note answers it
    mail["X-Auto-Response-Suppress"] = "All"
    mail["Content-Language"] = message.language
    if message.classification:
        mail["Sensitivity"] = "Company-Confidential"  # RFC 4021, section 2.1.55
    mail.set_content(message.text, cte="quoted-printable")
    mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
    mail.set_boundary(f"tilik-{delivery.id}")
    return mail.as_bytes()


def _address(text: str) -> str:
    if not parseaddr(text)[1].isascii() or any(character in text for character in "\r\n\0"):
        raise ValueError
    return text
