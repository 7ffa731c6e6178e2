"""Read the area `backups`. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.report import Reason, Report, Unread

_MOST_FILES = 1200
"""As many as the listing has at most."""
_UNNAMED = "X"
_LEFT_OUT = "a name with control characters"
_KINDS = {"f": "file", "d": "directory"}


def _listed(report: Report, kind: str) -> list[str]:
    """Return what stands behind one letter of the listing, line by line; raise Unread."""
    lines = report.text("backups-listing").splitlines()
    if lines[-1:] != ["E"]:
        raise Unread(Reason.BROKEN_OFF, "backups-listing")
    told = [line[2:] for line in lines if line.startswith(f"{kind} ")]
    found = [one for one in told if one != _UNNAMED]
    # Nothing found is no answer where names were left out.
    if not found and (len(told) > len(found) or "U" in lines):
        raise Unread(Reason.NOT_UNDERSTOOD, _LEFT_OUT)
    return found


def _instant(epoch: str) -> str:
    return datetime.fromtimestamp(int(epoch.partition(".")[0]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _files(report: Report) -> JSON:
    found: list[JSON] = []
    for line in _listed(report, "B"):
        epoch, size, mode, owner, kind, path = line.split(" ", 5)
        found.append(
            {
                "path": path,
                "kind": _KINDS[kind],
                "modified": _instant(epoch),
                "size_bytes": int(size),
                "mode": mode.rjust(4, "0"),
                "owner": owner,
            }
        )
    return found


def _whole(report: Report) -> JSON:
    if len(_listed(report, "B")) >= _MOST_FILES:
        raise Unread(Reason.TOO_MUCH, "more files than are listed")
    if f"B {_UNNAMED}" in report.lines("backups-listing"):
        raise Unread(Reason.NOT_UNDERSTOOD, _LEFT_OUT)
    return True


def _aged(kind: str) -> Reader:
    def read(report: Report) -> JSON:
        found: list[JSON] = []
        for line in _listed(report, kind):
            epoch, size, path = line.split(" ", 2)
            found.append({"path": path, "modified": _instant(epoch), "size_bytes": int(size)})
        return found

    return read


def _closed(report: Report) -> set[str]:
    """Return the directories above backups that not every account may enter."""
    lines = (line.split(" ", 1) for line in _listed(report, "A"))
    return {path for mode, path in lines if not int(mode, 8) & 0o001}


def _exposed(report: Report) -> JSON:
    closed = _closed(report)
    return [path for path in _listed(report, "O") if closed.isdisjoint(_above(path))]


def _above(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


def _stores(report: Report) -> JSON:
    closed = _closed(report)
    found: list[JSON] = []
    for line in _listed(report, "R"):
        mode, owner, path = line.split(" ", 2)
        is_open = bool(int(mode, 8) & 0o007) and closed.isdisjoint(_above(path))
        found.append({"path": path, "mode": mode.rjust(4, "0"), "owner": owner, "open": is_open})
    return found


def _jobs(report: Report) -> JSON:
    lines = [*report.lines("backups-jobs"), *_listed(report, "J")]
    parted = (line.rpartition(":") for line in lines)
    return [*sorted({f"{path}: {tool}" for path, _, tool in parted})]


def _evidence(report: Report) -> JSON:
    remote = report.lines("backups-remote-logs")
    found = {line for line in remote if line == "remote log"}
    found |= {"snapshots" for _ in report.lines("backups-snapshots")}
    try:
        found |= set(_listed(report, "S"))
    except Unread:
        if not found:
            raise
    if not found and "hidden" in remote:
        raise Unread(Reason.NEEDS_ROOT, "settings of the log service")
    return [*sorted(found)]


READERS: dict[str, Reader] = {
    "host.backup_places": lambda report: [*_listed(report, "P")],
    "host.backup_files": _files,
    "host.backup_listing_whole": _whole,
    "host.backup_exposed": _exposed,
    "host.backup_tools": lambda report: [*report.lines("backups-tools")],
    "host.backup_jobs": _jobs,
    "host.database_dumps": _aged("D"),
    "host.leftover_files": _aged("T"),
    "host.record_stores": _stores,
    "host.evidence_stores": _evidence,
}
