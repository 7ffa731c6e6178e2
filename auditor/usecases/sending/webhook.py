"""Post a message to a webhook, signed as the Standard Webhooks specification says (standardwebhooks.com)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from datetime import datetime

from auditor.model.message import Channel, Delivery, Message
from auditor.usecases.sending.connection import Limits
from auditor.usecases.sending.http import Answer, post
from auditor.usecases.sending.problem import SendProblem

_PREFIX = "whsec_"
_GONE, _TOO_LARGE = 410, 413


def send_webhook(
    channel: Channel, secret: str, delivery: Delivery, message: Message, now: datetime, limits: Limits
) -> None:
    """Post a message as JSON; raise SendProblem. The header webhook-id is the same at every attempt."""
    body = webhook_body(delivery, message)
    timestamp = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Tilik",
        "webhook-id": delivery.id,
        "webhook-timestamp": timestamp,
    }
    if secret:
        headers["webhook-signature"] = signature(secret, delivery.id, timestamp, body)
    answer = post(channel.url, body, headers, channel.ca, limits)
    if not answer.accepted:
        raise _refused(answer)


def webhook_body(delivery: Delivery, message: Message) -> bytes:
    """Return what is posted, as plain ASCII JSON."""
    content = {
        "type": "tilik.digest",
        "id": delivery.id,
        "timestamp": delivery.created_at.isoformat(),
        "audience": delivery.audience.value,
        "opd": delivery.opd or None,
        "language": message.language,
        "classification": message.classification or None,
        "subject": message.subject,
        "text": message.text,
        "data": message.record,
    }
    return json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode()


def signature(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    """Return the header that proves who posted, and when: HMAC-SHA256 over id, timestamp and body."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    mac = hmac.new(_key(secret), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(mac).decode()}"


def _key(secret: str) -> bytes:
    if not secret.startswith(_PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise SendProblem(
            "the secret of the channel begins with whsec_ and goes on with what is not base64; correct it",
            whole_channel=True,
        ) from None


def _refused(answer: Answer) -> SendProblem:
    return SendProblem(
        f"the webhook answered {answer.status}",
        lasting=answer.status in (_GONE, _TOO_LARGE),
        whole_channel=True,
        wait_seconds=answer.wait_seconds,
    )
