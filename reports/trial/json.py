"""Trials and admissions as JSON, and back: what was kept can be shown again exactly."""

from __future__ import annotations

import json

from pydantic import TypeAdapter

from auditor.model.trial_report import AdmissionReport, TrialReport

MEDIA_TYPE = "application/json"
_TRIAL = TypeAdapter(TrialReport)
_ADMISSION = TypeAdapter(AdmissionReport)


def dump_trial(report: TrialReport) -> bytes:
    """Return the JSON of a trial, the same for the same report."""
    return _text(_TRIAL.dump_python(report, mode="json"))


def load_trial(content: bytes) -> TrialReport:
    """Return the report of a JSON; raise ValueError for anything else."""
    return _TRIAL.validate_json(content)


def dump_admission(report: AdmissionReport) -> bytes:
    """Return the JSON of an admission, the same for the same report."""
    return _text(_ADMISSION.dump_python(report, mode="json"))


def _text(plain: object) -> bytes:
    # ASCII only: no control or bidi character reaches a terminal, and any JSON reader restores them.
    return (json.dumps(plain, ensure_ascii=True, indent=1, allow_nan=False, sort_keys=True) + "\n").encode()
