"""Accepted risks: a failing check that somebody answers for until a day that is written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class WaiverStatus(StrEnum):
    """How far a waiver came. Only an approved one can be in force."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Waiver:
    """An accepted risk. Empty scope fields match everything; the requester never approves.

    Days are local and inclusive: it ends with the last second of `valid_until` in the organisation's zone.
    `ended_on` is the day of a rejection or revocation, from which on it no longer holds.
    """

    id: str
    check: str
    opd: str
    server: str
    address: str
    port: int
    server_name: str
    reason: str
    compensating_control: str
    requested_by: str
    requested_on: date
    valid_from: date
    valid_until: date
    status: WaiverStatus = WaiverStatus.REQUESTED
    approved_by: str = ""
    approved_on: date | None = None
    ended_by: str = ""
    ended_on: date | None = None
    ended_reason: str = ""
