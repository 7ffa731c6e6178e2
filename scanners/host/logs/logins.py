"""Read how often logins failed, and which password logins followed. Pure."""

from __future__ import annotations

from auditor.model.facts import JSON
from scanners.host.report import Reason, Report, Unread


def _lines(report: Report) -> list[str]:
    lines = report.lines("logs-logins")
    # Without the mark of its end, the count on the host did not run through.
    if lines[-1:] != ["!done"]:
        raise Unread(Reason.NOT_UNDERSTOOD, "logs-logins: not counted to the end")
    return lines


def _counts(report: Report) -> tuple[int, int]:
    word, total, sources = _lines(report)[-2].split()
    if word != "failed":
        raise ValueError("no counts")
    return int(total), int(sources)


def failures(report: Report) -> JSON:
    """Return how many logins failed."""
    return _counts(report)[0]


def sources(report: Report) -> JSON:
    """Return from how many addresses."""
    return _counts(report)[1]


def guessed(report: Report) -> JSON:
    """Return the password logins that followed upon failed ones of the same address."""
    found: list[JSON] = []
    for line in _lines(report)[:-2]:
        word, count, source, account = line.split(" ", 3)
        if word != "guessed":
            raise ValueError(f"not a login: {word}")
        found.append({"account": account, "source": source, "failures": int(count)})
    return found
