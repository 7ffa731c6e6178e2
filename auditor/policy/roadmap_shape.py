"""What policies.yaml may say of the work that is left: capacity, reserve, rates, hours."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from auditor.documents.shape import Shape
from auditor.documents.words import Day

LEAST_DAYS, MOST_DAYS = 0.25, 10_000
"""Of a capacity; person-days are told in quarters of a day."""
LAST_START = date(2199, 12, 31)
"""Later days are slips of the pen, and the years after them must still be of the calendar."""


def _check_start(day: date) -> date:
    if day > LAST_START:
        raise ValueError(f"{day} is too far; write a day until {LAST_START}, or null")
    return day


Days = Annotated[float, Field(ge=LEAST_DAYS, le=MOST_DAYS)]
Hours = Annotated[float, Field(gt=0, le=2000)]
Rate = Annotated[int, Field(ge=0, le=1_000_000_000)] | None


class CapacityShape(Shape):
    """Person-days for this work in a quarter."""

    centre: Days = Field(description="Of the IT centre, for all agencies together.", examples=[60])
    opd: Days = Field(description="Of each agency, for its own work.", examples=[15])


class RatesShape(Shape):
    """Cost of one person-day; null: not known, 0: nothing beyond salaries."""

    administrator: Rate = Field(
        description="Networks, operating systems, services, accounts, certificates.", examples=[750000]
    )
    developer: Rate = Field(description="Sites and applications.", examples=[900000])
    governance: Rate = Field(description="Writing, deciding, gathering evidence.", examples=[600000])


class ControlHoursShape(Shape):
    """Hours until one control can be answered for."""

    supporting: Hours = Field(description="Where a scan only supports the answer.", examples=[6])
    attestation: Hours = Field(description="Where nothing can be measured at all.", examples=[8])


class RoadmapShape(Shape):
    """How the work that is left is laid over quarters."""

    start: Annotated[Day, AfterValidator(_check_start)] | None = Field(
        description="First day of work; null: the day of the audit.", examples=["2027-01-04"]
    )
    years: Annotated[int, Field(ge=1, le=10)] = Field(description="How far it reaches.", examples=[3])
    hours_per_day: Annotated[float, Field(ge=0.5, le=24)] = Field(
        description="Hours of a person-day that are left for this work.", examples=[6]
    )
    days_per_quarter: CapacityShape
    contingency_percent: Annotated[float, Field(ge=0, le=200)] = Field(
        description="Reserve on every effort.", examples=[20]
    )
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = Field(
        description="Three capitals of ISO 4217.", examples=["IDR"]
    )
    rates: RatesShape
    control_hours: ControlHoursShape
