"""A connection that a library reads by itself ends in time all the same."""

from __future__ import annotations

import socket
import ssl

import pytest

from scanners.dialling import cut_off
from tests.scanners.loopback import serve

_HELLO_REQUEST = b"\x16\x03\x03\x00\x04\x00\x00\x00\x00"


def _hello_requests_for_ever(connection: socket.socket) -> None:
    connection.recv(4096)
    while True:
        connection.sendall(_HELLO_REQUEST * 1000)


def test_a_handshake_that_never_ends_is_cut_off() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with (
        serve(_hello_requests_for_ever) as server,
        socket.create_connection(("127.0.0.1", server.port)) as plain,
    ):
        plain.settimeout(0.1)
        with (
            context.wrap_socket(plain, do_handshake_on_connect=False) as secured,
            pytest.raises(TimeoutError),
            cut_off(secured, 0.1),
        ):
            secured.do_handshake()


def test_a_connection_within_its_time_is_left_alone() -> None:
    with (
        serve(lambda connection: connection.sendall(connection.recv(9))) as server,
        socket.create_connection(("127.0.0.1", server.port)) as plain,
    ):
        with cut_off(plain, 60.0):
            plain.sendall(b"a")
        assert plain.recv(9) == b"a"


def test_an_error_within_the_time_stays_what_it_is() -> None:
    with socket.socket() as unconnected, pytest.raises(ConnectionResetError), cut_off(unconnected, 60.0):
        raise ConnectionResetError
