"""Put other texts into every field of a report's data that a server, a person or a file fills.

The data is walked field by field: a field that is added later is filled as well, unless it is listed here as
one that the project itself writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import timedelta
from enum import Enum
from typing import Any, TypeVar

from auditor.model.acknowledgement import Acknowledgement
from auditor.model.inventory import Server
from auditor.model.policy import Policy
from auditor.model.report import ReportData, Retested
from auditor.model.retest import RetestResult
from tests.reports.sample import STARTED
from tests.reports.whole import whole_data

_Value = TypeVar("_Value")

_NAMES = """
id ids opd zone centre server servers scope check checks control edition group finding findings waiver
taken_from implements related loosened subject scanner run runs before_run after_run policy catalogue
inventory hash previous_hash head chain_head digest public_key
"""
IDS = frozenset(_NAMES.split())
"""Fields, of whatever class, that hold names given by the project or checked to be plain when read."""
OURS = {
    "Grade": {"letter", "reason"},
    "NextGrade": {"letter_from", "letter_to", "letter_reached"},
    "PreviousScore": {"letter"},
    "Subject": {"address", "transport"},
    "Task": {"address"},
    "Control": {"kami"},
    "Finding": {"controls"},
    "Check": {"applies", "passes"},
    "Parameter": {"name", "unit"},
    "Remedy": {"software"},
    "Proof": {"software", "closes_beside", "shows"},
    "Organization": {"timezone"},
    "Opd": {"timezone"},
    "Authorization": {"methods", "consent"},
    "Server": {"software", "roles"},
    "Roadmap": {"edition", "rules"},
}
"""Class → more such fields, with a fixed list of values."""
_OF_POLICY = ("classification", "disabled_checks")


@dataclass
class Planter:
    """Hands out texts, one for every place, and remembers both."""

    source: Iterator[str]
    given: list[str] = field(default_factory=list)
    places: set[str] = field(default_factory=set)

    def text(self, place: str) -> str:
        self.places.add(place)
        self.given.append(next(self.source))
        return self.given[-1]


def plant(data: ReportData, planter: Planter) -> ReportData:
    """Return the data with another text in every place."""
    return _walk(data, "ReportData", planter)


def _walk(value: _Value, place: str, planter: Planter) -> _Value:
    for kind, walk in _WALKS:
        if isinstance(value, kind):
            return walk(value, place, planter)  # type: ignore[no-any-return]
    return value


def _same(value: Any, _place: str, _planter: Planter) -> Any:
    return value


def _text(value: str, place: str, planter: Planter) -> str:
    # What is empty is often a decision: an empty server means every server.
    return planter.text(place) if value else value


def _mapping(value: Mapping[Any, Any], place: str, planter: Planter) -> Mapping[Any, Any]:
    if value and value.keys() <= {"en", "id"}:
        return dict.fromkeys(value, planter.text(place))
    keys = {key: planter.text(f"{place} (key)") if place in _KEYED else key for key in value}
    return {keys[key]: _walk(one, place, planter) for key, one in value.items()}


_KEYED = ("Provenance.tools",)
"""Mappings whose keys are texts from outside as well."""


def _sequence(value: Any, place: str, planter: Planter) -> Any:
    return type(value)(_walk(one, place, planter) for one in value)


def _policy(value: Policy, _place: str, planter: Planter) -> Policy:
    return replace(
        value, **{name: _walk(getattr(value, name), f"Policy.{name}", planter) for name in _OF_POLICY}
    )


def _server(value: Server, place: str, planter: Planter) -> Server:
    """Give names that belong to others the same new texts in both places where they stand."""
    names = {name: planter.text("Server.hostnames") for name in value.hostnames}
    walked: Server = _dataclass(replace(value, hostnames=(), name_owners={}), place, planter)
    owners = {names[name]: opd for name, opd in value.name_owners.items()}
    return replace(walked, hostnames=tuple(names.values()), name_owners=owners)


def _dataclass(value: Any, _place: str, planter: Planter) -> Any:
    if not is_dataclass(value) or isinstance(value, type):
        return value
    name = type(value).__name__
    kept = IDS | OURS.get(name, set())
    chosen = (one.name for one in fields(value) if one.init)
    walked = {
        one: _walk(getattr(value, one), f"{name}.{one}", planter)
        for one in chosen
        if one not in kept or _holds_objects(getattr(value, one))
    }
    return replace(value, **walked)


def _holds_objects(value: Any) -> bool:
    """Return whether these are things themselves, and no names of them."""
    if isinstance(value, Mapping):
        return any(map(_holds_objects, value.values()))
    return any(map(_holds_objects, value)) if isinstance(value, tuple) else is_dataclass(value)


_WALKS: tuple[tuple[type | tuple[type, ...], Callable[[Any, str, Planter], Any]], ...] = (
    (Enum, _same),
    (str, _text),
    (Mapping, _mapping),
    ((tuple, list, frozenset), _sequence),
    (Policy, _policy),
    (Server, _server),
    (object, _dataclass),
)


def full_data() -> ReportData:
    """Return the whole sample, and answers and re-tests beside it."""
    data = whole_data()
    answer = Acknowledgement("", "Seksi Infrastruktur", "Diganti bersama peladen", STARTED.date())
    found = tuple(
        replace(one, acknowledgement=answer) if place % 3 == 0 else one
        for place, one in enumerate(data.findings)
    )
    tested = {
        one.id: (
            Retested(
                f"retest-{place}", STARTED + timedelta(days=1), "Siti Aminah", RetestResult.FAILING, one.opd
            ),
        )
        for place, one in enumerate(found)
        if place % 4 == 0
    }
    return replace(data, findings=found, retests=tested)
