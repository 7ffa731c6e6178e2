"""The nouns of the lab of hosts: releases, hosts, steps that shape them, and the findings they must have."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Release:
    """A release of a distribution, as debootstrap knows it."""

    id: str
    suite: str
    script: str
    """Name of debootstrap's script: an older release's where a newer one has none of its own."""
    components: tuple[str, ...]
    keyring: str
    """Keyring that signs it; where this machine has none, the first packages are taken unverified."""
    updates: tuple[str, ...] = ()
    """Further suites, each with the name of its folder beside the main one's: `suite` or `suite folder`."""


@dataclass(frozen=True, slots=True)
class Put:
    """A file of the host. `age_days` is how long ago it was last changed."""

    path: str
    text: str
    mode: int = 0o644
    owner: str = "root:root"
    age_days: float = 0


@dataclass(frozen=True, slots=True)
class Run:
    """Commands of sh, run as root in the host's file system before it boots."""

    script: str


@dataclass(frozen=True, slots=True)
class Boot:
    """Commands of sh, run as root inside the host once its daemons run."""

    script: str


Step = Put | Run | Boot


@dataclass(frozen=True, slots=True)
class Host:
    """One host: what it is made of, what is written down about it, and what an audit must find.

    `fails` are the ids of the checks that fail here; every other check that applies passes, but for those in
    `unknown`.
    """

    id: str
    name: str
    opd: str
    zone: str
    category: str
    address: str
    release: Release
    packages: tuple[str, ...]
    steps: tuple[Step, ...] = ()
    fails: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    """Checks that stay undecided here, as what they ask cannot be read or nobody wrote it down."""
    record: Mapping[str, Any] = field(default_factory=dict)
    """What the inventory says under `record:`."""
    leavers: tuple[str, ...] | None = None
    """Accounts and fingerprints of people who left, as the inventory lists them."""
    registered_keys: tuple[str, ...] = ()
    """Names of key pairs whose public key stands in the key register."""
    has_baseline: bool = False
    """Whether its configuration is accepted as it is when it has just been brought up."""
    roles: tuple[str, ...] = ()
    consent: tuple[str, ...] = ()
    """Checks that look into contents and are named by the authorization."""


def digest(*parts: object) -> str:
    """Return a short digest of anything whose repr tells it whole."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
