"""A finding of a host closes with the text that the catalogue gives for it, and nothing else opens."""

from __future__ import annotations

import pytest

from tests.lab.hosts import HostLab
from tests.lab.hosts.fleet.forgotten import FORGOTTEN
from tests.lab.hosts.roundtrip.running import Bench, host_checks, trips

_QUICK = frozenset(
    {"sshd-root-login-refused", "files-keys-private", "accounts-lockout-set", "sudo-password-required"}
)


@pytest.mark.lab
def test_the_text_of_the_catalogue_closes_the_finding(host_lab: HostLab) -> None:
    try:
        results = [*trips(Bench(host_lab, b"", host_checks()), FORGOTTEN, _QUICK)]
    finally:
        # Other tests look at the host as it was.
        host_lab.end(FORGOTTEN)
        host_lab.up()
    assert {one.check for one in results} == _QUICK
    assert [one for one in results if not one.proven] == []
