"""Read file systems: how they are mounted, how full they are, which were not walked, where logs lie. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.files.commands import PASSED_OVER, WALKED
from scanners.host.report import Reason, Report, Unread

_KERNEL = frozenset(
    (
        *("proc", "sysfs", "devtmpfs", "devpts", "cgroup", "cgroup2", "securityfs", "selinuxfs", "debugfs"),
        *("tracefs", "configfs", "pstore", "bpf", "efivarfs", "mqueue", "hugetlbfs", "binfmt_misc", "autofs"),
        *("rpc_pipefs", "nfsd", "fusectl", "nsfs", "ramfs", "rootfs", "usbfs", "fuse.lxcfs", "fuse.portal"),
    )
)
"""File systems that the kernel or a helper makes up; there is no stored file in them."""
_READ_ONLY = frozenset({"squashfs", "iso9660", "udf", "erofs", "cramfs"})
"""Full and unchangeable by nature."""
_PLACES = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108 (told about, not written to)
_WANTED = ("nodev", "nosuid", "noexec")
_DF = re.compile(r".*?\s(\d+%|-)\s+(/.*)")
_OCTAL = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True, slots=True)
class Mount:
    """One mounted file system."""

    target: str
    kind: str
    options: frozenset[str]


def mounts(report: Report) -> list[Mount]:
    """Return the mounted file systems in their order, of /proc/mounts (proc(5), fstab(5))."""
    found = []
    for line in report.lines("files-mounts"):
        _, target, kind, options, *_ = line.split()
        found.append(Mount(_unescaped(target), kind, frozenset(options.split(","))))
    if not any(one.target == "/" for one in found):
        raise ValueError("no file system at /")
    return found


def _unescaped(text: str) -> str:
    return _OCTAL.sub(lambda match: chr(int(match[1], 8)), text)


def _mount_of(path: str, mounted: list[Mount]) -> Mount:
    """Return the file system that a path lies in: the longest target above it, of two the later one."""
    above = [one for one in mounted if f"{path}/".startswith(f"{one.target.rstrip('/')}/")]
    longest = max(len(one.target) for one in above)
    return [one for one in above if len(one.target) == longest][-1]


def _places(report: Report) -> dict[str, str]:
    """Return where each place really leads: two words in a line."""
    places: dict[str, str] = {}
    for line in report.lines("files-places"):
        place, target = line.split(" ", 1)
        places[place] = target
    return places


def _where(report: Report, place: str) -> Mount:
    places = _places(report)
    if place not in places:
        raise Unread(Reason.NEEDS_ROOT, place)
    return _mount_of(places[place], mounts(report))


def _loose(report: Report) -> JSON:
    loose = []
    for place in _PLACES:
        mount = _where(report, place)
        missing = [one for one in _WANTED if one not in mount.options]
        if missing:
            loose.append(f"{place} in {mount.target}: without {', '.join(missing)}")
    return [*loose]


def _unwalked(report: Report) -> JSON:
    known = {*WALKED, *_KERNEL, *_READ_ONLY}
    told = [
        f"{one.target} ({one.kind})"
        for one in mounts(report)
        if one.kind not in known or (one.kind in WALKED and one.target.startswith(_CONTAINERS))
    ]
    return [*dict.fromkeys(told)][:100]


_CONTAINERS = tuple(f"{place}/" for place in PASSED_OVER if place.startswith("/var/"))


def _logs_separate(report: Report) -> JSON:
    return _where(report, "/var/log").target != "/"


def _fill(report: Report, section: str) -> list[tuple[str, int | None]]:
    """Return target and used percent of every file system on a disk of the host, as df -P tells."""
    kinds = {one.target: one.kind for one in mounts(report)}
    found: list[tuple[str, int | None]] = []
    for line in report.text(section).splitlines()[1:]:
        match = _DF.fullmatch(line)
        if match is None:
            raise ValueError(f"not a line of df: {line[:80]}")
        percent, target = match.groups()
        kind = kinds.get(target, "")
        if kind in _READ_ONLY or kind in _KERNEL or kind == "tmpfs":
            continue
        if kind.startswith("overlay") and target != "/":
            continue
        found.append((target, None if percent == "-" else int(percent.removesuffix("%"))))
    if not found:
        raise ValueError("df tells of no file system on a disk")
    return found


def _space(report: Report) -> dict[str, int]:
    return {target: percent for target, percent in _fill(report, "files-space") if percent is not None}


def _inodes(report: Report) -> dict[str, int]:
    """Return used inodes in percent; 0 where a file system has no fixed number of them, as btrfs."""
    return {target: percent or 0 for target, percent in _fill(report, "files-inodes")}


def _fullest(report: Report) -> JSON:
    inodes = _inodes(report)
    told = sorted(_space(report).items(), key=lambda one: -max(one[1], inodes.get(one[0], 0)))
    return [f"{target}: {percent} % space, {inodes.get(target, 0)} % inodes" for target, percent in told][:10]


READERS: dict[str, Reader] = {
    "host.mount_temporary_loose": _loose,
    "host.file_systems_unwalked": _unwalked,
    "host.mount_logs_separate": _logs_separate,
    "host.disk_fill": _fullest,
    "host.disk_space_percent": lambda report: max(_space(report).values()),
    "host.disk_inodes_percent": lambda report: max(_inodes(report).values()),
}
