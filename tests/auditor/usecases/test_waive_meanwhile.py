"""Two people at once: whoever read an older log is told, and nothing of theirs is stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.model.decision import DecisionKind
from auditor.store.workspace import open_workspace
from auditor.usecases.errors import UsageProblem
from auditor.usecases.inputs import Inputs
from auditor.usecases.waive import make_desk
from tests.auditor.usecases.world import INVENTORY, policy
from tests.controls.catalogue import shipped
from tests.controls.decided import entry


def test_what_was_decided_meanwhile_is_not_overlooked(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path / "workspace")
    inputs = Inputs(INVENTORY, policy(), shipped())
    first, second = make_desk(workspace, inputs), make_desk(workspace, inputs)
    first.decide([entry(DecisionKind.WAIVER_REJECTED, "W-1")])
    with pytest.raises(UsageProblem, match="somebody else decided something at the same moment"):
        second.decide([entry(DecisionKind.WAIVER_REJECTED, "W-2")])
    assert [one.about for one in workspace.decisions.all()] == ["W-1"]
    make_desk(workspace, inputs).decide([entry(DecisionKind.WAIVER_REJECTED, "W-2")])
    assert workspace.decisions.head()[0] == 2
    workspace.engine.dispose()
