"""Read UPS, power supplies, temperatures and fans. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.report import Reason, Report, State, Unread

_NUT_BAD = {
    "LB": "battery low",
    "RB": "battery must be replaced",
    "OFF": "switched off",
    "OVER": "overloaded",
    "BYPASS": "bypassed",
    "ALARM": "alarm",
    "OB": "on battery",
}
_APC_BAD = {
    "ONBATT": "on battery",
    "LOWBATT": "battery low",
    "REPLACEBATT": "battery must be replaced",
    "OVERLOAD": "overloaded",
    "COMMLOST": "no communication",
    "NOBATT": "no battery",
    "SHUTTING": "shutting down",
}
_POWER_SUPPLY = "10"
"""Entity of a power supply (IPMI 2.0, table 43-13)."""
_POWER_BAD = re.compile(
    r"fail|lost|out-of-range|error|non-redundant|degraded|off line|inactive", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Ups:
    """One UPS, as its daemon tells."""

    name: str
    problems: tuple[str, ...]
    charge_percent: int | None
    shuts_down: bool | None
    """Whether the host is shut down before the battery is empty; None where another file tells."""


def _from_nut(report: Report) -> list[Ups]:
    text = report.optional("machine-ups")
    parts = re.split(r"^\[([^\]\n]+)\]\n", text or "", flags=re.MULTILINE)
    found = []
    for name, told in zip(parts[1::2], parts[2::2], strict=True):
        values = {key: value for key, _, value in (line.partition(": ") for line in told.splitlines())}
        status = values.get("ups.status", "").split()
        if not status:
            raise Unread(Reason.NOT_UNDERSTOOD, f"NUT tells no state of {name}")
        problems = [words for word, words in _NUT_BAD.items() if word in status]
        if "OL" not in status and not problems:
            problems.append("not on line")
        if re.search("fail|bad|warning", values.get("ups.test.result", ""), re.IGNORECASE):
            problems.append(f"self-test: {values['ups.test.result']}")
        charge = values.get("battery.charge")
        found.append(Ups(name, tuple(problems), int(float(charge)) if charge else None, None))
    return found


def _from_apcupsd(report: Report) -> list[Ups]:
    text = report.optional("machine-apcupsd")
    values = {
        key.strip(): value.strip()
        for key, _, value in (line.partition(":") for line in (text or "").splitlines())
    }
    status = values.get("STATUS", "").split()
    if not status:
        return []
    problems = [words for word, words in _APC_BAD.items() if word in status]
    if "ONLINE" not in status and not problems:
        problems.append("not on line")
    if values.get("SELFTEST") in ("BT", "NG"):
        problems.append("self-test failed")
    charge = re.match(r"[\d.]+", values.get("BCHARGE", ""))
    limits = [re.match(r"\d+", values.get(name, "")) for name in ("MBATTCHG", "MINTIMEL")]
    shuts_down = any(one is not None and int(one[0]) > 0 for one in limits)
    name = values.get("UPSNAME") or "apcupsd"
    return [Ups(name, tuple(problems), int(float(charge[0])) if charge else None, shuts_down)]


def _ups(report: Report) -> list[Ups]:
    """Return every UPS; raise Unread when nothing watches one."""
    found = [*_from_nut(report), *_from_apcupsd(report)]
    if not found:
        there = {report.section(name).state for name in ("machine-ups", "machine-apcupsd")}
        detail = "neither NUT nor apcupsd" if there == {State.ABSENT} else "NUT or apcupsd gives no answer"
        raise Unread(Reason.TOOL_MISSING, detail)
    return found


def _shutdown(report: Report) -> JSON:
    told = [one.shuts_down for one in _ups(report)]
    if None in told:
        lines = report.lines("machine-upsmon")
        told = [sum(int(line) for line in lines) > 0 if one is None else one for one in told]
    return all(told)


def _charge_percent(report: Report) -> JSON:
    told = [one.charge_percent for one in _ups(report)]
    if None in told:
        raise Unread(Reason.NOT_UNDERSTOOD, "a UPS does not tell its charge")
    return min(one for one in told if one is not None)


@dataclass(frozen=True, slots=True)
class Sensor:
    """One line of ipmitool sdr elist."""

    name: str
    status: str
    entity: str
    reading: str


def _sensors(report: Report) -> list[Sensor] | None:
    """Return what the management controller measures; None where there is none."""
    text = report.optional("machine-ipmi")
    if text is None:
        return None
    found = []
    for line in text.splitlines():
        fields = [one.strip() for one in line.split("|")]
        if len(fields) == 5:
            found.append(Sensor(fields[0], fields[2], fields[3], fields[4]))
    if not found:
        raise Unread(Reason.NOT_UNDERSTOOD, "ipmitool names no sensor")
    return found


def _is_climate(sensor: Sensor) -> bool:
    if sensor.entity.partition(".")[0] == _POWER_SUPPLY and "degrees" not in sensor.reading:
        return False
    named = re.search(r"\bfans?\b|fan\d", sensor.name, re.IGNORECASE)
    return "degrees" in sensor.reading or "RPM" in sensor.reading or bool(named)


def _climate(report: Report) -> tuple[int, list[str]]:
    """Return how many temperatures and fans were measured, and which are outside of their limits."""
    sensors = _sensors(report)
    told, bad = (0, []) if sensors is None else _climate_of(sensors)
    if sensors is None:
        told, bad = _climate_of_kernel(report.optional_lines("machine-hwmon"))
    if not told:
        raise Unread(Reason.TOOL_MISSING, "no sensor of temperature")
    return told, bad


def _climate_of(sensors: list[Sensor]) -> tuple[int, list[str]]:
    shown = [one for one in sensors if _is_climate(one) and one.status != "ns"]
    bad = [one for one in shown if one.status != "ok" or re.search("lost|fail", one.reading, re.IGNORECASE)]
    return len(shown), [f"{one.name}: {one.reading} ({one.status})" for one in bad]


def _climate_of_kernel(lines: list[str]) -> tuple[int, list[str]]:
    """Read the files of hwmon (Linux, Documentation/hwmon/sysfs-interface): thousandths of a degree, RPM."""
    values: dict[str, dict[str, int]] = {}
    for line in lines:
        match = re.fullmatch(r"(.*/hwmon\d+)/((?:temp|fan)\d+)_(\w+):(-?\d+)", line)
        if match:
            values.setdefault(f"{match[1].rpartition('/')[2]} {match[2]}", {})[match[3]] = int(match[4])
    bad = []
    shown = {name: told for name, told in values.items() if "input" in told}
    for name, told in shown.items():
        limit = min((told[key] for key in ("max", "crit") if told.get(key, 0) > 0), default=None)
        if "temp" in name and limit is not None and told["input"] >= limit:
            bad.append(f"{name}: {told['input'] // 1000} degrees C")
        elif told.get("fault") or told.get("crit_alarm") or told.get("emergency_alarm"):
            bad.append(f"{name}: alarm")
        elif "fan" in name and told["input"] < told.get("min", 0):
            bad.append(f"{name}: {told['input']} RPM")
    return sum("temp" in name for name in shown), bad


def _supplies(report: Report) -> list[Sensor]:
    """Return the sensors of power supplies; raise Unread where nothing tells of any."""
    sensors = _sensors(report)
    if sensors is None:
        raise Unread(Reason.TOOL_MISSING, "no management controller (IPMI), or no ipmitool")
    found = [
        one
        for one in sensors
        if one.entity.partition(".")[0] == _POWER_SUPPLY
        or re.match(r"(PS|PSU|Power Supply) ?(\d|Redund)", one.name, re.IGNORECASE)
    ]
    if not found:
        raise Unread(Reason.TOOL_MISSING, "no sensor of a power supply")
    return found


def _supply_count(report: Report) -> JSON:
    present = [one for one in _supplies(report) if re.search("presence detected", one.reading, re.IGNORECASE)]
    return len({one.entity for one in present})


def _power_bad(report: Report) -> JSON:
    return [
        *(
            f"{one.name}: {one.reading} ({one.status})"
            for one in _supplies(report)
            if one.status in ("nc", "cr", "nr") or _POWER_BAD.search(one.reading)
        )
    ]


READERS: dict[str, Reader] = {
    "host.ups_names": lambda report: [*(one.name for one in _ups(report))],
    "host.ups_problems": lambda report: [
        *(f"{one.name}: {problem}" for one in _ups(report) for problem in one.problems)
    ],
    "host.ups_charge_percent": _charge_percent,
    "host.ups_shutdown": _shutdown,
    "host.sensor_count": lambda report: _climate(report)[0],
    "host.sensor_bad": lambda report: [*_climate(report)[1]],
    "host.power_supply_count": _supply_count,
    "host.power_bad": _power_bad,
}
