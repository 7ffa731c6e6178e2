"""The record of a re-test as JSON."""

from __future__ import annotations

import json

from pydantic import TypeAdapter

from auditor.model.retest_report import RetestReport

MEDIA_TYPE = "application/json"
_REPORT = TypeAdapter(RetestReport)


def dump(report: RetestReport) -> bytes:
    """Return the JSON of a re-test, the same for the same record."""
    plain = _REPORT.dump_python(report, mode="json")
    # ASCII only: no control or bidi character reaches a terminal, and any JSON reader restores them.
    return (json.dumps(plain, ensure_ascii=True, indent=1, allow_nan=False, sort_keys=True) + "\n").encode()
