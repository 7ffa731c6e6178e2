"""Reports of hosts with dpkg or rpm, made of sections written by hand after what the commands print."""

from __future__ import annotations

from collections.abc import Mapping

from scanners.host.report import Report, Section, State


def with_dpkg(sections: Mapping[str, str]) -> Report:
    """Return the report of a host without rpm; `_` stands for `-` in names."""
    return _report(sections, "rpm-packages")


def with_rpm(sections: Mapping[str, str]) -> Report:
    """Return the report of a host without dpkg; `_` stands for `-` in names."""
    return _report(sections, "deb-packages")


def _report(sections: Mapping[str, str], absent: str) -> Report:
    named = {name.replace("_", "-"): text for name, text in sections.items()}
    ran = {name: Section(name, State.RAN, text.encode()) for name, text in named.items()}
    return Report({**ran, absent: Section(absent, State.ABSENT)})
