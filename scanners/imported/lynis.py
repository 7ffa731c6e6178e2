"""Read the report of Lynis (/var/log/lynis-report.dat): its own warnings, suggestions and measures. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from auditor.model.facts import JSON, Facts
from scanners.imported.report import MAXIMUM_ROWS, Part, Report, Unreadable, check_size, line_of

_LINE = re.compile(r"([a-zA-Z0-9_.-]+(?:\[\])?)=(.*)")
_WHOLE = "finish"
_INDEX = re.compile("[0-9]{1,3}")
_NOTHING = frozenset({"", "-", "NA"})


def read(content: bytes) -> Report:
    """Return the one part of a report that Lynis finished; raise Unreadable."""
    check_size(content)
    values = _values(content)
    if "lynis_version" not in values:
        raise Unreadable("no report of Lynis; name its report file, by default /var/log/lynis-report.dat")
    for key in ("lynis_version", "report_datetime_start", _WHOLE):
        if len(values.get(key, ())) > 1:
            raise Unreadable(f"holds more than one report ({key} stands in it twice); hand in one at a time")
    if values.get(_WHOLE) != ["true"]:
        raise Unreadable("the report was not finished; let Lynis end by itself and hand in its new report")
    started, finished = (_instant(values, f"report_datetime_{edge}") for edge in ("start", "end"))
    if finished < started:
        raise Unreadable("the report ends before it starts; correct the clock and run Lynis again")
    return Report(
        "lynis",
        line_of(values["lynis_version"][0]),
        (Part("lynis", "", started, finished, _facts(values)),),
        host=_first(values, "hostname"),
    )


def _values(content: bytes) -> dict[str, list[str]]:
    """Return key → values in order; raise Unreadable for the first line that no report has."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        broken = content.count(b"\n", 0, error.start) + 1
        raise Unreadable("no UTF-8 text; hand in the report file as Lynis wrote it", broken) from None
    values: dict[str, list[str]] = {}
    key = ""
    for number, line in enumerate(text.split("\n"), 1):
        found = _LINE.fullmatch(line.rstrip("\r"))
        if found:
            key = found[1]
            values.setdefault(key, []).append(found[2].strip())
        elif not values and line.strip() and not line.startswith(("#", "[")):
            raise Unreadable("no report of Lynis: a line without key=value; name its report file", number, 1)
        elif "\0" in line:
            raise Unreadable("no text: a NUL character; hand in the report file as Lynis wrote it", number)
    return values


def _first(values: dict[str, list[str]], key: str) -> str:
    return line_of(values.get(key, [""])[0])


def _instant(values: dict[str, list[str]], key: str) -> datetime:
    text = _first(values, key)
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - the host's own clock, without zone
    except ValueError:
        raise Unreadable(f"{key} is no date, so its age is not known; run Lynis again") from None


def _facts(values: dict[str, list[str]]) -> Facts:
    """Return what the report tells; what it does not is missing."""
    facts: dict[str, JSON] = {
        "lynis.hostname": _first(values, "hostname"),
        "lynis.version": _first(values, "lynis_version"),
        "lynis.warnings": _told(values.get("warning[]", ())),
        "lynis.suggestions": _told(values.get("suggestion[]", ())),
    }
    for key in ("tests_executed", "tests_skipped"):
        if key in values:
            facts[f"lynis.{key}"] = [*_listed(values[key])]
    index = _first(values, "hardening_index")
    if _INDEX.fullmatch(index) and int(index) <= 100:
        facts["lynis.hardening_index"] = int(index)
    vulnerable = [line_of(one) for one in values.get("vulnerable_package[]", ()) if one]
    # That nothing was found counts only where something looked.
    looked = _first(values, "vulnerable_packages_found") == "0" and (
        _first(values, "package_audit_tool_found") == "1"
    )
    if vulnerable or looked:
        facts["lynis.vulnerable_packages"] = [*dict.fromkeys(vulnerable)][:MAXIMUM_ROWS]
    return facts


def _told(lines: Sequence[str]) -> list[JSON]:
    """Return test and text of `TEST|text|details|solution|`, details added where there are any."""
    rows: list[JSON] = []
    for line in lines[:MAXIMUM_ROWS]:
        test, _, rest = line.partition("|")
        text, _, more = rest.partition("|")
        details = more.partition("|")[0]
        shown = text if details in _NOTHING else f"{text} ({details})"
        rows.append({"test": line_of(test), "text": line_of(shown)})
    return rows


def _listed(values: Sequence[str]) -> list[str]:
    found = [line_of(one) for value in values for one in value.split("|") if one.strip()]
    return [*dict.fromkeys(found)][:MAXIMUM_ROWS]
