"""Days as the organisation counts them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from auditor.model.inventory import Organization


def local_day(instant: datetime, organization: Organization) -> date:
    """Return the local calendar day of an instant in the organisation's time zone."""
    return instant.astimezone(ZoneInfo(organization.timezone)).date()


def deadline(first_seen: datetime, days: int, organization: Organization) -> date:
    """Return the last local day on which a finding is in time; it ends at that day's midnight."""
    return local_day(first_seen, organization) + timedelta(days=days)
