"""The change to TLS within other protocols, and the ways in which it does not come about."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.handshake.endpoint import STARTTLS
from scanners.handshake.starttls import StarttlsRefused, change_to_tls

LDAP_YES = b"0\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00"
LDAP_NO = b"0\x0c\x02\x01\x01\x78\x07\x0a\x01\x02\x04\x00\x04\x00"


class Peer:
    """A connection whose other end says one thing after each thing it hears, beginning with a greeting."""

    def __init__(self, *words: bytes) -> None:
        self._words = list(words)
        self._unread = self._words.pop(0) if words else b""
        self.heard: list[bytes] = []

    def sendall(self, data: bytes, /) -> None:
        """Hear something and say the next thing."""
        self.heard.append(data)
        self._unread += self._words.pop(0) if self._words else b""

    def recv(self, bufsize: int, /) -> bytes:
        """Say no more than is asked for; nothing at the end."""
        part, self._unread = self._unread[:bufsize], self._unread[bufsize:]
        return part

    @property
    def unread(self) -> bytes:
        """Return what nobody has read."""
        return self._unread


AGREEING: dict[str, Sequence[bytes]] = {
    "smtp": (b"220-a\r\n220 b\r\n", b"250-mail\r\n250-starttls\r\n250 HELP\r\n", b"220 go\r\n"),
    "imap": (b"* OK [CAPABILITY IMAP4rev1] hi\r\n", b"* CAPABILITY X\r\na OK begin\r\n"),
    "pop3": (b"+OK hi\r\n", b"+OK begin\r\n"),
    "ftp": (b"220-Selamat\r\n datang\r\n220 siap\r\n", b"234 go\r\n"),
    "postgres": (b"", b"S"),
    "ldap": (b"", LDAP_YES),
}
REFUSING: dict[str, Sequence[Sequence[bytes]]] = {
    "smtp": (
        (b"554 no\r\n",),
        (b"220 a\r\n", b"250 HELP\r\n"),
        (b"220 a\r\n", b"250 STARTTLS\r\n", b"454 no\r\n"),
    ),
    "imap": ((b"* BYE\r\n",), (b"* OK\r\n", b"a NO\r\n"), (b"* OK\r\n", b"* x\r\n" * 101)),
    "pop3": ((b"-ERR\r\n",), (b"+OK\r\n", b"-ERR\r\n")),
    "ftp": ((b"421 no\r\n",), (b"220 a\r\n", b"502 no\r\n"), (b"220-" + b"x" * 20_000,)),
    "postgres": ((b"", b"N"), (b"", b"E"), (b"", b"")),
    "ldap": ((b"", LDAP_NO), (b"", b"0\x84\x7f\xff\xff\xff"), (b"", b"HTTP/1.1"), (b"", b"0")),
}


def test_every_protocol_is_tried_here() -> None:
    assert set(AGREEING) == set(REFUSING) == set(STARTTLS)


@pytest.mark.parametrize("protocol", STARTTLS)
def test_agreement_leaves_what_follows_unread(protocol: str) -> None:
    *before, last = AGREEING[protocol]
    peer = Peer(*before, last + b"\x16\x03")
    change_to_tls(peer, protocol)
    assert peer.unread == b"\x16\x03"


@pytest.mark.parametrize(
    ("protocol", "words"), [(protocol, words) for protocol in REFUSING for words in REFUSING[protocol]]
)
def test_anything_else_is_a_refusal(protocol: str, words: Sequence[bytes]) -> None:
    with pytest.raises(StarttlsRefused):
        change_to_tls(Peer(*words), protocol)


@given(st.sampled_from(STARTTLS), st.lists(st.binary(max_size=60), max_size=4))
def test_whatever_is_said_is_agreement_or_refusal(protocol: str, words: list[bytes]) -> None:
    try:
        change_to_tls(Peer(*words), protocol)
    except StarttlsRefused:
        return
    assert protocol == "postgres"
    assert b"S" in b"".join(words)
