"""Statements of a run that was really judged with what people decided."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.model.decision import DecisionKind
from auditor.model.report import ReportData
from auditor.store.workspace import Workspace
from auditor.usecases.errors import UsageProblem
from auditor.usecases.reporting import report_data
from auditor.usecases.statement import write_statements
from reports.errors import ReportError
from tests.auditor.usecases.statements import (
    ANSWERED,
    EXCLUDED,
    INCLUDED,
    WAIVED,
    decision,
    judged_workspace,
)
from tests.auditor.usecases.test_assess import SMALL, WORLD


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Return a workspace with one judged run."""
    opened = judged_workspace(tmp_path_factory.mktemp("statements") / "workspace", SMALL)
    yield opened
    opened.engine.dispose()


@pytest.fixture(scope="module")
def data(workspace: Workspace) -> ReportData:
    return report_data(workspace, WORLD.run, SMALL)


def written(data: ReportData, folder: Path, **changes: Any) -> tuple[Path, ...]:
    wanted: dict[str, Any] = {
        "formats": ["json"],
        "opds": (),
        "organization": False,
        "language": "id",
        "edition": "2022",
    }
    return write_statements(data, folder, **{**wanted, **changes})


def controls(path: Path) -> dict[str, dict[str, Any]]:
    stated = json.loads(path.read_bytes())
    return {one["control"]: one for one in stated["controls"]}


@pytest.mark.parametrize(("edition", "count"), [("2022", 93), ("2013", 114)])
def test_every_opd_and_the_organisation_are_stated_whole(
    data: ReportData, tmp_path: Path, edition: str, count: int
) -> None:
    paths = written(data, tmp_path / "new" / "folder", edition=edition)
    assert [path.name for path in paths] == [
        f"pernyataan-keberlakuan-{edition}.json",
        f"pernyataan-keberlakuan-{edition}-bkd.json",
        f"pernyataan-keberlakuan-{edition}-dinkes.json",
    ]
    assert [len(controls(path)) for path in paths] == [count] * 3


def test_what_people_decided_is_stated_with_the_status_it_led_to(data: ReportData, tmp_path: Path) -> None:
    stated = controls(written(data, tmp_path, opds=["bkd"])[0])
    excluded = stated["A.7.4"]
    assert (excluded["applies"], excluded["status"]) == ("no", "not_applicable")
    assert excluded["decision"]["justification"] == EXCLUDED.justification
    assert excluded["decision"]["approved_by"] == EXCLUDED.approved_by
    included = stated["A.8.24"]["decision"]
    assert (included["opd"], included["inherited"], included["bases"]) == (None, True, ["law"])
    assert included["justification"] == INCLUDED.justification
    answered = stated["A.5.1"]
    assert (answered["status"], answered["measured"]["status"]) == ("conforms", "not_assessed")
    assert [one["id"] for one in answered["attested"]["given"]] == [ANSWERED.id]
    assert answered["attested"]["given"][0]["references"] == list(ANSWERED.references)
    assert stated["A.8.9"]["applies"] == "undecided"


def test_an_answer_better_than_the_measurement_is_a_contradiction(data: ReportData, tmp_path: Path) -> None:
    stated = controls(written(data, tmp_path, opds=["bkd"])[0])["A.8.24"]
    assert stated["measured"]["checks"]["tls-1-0-refused"] == "FAIL"
    assert (stated["status"], stated["contradiction"]) == (stated["measured"]["status"], "attested_better")


def test_answers_are_taken_over_into_the_other_edition(data: ReportData, tmp_path: Path) -> None:
    stated = controls(written(data, tmp_path, opds=["bkd"], edition="2013")[0])
    for control in ("A.5.1.1", "A.5.1.2"):
        attested = stated[control]["attested"]
        assert (attested["answer"], attested["taken_from"]) == ("conforms", ["A.5.1"])
        assert attested["given"][0]["control"] == "A.5.1"


def test_an_exception_stands_with_every_control_that_its_check_implements(
    data: ReportData, tmp_path: Path
) -> None:
    links = SMALL.checks[WAIVED.check].controls["2022"].implements
    stated = controls(written(data, tmp_path, opds=["bkd"])[0])
    found = {control: one["waivers"] for control, one in stated.items() if one["waivers"]}
    assert set(found) == set(links)
    for (waiver,) in found.values():
        assert (waiver["id"], waiver["approved_by"], waiver["findings"]) == (WAIVED.id, "Kepala Dinas", 1)


def test_nothing_of_one_opd_s_decisions_is_stated_of_another(data: ReportData, tmp_path: Path) -> None:
    stated = controls(written(data, tmp_path, opds=["dinkes"])[0])
    assert stated["A.7.4"]["decision"] is None
    assert stated["A.5.1"]["attested"] is None
    assert not [one for one in stated.values() if one["waivers"]]


def test_what_is_decided_after_judging_changes_no_statement(
    workspace: Workspace, data: ReportData, tmp_path: Path
) -> None:
    before = written(data, tmp_path / "before", formats=["html", "xlsx", "json"])
    withdrawn = decision(DecisionKind.ATTESTATION_WITHDRAWN, ANSWERED.id, ANSWERED.attested_by, None)
    workspace.decisions.append([withdrawn])
    later = report_data(workspace, WORLD.run, SMALL)
    after = written(later, tmp_path / "after", formats=["html", "xlsx", "json"])
    assert [path.read_bytes() for path in before] == [path.read_bytes() for path in after]


@pytest.mark.parametrize(
    ("changes", "ends"),
    [
        ({"organization": True}, [""]),
        ({"opds": ["dinkes"]}, ["-dinkes"]),
        ({"opds": ["dinkes", "bkd", "dinkes"], "organization": True}, ["", "-dinkes", "-bkd"]),
    ],
)
def test_only_what_was_asked_for_is_written(
    data: ReportData, tmp_path: Path, changes: dict[str, Any], ends: list[str]
) -> None:
    paths = written(data, tmp_path, **changes)
    assert [path.name for path in paths] == [f"pernyataan-keberlakuan-2022{end}.json" for end in ends]
    assert sorted(tmp_path.iterdir()) == sorted(paths)


def test_a_wrong_choice_writes_nothing(data: ReportData, tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="there is no opd bdk") as refused:
        written(data, tmp_path / "none", opds=["bdk"])
    assert "bkd" in refused.value.next_step
    with pytest.raises(ReportError, match="docx"):
        written(data, tmp_path / "none", formats=["json", "docx"])
    with pytest.raises(ReportError, match="2005"):
        written(data, tmp_path / "none", edition="2005")
    assert not (tmp_path / "none").exists()
