"""Whether what an inventory says about looking inside fits together: credentials, addresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.documents.shape import nearest
from auditor.inventory.address import parse_address
from auditor.model.facts import JSON
from auditor.model.plain_text import show
from auditor.model.problem import Locator, Path, Problem


def check_access(data: JSON, locator: Locator) -> Iterator[Problem]:
    """Yield every credential that is unknown or stands twice, and every address of another server."""
    known: dict[str, Path] = {}
    for path, entry in _entries(data, (), "credentials"):
        name = entry.get("id")
        if not isinstance(name, str):
            continue
        if name in known:
            message = f"credential {show(name)} stands twice; give each its own id"
            yield locator.problem((*path, "id"), message)
        known.setdefault(name, path)
    for opd_path, opd in _entries(data, (), "opds"):
        for path, server in _entries(opd, opd_path, "servers"):
            yield from _check_server(path, server, known, locator)


def _check_server(
    path: Path, server: Mapping[str, JSON], known: Mapping[str, Path], locator: Locator
) -> Iterator[Problem]:
    access = server.get("host_access")
    if not isinstance(access, Mapping):
        return
    name = access.get("credential")
    if isinstance(name, str) and name not in known:
        hint = nearest(name, known) or "describe it under credentials: its account, and where its key lies"
        message = f"unknown credential {show(name)}; {hint}"
        yield locator.problem((*path, "host_access", "credential"), message)
    address, addresses = _canonical(access.get("address")), server.get("addresses")
    listed = [_canonical(one) for one in addresses] if isinstance(addresses, list) else []
    if address and address not in listed:
        message = f"{address} is none of the server's addresses; write one of them, or remove the key"
        yield locator.problem((*path, "host_access", "address"), message)


def _entries(data: JSON, path: Path, key: str) -> Iterator[tuple[Path, Mapping[str, JSON]]]:
    listed = data.get(key) if isinstance(data, Mapping) else None
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, Mapping):
            yield (*path, key, index), entry


def _canonical(text: JSON) -> str:
    try:
        return str(parse_address(text)) if isinstance(text, str) else ""
    except ValueError:
        return ""  # told already by whoever compares it with the shape
