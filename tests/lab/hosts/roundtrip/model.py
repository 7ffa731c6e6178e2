"""What a person adds to a remedy who puts it in force on one host."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.lab.hosts.roundtrip.remedy import Own


@dataclass(frozen=True, slots=True)
class Adapted:
    """The names of one host, and what its remedy takes for granted."""

    names: Mapping[str, Own] = field(default_factory=dict)
    """Example → what stands in its place on the host."""
    place: str = ""
    """File of lines whose remedy names it in prose."""
    ready: str = ""
    """Commands that make what the remedy takes for granted, such as a certificate."""
    breaks: str = ""
    """Commands that break it again where the remedy of another check closed it first."""
    software: tuple[str, ...] = ()
    """Software whose remedies are put in force; empty: what is on the host."""
    reader: str = ""
    """mysql or psql, where the commands are SQL."""
