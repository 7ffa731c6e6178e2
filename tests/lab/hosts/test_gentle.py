"""What one collection does to a host: it reads, over one connection, with little processor time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.lab.hosts import HOSTS, Host, HostLab
from tests.lab.hosts.access import USER
from tests.lab.hosts.auditing import Look, look_at, run_as_audit
from tests.lab.hosts.trace import Act, Trace

pytestmark = pytest.mark.lab

_PROCESSOR_SECONDS = 2.0
_NULL = "/dev/null"
_OF_A_LOGIN: Mapping[str, str] = {
    # sshd marks the login for the kernel's audit and puts its own protection from memory shortage off.
    "sshd": r"/proc/(self|\d+)/(loginuid|oom_score_adj)"
    # pam_motd: the greeting is made anew, and shown once (Ubuntu).
    rf"|/run/motd\.dynamic|/home/{USER}/\.cache(/motd\.legal-displayed)?"
    rf"|(/var)?/run/faillock(/{USER})?",
    "sh": r"/run/motd\.dynamic\.new",
    "50-motd-news": r"/var/cache/motd-news",
    # The host's own record of what sudo ran, and pam_faillock's count of failures, which a success sets back.
    "sudo": rf"/var/log/sudo\.log|(/var)?/run/faillock/{USER}",
}
"""Program → what it writes for any login, whatever is run then."""


def _is_of_a_login(act: Act) -> bool:
    return act.target == _NULL or re.fullmatch(_OF_A_LOGIN.get(act.program, "-"), act.target) is not None


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.id)
def test_a_collection_changes_nothing_and_connects_nowhere(
    host: Host, host_lab: HostLab, tmp_path: Path
) -> None:
    with Trace(host_lab, host, tmp_path) as trace:
        look_at(host_lab, host)
    changes = trace.changes()
    assert Act("sh", "openat", _NULL) in changes, "the trace saw nothing of the collection"
    assert {act for act in changes if not _is_of_a_login(act)} == set()
    assert trace.accepted() == 1
    # sshd asks the C library how its own addresses sort, with sockets that send nothing.
    assert {act for act in trace.connected() if act.program != "sshd"} == set()


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.id)
def test_a_collection_takes_little_processor_time(host: Host, looks: Mapping[str, Look]) -> None:
    assert looks[host.id].processor_seconds < _PROCESSOR_SECONDS


def test_the_trace_sees_a_write(host_lab: HostLab, tmp_path: Path) -> None:
    """Without this, a blind trace would pass."""
    host = HOSTS[0]
    with Trace(host_lab, host, tmp_path) as trace:
        run_as_audit(host_lab, host, "echo x >/tmp/tilik-wrote; rm /tmp/tilik-wrote")
    touched = {(act.call, act.target) for act in trace.changes()}
    assert ("openat", "/tmp/tilik-wrote") in touched
    assert any(call.startswith("unlink") and path == "/tmp/tilik-wrote" for call, path in touched)
