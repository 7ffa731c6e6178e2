"""What is asked next, once the ports of an address are known."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from auditor.model.evidence import Evidence, Failure
from auditor.model.facts import JSON, Facts
from auditor.model.inventory import Server
from auditor.model.plan import Task
from auditor.usecases.follow_up import FollowUpSettings, follow_up
from tests.auditor.usecases import observations as shown
from tests.auditor.usecases.world import BKD, STARTED

NAMED = BKD.servers[0]
NAMELESS = BKD.servers[1]
PORTS = Task(
    "ports", NAMED.id, NAMED.opd, "10.1.0.10", authorization="094/112/2026", options={"versions": True}
)
SETTINGS = FollowUpSettings(2.0, "/etc/tilik/ca.pem", ("tls-robot-absent",))


def observed(task: Task, facts: Facts, failure: Failure | None = None) -> dict[str, Evidence]:
    """Return evidence of one task."""
    return {
        task.id: Evidence(1, "run", task, STARTED, STARTED, 1.0, "fake", "1", {}, facts, failure, {}, "", "")
    }


def asked(
    *services: Mapping[str, JSON], server: Server = NAMELESS, more: Mapping[str, Evidence] | None = None
) -> tuple[Task, ...]:
    """Return the tasks that some open ports call for."""
    evidence = observed(PORTS, shown.ports(*(dict(one) for one in services)))
    return follow_up(server, PORTS, {**evidence, **(more or {})}, SETTINGS)


def scanners(*services: Mapping[str, JSON]) -> list[str]:
    return [task.scanner for task in asked(*services)]


def without(record: Mapping[str, JSON], name: str) -> dict[str, JSON]:
    return {key: value for key, value in record.items() if key != name}


@pytest.mark.parametrize(
    "record",
    [
        without(shown.service(2222, "ssh"), "service.name"),
        without(shown.service(8765, "http"), "service.name"),
    ],
)
def test_a_port_whose_service_was_not_observed_is_asked_everything(record: dict[str, JSON]) -> None:
    assert set(scanners(record)) == {"tls", "certificates", "ssh", "http"}


def test_a_port_of_which_it_is_not_known_whether_it_speaks_tls_is_asked_for_it() -> None:
    record = shown.service(6380, "redis", tls=True)
    assert scanners(without(record, "service.tls")) == scanners(record) == ["tls", "certificates"]
