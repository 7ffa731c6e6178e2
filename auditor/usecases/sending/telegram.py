"""Send a message to a chat of Telegram, as the Bot API's sendMessage says (core.telegram.org/bots/api)."""

from __future__ import annotations

import json
import re

from auditor.model.message import Channel, Delivery, Message
from auditor.usecases.sending.connection import Limits
from auditor.usecases.sending.http import TOO_MANY, Answer, post
from auditor.usecases.sending.problem import SendProblem

LONGEST_TEXT = 4096
"""UTF-16 code units of one message."""
_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{10,100}")
_NO_CHAT, _FORBIDDEN = 400, 403
_NO_TOKEN = (401, 404)
_LONGEST_WAIT_SECONDS = 86_400


def send_telegram(
    channel: Channel, secret: str, delivery: Delivery, message: Message, limits: Limits
) -> None:
    """Send a message as plain text, which nothing in it can format; raise SendProblem."""
    if not _TOKEN.fullmatch(secret):
        raise SendProblem(
            "the secret of the channel is no token of a bot; put there what BotFather gave, such as 123:AB…",
            whole_channel=True,
        )
    content = {
        "chat_id": delivery.to,
        "text": message.short,
        "link_preview_options": {"is_disabled": True},
        "protect_content": bool(message.classification),
    }
    url = f"{channel.url.rstrip('/')}/bot{secret}/sendMessage"
    headers = {"Content-Type": "application/json", "User-Agent": "Tilik"}
    answer = post(url, json.dumps(content).encode(), headers, channel.ca, limits)
    if not answer.accepted:
        raise _refused(answer)


def _refused(answer: Answer) -> SendProblem:
    description, wait = _told(answer.body)
    if answer.status in _NO_TOKEN:
        return SendProblem(
            f"Telegram does not know the bot ({answer.status}); correct the secret of the channel",
            whole_channel=True,
        )
    lasting = answer.status in (_NO_CHAT, _FORBIDDEN)
    return SendProblem(
        f"Telegram refused it ({answer.status}{' ' if description else ''}{description})",
        lasting=lasting,
        whole_channel=not lasting,
        wait_seconds=max(wait, answer.wait_seconds) if answer.status == TOO_MANY else 0,
    )


def _told(body: bytes) -> tuple[str, int]:
    """Return what Telegram says of a refusal, and how long it asks to wait."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return "", 0
    if not isinstance(told, dict):
        return "", 0
    description, parameters = told.get("description"), told.get("parameters")
    wait = parameters.get("retry_after") if isinstance(parameters, dict) else 0
    return (
        description[:150] if isinstance(description, str) else "",
        min(max(wait, 0), _LONGEST_WAIT_SECONDS) if isinstance(wait, int) else 0,
    )
