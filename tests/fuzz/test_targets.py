"""No reader of outside bytes raises anything that it does not declare."""

from __future__ import annotations

import functools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzz.played import CONNECTION, PART, SILENCE, connection, dialer
from fuzz.target import Target
from fuzz.targets import TARGETS
from tests.fuzz.mutations import mutated

NAMES = tuple(TARGETS)
WANTED = {
    "nmap-ports",
    "tls-flight",
    "certificates",
    "ssh-messages",
    "http-answer",
    "http-page",
    "dns-texts",
    "services",
    "wire-observations",
    "table",
    "inventory",
    "policy",
    "check",
}


@functools.cache
def seeds_of(name: str) -> list[bytes]:
    return TARGETS[name].seeds()


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_damaged_inputs_raise_only_what_is_declared(name: str, data: st.DataObject) -> None:
    TARGETS[name].try_bytes(data.draw(mutated(seeds_of(name))))


@pytest.mark.parametrize("name", NAMES)
def test_real_inputs_are_read(name: str) -> None:
    """Else damaged ones would never get past the first byte."""
    assert sum(TARGETS[name].try_bytes(seed) for seed in seeds_of(name)) > 0


def test_there_is_a_target_for_every_kind_of_outside_bytes() -> None:
    assert set(NAMES) >= WANTED


def test_an_undeclared_error_comes_out() -> None:
    def run(data: bytes) -> None:
        raise KeyError if data else ValueError

    target = Target("planted", run, (ValueError,), lambda: [b""])
    assert target.try_bytes(b"") is False
    with pytest.raises(KeyError):
        target.try_bytes(b"x")


def test_a_played_connection_comes_in_its_parts_and_hangs_up() -> None:
    played = connection(b"220 mail\r\n" + PART + b"250 ok\r\n")
    assert [played.recv(4), played.recv(100), played.recv(100), played.recv(100)] == [
        b"220 ",
        b"mail\r\n",
        b"250 ok\r\n",
        b"",
    ]


def test_a_played_connection_may_fall_silent() -> None:
    played = connection(b"220" + SILENCE)
    assert played.recv(100) == b"220"
    with pytest.raises(TimeoutError):
        played.recv(100)


def test_connections_are_played_one_after_the_other_and_then_refused() -> None:
    played = dialer(b"a" + CONNECTION + b"b", 25)
    assert [played.open().recv(10), played.open().recv(10)] == [b"a", b"b"]
    with pytest.raises(ConnectionRefusedError):
        played.open()
