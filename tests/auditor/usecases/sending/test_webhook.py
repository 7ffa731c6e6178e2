"""A webhook gets signed JSON over verified TLS, and nothing it answers can hold or mislead us."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from auditor.model.message import Channel, ChannelKind
from auditor.usecases.sending.connection import Limits
from auditor.usecases.sending.problem import SendProblem
from auditor.usecases.sending.send import send
from tests.auditor.usecases.sending.post import (
    LIMITS,
    MESSAGE,
    NOW,
    PASSWORD,
    ca_file,
    context,
    delivery,
    secret_file,
)
from tests.auditor.usecases.sending.web import Posted, answer, answering, web_service

TOLD = delivery("", channel="pusat")


def webhook(folder: Path, port: int, **changes: object) -> Channel:
    values: dict[str, object] = {
        "id": "pusat",
        "kind": ChannelKind.WEBHOOK,
        "url": f"https://127.0.0.1:{port}/tilik?dari=audit",
        "secret": secret_file(folder),
        "ca": ca_file(folder),
        **changes,
    }
    return Channel(**values)  # type: ignore[arg-type]


def refused(channel: Channel, limits: Limits = LIMITS) -> SendProblem:
    with pytest.raises(SendProblem) as found:
        send(channel, TOLD, MESSAGE, NOW, limits)
    assert PASSWORD not in str(found.value)
    return found.value


def test_a_digest_is_posted_as_json_with_a_signature(tmp_path: Path) -> None:
    posted = Posted()
    with web_service(posted) as server:
        send(webhook(tmp_path, server.port), TOLD, MESSAGE, NOW, LIMITS)
    line, headers, body = posted.only
    assert line == "POST /tilik?dari=audit HTTP/1.1"
    assert headers["host"] == f"127.0.0.1:{server.port}"
    assert headers["content-type"] == "application/json"
    content = json.loads(body)
    assert content["data"] == MESSAGE.record
    assert (content["id"], content["opd"], content["audience"]) == (TOLD.id, "dinkes", "opd")
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mac = hmac.new(PASSWORD.encode(), signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(mac).decode()
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert headers["webhook-id"] == TOLD.id


def test_a_key_may_be_written_as_the_specification_does(tmp_path: Path) -> None:
    # The example of standardwebhooks.com.
    posted, key = Posted(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    with web_service(posted) as server:
        channel = webhook(tmp_path, server.port, secret=secret_file(tmp_path, key))
        send(channel, TOLD, MESSAGE, NOW, LIMITS)
        wrong = webhook(tmp_path, server.port, secret=secret_file(tmp_path, "whsec_bukan base64!"))
        assert "base64" in refused(wrong).problem
    _, headers, body = posted.only
    signed = f"{TOLD.id}.{headers['webhook-timestamp']}.".encode() + body
    mac = hmac.new(base64.b64decode(key.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(mac).decode()


def test_without_a_secret_there_is_no_signature(tmp_path: Path) -> None:
    posted = Posted()
    with web_service(posted, plain=True) as server:
        channel = webhook(tmp_path, server.port, secret=None, url=f"http://127.0.0.1:{server.port}")
        send(channel, TOLD, MESSAGE, NOW, LIMITS)
    line, headers, _ = posted.only
    assert line == "POST / HTTP/1.1"
    assert "webhook-signature" not in headers


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int, tmp_path: Path) -> None:
    first, elsewhere = Posted(), Posted()
    with web_service(elsewhere) as other:
        to = f"Location: https://127.0.0.1:{other.port}/"
        with web_service(first, answering(answer(status, to))) as server:
            problem = refused(webhook(tmp_path, server.port))
    assert "elsewhere" in problem.problem
    assert len(first.requests) == 1
    assert elsewhere.requests == []


@pytest.mark.parametrize(
    ("said", "lasting", "wait_seconds"),
    [
        (answer(500), False, 0),
        (answer(404), False, 0),
        (answer(410), True, 0),
        (answer(429, "Retry-After: 120"), False, 120),
        (answer(503, "Retry-After: 99999999999999"), False, 0),
        (answer(503, "Retry-After: 999999"), False, 86_400),
        (answer(503, "Retry-After: Wed, 21 Oct 2026 07:28:00 GMT"), False, 0),
    ],
)
def test_a_refusal_says_when_to_come_again(
    said: bytes, lasting: bool, wait_seconds: int, tmp_path: Path
) -> None:
    with web_service(Posted(), answering(said)) as server:
        problem = refused(webhook(tmp_path, server.port))
    assert (problem.lasting, problem.wait_seconds) == (lasting, wait_seconds)


def endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 500 Jawaban\r\nConnection: close\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65536)


def endless_acceptance(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 202 Diterima\r\nConnection: close\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65536)


def endless_headers(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-Kepala: isi\r\n" * 1000)


def silent(connection: socket.socket) -> None:
    connection.recv(65536)


def dripping(connection: socket.socket) -> None:
    connection.settimeout(0.02)
    while True:
        connection.sendall(b"H")
        try:
            if not connection.recv(1):
                return
        except TimeoutError:
            continue


@pytest.mark.parametrize(
    ("respond", "limits", "told"),
    [
        (endless, LIMITS, "answered 500"),
        (endless_headers, LIMITS, "broken off"),
        (silent, Limits(0.2, 10), "no answer within 0.2 seconds"),
        (dripping, Limits(10, 0.4), "not done within 0.4 seconds"),
        (answering(b"220 ini SMTP\r\n"), LIMITS, "broken off"),
        (answering(b""), LIMITS, "broken off"),
    ],
)
def test_an_answer_that_is_none_holds_nobody(
    respond: Callable[[socket.socket], None], limits: Limits, told: str, tmp_path: Path
) -> None:
    with web_service(Posted(), respond) as server:
        assert told in refused(webhook(tmp_path, server.port), limits).problem


def test_what_follows_an_acceptance_is_not_read(tmp_path: Path) -> None:
    posted = Posted()
    with web_service(posted, endless_acceptance) as server:
        send(webhook(tmp_path, server.port), TOLD, MESSAGE, NOW, LIMITS)
    assert len(posted.requests) == 1


def test_a_certificate_must_be_trusted_and_have_the_right_name(tmp_path: Path) -> None:
    posted = Posted()
    with web_service(posted, tls=context("lain.example.go.id")) as server:
        assert "not trusted" in refused(webhook(tmp_path, server.port)).problem
    with web_service(posted) as server:
        assert "not trusted" in refused(replace(webhook(tmp_path, server.port), ca="")).problem
    assert posted.requests == []


def test_a_proxy_of_the_environment_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    posted, proxied = Posted(), Posted()
    with web_service(proxied, plain=True) as proxy, web_service(posted) as server:
        for name in ("http_proxy", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        send(webhook(tmp_path, server.port), TOLD, MESSAGE, NOW, LIMITS)
    assert proxied.requests == []
    assert len(posted.requests) == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://dasbor..go.id/tilik",
        f"https://{'a' * 64}.go.id/",
        "https://127.0.0.1:PORT/kab/é",
        "https://127.0.0.1:70000/",
        "https://[127.0.0.1/",
    ],
)
def test_an_address_that_cannot_be_used_is_a_problem_of_that_message(url: str, tmp_path: Path) -> None:
    posted = Posted()
    with web_service(posted) as server:
        problem = refused(webhook(tmp_path, 0, url=url.replace("PORT", str(server.port))))
    assert "correct it in the policy" in problem.problem
    assert not problem.lasting
