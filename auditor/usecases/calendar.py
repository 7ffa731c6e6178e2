"""Days as the organisation and its agencies count them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from auditor.model.inventory import Organization
from controls.deadlines import days_left, deadline, ends_at, is_day_off, is_overdue, opd_day

__all__ = ["days_left", "deadline", "ends_at", "is_day_off", "is_overdue", "local_day", "opd_day"]


def local_day(instant: datetime, organization: Organization) -> date:
    """Return the local calendar day of an instant in the organisation's time zone."""
    return instant.astimezone(ZoneInfo(organization.timezone)).date()
