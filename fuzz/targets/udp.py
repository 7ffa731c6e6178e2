"""Datagrams that come back."""

from __future__ import annotations

from fuzz.target import Target, choose, files
from scanners.udp.questions import CONSENT_CHECK, questions

_QUESTIONS = (*questions("127.0.0.1", {CONSENT_CHECK}), *questions("::1", {CONSENT_CHECK}))


def _reply(data: bytes) -> None:
    which, reply = choose(data, _QUESTIONS)
    assert isinstance(_QUESTIONS[which].answers(reply), bool)
    _QUESTIONS[which].ending(reply)


def _seeds() -> list[bytes]:
    replies = files("scanners/udp/fixtures", "*.reply")
    return [
        bytes((index,)) + reply
        for index in range(len(_QUESTIONS))
        for reply in replies[index % 7 : index % 7 + 2]
    ]


TARGETS = (Target("udp-replies", _reply, (), _seeds),)
