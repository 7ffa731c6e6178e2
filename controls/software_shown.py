"""Recognise the software that a service, its headers and its page show, and the version of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.model.facts import JSON, Facts
from controls.software_pack import Pack, Product

_HTTP = ("http.server", "http.powered_by", "http.cms", "http.cms_version")
_EXACT = re.compile(r"v?([0-9][0-9A-Za-z]*(?:[.+~_-][0-9A-Za-z]+)*)(?:[\s(,;].*)?", re.DOTALL)
_VAGUE = re.compile(r"or later|or earlier|\bX\b|\.X|[0-9] - [0-9]")
_TOKEN = re.compile(r"([A-Za-z][A-Za-z0-9.!_-]*)(?:/([^\s(),;]+))?")
_COMMENT = re.compile(r"\(([^()]*)\)")
_MAXIMUM_CHARACTERS = 500
_MAXIMUM_TOKENS = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """Software that a service shows; the version is None where it is hidden or only guessed."""

    product: Product
    version: str | None
    hint: str = ""
    """Text that may name the distribution."""

    @property
    def text(self) -> str:
        """Return `nginx 1.18.0`, or the name alone."""
        return f"{self.product.name} {self.version or ''}".strip()


def is_whole(record: Facts, pack: Pack) -> bool:
    """Return whether every place was looked at where the record's software may show itself."""
    keys = ["service.product", "service.version"]
    if any(name.startswith("http.") for name in record):
        keys += _HTTP
    # CPE names count only where the product's name is not known.
    named = _by_name(_text(record, "service.product"), pack) is not None
    return (named or "service.cpe" in record) and all(key in record for key in keys)


def find_shown(record: Facts, pack: Pack) -> list[Shown]:
    """Return the pack's software that a record of service.* and http.* facts shows, one entry for each.

    Of several versions of one software the first shown counts.
    """
    found: dict[str, Shown] = {}
    for one in _shown(record, pack):
        before = found.get(one.product.id, one)
        version = one.version if before.version is None else before.version
        found[one.product.id] = Shown(one.product, version, f"{before.hint} {one.hint}")
    return list(found.values())


def _shown(record: Facts, pack: Pack) -> Iterator[Shown]:
    product = _by_name(_text(record, "service.product"), pack) or _by_cpe(record.get("service.cpe"), pack)
    if product is not None:
        text = _text(record, "service.version")
        yield Shown(product, _exact(text), text)
    server, powered = _text(record, "http.server"), _text(record, "http.powered_by")
    host = " ".join(_COMMENT.findall(server))
    for header in (server, powered):
        for name, version in _TOKEN.findall(_COMMENT.sub(" ", header))[:_MAXIMUM_TOKENS]:
            found = _by_token(name.lower(), pack)
            if found is not None:
                yield Shown(found, _exact(version), f"{version} {host}")
    cms = _by_name(_text(record, "http.cms"), pack) or _by_token(_text(record, "http.cms").lower(), pack)
    if cms is not None:
        yield Shown(cms, _exact(_text(record, "http.cms_version")))


def _text(record: Facts, name: str) -> str:
    value = record.get(name)
    return value[:_MAXIMUM_CHARACTERS] if isinstance(value, str) else ""


def _exact(text: str) -> str | None:
    """Return the version that a text begins with; None for none or a guess such as `9.6.0 or later`."""
    text = text.removeprefix("5.5.5-")  # MariaDB's greeting puts this before its own version.
    found = None if _VAGUE.search(text) else _EXACT.match(text)
    return found.group(1) if found else None


def _by_name(name: str, pack: Pack) -> Product | None:
    lower = name.lower()
    for product in pack.products.values():
        if any(lower == start or lower.startswith(f"{start} ") for start in product.beginnings):
            return product
    return None


def _by_token(token: str, pack: Pack) -> Product | None:
    return next((product for product in pack.products.values() if token in product.tokens), None)


def _by_cpe(names: JSON, pack: Pack) -> Product | None:
    for name in names if isinstance(names, list | tuple) else ():
        parts = (
            name.removeprefix("cpe:2.3:").removeprefix("cpe:/").split(":") if isinstance(name, str) else []
        )
        for product in pack.products.values():
            if len(parts) > 2 and f"{parts[1]}:{parts[2]}" in product.cpe:
                return product
    return None
