"""Read kernel settings, mandatory access control and removable storage. Pure."""

from __future__ import annotations

import re

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.report import Reason, Report, State, Unread

_CONTAINERS = frozenset(
    (
        *("lxc", "lxc-libvirt", "openvz", "docker", "podman", "systemd-nspawn", "rkt", "wsl", "proot"),
        *("pouch", "container-other"),
    )
)
"""Words of systemd-detect-virt(1) for a container, whose kernel is that of its host."""
_MOST_NAMED = 40


def _settings(report: Report) -> dict[str, str]:
    """Return path below /proc/sys → value."""
    found = dict(line.split(":", 1) for line in report.lines("machine-sysctl"))
    if "net/ipv4/conf/all/accept_redirects" not in found:
        raise ValueError("no settings of IPv4 in it")
    return found


def _forwarding(report: Report) -> JSON:
    found = _settings(report)
    both = ("net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding")
    return any(int(found.get(name, 0)) > 0 for name in both)


def _network_loose(report: Report) -> JSON:
    """Return settings that let others steer the traffic, by what the kernel makes of `all` and an interface.

    For some settings one of both suffices, for others both must be on; of reverse path filtering the higher
    counts (Linux, Documentation/networking/ip-sysctl.rst).
    """
    found = _settings(report)
    routes = int(found["net/ipv4/ip_forward"]) > 0
    loose = [] if int(found["net/ipv4/tcp_syncookies"]) else ["net.ipv4.tcp_syncookies = 0"]
    for path, value in found.items():
        match = re.fullmatch(r"net/(ipv[46])/conf/(.+)/(\w+)", path)
        if match is None or match[2] == "lo" or match[3] == "forwarding":
            continue
        version, interface, setting = match.groups()
        everywhere = int(found.get(f"net/{version}/conf/all/{setting}", 0))
        if _is_loose(version, interface, setting, int(value), everywhere, routes):
            loose.append(f"{path.replace('/', '.')} = {value}")
    return [*loose[:_MOST_NAMED]]


def _is_loose(version: str, interface: str, setting: str, value: int, everywhere: int, routes: bool) -> bool:
    named = interface in ("all", "default")
    if setting == "rp_filter":
        return interface != "all" and max(value, everywhere) == 0
    if setting == "send_redirects" or version == "ipv6":
        return value > 0
    both_needed = setting == "accept_source_route" or routes
    return value > 0 and (named or not both_needed or everywhere > 0)


def _memory_gaps(report: Report) -> JSON:
    found = _settings(report)
    gaps = []
    if found["kernel/randomize_va_space"] != "2":
        gaps.append(f"kernel.randomize_va_space = {found['kernel/randomize_va_space']}")
    scope = found.get("kernel/yama/ptrace_scope")
    if scope is None or int(scope) < 1:
        gaps.append(f"kernel.yama.ptrace_scope {'is not there' if scope is None else f'= {scope}'}")
    if found["fs/suid_dumpable"] != "0":
        gaps.append(f"fs.suid_dumpable = {found['fs/suid_dumpable']}")
    limits = [line.split() for line in report.lines("machine-core-limits")]
    limited = any(one[0] == "*" and one[1] in ("hard", "-") and one[3:4] == ["0"] for one in limits)
    pattern = found.get("kernel/core_pattern", "")
    if not limited and pattern.split()[:1] not in (["|/bin/false"], ["|/bin/true"], ["|/usr/bin/false"]):
        gaps.append("no hard limit of 0 for core dumps")
    return [*gaps]


def _mandatory(report: Report) -> dict[str, str]:
    """Return file of the kernel → what it says."""
    lines = (line.split(":", 1) for line in report.optional_lines("machine-mandatory"))
    return {one[0]: one[1] for one in lines if len(one) == 2 and not one[0].startswith("/etc/")}


def _selinux(report: Report) -> str | None:
    """Return what SELinux does now: 1 enforces, 0 is permissive, None is off."""
    found = _mandatory(report)
    now = found.get("/sys/fs/selinux/enforce", found.get("/selinux/enforce"))
    if now is None and found.get("/sys/fs/selinux") == "there":
        raise Unread(Reason.NEEDS_ROOT, "/sys/fs/selinux/enforce")
    return now


def _boot_mode(report: Report) -> str:
    """Return what /etc/selinux/config says for the next start; empty where it says nothing."""
    for line in report.optional_lines("machine-mandatory"):
        match = re.fullmatch(r"/etc/selinux/config:\s*SELINUX\s*=\s*(\w+)\s*", line)
        if match:
            return match[1].lower()
    return ""


def _system(report: Report) -> str | None:
    if _selinux(report) is not None:
        return "selinux"
    apparmor = _mandatory(report).get("/sys/module/apparmor/parameters/enabled", "N")
    return "apparmor" if apparmor == "Y" else None


def _profiles(report: Report) -> dict[str, str]:
    section = report.section("machine-profiles")
    if section.state is State.ABSENT or section.exit_code:
        raise Unread(Reason.NOT_UNDERSTOOD, "the profiles of AppArmor are not told")
    found: dict[str, str] = {}
    for line in section.text.splitlines():
        match = re.fullmatch(r"(.+) \((\w+)\)", line.strip())
        if match is None:
            raise ValueError(f"not a profile of AppArmor: {line[:80]}")
        found[match[1]] = match[2]
    return found


def _enforcing(report: Report) -> JSON:
    system = _system(report)
    if system is None:
        return False
    if system == "selinux":
        return _selinux(report) == "1" and _boot_mode(report) in ("", "enforcing")
    return any(mode in ("enforce", "kill") for mode in _profiles(report).values())


def _complaining(report: Report) -> JSON:
    system = _system(report)
    if system == "apparmor":
        return [*sorted(name for name, mode in _profiles(report).items() if mode == "complain")]
    if system == "selinux":
        now = [] if _selinux(report) == "1" else ["SELinux is permissive"]
        later = _boot_mode(report)
        return [*now, *([] if later in ("", "enforcing") else [f"SELINUX={later} in /etc/selinux/config"])]
    return []


def _usb_blocked(report: Report) -> JSON:
    lines = report.lines("machine-usb")
    told = {" ".join(line.replace("usb_storage", "usb-storage").split()) for line in lines}
    command = (report.optional("machine-cmdline") or "").replace("usb_storage", "usb-storage").split()
    if "usb-storage loaded" in told:
        return False
    if {"nousb", "usbcore.nousb", "usbcore.nousb=1", "usbcore.authorized_default=0"} & {*command}:
        return True
    if "usb-storage builtin" in told:
        return False
    if any(re.fullmatch(r"install usb-storage /(usr/)?bin/(false|true)", line) for line in told):
        return True
    kept = [one.partition("=")[2].split(",") for one in command if one.startswith("module_blacklist=")]
    if any("usb-storage" in names for names in kept):
        return True
    if "blacklist usb-storage" in told and "blacklist uas" in told:
        return True
    if "modules unknown" in told:
        raise Unread(Reason.NOT_UNDERSTOOD, "no list of the modules of the running kernel")
    if "usb-storage available" not in told:
        return True
    # The driver for fast USB disks loads usb-storage along, whatever list stands against that one.
    return "blacklist usb-storage" in told and "uas available" not in told


READERS: dict[str, Reader] = {
    "host.kernel_own": lambda report: report.text("virtual").strip() not in _CONTAINERS,
    "host.kernel_forwarding": _forwarding,
    "host.kernel_network_loose": _network_loose,
    "host.kernel_memory_gaps": _memory_gaps,
    "host.mac_system": _system,
    "host.mac_enforcing": _enforcing,
    "host.mac_complaining": _complaining,
    "host.usb_storage_blocked": _usb_blocked,
}
