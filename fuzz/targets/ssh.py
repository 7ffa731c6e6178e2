"""What an SSH server says before anything is encrypted."""

from __future__ import annotations

from typing import cast

from fuzz.played import connection
from fuzz.target import Target, choose, files
from scanners.dialling import BoundedSocket, Deadline
from scanners.ssh import parse
from scanners.ssh.greeting import GreetingReader

_READERS = (
    lambda data: parse.identification_facts(parse.parse_identification(data)),
    lambda data: parse.key_exchange_facts(parse.parse_key_exchange(data)),
    lambda data: parse.host_key_facts([data]),
    lambda data: parse.parse_group(data),
)


def _message(data: bytes) -> None:
    which, body = choose(data, _READERS)
    _READERS[which](body)


def _greeting(data: bytes) -> None:
    reader = GreetingReader(cast(BoundedSocket, connection(data)), Deadline.after(600))
    parse.identification_facts(parse.parse_identification(reader.identification()))
    parse.key_exchange_facts(parse.parse_key_exchange(reader.key_exchange()))
    reader.packet()


def _packet(payload: bytes) -> bytes:
    padding = 8 - (len(payload) + 5) % 8 + 4
    return (len(payload) + padding + 1).to_bytes(4, "big") + bytes((padding,)) + payload + bytes(padding)


def _message_seeds() -> list[bytes]:
    lines = [b"\x00" + line for line in files("scanners/ssh/fixtures", "*/identification")]
    offers = [b"\x01" + offer for offer in files("scanners/ssh/fixtures", "*/key-exchange")]
    return lines + offers + [b"\x03" + group for group in files("scanners/ssh/fixtures", "*/group")]


def _greeting_seeds() -> list[bytes]:
    lines = files("scanners/ssh/fixtures", "*/identification")
    offers = files("scanners/ssh/fixtures", "*/key-exchange")
    return [
        line.rstrip() + b"\r\n" + _packet(offer) + _packet(b"\x1f" + bytes(40))
        for line, offer in zip(lines, offers, strict=False)
    ]


TARGETS = (
    Target("ssh-messages", _message, (parse.SshParseError,), _message_seeds),
    Target("ssh-greeting", _greeting, (parse.SshParseError, OSError), _greeting_seeds),
)
