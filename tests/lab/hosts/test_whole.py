"""The real command over the hosts of the lab: what stands on cards is what the hosts are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.lab.auditing import auditor
from tests.lab.hosts import HostLab
from tests.lab.hosts.auditing import FROM_OUTSIDE
from tests.lab.hosts.whole import write_files

_JUDGED = (0, 1, 3)
"""Exit codes of an audit that came to its end."""


@pytest.fixture(scope="module")
def audited(host_lab: HostLab, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an audit of every host."""
    folder = tmp_path_factory.mktemp("hosts")
    inventory, policy = write_files(host_lab, folder)
    done = auditor(
        "audit",
        *("--inventory", str(inventory), "--policy", str(policy)),
        *("--workspace", str(folder / "data"), "--reports", str(folder / "reports")),
    )
    assert done.returncode in _JUDGED, done.stderr
    return folder


@pytest.fixture(scope="module")
def failing(audited: Path) -> Mapping[str, set[str]]:
    """Return host → checks of its inside that fail."""
    done = auditor("verdicts", "--status", "FAIL", "--format", "json", "--workspace", str(audited / "data"))
    assert done.returncode == 0, done.stderr
    found: dict[str, set[str]] = {}
    for row in json.loads(done.stdout):
        if not row["address"]:
            found.setdefault(row["server"], set()).add(row["check"])
    return found


@pytest.mark.lab
def test_a_whole_audit_finds_what_a_look_finds(host_lab: HostLab, failing: Mapping[str, set[str]]) -> None:
    for host in host_lab.hosts:
        assert failing.get(host.id, set()) - FROM_OUTSIDE == set(host.fails), host.id


@pytest.mark.lab
def test_inside_and_outside_of_the_hardened_host_agree(failing: Mapping[str, set[str]]) -> None:
    assert failing.get("host-hardened", set()) & FROM_OUTSIDE == set()


@pytest.mark.lab
def test_what_was_seen_inside_is_kept_in_the_chain(audited: Path) -> None:
    done = auditor("evidence", "verify", "--workspace", str(audited / "data"))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.lab
def test_no_file_of_an_audit_holds_the_key(audited: Path, host_lab: HostLab) -> None:
    secret = host_lab.keys.private.read_text().splitlines()[2]
    holding = [path for path in audited.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]
    assert holding == []
