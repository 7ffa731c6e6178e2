"""Build two audits to compare: the sample a month earlier, and the whole of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from auditor.model.comparison_report import ComparedAudits
from auditor.model.inventory import Inventory, Opd
from auditor.model.report import ReportData
from auditor.model.scorecard import ControlStatus, Scorecard
from auditor.model.verdict import Status
from tests.reports.sample import STARTED, report_data
from tests.reports.whole import comparison, whole_data

BEFORE = STARTED - timedelta(days=30)


def compared(hostile: str = "", *, same_rules: bool = True) -> ComparedAudits:
    after = whole_data(hostile=hostile)
    comparisons = {
        one: comparison(one, same_rules=same_rules) for one in ("", "dinkes", "disdik", "dukcapil")
    }
    return ComparedAudits(earlier(hostile), replace(after, comparisons=comparisons))


def earlier(hostile: str = "") -> ReportData:
    data = report_data(hostile=hostile)
    run = replace(data.run, id="audit-20260905", started_at=BEFORE, finished_at=BEFORE)
    return replace(data, run=run)


def without_card(data: ReportData, opd: str) -> ReportData:
    """Return an audit before an OPD was registered."""
    inventory: Inventory = data.inventory
    left: tuple[Opd, ...] = tuple(one for one in inventory.opds if one.id != opd)
    cards = {one: card for one, card in data.scorecards.items() if one != opd}
    return replace(data, inventory=replace(inventory, opds=left), scorecards=cards)


def with_control(card: Scorecard, status: ControlStatus, checks: dict[str, Status]) -> Scorecard:
    """Return a card whose first control of 2022 came to a status by some checks."""
    first, *rest = card.controls["2022"]
    return replace(
        card, controls={**card.controls, "2022": (replace(first, status=status, checks=checks), *rest)}
    )
