"""On real measurements: an answer hides nothing, and an accepted risk stays a failure with a badge."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.lab.auditing import findings, place_arguments
from tests.lab.conftest import AuditedLab
from tests.lab.decided import decide, reported

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def decided(audited_lab: AuditedLab, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a copy of the audit, judged again with what people decided."""
    folder = tmp_path_factory.mktemp("decided")
    shutil.copytree(audited_lab.workspace, folder / "audit-data")
    decide(place_arguments(audited_lab.lab, folder))
    assert reported(folder) == []
    return folder


def card(folder: Path, opd: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "reports" / f"kartu-skor-{opd}.json").read_text())
    return found


def control(folder: Path, opd: str, name: str) -> dict[str, Any]:
    (found,) = [one for one in card(folder, opd)["controls"] if one["control"] == name]
    return dict(found)


def test_what_was_answered_for_all_holds_for_every_opd(decided: Path) -> None:
    for opd in ("dinkes", "rsud", "dpmd"):
        assert control(decided, opd, "A.5.1")["status"] == "conforms"
    assert control(decided, "diskominfo", "A.7.2")["status"] == "conforms"
    assert control(decided, "dinkes", "A.7.2")["status"] == "not_assessed"


def test_an_answer_against_the_measurement_is_shown_and_changes_nothing(decided: Path) -> None:
    found = control(decided, "dinkes", "A.8.24")
    assert found["status"] == "does_not_conform"
    assert found["contradiction"] == "attested_better"


def test_an_accepted_risk_stays_a_failure(decided: Path) -> None:
    accepted = [one for one in findings(decided / "audit-data") if one["status"] == "waived"]
    assert {(one["check"], one["server"], one["verdict"]) for one in accepted} == {
        ("http-csp-strict", "dinkes-web-01", "FAIL")
    }
    assert all(one["waiver"] for one in accepted)
    numbers = card(decided, "dinkes")
    assert numbers["score"]["floor"] < numbers["score_with_waivers"]["floor"]
