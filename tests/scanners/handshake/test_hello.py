"""ClientHellos are well-formed, and of lengths that servers answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.handshake.groups import CURVES, TLS_1_3_GROUPS
from scanners.handshake.hello import (
    SSL_3_0,
    TLS_1_0,
    TLS_1_2,
    TLS_1_3,
    Hello,
    encode_hello,
    encode_ssl_2_0_hello,
)
from scanners.handshake.suites import NAMES, SSL_2_0_SUITES, SUITES, TLS_1_3_SUITES
from tests.scanners.handshake.fake import read_offer

RANDOM = bytes(range(32))
NAME = "layanan.dinkes.kabupaten-contoh.go.id"
suites = st.lists(st.sampled_from(sorted(SUITES)), unique=True, min_size=1)


def test_no_code_point_and_no_name_stands_twice() -> None:
    assert len(NAMES) == len(SUITES) + len(TLS_1_3_SUITES) == len(set(NAMES.values()))


@pytest.mark.parametrize("version", [SSL_3_0, TLS_1_0, TLS_1_2, TLS_1_3])
def test_what_is_offered_can_be_read_back(version: int) -> None:
    offer = read_offer(encode_hello(Hello(version, (0x002F, 0xC02F), NAME, compression=True), RANDOM))
    assert offer.highest == version
    assert offer.suites[:2] == (0x002F, 0xC02F)
    assert offer.compressions == b"\x01\x00"
    if version == SSL_3_0:
        assert offer.extensions == {}
        assert offer.suites[2:] == (0x00FF,)
    else:
        assert NAME.encode() in offer.extensions[0]
        assert set(offer.groups) == set(CURVES)


def test_tls_1_3_sends_an_empty_key_share_and_the_groups_asked_for() -> None:
    hello = Hello(TLS_1_3, tuple(TLS_1_3_SUITES), groups=tuple(TLS_1_3_GROUPS))
    offer = read_offer(encode_hello(hello, RANDOM))
    assert offer.extensions[51] == b"\x00\x00"
    assert offer.groups == tuple(TLS_1_3_GROUPS)
    assert 0x11EC in offer.groups
    assert 0 not in offer.extensions


@given(
    suites, st.sampled_from([TLS_1_0, TLS_1_2, TLS_1_3]), st.sampled_from(["", "a.id", NAME]), st.booleans()
)
def test_no_length_is_one_at_which_load_balancers_hang(
    offered: list[int], version: int, name: str, status: bool
) -> None:
    size = read_offer(encode_hello(Hello(version, offered, name, status_request=status), RANDOM)).size
    assert size < 256 or size >= 512


@given(
    st.text("abcdefgh.-", max_size=60),
    st.sampled_from([SSL_3_0, TLS_1_0, TLS_1_2]),
    st.booleans(),
    st.booleans(),
)
def test_a_short_hello_is_short(name: str, version: int, compression: bool, status: bool) -> None:
    hello = Hello(version, tuple(SUITES), name, compression=compression, status_request=status, short=True)
    shortened = replace(hello, suites=hello.suites[: hello.room])
    assert read_offer(encode_hello(shortened, RANDOM)).size <= 255
    assert hello.room > 20


def test_ssl_2_0_has_a_hello_of_its_own() -> None:
    message = encode_ssl_2_0_hello(bytes(16))
    assert int.from_bytes(message[:2], "big") == 0x8000 | len(message) - 2
    assert message[2:5] == b"\x01\x00\x02"
    assert len(message) == 2 + 9 + 3 * len(SSL_2_0_SUITES) + 16


def test_ten_groups_fit_in_a_short_hello() -> None:
    for version, offered in ((TLS_1_2, tuple(SUITES)[:30]), (TLS_1_3, tuple(TLS_1_3_SUITES))):
        hello = Hello(version, offered, NAME, groups=tuple(TLS_1_3_GROUPS)[:10], short=True)
        assert read_offer(encode_hello(hello, RANDOM)).size <= 255
