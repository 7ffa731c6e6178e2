"""What a report cannot be made of."""

from __future__ import annotations


class ReportError(ValueError):
    """Say what is missing from the data for the report that was asked for, and what there is."""
