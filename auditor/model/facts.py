"""What a scanner can observe: the vocabulary that check expressions are compiled against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from typing_extensions import TypeAliasType

JSON = TypeAliasType("JSON", "bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None")
Facts = Mapping[str, JSON]
"""Fact name → value. A null value was observed to be absent; a missing name was not observed."""


class FactType(StrEnum):
    """Types a fact can have in check expressions."""

    BOOL = "bool"
    INT = "int"
    STRING = "string"
    STRINGS = "list of string"
    INTS = "list of int"
    RECORDS = "list of record"


@dataclass(frozen=True, slots=True)
class FactSpec:
    """Describe one fact: its dotted name, type, whether null is a possible value, and what it means."""

    name: str
    type: FactType
    meaning: str
    nullable: bool = False
    record: tuple[str, ...] = ()
    """Keys that every record of a RECORDS fact carries."""
