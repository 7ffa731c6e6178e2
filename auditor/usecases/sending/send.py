"""Send one message over its channel."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from auditor.model.message import Channel, ChannelKind, Delivery, Message
from auditor.usecases.credentials import SecretProblem, open_secret
from auditor.usecases.sending.connection import Limits
from auditor.usecases.sending.mail import send_mail
from auditor.usecases.sending.problem import SendProblem, without_secret
from auditor.usecases.sending.telegram import send_telegram
from auditor.usecases.sending.webhook import send_webhook


def send(
    channel: Channel, delivery: Delivery, message: Message, now: datetime, limits: Limits | None = None
) -> None:
    """Hand a message to the service of its channel; raise SendProblem, whose words hold no secret."""
    secret = _secret(channel)
    try:
        _send(channel, secret, delivery, message, now, limits or Limits())
    except SendProblem as problem:
        raise SendProblem(
            without_secret(problem.problem, secret, channel.user),
            lasting=problem.lasting,
            whole_channel=problem.whole_channel,
            wait_seconds=problem.wait_seconds,
        ) from None
    except (ValueError, OSError) as error:
        # A name that DNS cannot carry, a URL that HTTP cannot. Its words may hold a secret.
        raise SendProblem(
            f"{channel.id}: nothing can be sent to this host, url or address ({type(error).__name__}); "
            "correct it in the policy"
        ) from None


def _secret(channel: Channel) -> str:
    if channel.secret is None:
        return ""
    try:
        secret = open_secret(channel.secret).decode().strip()
    except SecretProblem as problem:
        raise SendProblem(f"secret of {channel.id}: {problem}", whole_channel=True) from None
    except UnicodeDecodeError:
        raise SendProblem(f"secret of {channel.id}: it is not text; correct it", whole_channel=True) from None
    if not secret:
        raise SendProblem(f"secret of {channel.id}: the file is empty; put it there", whole_channel=True)
    return secret


def _send(
    channel: Channel, secret: str, delivery: Delivery, message: Message, now: datetime, limits: Limits
) -> None:
    match channel.kind:
        case ChannelKind.EMAIL:
            send_mail(channel, secret, delivery, message, limits)
        case ChannelKind.TELEGRAM:
            send_telegram(channel, secret, delivery, message, limits)
        case ChannelKind.WEBHOOK:
            send_webhook(channel, secret, delivery, message, now, limits)
        case _:
            assert_never(channel.kind)
