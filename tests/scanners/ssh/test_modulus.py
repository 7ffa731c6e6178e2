"""The group exchange: one question on the first connection, and whatever a server makes of it."""

from __future__ import annotations

import socket
import struct

import pytest

from auditor.model.evidence import FailureKind
from tests.scanners.loopback import Handler, serve
from tests.scanners.ssh.packets import key_exchange_payload, packet
from tests.scanners.ssh.test_scanner import ED25519, IDENTIFICATION, Run, real_server

MODULUS = "ssh.group_exchange_bits"
SHA256 = "diffie-hellman-group-exchange-sha256"
LISTS = (*2 * [["aes128-ctr"]], *2 * [["hmac-sha2-256"]], *2 * [["none"]])
OFFER = key_exchange_payload([SHA256, "ext-info-s"], ["ssh-ed25519"], *LISTS)


def group(bits: int) -> bytes:
    """Return a packet with a group whose modulus has so many bits."""
    modulus = b"\0" + ((1 << bits) - 1).to_bytes(bits // 8, "big")
    numbers = b"".join(struct.pack(">I", len(number)) + number for number in (modulus, b"\2"))
    return packet(b"\x1f" + numbers)


def exchanging(*answers: bytes, received: list[bytes] | None = None) -> Handler:
    """Return a server that offers group exchange, reads two packets, and says these answers."""

    def handler(connection: socket.socket) -> None:
        connection.sendall(IDENTIFICATION + packet(OFFER))
        stream = connection.makefile("rb")
        stream.readline()
        for _ in range(2):
            (length,) = struct.unpack(">I", stream.read(4))
            body = stream.read(length)
            assert (length + 4) % 8 == 0
            if received is not None:
                received.append(body[1 : length - body[0]])
        for answer in answers:
            connection.sendall(answer)
        stream.read()

    return handler


@pytest.mark.parametrize("bits", [1024, 2048, 8192])
def test_the_modulus_of_the_group_is_measured_on_the_first_connection(bits: int) -> None:
    received: list[bytes] = []
    with serve(exchanging(group(bits), received=received)) as listener:
        seen = Run().scan(listener.port, timeout_seconds=2.0, spacing_seconds=60)
    assert seen.facts[MODULUS] == bits
    assert listener.connections == 1
    assert SHA256.encode() in received[0]
    assert received[1] == b"\x22" + struct.pack(">3I", 1024, 1024, 8192)


def test_messages_without_meaning_are_passed_over() -> None:
    with serve(exchanging(packet(b"\2ignored"), packet(b"\4debug"), group(2048))) as listener:
        seen = Run().scan(listener.port, timeout_seconds=2.0, spacing_seconds=60)
    assert seen.facts[MODULUS] == 2048


def test_a_server_without_group_exchange_gives_null() -> None:
    with real_server([ED25519], kex_algs=["curve25519-sha256"]) as (port, _):
        assert Run().scan(port).facts[MODULUS] is None


REFUSALS: dict[str, tuple[bytes, ...]] = {
    "a disconnect": (packet(b"\1" + struct.pack(">I", 3) + bytes(8)),),
    "another message": (packet(b"\x15"),),
    "endless small talk": tuple(packet(b"\2") for _ in range(50)),
    "a group of nothing": (packet(b"\x1f" + bytes(8)),),
    "a group cut short": (packet(b"\x1f\0\0\xff\xff\1"),),
    "an empty packet": (packet(b""),),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_server_that_gives_no_group_leaves_it_missing_and_is_named(name: str) -> None:
    with serve(exchanging(*REFUSALS[name])) as listener:
        seen = Run().scan(listener.port, timeout_seconds=2.0, spacing_seconds=60)
    assert MODULUS not in seen.facts
    assert seen.facts["ssh.ciphers"] == ["aes128-ctr"]
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.PROTOCOL
    assert seen.failure.detail.startswith("group exchange: ")


def test_a_real_server_gives_a_group() -> None:
    with real_server([ED25519], kex_algs=[SHA256]) as (port, _):
        seen = Run().scan(port)
    assert seen.failure is None
    bits = seen.facts[MODULUS]
    assert isinstance(bits, int) and bits >= 1024
