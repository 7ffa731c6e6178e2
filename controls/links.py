"""Which checks speak to which controls of an edition. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from auditor.model.check import Check


@dataclass(frozen=True, slots=True)
class Links:
    """Control → checks, of one edition, in the order of the check ids."""

    implementing_of: Mapping[str, tuple[str, ...]]
    related_of: Mapping[str, tuple[str, ...]]

    def implementing(self, control: str) -> tuple[str, ...]:
        """Return the checks that implement a control."""
        return self.implementing_of.get(control, ())

    def related(self, control: str) -> tuple[str, ...]:
        """Return the checks that only relate to a control."""
        return self.related_of.get(control, ())


def links_of(edition: str, checks: Mapping[str, Check]) -> Links:
    """Return the links of all checks to the controls of an edition."""
    implementing: dict[str, list[str]] = defaultdict(list)
    related: dict[str, list[str]] = defaultdict(list)
    for check in sorted(checks.values(), key=lambda check: check.id):
        links = check.controls[edition]
        for control in links.implements:
            implementing[control].append(check.id)
        for control in links.related:
            related[control].append(check.id)
    return Links(
        {control: tuple(names) for control, names in implementing.items()},
        {control: tuple(names) for control, names in related.items()},
    )
