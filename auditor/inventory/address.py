"""Addresses and networks in the one form in which they are compared and used.

The same text can mean different hosts to different programs (`010.0.0.1` is 8.0.0.1 to the system's
resolver and 10.0.0.1 to a port scanner), so every form but the canonical one is refused.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import unicodedata
from ipaddress import IPv4Address, IPv6Address

from auditor.model.inventory import Address, Network
from auditor.model.plain_text import show

_NEVER = (
    (ipaddress.ip_network("0.0.0.0/8"), "an unspecified address"),
    # Cloud machines serve their credentials at 169.254.169.254 and fd00:ec2::254.
    (ipaddress.ip_network("169.254.0.0/16"), "a link-local address"),
    (ipaddress.ip_network("224.0.0.0/4"), "a multicast address"),
    (ipaddress.ip_network("240.0.0.0/4"), "a broadcast or reserved address"),
    (ipaddress.ip_network("::/128"), "an unspecified address"),
    (ipaddress.ip_network("fe80::/10"), "a link-local address"),
    (ipaddress.ip_network("ff00::/8"), "a multicast address"),
    (ipaddress.ip_network("fd00:ec2::/32"), "a cloud metadata address"),
)
# IPv6 addresses that carry an IPv4 address reach it by another way than the one that was authorized.
_CARRIERS = tuple(
    map(
        ipaddress.ip_network,
        ("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"),
    )
)
_LARGEST_PREFIX = {4: 8, 6: 16}


def canonical(address: Address) -> Address:
    """Return the IPv4 address inside an IPv4-mapped one, and any other address as it is."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return address if mapped is None else mapped


def never_measured(address: Address) -> str:
    """Return the kind of an address that is never measured, or an empty text; loopback is not judged."""
    address = canonical(address)
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        return "an address of one network interface"
    if address.is_loopback:
        return ""
    for network, kind in _NEVER:
        if address in network:
            return kind
    if any(address in network for network in _CARRIERS):
        return "an IPv6 address that carries an IPv4 address"
    return ""


def parse_address(text: str) -> Address:
    """Return one address, or raise ValueError saying what to write instead."""
    _check_ascii(text)
    if text.startswith("[") and text.endswith("]"):
        return _refuse(text, f"has brackets; write {text[1:-1]}")
    if ":" in text and "%" in text:
        return _refuse(text, "names a network interface; write a routed address")
    if re.match("[0-9a-fA-F:.]+/", text):
        return _refuse(text, "is a network; write the address of one server")
    if re.search(r"[*,\s]|[0-9]-[0-9]", text):
        return _refuse(text, "is more than one address; write each one as an entry of the list")
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return _refuse(text, _why_no_address(text))
    if canonical(address) != address:
        return _refuse(text, f"is an IPv4 address in IPv6 form; write {canonical(address)}")
    kind = never_measured(address)
    return (
        _refuse(text, f"is {kind}, which is never measured; write the server's own address")
        if kind
        else address
    )


def parse_network(text: str) -> Network:
    """Return one network with its prefix, or raise ValueError saying what to write instead."""
    _check_ascii(text)
    host, slash, prefix = text.partition("/")
    if not slash:
        raise ValueError(f"{show(text)} has no prefix length; write {_as_single(host)}")
    if not re.fullmatch("0|[1-9][0-9]{0,2}", prefix):
        raise ValueError(f'{show(text)} must end in a prefix length; write for example "10.10.0.0/16"')
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise ValueError(f"{show(text)} {_why_no_address(host)}") from None
    if int(prefix) > address.max_prefixlen:
        raise ValueError(f"{show(text)} has a prefix above {address.max_prefixlen}; write {_as_single(host)}")
    network = ipaddress.ip_network(text, strict=False)
    if network.network_address != address:
        raise ValueError(f"{show(text)} has bits of a host set; write {network} or {_as_single(host)}")
    return _check_network(text, network)


def _check_network(text: str, network: Network) -> Network:
    if network.prefixlen < _LARGEST_PREFIX[network.version]:
        smallest = _LARGEST_PREFIX[network.version]
        raise ValueError(
            f"{show(text)} reaches far beyond one organisation; write networks of /{smallest} or smaller"
        )
    if network.is_loopback:
        return network
    for never, kind in _NEVER:
        if never.version == network.version and network.overlaps(never):
            raise ValueError(
                f"{show(text)} contains {kind}, which is never measured; write the networks of the servers"
            )
    if any(carrier.version == network.version and network.subnet_of(carrier) for carrier in _CARRIERS):  # type: ignore[arg-type]
        raise ValueError(f"{show(text)} carries IPv4 addresses; write the IPv4 network")
    return network


def _check_ascii(text: str) -> None:
    if text.isascii():
        return
    digits = "".join(str(unicodedata.digit(sign, sign)) for sign in unicodedata.normalize("NFKC", text))
    hint = f"write {digits}" if digits.isascii() else "write the digits 0 to 9"
    raise ValueError(f"{show(text)} holds characters that only look like digits or dots; {hint}")


def _why_no_address(text: str) -> str:
    """Say what a text that is no canonical address would mean to other programs."""
    parts = text.split(".")
    if len(parts) == 4 and all(part.isdigit() and len(part) < 10 for part in parts):
        plain = ".".join(str(int(part)) for part in parts)
        if any(int(part) > 255 for part in parts):
            return "has a part above 255; write four numbers from 0 to 255"
        return f"has leading zeros, which some programs read as octal; write {plain}"
    if re.fullmatch("(?:0x[0-9a-f]*|[0-9]+)(?:[.](?:0x[0-9a-f]*|[0-9]+)){0,3}", text.lower()):
        return f"is a short form{_meaning(text)}; write all four decimal numbers"
    if re.search("[a-zA-Z]", text) and ":" not in text:
        return "is no address; write names under hostnames"
    return "is no address; write for example 10.10.1.10 or 2001:db8::10"


def _meaning(text: str) -> str:
    try:
        return f" that some programs read as {IPv4Address(socket.inet_aton(text))}"
    except OSError:
        return ""


def _as_single(host: str) -> str:
    try:
        return str(ipaddress.ip_network(host))
    except ValueError:
        return "for example 10.10.0.0/16"


def _refuse(text: str, why: str) -> Address:
    raise ValueError(f"{show(text)} {why}")
