"""Whose the host names are, and whether every OPD has something that is its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from auditor.documents.shape import nearest
from auditor.inventory.parts import OwnedName, Parts, ServerPart
from auditor.model.plain_text import show
from auditor.model.problem import Locator, Problem


def check_owners(parts: Parts, locator: Locator, *, complete: bool) -> Iterator[Problem]:
    """Yield every host name whose owner is unknown, needless or not the only one, and every OPD without.

    `complete` says that no other file will bring the servers that an OPD lacks.
    """
    opds = [opd.value for opd in parts.opd_ids()]
    for server in parts.servers:
        yield from _check_named(server, opds, locator)
    yield from _contested((entry for server in parts.servers for entry in server.owned), locator)
    if complete:
        yield from _empty(parts, locator)


def _check_named(server: ServerPart, opds: Collection[str], locator: Locator) -> Iterator[Problem]:
    for entry in server.owned:
        if not entry.explicit:
            continue
        if entry.opd not in opds:
            hint = nearest(entry.opd, opds) or f"the OPDs are {', '.join(opds)}"
            yield locator.problem(entry.path, f"unknown OPD {show(entry.opd)}; {hint}")
        elif entry.opd in server.opds:
            message = f"not needed, the server is of OPD {show(entry.opd)}; write only the name {entry.name}"
            yield locator.problem(entry.path, message)


def _contested(entries: Iterable[OwnedName], locator: Locator) -> Iterator[Problem]:
    """Yield every later entry of a name that gives it to another OPD than its first one does.

    Two OPDs may serve one name, each from a server of its own, as long as neither says whose it is.
    """
    by_name: dict[str, list[OwnedName]] = {}
    for entry in entries:
        by_name.setdefault(entry.name, []).append(entry)
    for name, (first, *later) in by_name.items():
        if not (first.explicit or any(entry.explicit for entry in later)):
            continue
        place = locator.problem(first.path, "")
        for entry in later:
            if entry.opd != first.opd:
                here = locator.problem(entry.path, "")
                file = "" if place.file == here.file else f"{place.file} "
                message = f"name {show(name)} belongs to OPD {show(first.opd)} in {file}line {place.line}"
                message += f" and to {show(entry.opd)} here; leave it to one OPD"
                yield locator.problem(entry.path, message)


def _empty(parts: Parts, locator: Locator) -> Iterator[Problem]:
    owners = {entry.opd for server in parts.servers for entry in server.owned if entry.explicit}
    for opd in parts.opds:
        for written in opd.ids:
            if opd.bare and written.value not in owners:
                message = (
                    f"OPD {show(written.value)} has no servers, no domains and no host name on a server of"
                    " another; write what it has, or remove it"
                )
                yield locator.problem(opd.path, message)
