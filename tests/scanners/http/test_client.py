"""The HTTP client: old TLS, the gap between requests, and headers that take another's place."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from scanners.base import Limits
from scanners.dialling import Deadline, Dialer
from scanners.http.client import Client
from scanners.http.message import Site as AskedSite
from tests.scanners.http.old_tls import running_old
from tests.scanners.http.sites import Site, answer, read_head, running
from tests.scanners.loopback import Listener, serve


@contextmanager
def asking(
    listener: Listener, scheme: str = "http", packets_per_second: int = 50
) -> Iterator[tuple[Client, list[float]]]:
    gaps: list[float] = []
    limits = Limits(5, 1, packets_per_second, 10.0, connect_timeout_seconds=2.0, response_bytes=200_000)
    dialer = Dialer("127.0.0.1", listener.port, limits, lambda: None, Deadline.after(10.0), wait=gaps.append)
    client = Client(AskedSite(scheme, "dinkes.lab.test", listener.port), "dinkes.lab.test", dialer, 5.0)
    try:
        yield client, gaps
    finally:
        client.close()


@pytest.mark.parametrize(("cipher", "size"), [("rc4", 40_000), ("3des", 500)])
def test_a_site_that_only_old_clients_can_open_is_read(cipher: str, size: int) -> None:
    body = b"x" * size
    with (
        running_old(Site({"/": answer(200, body)}), [cipher]) as listener,
        asking(listener, "https") as (client, _),
    ):
        answers = [client.ask("GET", "/") for _ in range(3)]
        assert [one.body for one in answers] == [body] * 3
        assert client.legacy
        assert listener.connections == 2, "one that failed with the current library, and one that is kept"


def test_a_server_that_agrees_to_nothing_is_no_answer() -> None:
    def refuse(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(b"\x15\x03\x01\x00\x02\x02\x28")

    with serve(refuse) as listener, asking(listener, "https") as (client, _):
        with pytest.raises(OSError, match=r"(?i)handshake"):
            client.ask("GET", "/")
        assert listener.connections == 2


@pytest.mark.parametrize(("packets_per_second", "gap"), [(50, 0.04), (5, 0.4)])
def test_requests_on_a_kept_connection_leave_a_gap(packets_per_second: int, gap: float) -> None:
    site = Site({"/": answer(200)})
    with running(site) as listener, asking(listener, "http", packets_per_second) as (client, gaps):
        for _ in range(3):
            client.ask("GET", "/")
    assert len(gaps) == 2
    assert all(one >= gap for one in gaps)


def test_a_slow_server_is_given_as_long_as_it_took() -> None:
    with running(Site({"/": answer(200)})) as listener, asking(listener) as (client, gaps):
        client.ask("GET", "/")
        client.last_seconds = 0.7
        client.ask("GET", "/")
        client.last_seconds = 60.0
        client.ask("GET", "/")
    assert gaps == [0.7, 1.0]


def test_a_header_given_takes_the_place_of_the_usual_one() -> None:
    site = Site({"/": answer(200)})
    with running(site) as listener, asking(listener) as (client, _):
        client.ask("GET", "/", (("Host", "other.test"), ("User-Agent", "x")))
    assert site.requests[0].count(b"Host:") == site.requests[0].count(b"User-Agent:") == 1
    assert b"Host: other.test\r\n" in site.requests[0]


def test_an_old_connection_that_ends_early_gives_what_it_sent() -> None:
    cut = answer(200, b"short", {"Content-Length": "500"})
    with (
        running_old(Site({"/": cut}, keep=False), ["rc4"]) as listener,
        asking(listener, "https") as (client, _),
    ):
        response = client.ask("GET", "/")
    assert (response.body, response.complete) == (b"short", False)


def test_a_server_that_never_begins_is_left_after_the_time_for_a_first_byte() -> None:
    def silent(connection: socket.socket) -> None:
        while read_head(connection):
            pass

    with serve(silent) as listener, asking(listener) as (client, _):
        client.first_byte_seconds = 0.05
        with pytest.raises(TimeoutError):
            client.ask("GET", "/")
