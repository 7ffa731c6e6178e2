"""List what was handed in of other tools, and show what one file says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from auditor.model.facts import JSON
from auditor.model.imported import Import, ImportKind
from auditor.usecases.errors import UsageProblem

COLUMNS = (
    "file",
    "kind",
    "server",
    "address",
    "says",
    "tool",
    "measured_at",
    "imported_at",
    "account",
    "state",
)
SHOWN: Mapping[ImportKind, tuple[str, ...]] = {
    ImportKind.NMAP: ("server", "address", "port", "name", "product", "version", "tls"),
    ImportKind.LYNIS: ("server", "kind", "test", "text"),
    ImportKind.OPENSCAP: ("server", "rule", "result", "severity", "title", "controls", "strength"),
}
"""Kind → the columns of what a file says."""
_SHORT = 12
_SHORTEST = 6


def listing(imports: Iterable[Import], days: int, now: datetime) -> list[dict[str, Any]]:
    """Return one row for each entry, the newest measurement last."""
    entries = [*imports]
    newest = {one.task.id: one.key for one in entries}
    return [_row(one, one.key == newest[one.task.id], days, now) for one in entries]


def _row(entry: Import, is_newest: bool, days: int, now: datetime) -> dict[str, Any]:
    until = entry.finished_at + timedelta(days=days)
    state = f"counts until {until:%Y-%m-%d}" if now <= until and days else "too old"
    return {
        "file": entry.file[:_SHORT],
        "kind": entry.kind.value,
        "server": entry.task.server,
        "address": entry.task.address,
        "says": entry.failure.detail if entry.failure else _says(entry),
        "tool": f"{entry.tool} {entry.tool_version}".strip(),
        "measured_at": entry.finished_at.isoformat(timespec="seconds"),
        "imported_at": entry.imported_at.isoformat(timespec="seconds"),
        "account": entry.account,
        "state": state if is_newest else "replaced by a newer one",
        "digest": entry.file,
        "host": entry.host,
        "seen_from": entry.task.options.get("vantage", ""),
    }


def _says(entry: Import) -> str:
    match entry.task.scanner:
        case "ports":
            return f"{_count(entry, 'ports.open')} ports open"
        case "services":
            return f"{_count(entry, 'ports.services')} services"
        case "lynis":
            index = entry.facts.get("lynis.hardening_index")
            return f"{_count(entry, 'lynis.warnings')} warnings, index {index}"
        case _:
            return (
                f"{_count(entry, 'openscap.failed')} of {entry.facts.get('openscap.evaluated')} rules failed"
            )


def _count(entry: Import, name: str) -> int:
    value = entry.facts.get(name)
    return len(value) if isinstance(value, list) else 0


def chosen(imports: Iterable[Import], file: str) -> tuple[Import, ...]:
    """Return the entries of one file by the beginning of its SHA-256; raise UsageProblem."""
    entries = [*imports]
    found = {one.file for one in entries if len(file) >= _SHORTEST and one.file.startswith(file.lower())}
    if len(found) != 1:
        what = "more than one file begins with" if found else "no file was handed in that begins with"
        raise UsageProblem(f"{what} {file}", "see them with: auditor import list")
    return tuple(one for one in entries if one.file in found)


def contents(entries: Iterable[Import]) -> list[dict[str, Any]]:
    """Return what a file says, row by row, with the server each row is about."""
    rows: list[dict[str, Any]] = []
    for entry in entries:
        rows.extend({"server": entry.task.server, **row} for row in _contents(entry))
    return rows


def _contents(entry: Import) -> Iterator[dict[str, Any]]:
    match entry.kind:
        case ImportKind.NMAP:
            yield from _ports(entry)
        case ImportKind.LYNIS:
            for kind in ("warning", "suggestion"):
                yield from ({"kind": kind, **one} for one in _records(entry, f"lynis.{kind}s"))
            packages = entry.facts.get("lynis.vulnerable_packages")
            for name in packages if isinstance(packages, list) else ():
                yield {"kind": "vulnerable package", "test": "", "text": str(name)}
        case ImportKind.OPENSCAP:
            yield from _rules(entry)


def _ports(entry: Import) -> Iterator[dict[str, Any]]:
    if entry.task.scanner == "services":
        for one in _records(entry, "ports.services"):
            names = ("port", "name", "product", "version", "tls")
            told = {name: one.get(f"service.{name}") for name in names}
            yield {"address": entry.task.address, **told}
        return
    ports = entry.facts.get("ports.open")
    for port in ports if isinstance(ports, list) else ():
        yield {"address": entry.task.address, "port": port}


def _rules(entry: Import) -> Iterator[dict[str, Any]]:
    """Give the rules that failed, then those for which the content itself names controls."""
    hints = {str(one.get("rule")): one for one in _records(entry, "openscap.references")}
    failed = _records(entry, "openscap.failed")
    for one in failed:
        hint = hints.pop(str(one.get("rule")), {})
        yield {**hint, **one, "result": "fail"}
    for hint in hints.values():
        yield {"severity": "", "title": "", **hint}


def _records(entry: Import, name: str) -> list[Mapping[str, JSON]]:
    value = entry.facts.get(name)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
