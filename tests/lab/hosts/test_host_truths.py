"""The promise about the inside of a host: of what is known to be wrong, nothing is missed or invented."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from auditor.model.check import Check
from auditor.model.subject import SubjectKind
from auditor.model.verdict import Status
from controls.loading import load_catalogue
from tests.lab.hosts import HOSTS, Host, HostLab
from tests.lab.hosts.auditing import FROM_OUTSIDE, Look, judged
from tests.lab.hosts.fleet.hardened import HARDENED

_CHECKS: tuple[Check, ...] = tuple(
    check
    for check in load_catalogue().checks.values()
    if check.subject is SubjectKind.HOST and check.id not in FROM_OUTSIDE
)


Statuses = Mapping[str, Mapping[str, Status]]


@pytest.fixture(scope="module")
def statuses(host_lab: HostLab, looks: Mapping[str, Look]) -> Statuses:
    """Return host → check → status, of every check that the inside alone decides."""
    return {
        host.id: {
            verdict.check: verdict.status
            for verdict in judged(host_lab, host, looks[host.id].facts, _CHECKS, datetime.now(UTC))
        }
        for host in host_lab.hosts
    }


def _failing(host: Host, statuses: Statuses) -> set[str]:
    return {check for check, status in statuses[host.id].items() if status is Status.FAIL}


@pytest.mark.lab
@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.id)
def test_nothing_is_missed(host: Host, statuses: Statuses) -> None:
    assert host.fails - _failing(host, statuses) == set()


@pytest.mark.lab
@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.id)
def test_nothing_is_invented(host: Host, statuses: Statuses) -> None:
    assert _failing(host, statuses) - host.fails == set()


@pytest.mark.lab
@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.id)
def test_no_check_breaks_or_stays_open_without_reason(host: Host, statuses: Statuses) -> None:
    open_ones = {
        check
        for check, status in statuses[host.id].items()
        if status is Status.ERROR or (status is Status.UNKNOWN and check not in host.unknown)
    }
    assert open_ones == set()


def test_the_hardened_host_has_no_known_failure() -> None:
    assert HARDENED.fails == frozenset()


def test_truths_name_checks_of_the_catalogue() -> None:
    named = {check for host in HOSTS for check in host.fails | host.unknown}
    assert named <= {check.id for check in _CHECKS}
