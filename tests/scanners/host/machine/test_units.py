"""What starts, what failed, and desktops."""

from __future__ import annotations

import pytest

from scanners.host.report import Report, Section, State
from tests.scanners.host.machine.told import told, unread
from tests.scanners.host.recorded import written


def test_services_of_an_old_release_without_systemd() -> None:
    # As CentOS 6 has them in /etc/rc3.d; written, not recorded.
    facts = told(written(machine_enabled="from links\nsshd.service\nautofs.service\nsshd.service\n"))
    assert facts["host.unit_enabled"] == ["autofs.service", "sshd.service"]
    assert facts["host.unit_automount"] is True


@pytest.mark.parametrize("text", ["", "from upstart\n", "from nothing\n", "sshd.service\n"])
def test_what_cannot_be_told_is_no_empty_list(text: str) -> None:
    facts = told(written(machine_enabled=text))
    assert unread(facts)["host.unit_enabled"] == "not understood"
    assert unread(facts)["host.unit_automount"] == "not understood"


def test_something_else_than_units_is_not_understood() -> None:
    facts = told(written(machine_enabled="from links\n\x1b[2J hello\n"))
    assert unread(facts)["host.unit_enabled"] == "not understood"


def test_failed_units_with_and_without_the_dot_of_old_releases() -> None:
    text = (
        "● logrotate.service loaded failed failed Rotate log files\n"
        "  fwupd-refresh.service loaded failed failed Refresh\n"
        "* kdump.service loaded failed failed Crash recovery kernel arming\n"
    )
    facts = told(written(machine_failed=text))
    assert facts["host.unit_failed"] == ["fwupd-refresh.service", "kdump.service", "logrotate.service"]


def test_none_failed_is_told_apart_from_no_answer() -> None:
    assert told(written(machine_failed="\n"))["host.unit_failed"] == []
    silent = Report({"machine-failed": Section("machine-failed", State.RAN, b"", 1, 1000)})
    assert unread(told(silent))["host.unit_failed"] == "not understood"
    assert unread(told(written("machine-failed")))["host.unit_failed"] == "tool missing"


@pytest.mark.parametrize(("name", "manager"), [("systemd", "systemd"), ("init", "init"), ("sh", "other")])
def test_the_first_process(name: str, manager: str) -> None:
    assert told(written(machine_init=f"{name}\n"))["host.unit_manager"] == manager


@pytest.mark.parametrize(
    ("keys", "seconds"),
    [
        ("", 300),
        ("[org/gnome/desktop/session]\nidle-delay=uint32 900\n", 900),
        (
            "idle-delay=uint32 600\n[screensaver]\nlock-delay = uint32 30\nlock-enabled=true\n",
            630,
        ),
        ("idle-delay=uint32 0\n", None),
        ("lock-enabled=false\n", None),
    ],
)
def test_when_gnome_locks(keys: str, seconds: int | None) -> None:
    facts = told(written(machine_desktops="gdm3\n", machine_locks=keys))
    assert facts["host.desktop_lock_seconds"] == seconds


def test_when_another_desktop_locks_is_not_guessed() -> None:
    facts = told(written(machine_desktops="gdm\nlightdm\n", machine_locks=""))
    assert facts["host.desktop_managers"] == ["gdm", "lightdm"]
    assert unread(facts)["host.desktop_lock_seconds"] == "not understood"
