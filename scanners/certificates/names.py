"""Compare a server name with the names in a certificate (RFC 9525). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address


def matches(asked: str, dns_names: Iterable[str], addresses: Iterable[IPv4Address | IPv6Address]) -> bool:
    """Say whether a certificate is valid for the name or address asked for.

    Only subjectAltName counts (RFC 9525, 2); an address is never compared with a DNS name (6.4 and 6.5).
    """
    address = _address(asked)
    if address is not None:
        return any(address == other for other in addresses)
    wanted = _labels(asked)
    return any(_label_match(wanted, _labels(name)) for name in dns_names)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _labels(name: str) -> list[str]:
    return name.rstrip(".").lower().split(".")


def _label_match(wanted: list[str], offered: list[str]) -> bool:
    """Compare label by label; a wildcard stands for the whole left-most label only (RFC 9525, 6.3)."""
    if offered[0] == "*" and len(offered) > 1:
        return len(wanted) == len(offered) and bool(wanted[0]) and wanted[1:] == offered[1:]
    return wanted == offered
