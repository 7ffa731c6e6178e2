"""Who is told what, over which channel, and whether it arrived."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from auditor.model.facts import JSON
from auditor.model.host_access import SecretReference


class ChannelKind(StrEnum):
    """How messages are sent."""

    EMAIL = "email"
    TELEGRAM = "telegram"
    WEBHOOK = "webhook"


class Encryption(StrEnum):
    """How a connection to a mail server is protected."""

    STARTTLS = "starttls"
    """TLS is demanded after the greeting; without it nothing is sent."""
    TLS = "tls"
    NONE = "none"
    """Only to this very machine."""


class Audience(StrEnum):
    """For whom a digest is written."""

    SECURITY = "security"
    LEADERSHIP = "leadership"
    OPD = "opd"


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to send messages; what does not belong to its kind is empty. Secrets are references."""

    id: str
    kind: ChannelKind
    host: str = ""
    port: int = 0
    encryption: Encryption = Encryption.STARTTLS
    user: str = ""
    sender: str = ""
    """Address that mail comes from."""
    url: str = ""
    """Of a webhook; of Telegram the address of its service."""
    secret: SecretReference | None = None
    """Password of the mail account, token of the Telegram bot, or key that signs a webhook's body."""
    ca: str = ""
    """Absolute path of a PEM file with the organisation's own CA; empty: the public ones."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who gets digests: for whom they are written, over which channel, to which addresses."""

    audience: Audience
    channel: str
    to: tuple[str, ...]
    """Mail addresses, or ids of Telegram chats; nothing for a webhook."""
    opd: str = ""
    """Of the audience opd."""
    language: str = ""
    """Empty: the policy's."""


class DeliveryStatus(StrEnum):
    """Whether a message arrived at the service that takes it on."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    """Given up after the last attempt."""


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody is told, in every form that a channel may need. Texts are whole and already escaped."""

    subject: str
    """One line."""
    text: str
    html: str
    short: str
    """What fits into one message of a chat."""
    language: str
    classification: str
    """As the policy marks documents; empty: open to everybody."""
    record: JSON
    """The same as data, for programs."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one address. `id` is the same for the same digest and address, so none is sent twice."""

    id: str
    channel: str
    to: str
    audience: Audience
    opd: str
    subject: str
    created_at: datetime
    status: DeliveryStatus = DeliveryStatus.WAITING
    attempts: int = 0
    next_attempt_at: datetime | None = None
    sent_at: datetime | None = None
    problem: str = field(default="")
    """Why the last attempt failed, without any secret."""
