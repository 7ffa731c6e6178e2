"""Read the options of a DNS task. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Address, IPv6Address, ip_address

import dns.exception
import dns.name

from auditor.model.facts import JSON
from scanners.dns.asking import Resolver

Address = IPv4Address | IPv6Address
_DNS_PORT = 53


class OptionsError(ValueError):
    """Options that this scanner cannot work with."""


@dataclass(frozen=True, slots=True)
class Options:
    """Whom to ask, and what the inventory knows about the domain; null where it does not say."""

    resolvers: tuple[Resolver, ...]
    names: tuple[str, ...]
    addresses: frozenset[Address] | None
    released: frozenset[Address]
    """Addresses of retired servers."""
    reachable: frozenset[Address]
    """The only addresses that may be connected to."""
    dkim_selectors: tuple[str, ...]
    mail: bool | None
    expires: str | None
    public_view: bool
    trust_anchors: str | None


def read_options(options: Mapping[str, JSON]) -> Options:
    """Return the options; raise OptionsError naming the one that cannot be used."""
    resolvers = tuple(_resolver(text) for text in _texts(options, "resolvers") or ())
    if not resolvers:
        raise OptionsError("no resolver is named")
    mail, anchors = options.get("mail"), options.get("trust_anchors")
    public = options.get("public_view")
    return Options(
        resolvers=resolvers,
        names=_texts(options, "names") or (),
        addresses=_addresses(options, "addresses"),
        released=_addresses(options, "released") or frozenset(),
        reachable=_addresses(options, "reachable") or frozenset(),
        dkim_selectors=_texts(options, "dkim_selectors") or (),
        mail=mail if isinstance(mail, bool) else None,
        expires=_expires(options.get("expires")),
        public_view=public
        if isinstance(public, bool)
        else all(_address(resolver[0]).is_global for resolver in resolvers),
        trust_anchors=str(anchors) if anchors else None,
    )


def read_name(text: str) -> dns.name.Name:
    """Return an absolute name; raise OptionsError for what cannot be one."""
    try:
        name = dns.name.from_text(text)
    except (dns.exception.DNSException, UnicodeError, ValueError):
        raise OptionsError(f"{text[:80]!r} is no domain name") from None
    if len(name.labels) < 2:
        raise OptionsError("the root is no domain")
    return name


def _texts(options: Mapping[str, JSON], key: str) -> tuple[str, ...] | None:
    value = options.get(key)
    if value is None:
        return None
    if not isinstance(value, list | tuple) or not all(isinstance(entry, str) for entry in value):
        raise OptionsError(f"{key} is no list of texts")
    return tuple(dict.fromkeys(str(entry) for entry in value))


def _addresses(options: Mapping[str, JSON], key: str) -> frozenset[Address] | None:
    texts = _texts(options, key)
    return None if texts is None else frozenset(_address(text) for text in texts)


def _resolver(text: str) -> Resolver:
    """Read `address`, `address:port` or `[address]:port`."""
    bare, port = text, ""
    if text.startswith("["):
        bare, _, port = text[1:].partition("]")
        port = port.removeprefix(":")
    elif text.count(":") == 1:
        bare, _, port = text.partition(":")
    if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise OptionsError(f"{text[:80]!r} is no address and port")
    return str(_address(bare)), int(port or _DNS_PORT)


def _address(text: str) -> Address:
    try:
        return ip_address(text)
    except ValueError:
        raise OptionsError(f"{text[:80]!r} is no address") from None


def _expires(value: JSON) -> str | None:
    """Return a date as the instant at its start, or an instant as it is."""
    if value is None:
        return None
    try:
        return f"{date.fromisoformat(str(value)[:10]).isoformat()}T00:00:00Z"
    except ValueError:
        raise OptionsError("expires is no date") from None
