"""Hosts that stand for a whole test session, each looked at once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.lab.hosts.auditing import Look, look_at
from tests.lab.hosts.lab import HostLab

STATE = Path(os.environ.get("TILIK_HOSTS", "/var/tmp/tilik-hosts"))
"""Where the roots are kept between runs."""


@pytest.fixture(scope="session")
def host_lab() -> Iterator[HostLab]:
    """Bring every host up, and down at the end."""
    with HostLab(STATE) as lab:
        yield lab


@pytest.fixture(scope="session")
def looks(host_lab: HostLab) -> Mapping[str, Look]:
    """Return what a look at each host brought, by its id."""
    return {host.id: look_at(host_lab, host) for host in host_lab.hosts}
