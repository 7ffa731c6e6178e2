"""What was found inside a server comes in the form in which the inventory takes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from auditor.inventory.record_shape import RecordShape, record_facts
from auditor.model.evidence import Observation
from auditor.model.facts import Facts
from auditor.store.evidence import Timing
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.errors import UsageProblem
from auditor.usecases.record_skeleton import record_skeleton
from tests.auditor.usecases.test_inside import OVER_SSH, server, world
from tests.auditor.usecases.world import STARTED

FOUND: Facts = {
    "host.hostname": "bkd-db-01",
    "host.account_interactive": ["budi", "siti: \x1b[31m"],
    "host.account_administrators": [{"account": "budi", "groups": "sudo"}],
    "host.account_keys": [
        {"account": "budi", "type": "ssh-ed25519", "bits": 256, "fingerprint": "SHA256:abc", "options": ""}
    ],
    "host.listening_names": ["sshd", "postgres"],
    "host.configuration": ["sshd 3f5a"],
}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Return a new workspace."""
    opened = open_workspace(tmp_path / "workspace")
    yield opened
    opened.engine.dispose()


def looked_into(workspace: Workspace, facts: Facts) -> None:
    run = world(server(OVER_SSH), host=facts)
    workspace.runs.create(run.run, run.inputs)
    for one in run.evidence.values():
        seen = Observation("fake", "1", {}, one.facts)
        workspace.evidence.append(run.run.id, one.task, Timing(STARTED, STARTED, 1.0), seen)


def test_what_was_found_can_be_put_into_the_inventory(workspace: Workspace) -> None:
    looked_into(workspace, FOUND)
    text = record_skeleton(workspace, "bkd-db-01")
    assert "\x1b" not in text
    read = yaml.safe_load(text)["record"]
    with pytest.raises(ValidationError, match="empty text"):
        RecordShape.model_validate(read, strict=False)
    for account in read["accounts"]:
        account |= {"person": "Budi Santoso", "purpose": "administrator"}
    facts = record_facts(RecordShape.model_validate(read, strict=False), None, "Asia/Jakarta")
    assert facts["record.keys"] == ["SHA256:abc"]
    assert facts["record.services"] == ["sshd", "postgres"]
    assert facts["record.baseline"] == ["sshd 3f5a"]
    accounts = facts["record.accounts"]
    assert isinstance(accounts, list)
    assert [(one["name"], one["administrator"]) for one in accounts if isinstance(one, dict)] == [
        ("budi", True),
        ("siti: \x1b[31m", False),
    ]


def test_what_was_not_read_is_left_out(workspace: Workspace) -> None:
    looked_into(workspace, {"host.hostname": "bkd-db-01"})
    assert yaml.safe_load(record_skeleton(workspace, "bkd-db-01"))["record"] == {
        "asset": {"hostname": "bkd-db-01"}
    }


def test_a_server_that_nobody_looked_into_is_told(workspace: Workspace) -> None:
    with pytest.raises(UsageProblem, match="no audit has looked inside"):
        record_skeleton(workspace, "bkd-db-01")
