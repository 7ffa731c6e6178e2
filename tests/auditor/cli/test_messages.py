"""messages, as a user runs it: look at a digest, try out a channel, send, list, and try again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.auditor.cli.command import Result, auditor, auditors
from tests.auditor.cli.world import write_files
from tests.auditor.usecases.sending.web import Posted, answer, answering, web_service
from tests.scanners.loopback import unused_port

CHANNEL = """\
messages:
  channels: [{{id: pusat, kind: webhook, url: "http://127.0.0.1:{port}/tilik"}}]
  recipients:
    - {{audience: security, channel: pusat}}
    - {{audience: opd, opd: dinkes, channel: pusat, language: en}}
"""


def place(folder: Path, port: int) -> Path:
    write_files(folder, {"dinkes-web-01": "127.30.9.9"})
    policy = folder / "policies.yaml"
    policy.write_text(policy.read_text() + CHANNEL.format(port=port))
    return folder


def messages(folder: Path, *arguments: str) -> Result:
    return auditor("messages", *arguments, cwd=folder)


def rows(result: Result) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(result.out)
    return listed


@pytest.fixture(scope="module")
def previews(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Result]]:
    commands = {
        "text": "messages preview",
        "opd": "messages preview --audience opd --opd dinkes --language en",
        "html": "messages preview --audience leadership --form html",
        "short": "messages preview --form short",
        "json": "messages preview --form json",
        "wrong": "messages preview --audience opd --opd dinkesh",
        "list": "messages list",
        "unknown": "messages retry M-0",
        "no channel": "messages test pusatt",
    }
    folder = place(tmp_path_factory.mktemp("previews"), unused_port())
    yield dict(zip(commands, auditors([one.split() for one in commands.values()], cwd=folder), strict=True))


def test_a_digest_is_shown_in_every_form(previews: dict[str, Result]) -> None:
    assert "Belum ada audit yang dinilai" in previews["text"].out
    assert "=Dinas Kesehatan" in previews["opd"].out
    assert "No audit has been judged yet" in previews["opd"].out
    assert previews["html"].out.startswith("<!doctype html>")
    assert json.loads(previews["json"].out)["schema"] == "tilik-digest-1"
    for name in ("text", "opd", "html", "short", "json"):
        assert (previews[name].code, previews[name].err) == (0, "")


def test_mistakes_are_told_with_a_next_step(previews: dict[str, Result]) -> None:
    for name, told in (
        ("wrong", "there is no opd dinkesh\nNext: choose of: dinkes\n"),
        ("unknown", "there is no message M-0\nNext: list them with: auditor messages list\n"),
        ("no channel", "there is no channel pusatt\nNext: choose of: pusat\n"),
    ):
        assert (previews[name].code, previews[name].err) == (2, told)
    assert previews["list"].out == "No messages.\n"


def test_what_is_sent_is_listed_and_what_fails_can_be_tried_again(tmp_path: Path) -> None:
    posted = Posted()
    answers = [answer(410), answer(200), answer(200)]
    with web_service(posted, lambda connection: answering(answers.pop(0))(connection), plain=True) as server:
        folder = place(tmp_path, server.port)
        sent = messages(folder, "send", "--format", "json")
        # The webhook is gone for good, it says, so its second message was not even tried.
        assert (sent.code, [one["status"] for one in rows(sent)]) == (3, ["failed", "failed"])
        listed = rows(messages(folder, "list", "--status", "failed", "--format", "json"))
        assert {one["problem"] for one in listed} == {"the webhook answered 410"}
        again = messages(folder, "retry", "--format", "json")
        assert (again.code, [one["status"] for one in rows(again)]) == (0, ["sent", "sent"])
    assert len(posted.requests) == 3
    bodies = [json.loads(body) for _, _, body in posted.requests]
    assert {body["audience"] for body in bodies[1:]} == {"security", "opd"}
    assert {body["id"] for body in bodies[1:]} == {one["id"] for one in listed}


def test_a_channel_is_tried_out(tmp_path: Path) -> None:
    posted = Posted()
    with web_service(posted, plain=True) as server:
        tried = messages(place(tmp_path, server.port), "test", "pusat")
    assert (tried.code, tried.out) == (0, "Sent over pusat. Next: look whether it arrived.\n")
    ((_, _, body),) = posted.requests
    assert json.loads(body)["data"]["schema"] == "tilik-sample-1"
    silent = messages(tmp_path, "test", "pusat")
    assert silent.code == 2
    assert (
        "the connection was refused\nNext: mend it, and try again: auditor messages test pusat" in silent.err
    )


def test_without_readers_nothing_can_be_sent(tmp_path: Path) -> None:
    write_files(tmp_path, {"dinkes-web-01": "127.30.9.9"})
    sent = messages(tmp_path, "send")
    assert (sent.code, sent.err.startswith("the policy names nobody to tell\n")) == (2, True)
