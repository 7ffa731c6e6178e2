"""Read whether the volumes under the data of database servers are encrypted. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.databases.installed import is_installed
from scanners.host.databases.read_mysql import server
from scanners.host.databases.read_postgresql import setting
from scanners.host.report import Reason, Report, Unread

_SERVERS = ("mariadb", "postgresql", "mongodb")


@dataclass(frozen=True, slots=True)
class _Device:
    kind: str
    parents: frozenset[str]


def _volumes(report: Report) -> JSON:
    mounts, devices = _mounts(report), _devices(report)
    found: list[JSON] = []
    for path in _places(report):
        for target in _under(path, mounts):
            source = mounts[target]
            found.append({"path": path, "device": source, "encrypted": _is_encrypted(source, devices)})
    return found


def _places(report: Report) -> list[str]:
    """Return the directories that hold data, links followed."""
    listed = [line.partition(" ")[2] for line in report.optional_lines("databases-places")]
    told = [*_data_directories(report)]
    found = [*dict.fromkeys([*listed, *(one for one in told if not _is_below(one, listed))])]
    if not found and any(is_installed(report, software) for software in _SERVERS):
        raise Unread(Reason.NOT_UNDERSTOOD, "no data in the usual places")
    return found


def _data_directories(report: Report) -> list[str]:
    """Return what running servers tell; one that does not answer has its data in the usual places."""
    found: list[str] = []
    try:
        if is_installed(report, "mariadb"):
            found.append(server(report).variables["datadir"].rstrip("/"))
        if is_installed(report, "postgresql"):
            found.extend(setting(report, "data_directory"))
    except Unread as error:
        if error.reason is Reason.BROKEN_OFF:
            raise
    return found


def _is_below(path: str, places: list[str]) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in places)


def _mounts(report: Report) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in report.lines("databases-mounts"):
        source, target, _ = line.split(" ")
        # /proc writes blanks as octal numbers; the last one mounted at a place is what is seen there.
        found[re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), target)] = source
    if "/" not in found:
        raise Unread(Reason.NOT_UNDERSTOOD, "no root among the mounts")
    return found


def _under(path: str, mounts: Mapping[str, str]) -> list[str]:
    """Return where the volume of a path is mounted, and what is mounted below it."""
    above = max((one for one in mounts if one == "/" or _is_below(path, [one])), key=len)
    return [above, *(one for one in mounts if one.startswith(f"{path}/"))]


def _devices(report: Report) -> dict[str, _Device]:
    found: dict[str, _Device] = {}
    for line in report.lines("databases-devices"):
        kernel, name, kind, *parent = line.split(" ")
        before = found.get(kernel)
        parents = frozenset(one for one in parent if one) | (before.parents if before else frozenset())
        found[kernel] = found[name] = _Device(kind, parents)
    return found


def _is_encrypted(source: str, devices: Mapping[str, _Device]) -> bool:
    device = devices.get(source)
    if device is None:
        raise Unread(Reason.NOT_UNDERSTOOD, f"{source} is no device that lsblk knows")
    if device.kind == "crypt":
        return True
    return bool(device.parents) and all(_is_encrypted(one, devices) for one in device.parents)


READERS: dict[str, Reader] = {"host.data_volumes": _volumes}
