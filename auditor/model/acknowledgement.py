"""Somebody has taken on a finding: who, how, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What an agency answered to a finding. It closes nothing and moves no deadline."""

    finding: str
    owner: str
    plan: str
    planned: date | None = None
    """Local day until which the owner means to be done; None when none was named."""
