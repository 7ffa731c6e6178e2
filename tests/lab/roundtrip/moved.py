"""The lab's servers on addresses of their own, so that no other lab on the machine is in the way."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar

from tests.lab.fleet import FLEET
from tests.lab.model import LabServer

USUAL, OWN = "127.20.", "127.78."
_Value = TypeVar("_Value")


def moved(value: _Value) -> _Value:
    """Return a value with every address of the lab in it, however deep, moved to the own network."""
    made: _Value = _changed(value, {USUAL: OWN})
    return made


def copied(server: LabServer, number: int) -> LabServer:
    """Return a server's twin with another id, names of its own, and `number` at the end of its address.

    So two cases about one server can be gone through together.
    """
    address = f"{server.address.rpartition('.')[0]}.{number}"
    changes = {server.address: address, server.id: f"{server.id}-{number}"}
    changes |= {name: copied_name(name, number) for name in server.hostnames}
    twin: LabServer = _changed(server, changes)
    return twin


def copied_name(name: str, number: int) -> str:
    """Return the name that a twin has in place of one of the server."""
    first, _, rest = name.partition(".")
    return f"{first}-{number}.{rest}"


def _changed(found: Any, changes: Mapping[str, str]) -> Any:
    if isinstance(found, str):
        for old, new in changes.items():
            found = found.replace(old, new)
        return found
    if isinstance(found, tuple | frozenset):
        return type(found)(_changed(one, changes) for one in found)
    if isinstance(found, Mapping):
        return {_changed(key, changes): _changed(one, changes) for key, one in found.items()}
    if dataclasses.is_dataclass(found) and not isinstance(found, type):
        names = [one.name for one in dataclasses.fields(found) if one.init]
        return dataclasses.replace(found, **{name: _changed(getattr(found, name), changes) for name in names})
    return found


MOVED: Mapping[str, LabServer] = {server.id: moved(server) for server in FLEET}
"""Server id → the lab's server in the own network."""
