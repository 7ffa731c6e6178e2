"""Why a score moved between two runs, in five parts that add up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Cause(StrEnum):
    """What can move a score."""

    POSTURE = "posture"
    """Something that was judged in both runs got better or worse."""
    SCOPE = "scope"
    """Servers came, went, were retired, or what is declared of them or asked of them changed."""
    COVERAGE = "coverage"
    """Something could be judged that could not before, or the other way round."""
    EXCEPTIONS = "exceptions"
    """Waivers began or ended. Never moves the score without exceptions."""
    RULE_PACK = "rule_pack"
    """Checks, their parameters or weights changed."""


@dataclass(frozen=True, slots=True)
class Movement:
    """The floor before and after (percent, exact), and what each cause contributed (percentage points).

    `parts` holds every cause and adds up to `after - before` exactly.
    """

    before: Fraction
    after: Fraction
    parts: Mapping[Cause, Fraction]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs of one OPD ("" = the organisation): both numbers' movement, and what lies behind it."""

    opd: str
    before_run: str
    after_run: str
    without_exceptions: Movement
    with_exceptions: Movement
    checks_added: tuple[str, ...]
    checks_removed: tuple[str, ...]
    checks_changed: tuple[str, ...]
    weights_changed: bool
    servers_added: tuple[str, ...]
    servers_removed: tuple[str, ...]
    """Those that were taken out of service too; `servers_added` holds those that were put back."""
    grading_changed: bool = False
    """Whether letters are given by other bands, caps or coverage."""

    @property
    def same_rules(self) -> bool:
        """Return whether both runs were judged by the same rules."""
        return not (
            self.checks_added
            or self.checks_removed
            or self.checks_changed
            or self.weights_changed
            or self.grading_changed
        )
