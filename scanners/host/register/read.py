"""Read what identifies a host, and what its configuration comes to. Pure."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.packages.installed import installed
from scanners.host.register.parts import part_of
from scanners.host.report import Reason, Report, Unread

_FILLERS = re.compile(
    r"(none|no asset tag|not specified|not applicable|default string|to be filled by o\.?e\.?m\.?|n/?a|0+|\.+"
    r"|system serial number|chassis asset tag|asset[- ]?[0-9]{10,}|unknown|oem|empty|invalid)",
    re.IGNORECASE,
)
"""What makers leave where an owner or a factory should have written something."""
_LINE = re.compile(r"([0-9a-f]{64} |\d+\.\d+) (/\S.*)")
"""A digest of the content, or the time of the last change."""


def _configuration(report: Report) -> JSON:
    parts: dict[str, list[str]] = defaultdict(list)
    for line in report.lines("register-configuration"):
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"no digest: {line[:60]}")
        part = part_of(match[2])
        if part:
            parts[part].append(f"{match[1]} {match[2]}")
    if not parts:
        raise Unread(Reason.TOOL_MISSING, "sha256sum")
    parts["units"] = report.lines("register-units")
    parts["packages"] = [*installed(report)]
    return [f"{part} {_digest(lines)}" for part, lines in sorted(parts.items())]


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _keepers(report: Report) -> JSON:
    return [*sorted(set(report.lines("register-keepers")))]


def _identity(report: Report) -> dict[str, str]:
    """Return the assignments of machine-info(5), with what files of one line say."""
    files = report.files("register-identity")
    found: dict[str, str] = {}
    for line in files.get("/etc/machine-info", "").splitlines():
        match = re.match(r"\s*([A-Z_]+)=(.*)", line)
        if match:
            found[match[1]] = match[2].strip().strip("\"'")
    for name, paths in (
        ("ASSET_TAG", ("/etc/asset_tag", "/etc/asset-tag")),
        ("CLASSIFICATION", ("/etc/classification",)),
    ):
        for path in paths:
            if files.get(path, "").strip():
                found[name] = files[path].strip().splitlines()[0].strip()
    return found


def _asset_tag(report: Report) -> JSON:
    return _identity(report).get("ASSET_TAG") or _dmi(report, "chassis_asset_tag")


def _classification(report: Report) -> JSON:
    found = _identity(report).get("CLASSIFICATION", "").lower()
    return found or None


def _dmi(report: Report, name: str) -> str | None:
    told = dict(line.partition(": ")[::2] for line in report.lines("register-hardware"))
    return _filled(told.get(name, ""))


def _filled(value: str) -> str | None:
    value = value.strip()
    return None if not value or _FILLERS.fullmatch(value) else value


def _model(report: Report) -> JSON:
    model, maker = _dmi(report, "product_name"), _dmi(report, "sys_vendor")
    if model is None:
        return None
    return model if maker is None or model.lower().startswith(maker.lower()) else f"{maker} {model}"


def _serial(report: Report) -> JSON:
    section = report.section("register-serial")
    return None if section.exit_code else _filled(section.text)


def _firmware_date(report: Report) -> JSON:
    day = _dmi(report, "bios_date")
    if day is None:
        return None
    month, number, year = (int(part) for part in day.split("/"))
    return date(year, month, number).strftime("%Y-%m-%dT00:00:00Z")


READERS: dict[str, Reader] = {
    "host.configuration": _configuration,
    "host.configuration_keepers": _keepers,
    "host.asset_tag": _asset_tag,
    "host.classification": _classification,
    "host.hardware_model": _model,
    "host.hardware_serial": _serial,
    "host.firmware_date": _firmware_date,
}
