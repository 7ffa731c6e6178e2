"""Start a trial, follow it day by day, close it: what is told is what was measured and decided."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from auditor.model.check import Severity
from auditor.model.decision import DecisionKind
from auditor.model.gate import Admission
from auditor.model.inventory import Inventory
from auditor.model.operation import TrialRules
from auditor.model.run import RunKind
from auditor.model.trial_status import ForecastKind, TrialStatus
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.errors import UsageProblem
from auditor.usecases.reporting import judged_run
from auditor.usecases.trial import Start, close_trial, closed_report, start_trial
from auditor.usecases.trial_status import open_trial, trial_status, trials
from reports.trial.json import dump_trial
from reports.trial.pages import render_trial
from tests.auditor.usecases import trying
from tests.auditor.usecases.trying import GIT, MONDAY, SSH, TLS, audited, begun, desk, noon
from tests.auditor.usecases.world import BKD, INVENTORY

DAY = timedelta(days=1)
SAID = "Uji coba berjalan sesuai rencana."
ONLY_BKD = replace(INVENTORY, opds=(BKD,))
EAST = replace(INVENTORY, organization=replace(INVENTORY.organization, timezone="Asia/Jayapura"))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path / "work")


def status(workspace: Workspace, day: date, inventory: Inventory = INVENTORY) -> TrialStatus:
    record = open_trial(workspace)
    assert record is not None
    return trial_status(workspace, trying.inputs(inventory), record, noon(day))


def refused(workspace: Workspace, wanted: Start, day: date = MONDAY) -> str:
    with pytest.raises(UsageProblem) as found:
        start_trial(desk(workspace, day), wanted)
    return found.value.problem


def test_a_trial_has_its_days_its_targets_and_its_baseline(workspace: Workspace) -> None:
    audited(workspace, MONDAY - 2 * DAY)
    audited(workspace, MONDAY - DAY)
    begun(workspace, MONDAY, 30)
    (record,) = trials(workspace)
    trial = record.trial
    assert (trial.starts, trial.ends) == (MONDAY, MONDAY + 29 * DAY)
    assert trial.targets == {"bkd": 75.0, "dinkes": 75.0}
    assert trial.baseline == "run-1122-audit"
    assert (record.started_by, trial.letter) == ("Siti Aminah, S.Kom.", "094/12/2026")


def test_targets_and_length_come_from_the_policy(workspace: Workspace) -> None:
    at = desk(workspace, MONDAY)
    rules = TrialRules(days=10, target=60.0, targets={"dinkes": 90.0})
    chosen = replace(at, inputs=replace(at.inputs, policy=replace(at.inputs.policy, trial=rules)))
    trial = start_trial(chosen, Start("Uji coba", "Siti Aminah")).trial
    assert (trial.ends, trial.targets) == (MONDAY + 9 * DAY, {"bkd": 60.0, "dinkes": 90.0})


def test_an_old_partial_or_single_audit_is_no_baseline(workspace: Workspace) -> None:
    audited(workspace, MONDAY - 8 * DAY)
    audited(workspace, MONDAY - 2 * DAY, inventory=ONLY_BKD)
    audited(workspace, MONDAY - DAY, kind=RunKind.ADMISSION)
    begun(workspace)
    assert trials(workspace)[0].trial.baseline == ""
    assert status(workspace, MONDAY).baseline == ""
    audited(workspace, MONDAY)
    audited(workspace, MONDAY + DAY, GIT)
    assert status(workspace, MONDAY + 2 * DAY).baseline == "run-1123-audit"


def test_a_trial_may_be_ordered_ahead_and_is_compared_with_the_first_audit_of_its_days(
    workspace: Workspace,
) -> None:
    audited(workspace, MONDAY - DAY)
    start_trial(desk(workspace, MONDAY - DAY), Start("Uji coba", "Siti Aminah", MONDAY + 2 * DAY, 7))
    before = status(workspace, MONDAY)
    assert (before.day_number, before.days_left, before.without_audit) == (-1, 8, ())
    audited(workspace, MONDAY + 2 * DAY)
    assert status(workspace, MONDAY + 3 * DAY).baseline == "run-1125-audit"


def test_only_one_trial_is_open_at_a_time(workspace: Workspace) -> None:
    begun(workspace)
    assert "is open until 2026-11-29" in refused(workspace, Start("Kedua", "Siti Aminah"))
    close_trial(desk(workspace, MONDAY), "Budi Santoso", SAID)
    start_trial(desk(workspace, MONDAY), Start("Uji coba ruang server", "Siti Aminah"))
    assert len({one.trial.id for one in trials(workspace)}) == 2


def test_two_who_start_at_once_start_one(workspace: Workspace) -> None:
    one, other = desk(workspace, MONDAY), desk(workspace, MONDAY)
    start_trial(one, Start("Pertama", "Siti Aminah"))
    with pytest.raises(UsageProblem):
        start_trial(other, Start("Kedua", "Budi Santoso"))
    assert [record.trial.name for record in trials(workspace)] == ["Pertama"]


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (Start("Uji coba", "x"), '--by "x" is no name'),
        (Start("  ", "Siti Aminah"), "--name is empty"),
        (Start("Uji\x1b[0m", "Siti Aminah"), "--name is empty, too long"),
        (Start("Uji coba", "Siti Aminah", days=0), "--days 0 is no length"),
        (Start("Uji coba", "Siti Aminah", days=367), "--days 367 is no length"),
        (Start("Uji coba", "Siti Aminah", MONDAY - 30 * DAY, 30), "would have ended with 2026-11-22"),
        (Start("Uji coba", "Siti Aminah", MONDAY + 400 * DAY), "more than a year away"),
    ],
)
def test_what_cannot_be_a_trial_is_refused_and_nothing_is_stored(
    workspace: Workspace, wanted: Start, told: str
) -> None:
    assert told in refused(workspace, wanted)
    assert trials(workspace) == ()


def test_a_trial_that_began_yesterday_may_be_started_today(workspace: Workspace) -> None:
    audited(workspace, MONDAY - DAY)
    start_trial(desk(workspace, MONDAY), Start("Uji coba", "Siti Aminah", MONDAY - DAY, 2))
    assert (status(workspace, MONDAY).day_number, status(workspace, MONDAY).days_left) == (2, 0)
    assert status(workspace, MONDAY + DAY).days_left == -1


def test_day_by_day_what_is_open_new_and_fixed_is_what_the_audits_saw(workspace: Workspace) -> None:
    audited(workspace, MONDAY - DAY)
    begun(workspace)
    audited(workspace, MONDAY, GIT)
    audited(workspace, MONDAY + 2 * DAY, GIT, SSH)
    audited(workspace, MONDAY + 3 * DAY, TLS, SSH)
    found = status(workspace, MONDAY + 4 * DAY)
    first = found.days[0].held
    assert [(one.day, one.new, one.fixed, one.held - first) for one in found.days] == [
        (MONDAY - DAY, 0, 0, 0),
        (MONDAY, 0, 1, -1),
        (MONDAY + 2 * DAY, 0, 1, -2),
        (MONDAY + 3 * DAY, 1, 1, -2),
    ]
    assert found.days[-1].open[Severity.CRITICAL] == found.days[0].open[Severity.CRITICAL]
    assert found.without_audit == (MONDAY + DAY,)
    assert (found.baseline, found.newest) == ("run-1122-audit", "run-1126-audit")
    assert found.whole.fixed == 3
    bkd, dinkes = found.opds
    assert (bkd.opd, bkd.fixed, dinkes.fixed) == ("bkd", 3, 0)
    assert sum(bkd.open.values()) + sum(dinkes.open.values()) == sum(found.whole.open.values())


def test_the_numbers_of_an_agency_are_those_of_its_cards(workspace: Workspace) -> None:
    audited(workspace, MONDAY - DAY)
    begun(workspace)
    audited(workspace, MONDAY, GIT, TLS)
    found = status(workspace, MONDAY + DAY).opds[0]
    assert found.baseline is not None
    assert found.now is not None
    for numbers in (found.baseline, found.now):
        card = workspace.results.scorecards(numbers.run)["bkd"]
        assert (numbers.floor, numbers.ceiling) == (card.score.floor, card.score.ceiling)
        assert (numbers.coverage, numbers.letter) == (card.score.coverage, card.grade.letter)
    assert (found.baseline.run, found.now.run) == ("run-1122-audit", "run-1123-audit")
    assert found.now.floor > found.baseline.floor
    assert found.reached is (found.now.floor >= 75.0)


def test_an_audit_of_a_part_tells_nothing_of_the_others_score(workspace: Workspace) -> None:
    audited(workspace, MONDAY - DAY)
    begun(workspace)
    partial = audited(workspace, MONDAY, GIT, inventory=ONLY_BKD)
    assert partial.run.scope == ("bkd-web-01", "bkd-db-01")
    found = status(workspace, MONDAY + DAY)
    assert [one.now.run if one.now else "" for one in found.opds] == ["run-1123-audit", "run-1122-audit"]
    assert found.whole.now is not None


def test_of_an_agency_that_was_never_measured_nothing_is_called_done(workspace: Workspace) -> None:
    begun(workspace)
    audited(workspace, MONDAY, inventory=ONLY_BKD)
    measured, unmeasured = status(workspace, MONDAY + DAY).opds
    assert measured.now is not None
    assert (unmeasured.now, unmeasured.forecast.since) == (None, None)
    assert unmeasured.forecast.kind is ForecastKind.TOO_LITTLE_DATA


def test_the_forecast_rests_on_the_audits_of_the_last_days(workspace: Workspace) -> None:
    audited(workspace, MONDAY - DAY)
    begun(workspace, MONDAY, 30)
    assert status(workspace, MONDAY).whole.forecast.kind is ForecastKind.TOO_LITTLE_DATA
    audited(workspace, MONDAY, GIT)
    audited(workspace, MONDAY + DAY, GIT, TLS)
    found = status(workspace, MONDAY + 2 * DAY)
    expected = found.whole.forecast
    assert expected.kind is ForecastKind.BY_DAY
    assert (expected.before - expected.left, expected.since, expected.until) == (
        2,
        MONDAY - DAY,
        MONDAY + DAY,
    )
    assert expected.day == MONDAY + DAY + timedelta(days=expected.left)
    assert found.opds[1].forecast.kind is ForecastKind.NOT_AT_THIS_PACE


def test_what_was_not_measured_is_told_by_name_with_the_reason(workspace: Workspace) -> None:
    audited(workspace, MONDAY - DAY)
    begun(workspace)
    found = {one.server: one.reason["en"] for one in status(workspace, MONDAY).unmeasured}
    assert found == {
        "dinkes-silent-01": "cannot be reached (no port answered)",
        "dinkes-outside-01": "no authorization covers this address",
        "dinkes-name-01": "the name does not resolve",
    }


def test_overdue_is_counted_by_the_agency_that_owns_the_finding(workspace: Workspace) -> None:
    audited(workspace, MONDAY - DAY)
    begun(workspace)
    assert status(workspace, MONDAY + 2 * DAY).whole.overdue == 0
    found = status(workspace, MONDAY + 3 * DAY)
    # Critical ones have three days.
    assert [one.overdue for one in found.opds] == [1, 0]


def test_days_are_those_of_the_organisation(workspace: Workspace) -> None:
    # 22.00 in Jakarta is the next day in Jayapura.
    audited(workspace, MONDAY - DAY, inventory=EAST)
    start_trial(desk(workspace, MONDAY, EAST), Start("Uji coba", "Siti Aminah", MONDAY, 7))
    found = status(workspace, MONDAY, EAST)
    assert [one.day for one in found.days] == [MONDAY]
    assert found.baseline == "run-1122-audit"


def test_closing_writes_down_what_was_decided_and_from_what(workspace: Workspace) -> None:
    audited(workspace, MONDAY - DAY)
    trial = begun(workspace)
    audited(workspace, MONDAY, GIT, TLS)
    head = workspace.decisions.head()
    closing, report = close_trial(desk(workspace, MONDAY + 6 * DAY), "Budi Santoso", SAID)
    assert (closing.trial, closing.baseline, closing.newest) == (trial, "run-1122-audit", "run-1123-audit")
    assert closing.runs == ("run-1122-audit", "run-1123-audit")
    assert (closing.decisions, closing.decisions_head) == head
    assert closing.servers["bkd-web-01"] is Admission.ADMIT
    assert closing.servers["dinkes-silent-01"] is Admission.NOT_YET
    (record,) = trials(workspace)
    assert (record.closed_on, record.closed_by, record.closing) == (
        MONDAY + 6 * DAY,
        "Budi Santoso",
        closing,
    )
    assert report.closed is not None
    assert [one.kind for one in workspace.decisions.all()] == [
        DecisionKind.TRIAL_STARTED,
        DecisionKind.TRIAL_CLOSED,
    ]
    assert list(workspace.decisions.verify()) == []


def test_a_trial_is_closed_once(workspace: Workspace) -> None:
    begun(workspace)
    one, other = desk(workspace, MONDAY), desk(workspace, MONDAY)
    close_trial(one, "Budi Santoso", SAID)
    with pytest.raises(UsageProblem, match="no trial is open"):
        close_trial(desk(workspace, MONDAY), "Budi Santoso", SAID)
    with pytest.raises(UsageProblem):
        close_trial(other, "Orang Lain", SAID)
    assert trials(workspace)[0].closed_by == "Budi Santoso"


def test_who_closes_at_the_moment_somebody_decides_something_looks_again(workspace: Workspace) -> None:
    begun(workspace)
    closing, deciding = desk(workspace, MONDAY), desk(workspace, MONDAY)
    workspace.decisions.append(
        [replace(workspace.decisions.all()[0], kind=DecisionKind.WAIVER_REVOKED, content=None)],
        deciding.seen,
    )
    with pytest.raises(UsageProblem, match="somebody else decided something"):
        close_trial(closing, "Budi Santoso", SAID)
    assert open_trial(workspace) is not None


def test_a_trial_without_any_audit_can_be_closed(workspace: Workspace) -> None:
    begun(workspace)
    closing, report = close_trial(desk(workspace, MONDAY), "Budi Santoso", SAID)
    assert (closing.newest, closing.runs) == ("", ())
    assert set(closing.servers.values()) == {Admission.NOT_YET}
    assert len(render_trial(report)) == 3


def test_the_closing_report_is_the_same_however_much_happens_later(workspace: Workspace) -> None:
    audited(workspace, MONDAY - DAY)
    trial = begun(workspace)
    closing, report = close_trial(desk(workspace, MONDAY), "Budi Santoso", SAID)
    written = [file.content for file in render_trial(report)]
    audited(workspace, MONDAY + DAY, GIT, TLS, SSH)
    again = closed_report(workspace, trial)
    assert again == report
    assert [file.content for file in render_trial(again)] == written
    assert closed_report(workspace, "") == report
    kept = workspace.decisions.file(closing.report)
    assert kept == dump_trial(report)
    assert json.loads(kept or b"")["status"]["record"]["trial"]["id"] == trial


def test_a_kept_report_that_was_changed_is_told(workspace: Workspace) -> None:
    begun(workspace)
    closing, _ = close_trial(desk(workspace, MONDAY), "Budi Santoso", SAID)
    (stored,) = (
        path for path in (workspace.folder / "raw").rglob("*") if path.name.startswith(closing.report)
    )
    stored.chmod(0o600)
    stored.write_bytes(b"{}")
    assert any(closing.report in one.problem for one in workspace.decisions.verify())
    with pytest.raises(UsageProblem, match="is gone or was changed"):
        closed_report(workspace, "")
    stored.unlink()
    with pytest.raises(UsageProblem, match="is gone or was changed"):
        closed_report(workspace, "")


def test_of_trials_that_were_never_closed_there_is_no_report(workspace: Workspace) -> None:
    with pytest.raises(UsageProblem, match="no trial was closed yet"):
        closed_report(workspace, "")
    begun(workspace)
    with pytest.raises(UsageProblem, match="no trial T-nothing was closed"):
        closed_report(workspace, "T-nothing")


def test_after_an_admission_reports_are_still_of_the_newest_audit(workspace: Workspace) -> None:
    audited(workspace, MONDAY, kind=RunKind.ADMISSION)
    assert judged_run(workspace, "").id == "run-1123-admission"
    audited(workspace, MONDAY + DAY)
    audited(workspace, MONDAY + 2 * DAY, kind=RunKind.ADMISSION)
    assert judged_run(workspace, "").id == "run-1124-audit"
