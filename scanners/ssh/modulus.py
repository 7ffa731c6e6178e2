"""Ask for a small Diffie-Hellman group, on the connection that the server's offer came over."""

from __future__ import annotations

import os
import struct

from scanners.ssh.greeting import GreetingReader
from scanners.ssh.parse import MESSAGE_KEXINIT, KeyExchange, SshParseError

GROUP_EXCHANGES = ("diffie-hellman-group-exchange-sha256", "diffie-hellman-group-exchange-sha1")
_WANTED_BITS = (1024, 1024, 8192)
"""Smallest, preferred, largest: a server that refuses 1024 bits is free to give more."""
_MESSAGE_GROUP_REQUEST, _MESSAGE_GROUP = 34, 31
_SMALL_TALK = (2, 4)
"""SSH_MSG_IGNORE and SSH_MSG_DEBUG may come at any time (RFC 4253, section 11)."""
_SMALL_TALK_PACKETS = 10
_COOKIE_BYTES = 16


def small_group(reader: GreetingReader, offer: KeyExchange) -> bytes:
    """Return SSH_MSG_KEX_DH_GEX_GROUP with what is given for 1024 bits wanted (RFC 4419, section 3).

    Nothing is exchanged after that: the connection ends before any key exists. Raises SshParseError when
    the server says something else, OSError when the connection fails.
    """
    reader.send_packet(_our_offer(offer))
    reader.send_packet(bytes([_MESSAGE_GROUP_REQUEST]) + struct.pack(">3I", *_WANTED_BITS))
    for _ in range(_SMALL_TALK_PACKETS):
        payload = reader.packet()
        if payload[:1] == bytes([_MESSAGE_GROUP]):
            return payload
        if not payload or payload[0] not in _SMALL_TALK:
            break
    raise SshParseError("no group for the group exchange")


def _our_offer(offer: KeyExchange) -> bytes:
    """Return our SSH_MSG_KEXINIT: group exchange only, and for the rest whatever the server has."""
    exchanges = [name for name in GROUP_EXCHANGES if name in offer.algorithms]
    both = (offer.ciphers, offer.ciphers, offer.macs, offer.macs, offer.compression, offer.compression)
    lists = (exchanges, offer.host_key_algorithms, *both, (), ())
    texts = [",".join(names).encode() for names in lists]
    joined = b"".join(struct.pack(">I", len(text)) + text for text in texts)
    return bytes([MESSAGE_KEXINIT]) + os.urandom(_COOKIE_BYTES) + joined + bytes(5)
