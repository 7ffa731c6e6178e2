"""Memory, load, and texts at login."""

from __future__ import annotations

from tests.scanners.host.machine.told import told, unread
from tests.scanners.host.recorded import written

MEMORY = (
    "MemTotal: 8000000 kB\nMemFree: 200000 kB\nMemAvailable: 4000000 kB\n"
    "SwapTotal: {0} kB\nSwapFree: {1} kB\n"
)


def test_memory_that_can_still_be_had() -> None:
    facts = told(written(machine_memory=MEMORY.format(2000000, 500000)))
    assert facts["host.memory_available_percent"] == 50
    assert facts["host.memory_swap_percent"] == 75


def test_no_swap_is_not_full_swap() -> None:
    assert told(written(machine_memory=MEMORY.format(0, 0)))["host.memory_swap_percent"] is None


def test_an_old_kernel_that_does_not_tell_what_is_available() -> None:
    # As CentOS 6 prints it; written, not recorded.
    text = "MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 50 kB\nCached: 300 kB\nShmem: 50 kB\nHugePages: 0\n"
    assert told(written(machine_memory=text))["host.memory_available_percent"] == 40


def test_load_over_fifteen_minutes_for_each_processor() -> None:
    facts = told(written(machine_load="9.10 8.00 6.04 3/900 12345\n", machine_processors="4\n"))
    assert facts["host.memory_load_percent"] == 151


def test_no_processor_is_not_understood() -> None:
    facts = told(written(machine_load="0.10 0.00 0.04 3/900 12345\n", machine_processors="0\n"))
    assert unread(facts)["host.memory_load_percent"] == "not understood"


def notices(**texts: str) -> dict[str, object]:
    names = {"issue": "/etc/issue", "net": "/etc/issue.net", "motd": "/etc/motd"}
    text = "".join(f"==> {names[name]} <== read\n{content}\n" for name, content in texts.items())
    return dict(told(written(machine_notices=text)))


def test_a_notice_in_one_line_without_details() -> None:
    facts = notices(issue="Sistem ini milik\n  pemerintah daerah.\n\n", net="", motd="Selamat bekerja\n")
    assert facts["host.notice_local"] == "Sistem ini milik pemerintah daerah."
    assert facts["host.notice_network"] == ""
    assert facts["host.notice_details"] == []


def test_escapes_that_are_filled_in_are_details() -> None:
    # As CentOS 7 and Rocky Linux 9 have it; written, not recorded.
    facts = notices(issue="\\S\nKernel \\r on an \\m\n", net="\\S\n", motd="\\S is a letter here")
    assert facts["host.notice_details"] == ["/etc/issue: \\S, \\r, \\m, Kernel", "/etc/issue.net: \\S"]


def test_a_file_that_may_not_be_read_is_not_an_empty_one() -> None:
    facts = told(written(machine_notices="==> /etc/issue <== denied\n"))
    assert unread(facts)["host.notice_local"] == "needs root"
