"""One re-test: who asked, what was seen before and after, and what came of each finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from auditor.model.check import Severity, Text
from auditor.model.run import Provenance
from auditor.model.verdict import Status


class RetestResult(StrEnum):
    """What measuring a finding again came to."""

    FIXED = "fixed"
    FAILING = "failing"
    NOT_MEASURABLE = "not_measurable"
    """Nothing is known anew: the finding stays what it was."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the evidence chain, as it was when the record was made."""

    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What one run saw at the place of a finding."""

    run: str
    at: datetime
    status: Status
    observed: Text = field(default_factory=dict)
    expected: Text = field(default_factory=dict)
    reason: Text = field(default_factory=dict)
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class RetestItem:
    """One finding of a re-test. `after` is None where nothing of it was measured.

    `severity` is None for a check that the catalogue does not have any more.
    """

    finding: str
    check: str
    title: Text
    severity: Severity | None
    opd: str
    server: str
    subject: str
    first_seen: datetime
    due: date
    before: Seen | None
    after: Seen | None
    result: RetestResult
    reason: Text = field(default_factory=dict)
    """Why it could not be measured; or that it is gone, or fails as an accepted risk."""
    waiver: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked for a re-test, as written, and the account it was asked from."""

    by: str
    reason: str
    account: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RetestRecord:
    """The record of one re-test. Until it has ended, `finished_at` is None and there are no items.

    `wanted` are finding ids; `counts` is OPD id → its local day on which this re-test counts.
    """

    run: str
    asked: Asked
    wanted: tuple[str, ...]
    counts: Mapping[str, date]
    provenance: Provenance
    started_at: datetime
    finished_at: datetime | None = None
    stopped: bool = False
    items: tuple[RetestItem, ...] = ()
    beside: tuple[str, ...] = ()
    """Runs whose evidence of other servers was taken for facts that are shared."""
    head: Row | None = None
    """End of the evidence chain when the record was made."""
    digest: str = ""
    """SHA-256 over everything above, as canonical JSON."""

    def count(self, result: RetestResult) -> int:
        """Return how many findings came to a result."""
        return sum(item.result is result for item in self.items)
