"""Read which disks may leave the room, and which of them are not encrypted. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.report import Reason, Report, State, Unread

_PAIR = re.compile(r'([A-Z]+)="((?:[^"\\]|\\.)*)"')
_PORTABLE_BUSES = frozenset({"usb", "ieee1394", "mmc"})
_BACKUP = re.compile(r"backup|cadangan|bak(/|$)", re.IGNORECASE)
_ENCRYPTED = frozenset({"crypto_LUKS", "BitLocker"})
_NO_DATA = frozenset({"linux_raid_member", "LVM2_member"})
_BOOT = ("/boot", "/boot/efi", "/efi")

Device = Mapping[str, str]


def devices(report: Report) -> dict[str, Device]:
    """Return the block devices of lsblk -P by kernel name; one below two parents stands once."""
    section = report.section("files-disks")
    if section.state is State.ABSENT:
        raise Unread(Reason.TOOL_MISSING, "lsblk")
    if section.exit_code and not section.content.strip():
        raise Unread(Reason.NOT_UNDERSTOOD, f"lsblk ended with {section.exit_code}")
    found: dict[str, Device] = {}
    for line in report.lines("files-disks"):
        device = dict(_PAIR.findall(line))
        key = f"{device['KNAME']} {device['PKNAME']}"
        found[key] = device
        device["TYPE"], device["RM"], device["MOUNTPOINT"], device["FSTYPE"], device["TRAN"]
    return found


def _below(name: str, all_devices: list[Device]) -> list[Device]:
    """Return the devices that lie on one, itself first."""
    found: list[Device] = []
    open_names = [name]
    while open_names:
        current = open_names.pop()
        found.extend(one for one in all_devices if one["KNAME"] == current and one not in found)
        seen = {one["KNAME"] for one in found}
        children = {one["KNAME"] for one in all_devices if one["PKNAME"] == current}
        open_names.extend(sorted(children - seen))
    return found


def _is_portable(disk: Device, below: list[Device]) -> bool:
    if disk["TYPE"] != "disk" or disk["KNAME"].startswith(("zram", "ram", "loop")):
        return False
    if disk["RM"] == "1" or disk["TRAN"] in _PORTABLE_BUSES:
        return True
    mounted = [one["MOUNTPOINT"] for one in below if one["MOUNTPOINT"]]
    return bool(mounted) and all(_BACKUP.search(one) for one in mounted)


def _portable(report: Report) -> list[list[Device]]:
    listed = [*devices(report).values()]
    trees = [_below(one["KNAME"], listed) for one in listed if one["TYPE"] == "disk"]
    return [tree for tree in trees if tree and _is_portable(tree[0], tree)]


def _plain(report: Report) -> JSON:
    """Return parts that hold data in the clear; raise Unread for one of which nothing is told."""
    plain: list[str] = []
    unclear: list[str] = []
    for tree in _portable(report):
        parents = {one["PKNAME"] for one in tree}
        covered = {one["KNAME"] for one in tree if one["FSTYPE"] in _ENCRYPTED}
        for part in tree:
            name, kind = part["KNAME"], part["FSTYPE"]
            if kind in _ENCRYPTED or _is_above(part, covered, tree) or part["MOUNTPOINT"] in _BOOT:
                continue
            if kind and kind not in _NO_DATA:
                plain.append(f"/dev/{name} {kind} {part['MOUNTPOINT']}".strip())
            elif part["MOUNTPOINT"]:
                plain.append(f"/dev/{name} {part['MOUNTPOINT']}")
            elif name not in parents:
                unclear.append(f"/dev/{name}")
    if unclear and not plain:
        raise Unread(Reason.NOT_UNDERSTOOD, f"what is on {', '.join(unclear)} is not told")
    return [*plain]


def _is_above(part: Device, covered: set[str], tree: list[Device]) -> bool:
    """Return whether a device lies on an encrypted one."""
    parents = {one["KNAME"]: one["PKNAME"] for one in tree}
    name = part["PKNAME"]
    # No longer a way up than there are devices: one that lies on itself is no device.
    for _ in tree:
        if name in covered:
            return True
        name = parents.get(name, "")
    return part["TYPE"] == "crypt"


READERS: dict[str, Reader] = {
    "host.disk_portable": lambda report: [*(f"/dev/{tree[0]['KNAME']}" for tree in _portable(report))],
    "host.disk_portable_plain": _plain,
}
