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
    made: _Value = _moved(value)
    return made


def _moved(found: Any) -> Any:
    if isinstance(found, str):
        return found.replace(USUAL, OWN)
    if isinstance(found, tuple | frozenset):
        return type(found)(_moved(one) for one in found)
    if isinstance(found, Mapping):
        return {_moved(key): _moved(one) for key, one in found.items()}
    if dataclasses.is_dataclass(found) and not isinstance(found, type):
        names = [one.name for one in dataclasses.fields(found) if one.init]
        return dataclasses.replace(found, **{name: _moved(getattr(found, name)) for name in names})
    return found


MOVED: Mapping[str, LabServer] = {server.id: moved(server) for server in FLEET}
"""Server id → the lab's server in the own network."""
