"""Round trips on real servers: a few of them, and one whose remedy does nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.lab.roundtrip.cases import CASES
from tests.lab.roundtrip.model import Bed, Outcome
from tests.lab.roundtrip.running import Wave, catalogue

pytestmark = pytest.mark.lab

_TRIED = (
    "http-hsts-long@apache",
    "ssh-password-refused@openssh",
    "certificate-valid-now@any+nginx",
    "smtp-login-encrypted@postfix",
    "redis-authentication-required@redis",
    "network-telnet-absent@system",
)
_NOTHING_DONE = "smb1-absent@samba"


def _nothing(bed: Bed) -> None:
    """Leave the server as it is."""
    del bed


@pytest.fixture(scope="module")
def outcomes() -> Iterator[dict[str, Outcome]]:
    """Go through the cases once, in a directory that daemons running as other users can enter."""
    named = {case.id: case for case in CASES}
    idle = replace(named[_NOTHING_DONE], edits={"samba": _nothing})
    cases = [*(named[name] for name in _TRIED), idle]
    with tempfile.TemporaryDirectory(prefix="roundtrip-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        wave = Wave(cases, folder / "lab", folder / "audits", catalogue())
        yield {f"{one.check}@{one.software}": one for one in wave.outcomes()}


@pytest.mark.parametrize("name", _TRIED)
def test_the_remedy_of_the_catalogue_closes_the_finding(outcomes: dict[str, Outcome], name: str) -> None:
    assert outcomes[name].problem == ""
    assert outcomes[name].proven


def test_a_remedy_that_does_nothing_is_not_proven(outcomes: dict[str, Outcome]) -> None:
    idle = outcomes[_NOTHING_DONE]
    assert idle.found
    assert not idle.proven
    assert idle.problem == "measured again alone: failing"
