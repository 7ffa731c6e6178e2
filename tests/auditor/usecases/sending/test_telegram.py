"""Telegram gets plain text over verified TLS, and the bot's token is told nowhere."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from auditor.model.message import Channel, ChannelKind
from auditor.usecases.sending.problem import SendProblem
from auditor.usecases.sending.send import send
from tests.auditor.usecases.sending.post import LIMITS, MESSAGE, NOW, ca_file, delivery, secret_file
from tests.auditor.usecases.sending.web import Posted, answer, answering, web_service
from tests.scanners.loopback import unused_port

TOKEN = "123456:AAF-abcdefghijklmnopqrstuvwxyz_0123"
TOLD = delivery("-1001234567890", channel="grup")


def telegram(folder: Path, port: int, token: str = TOKEN) -> Channel:
    return Channel(
        id="grup",
        kind=ChannelKind.TELEGRAM,
        url=f"https://127.0.0.1:{port}/",
        secret=secret_file(folder, token + "\n"),
        ca=ca_file(folder),
    )


def refused(channel: Channel) -> SendProblem:
    with pytest.raises(SendProblem) as found:
        send(channel, TOLD, MESSAGE, NOW, LIMITS)
    assert TOKEN not in str(found.value)
    return found.value


def test_a_message_is_plain_text_that_nobody_passes_on(tmp_path: Path) -> None:
    posted = Posted()
    with web_service(posted) as server:
        send(telegram(tmp_path, server.port), TOLD, MESSAGE, NOW, LIMITS)
    line, _, body = posted.only
    assert line == f"POST /bot{TOKEN}/sendMessage HTTP/1.1"
    content = json.loads(body)
    assert content == {
        "chat_id": "-1001234567890",
        "text": MESSAGE.short,
        "link_preview_options": {"is_disabled": True},
        "protect_content": True,
    }


def told(status: int, **content: object) -> bytes:
    return answer(status, body=json.dumps({"ok": False, **content}).encode())


@pytest.mark.parametrize(
    ("said", "lasting", "whole_channel", "wait_seconds", "words"),
    [
        (told(400, description="Bad Request: chat not found"), True, False, 0, "chat not found"),
        (told(403, description="Forbidden: bot was blocked by the user"), True, False, 0, "blocked"),
        (told(401, description="Unauthorized"), False, True, 0, "does not know the bot"),
        (told(404, description="Not Found"), False, True, 0, "does not know the bot"),
        (told(429, description="Later", parameters={"retry_after": 35}), False, True, 35, "Later"),
        (told(429, parameters={"retry_after": -5}), False, True, 0, "429"),
        (told(429, parameters={"retry_after": "besok"}), False, True, 0, "429"),
        (told(500, description=["bukan teks"], parameters=3), False, True, 0, "500"),
        (answer(502, body=b"<html>"), False, True, 0, "502"),
        (answer(502, body=b"[" * 16_000), False, True, 0, "502"),
        (told(400, description=f"no {TOKEN}\x1b[31m\u202e" + "x" * 900), True, False, 0, "no ***"),
    ],
)
def test_a_refusal_is_told_in_few_words(
    said: bytes, lasting: bool, whole_channel: bool, wait_seconds: int, words: str, tmp_path: Path
) -> None:
    with web_service(Posted(), answering(said)) as server:
        problem = refused(telegram(tmp_path, server.port))
    assert (problem.lasting, problem.whole_channel, problem.wait_seconds) == (
        lasting,
        whole_channel,
        wait_seconds,
    )
    assert words in problem.problem
    assert len(problem.problem) < 320
    assert problem.problem.isprintable()


@pytest.mark.parametrize("token", ["bukan token", "123:abc/../../lain?x=", "123456:kurang\r\nHost: musuh"])
def test_what_is_no_token_goes_nowhere(token: str, tmp_path: Path) -> None:
    posted = Posted()
    with web_service(posted) as server:
        problem = refused(telegram(tmp_path, server.port, token))
    assert "no token of a bot" in problem.problem
    assert token not in problem.problem
    assert posted.requests == []


def test_the_token_is_in_no_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), web_service(Posted(), answering(told(500))) as server:
        refused(telegram(tmp_path, server.port))
        refused(telegram(tmp_path, unused_port()))
    assert TOKEN not in caplog.text
