"""Kernel settings, mandatory access control and removable storage."""

from __future__ import annotations

import pytest

from scanners.host.report import Report, Section, State
from tests.scanners.host.machine.told import told, unread
from tests.scanners.host.recorded import written

SETTINGS = {
    "net/ipv4/ip_forward": "0",
    "net/ipv4/tcp_syncookies": "1",
    "net/ipv6/conf/all/forwarding": "0",
    "net/ipv4/conf/all/accept_redirects": "0",
    "net/ipv4/conf/default/accept_redirects": "0",
    "net/ipv4/conf/ens18/accept_redirects": "0",
    "net/ipv4/conf/lo/accept_redirects": "1",
    "net/ipv4/conf/all/send_redirects": "0",
    "net/ipv4/conf/default/send_redirects": "0",
    "net/ipv4/conf/all/accept_source_route": "0",
    "net/ipv4/conf/default/accept_source_route": "0",
    "net/ipv4/conf/all/rp_filter": "1",
    "net/ipv4/conf/default/rp_filter": "0",
    "net/ipv6/conf/all/accept_redirects": "0",
    "kernel/randomize_va_space": "2",
    "kernel/yama/ptrace_scope": "1",
    "fs/suid_dumpable": "0",
    "kernel/core_pattern": "core",
}
LIMITED = "* hard core 0\n"


def settings(core: str = LIMITED, **changed: str) -> dict[str, object]:
    """Return the facts of a hardened kernel with some settings changed; `__` stands for `/` in names."""
    values = {**SETTINGS, **{name.replace("__", "/"): value for name, value in changed.items()}}
    text = "".join(f"{name}:{value}\n" for name, value in values.items() if value)
    return dict(told(written(machine_sysctl=text, machine_core_limits=core)))


def test_a_hardened_kernel_has_nothing_loose() -> None:
    facts = settings()
    assert facts["host.kernel_network_loose"] == []
    assert facts["host.kernel_memory_gaps"] == []
    assert facts["host.kernel_forwarding"] is False


@pytest.mark.parametrize(
    ("changed", "loose"),
    [
        ({"net__ipv4__tcp_syncookies": "0"}, "net.ipv4.tcp_syncookies = 0"),
        # Either is enough on a host, so an interface that was there before the setting still accepts.
        ({"net__ipv4__conf__ens18__accept_redirects": "1"}, "net.ipv4.conf.ens18.accept_redirects = 1"),
        ({"net__ipv4__conf__all__accept_redirects": "1"}, "net.ipv4.conf.all.accept_redirects = 1"),
        ({"net__ipv4__conf__ens18__send_redirects": "1"}, "net.ipv4.conf.ens18.send_redirects = 1"),
        ({"net__ipv6__conf__ens18__accept_redirects": "1"}, "net.ipv6.conf.ens18.accept_redirects = 1"),
        (
            {"net__ipv4__conf__default__accept_source_route": "1"},
            "net.ipv4.conf.default.accept_source_route = 1",
        ),
    ],
)
def test_one_setting_that_lets_others_steer(changed: dict[str, str], loose: str) -> None:
    assert settings(**changed)["host.kernel_network_loose"] == [loose]


def test_source_routes_need_both_settings() -> None:
    one = settings(net__ipv4__conf__ens18__accept_source_route="1")
    assert one["host.kernel_network_loose"] == []


def test_a_router_accepts_redirects_only_where_both_settings_do() -> None:
    router = {"net__ipv4__ip_forward": "1", "net__ipv4__conf__ens18__accept_redirects": "1"}
    facts = settings(**router)
    assert facts["host.kernel_network_loose"] == []
    assert facts["host.kernel_forwarding"] is True


@pytest.mark.parametrize(
    ("everywhere", "here", "loose"), [("0", "0", 2), ("0", "2", 1), ("2", "0", 0), ("1", "1", 0)]
)
def test_of_reverse_path_filtering_the_higher_counts(everywhere: str, here: str, loose: int) -> None:
    facts = settings(net__ipv4__conf__all__rp_filter=everywhere, net__ipv4__conf__ens18__rp_filter=here)
    listed = facts["host.kernel_network_loose"]
    assert isinstance(listed, list)
    assert len(listed) == loose


@pytest.mark.parametrize(
    ("changed", "core", "gap"),
    [
        ({"kernel__randomize_va_space": "1"}, LIMITED, "kernel.randomize_va_space = 1"),
        ({"kernel__yama__ptrace_scope": "0"}, LIMITED, "kernel.yama.ptrace_scope = 0"),
        ({"kernel__yama__ptrace_scope": ""}, LIMITED, "kernel.yama.ptrace_scope is not there"),
        ({"fs__suid_dumpable": "2"}, LIMITED, "fs.suid_dumpable = 2"),
        ({}, "", "no hard limit of 0 for core dumps"),
        ({}, "* soft core 0\n", "no hard limit of 0 for core dumps"),
        ({}, "@dev hard core 0\n", "no hard limit of 0 for core dumps"),
    ],
)
def test_one_gap_in_the_protection_of_memory(changed: dict[str, str], core: str, gap: str) -> None:
    assert settings(core, **changed)["host.kernel_memory_gaps"] == [gap]


def test_dumps_that_go_nowhere_need_no_limit() -> None:
    assert settings("", kernel__core_pattern="|/bin/false")["host.kernel_memory_gaps"] == []


def test_no_settings_are_no_hardened_kernel() -> None:
    facts = told(written(machine_sysctl="", machine_core_limits=""))
    assert unread(facts)["host.kernel_network_loose"] == "not understood"
    assert unread(facts)["host.kernel_memory_gaps"] == "not understood"


@pytest.mark.parametrize(("kind", "own"), [("none", True), ("kvm", True), ("lxc", False), ("docker", False)])
def test_a_container_has_the_kernel_of_its_host(kind: str, own: bool) -> None:
    assert told(written(virtual=f"{kind}\n"))["host.kernel_own"] is own


# As CentOS 7 and Rocky Linux 9 print these files; written, not recorded.
SELINUX = (
    "/sys/fs/selinux/enforce:{now}\n/etc/selinux/config:# SELINUX= can take\n"
    "/etc/selinux/config:SELINUX={later}\n"
)


@pytest.mark.parametrize(
    ("now", "later", "enforcing", "complaining"),
    [
        ("1", "enforcing", True, []),
        ("0", "enforcing", False, ["SELinux is permissive"]),
        ("1", "permissive", False, ["SELINUX=permissive in /etc/selinux/config"]),
        ("1", "disabled", False, ["SELINUX=disabled in /etc/selinux/config"]),
    ],
)
def test_selinux_now_and_after_the_next_start(
    now: str, later: str, enforcing: bool, complaining: list[str]
) -> None:
    facts = told(written(machine_mandatory=SELINUX.format(now=now, later=later)))
    assert facts["host.mac_system"] == "selinux"
    assert facts["host.mac_enforcing"] is enforcing
    assert facts["host.mac_complaining"] == complaining


APPARMOR = "/sys/module/apparmor/parameters/enabled:Y\n"


def test_apparmor_with_a_profile_that_only_reports() -> None:
    profiles = (
        "/usr/sbin/mysqld (complain)\n/usr/bin/man (enforce)\n"
        "lsb_release//x y (enforce)\nbwrap (unconfined)\n"
    )
    facts = told(written(machine_mandatory=APPARMOR, machine_profiles=profiles))
    assert facts["host.mac_system"] == "apparmor"
    assert facts["host.mac_enforcing"] is True
    assert facts["host.mac_complaining"] == ["/usr/sbin/mysqld"]


def test_apparmor_without_profiles_enforces_nothing() -> None:
    assert told(written(machine_mandatory=APPARMOR, machine_profiles=""))["host.mac_enforcing"] is False


def test_profiles_are_for_root_alone() -> None:
    facts = told(written(denied=("machine-profiles",), machine_mandatory=APPARMOR))
    assert facts["host.mac_system"] == "apparmor"
    assert unread(facts)["host.mac_enforcing"] == "needs root"


def test_profiles_that_cannot_be_shown_are_not_none() -> None:
    shown = Section("machine-profiles", State.RAN, b"", 1, 1000)
    sections = {**written(machine_mandatory=APPARMOR).sections, "machine-profiles": shown}
    assert unread(told(Report(sections)))["host.mac_enforcing"] == "not understood"


def test_neither_of_both() -> None:
    off = "/sys/module/apparmor/parameters/enabled:N\n/etc/selinux/config:SELINUX=disabled\n"
    facts = told(written(machine_mandatory=off))
    assert facts["host.mac_system"] is None
    assert facts["host.mac_enforcing"] is False


@pytest.mark.parametrize(
    ("usb", "command", "blocked"),
    [
        ("usb-storage available\nuas available\n", "", False),
        ("install usb-storage /bin/false\nusb-storage available\n", "", True),
        ("install usb_storage /bin/true\nmodules unknown\n", "", True),
        ("install usb-storage /sbin/modprobe usb-storage\nusb-storage available\n", "", False),
        ("blacklist usb-storage\nusb-storage available\nuas available\n", "", False),
        ("blacklist usb-storage\nblacklist uas\nusb-storage available\nuas available\n", "", True),
        ("blacklist usb-storage\nusb-storage available\n", "", True),
        ("install usb-storage /bin/false\nusb-storage loaded\nusb-storage available\n", "", False),
        ("install usb-storage /bin/false\nusb-storage builtin\n", "", False),
        ("usb-storage available\n", "root=/dev/sda1 usbcore.authorized_default=0", True),
        ("usb-storage available\n", "module_blacklist=floppy,usb_storage", True),
        ("", "", True),
    ],
)
def test_whether_a_memory_stick_is_of_use(usb: str, command: str, blocked: bool) -> None:
    facts = told(written(machine_usb=usb, machine_cmdline=command))
    assert facts["host.usb_storage_blocked"] is blocked


def test_without_a_list_of_modules_nothing_is_called_blocked() -> None:
    facts = told(written(machine_usb="blacklist usb-storage\nmodules unknown\n", machine_cmdline=""))
    assert unread(facts)["host.usb_storage_blocked"] == "not understood"
