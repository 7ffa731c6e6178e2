"""Read the health of disks and of what makes them redundant. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.report import Reason, Report, State, Unread

_TOOLS = {
    "megaraid_sas": ("machine-storcli", "machine-perccli"),
    "hpsa": ("machine-ssacli",),
    "smartpqi": ("machine-ssacli",),
    "aacraid": (),
    "arcmsr": (),
    "3w-sas": (),
    "3w-9xxx": (),
    "mpi3mr": (),
}
"""Drivers of RAID controllers → sections of tools that tell of their arrays."""


@dataclass(frozen=True, slots=True)
class Array:
    """One array, pool or multipath device, and what is wrong with it; empty when nothing is."""

    name: str
    wrong: str = ""


def _software(text: str) -> Iterator[Array]:
    """Yield the arrays of /proc/mdstat (md(4))."""
    blocks = re.split(r"^(?=md\S+ : )", text, flags=re.MULTILINE)[1:]
    for block in blocks:
        head = block.splitlines()[0].split()
        name, state = head[0], head[2]
        disks = re.search(r"\[(\d+)/(\d+)\]", block)
        if state != "active":
            yield Array(name, state)
        elif "(F)" in block:
            yield Array(name, "a disk has failed")
        elif disks and int(disks[2]) < int(disks[1]):
            yield Array(name, f"{disks[2]} of {disks[1]} disks")
        else:
            yield Array(f"{name} {head[3]}" if not head[3].startswith("(") else f"{name} {head[4]}")


def _mapped(text: str) -> Iterator[Array]:
    """Yield RAID and multipath devices of dmsetup status (Linux, admin-guide/device-mapper)."""
    for line in text.splitlines():
        match = re.match(r"(\S+): \d+ \d+ (raid|mirror|multipath) (.*)", line)
        if match is None:
            continue
        name, kind, rest = match.groups()
        words = rest.split()
        if kind == "raid":
            bad = not set(words[2]) <= {"A", "-"}
        elif kind == "mirror":
            bad = any(re.fullmatch("[AFDSRU]+", word) and set(word) != {"A"} for word in words)
        else:
            bad = re.search(r"\b\d+:\d+ F\b", rest) is not None
        yield Array(f"{name} {kind}", "a part has failed or is being rebuilt" if bad else "")


def _pools(text: str) -> Iterator[Array]:
    for line in text.splitlines():
        name, tab, health = line.strip().partition("\t")
        if tab:
            yield Array(name, "" if health == "ONLINE" else health)


def _controller(text: str) -> Iterator[Array]:
    """Yield the virtual drives of storcli or perccli, and the drives of ssacli."""
    for match in re.finditer(r"^\s*(\d+/\d+)\s+(RAID\d+)\s+(\S+)\s", text, re.MULTILINE):
        yield Array(f"{match[1]} {match[2]}", "" if match[3] == "Optl" else match[3])
    for match in re.finditer(
        r"^\s*(logicaldrive|physicaldrive) (\S+) \((.*), ([^,()]+)\)", text, re.MULTILINE
    ):
        yield Array(f"{match[1]} {match[2]}", "" if match[4] == "OK" else match[4])


def _physical(report: Report) -> Iterator[Array]:
    """Yield the arrays of RAID controllers; raise Unread for a controller that no tool tells of."""
    for driver in report.optional_lines("machine-drivers"):
        if driver not in _TOOLS:
            continue
        texts = [text for name in _TOOLS[driver] if (text := report.optional(name)) is not None]
        if not texts:
            raise Unread(Reason.TOOL_MISSING, f"no tool for the RAID controller ({driver})")
        for text in texts:
            yield from _controller(text)


def _arrays(report: Report) -> tuple[list[Array], Unread | None]:
    """Return every array that is told, with why others may not be."""
    found: list[Array] = []
    broken: Unread | None = None
    found.extend(_software(report.optional("machine-mdstat") or ""))
    for name, read in (("machine-zpools", _pools), ("machine-mapped", _mapped)):
        try:
            section = report.section(name)
            if section.state is State.RAN and section.exit_code:
                raise Unread(Reason.NOT_UNDERSTOOD, f"{name} ended with {section.exit_code}")
            found.extend(read(section.text))
        except Unread as error:
            broken = error
    try:
        found.extend(_physical(report))
    except Unread as error:
        broken = error
    return found, broken


def _named(report: Report) -> JSON:
    found, broken = _arrays(report)
    if broken is not None and not any(one.wrong for one in found):
        raise broken
    return [*(one.name for one in found)]


def _degraded(report: Report) -> JSON:
    found, broken = _arrays(report)
    wrong = [f"{one.name}: {one.wrong}" for one in found if one.wrong]
    if broken is not None and not wrong:
        raise broken
    return [*wrong]


_WEAR = re.compile(
    r"^\s*\d+\s+(?:Media_Wearout_Indicator|Wear_Leveling_Count|SSD_Life_Left|Percent_Lifetime_Remain"
    r"|Remaining_Lifetime_Perc)\s+0x\w+\s+(\d+)\s",
    re.MULTILINE,
)
_USED = re.compile(r"^Percentage [Uu]sed(?: endurance indicator)?:\s+(\d+)%", re.MULTILINE)


def _smart(report: Report) -> dict[str, str]:
    """Return disk → what smartctl(8) printed about it; raise Unread."""
    text = report.optional("machine-smart")
    if text is None:
        raise Unread(Reason.TOOL_MISSING, "smartctl")
    parts = re.split(r"^(/dev/\S+)\n", text, flags=re.MULTILINE)
    found = dict(zip(parts[1::2], parts[2::2], strict=True))
    if not found:
        raise Unread(Reason.NOT_UNDERSTOOD, "no disk that smartctl knows by name")
    return found


def _passed(text: str) -> bool | None:
    """Return whether a disk says of itself that it is well; None when it says nothing."""
    said = re.search(
        r"^SMART (?:overall-health self-assessment test result|Health Status): (\S+)", text, re.MULTILINE
    )
    warned = re.search(r"^Critical Warning:\s+0x([0-9a-fA-F]+)", text, re.MULTILINE)
    if warned and int(warned[1], 16):
        return False
    return said[1] in ("PASSED", "OK") if said else None


def _unhealthy(report: Report) -> JSON:
    told = {disk: _passed(text) for disk, text in _smart(report).items()}
    bad = [disk for disk, passed in told.items() if passed is False]
    silent = [disk for disk, passed in told.items() if passed is None]
    if silent and not bad:
        raise Unread(Reason.NOT_UNDERSTOOD, f"asleep, or behind a controller: {', '.join(silent)}")
    return [*sorted(bad)]


def _worn_percent(report: Report) -> JSON:
    worn = [int(value) for text in _smart(report).values() for value in _USED.findall(text)]
    left = [int(value) for text in _smart(report).values() for value in _WEAR.findall(text)]
    return max([*worn, *(max(0, 100 - value) for value in left)], default=None)


READERS: dict[str, Reader] = {
    "host.raid_arrays": _named,
    "host.raid_degraded": _degraded,
    "host.disk_unhealthy": _unhealthy,
    "host.disk_worn_percent": _worn_percent,
}
