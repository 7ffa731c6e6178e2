"""What the pages of a re-test are made from: whole, so that they can be made again.

This is the published JSON contract. A removed or renamed key, or another meaning, raises `VERSION`.
Days are local days of the agency, moments are UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from auditor.model.inventory import Organization
from auditor.model.retest import RetestRecord
from auditor.model.trial_report import NamedServer

VERSION: Literal[1] = 1


@dataclass(frozen=True, slots=True)
class RetestReport:
    """The record of a re-test, and what its agencies and servers are called."""

    version: Literal[1]
    organization: Organization
    classification: str
    record: RetestRecord
    opds: Mapping[str, str]
    """OPD id → name, of every OPD that a finding belongs to."""
    timezones: Mapping[str, str]
    """OPD id → IANA name."""
    servers: Mapping[str, NamedServer]
    letters: tuple[str, ...]
    """References of the assignments under which it was measured."""
    tools: Mapping[str, str]
    """Tool → version, of those that gave the evidence."""
