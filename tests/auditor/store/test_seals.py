"""What a run came to is sealed: whoever edits a verdict, a score, the plan or the inputs is found out."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from auditor.model.assessment import Footing
from auditor.model.subject import Subject, SubjectKind
from auditor.model.verdict import Status, Verdict
from auditor.store.workspace import Workspace
from controls.attestations import Answers
from controls.rollup import Rules, Waived, scorecards
from tests.auditor.store.stores import AT, filled, tampering

RUN = "run-1"


def judged(folder: Path) -> Workspace:
    """Return a workspace with one judged and sealed run."""
    workspace = filled(folder)
    subject = Subject(SubjectKind.TLS, "bkd-web-01", "10.0.0.1", 443)
    policy = workspace.runs.inputs(RUN).policy
    rules = Rules({}, {}, policy, Answers(AT.date()))
    card = scorecards((), (), rules, Waived({}), frozenset())[""]
    verdict = Verdict("tls-1-0-refused", subject, Status.FAIL)
    workspace.results.save(RUN, [verdict], None, {"bkd": card}, AT, Footing("c", {}, {}, 0, ""))
    workspace.seals.seal(RUN, AT)
    return workspace


def told(workspace: Workspace) -> list[str]:
    """Return what verification of the seals finds."""
    return [one.problem for one in workspace.seals.verify()]


def test_an_untouched_run_is_as_sealed_and_judging_again_seals_again(tmp_path: Path) -> None:
    workspace = judged(tmp_path)
    assert told(workspace) == []
    workspace.seals.seal(RUN, AT + timedelta(days=1))
    assert told(workspace) == []


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE verdicts SET status = 'PASS'",
        "UPDATE verdicts SET content = replace(content, 'FAIL', 'PASS')",
        "DELETE FROM verdicts",
        "UPDATE scorecards SET floor = 100",
        "DELETE FROM scorecards",
        """UPDATE footings SET content = replace(content, '"waived":{', '"waived":{"a b":"W-1"')""",
        "DELETE FROM footings",
        "UPDATE runs SET inputs = replace(inputs, 'Contoh', 'Lain')",
        "UPDATE runs SET plan = '{}'",
        "UPDATE runs SET scope = '[]'",
    ],
)
def test_an_edit_of_results_or_inputs_is_found(tmp_path: Path, edit: str) -> None:
    workspace = judged(tmp_path)
    with tampering(tmp_path) as database:
        database.execute(edit)
    assert told(workspace) == [f"the inputs or results of {RUN} were changed"]


@pytest.mark.parametrize("edit", ["UPDATE seals SET signed_at = '2027'", "UPDATE seals SET signature = 'ab'"])
def test_an_edit_of_the_seal_is_found(tmp_path: Path, edit: str) -> None:
    workspace = judged(tmp_path)
    with tampering(tmp_path) as database:
        database.execute(edit)
    assert told(workspace) == [f"the seal of {RUN} is not ours"]


def test_results_without_a_seal_are_found(tmp_path: Path) -> None:
    workspace = judged(tmp_path)
    with tampering(tmp_path) as database:
        database.execute("DELETE FROM seals")
    assert told(workspace) == [f"the results of {RUN} carry no seal"]


def test_a_seal_made_with_another_key_is_found(tmp_path: Path) -> None:
    workspace = judged(tmp_path)
    (tmp_path / "keys" / "chain-head.key").write_bytes(b"k" * 32)
    assert told(workspace) == [f"the seal of {RUN} is not ours"]
