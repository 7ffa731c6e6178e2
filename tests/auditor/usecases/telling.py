"""Readers of digests in the small government, and hands that take messages instead of a mail server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from auditor.model.evidence import Observation
from auditor.model.message import Audience, Channel, ChannelKind, Delivery, Message, Recipient
from auditor.model.operation import MessageRules
from auditor.model.run import RunStatus
from auditor.store.evidence import Timing
from auditor.store.workspace import Workspace
from auditor.usecases.assess import assess
from auditor.usecases.inputs import Inputs
from auditor.usecases.sending.problem import SendProblem
from tests.auditor.usecases.waiving import SMALL
from tests.auditor.usecases.world import ANSWERS, INVENTORY, STARTED, Answers, audit_run, make_world, policy

MORNING = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
"""The first morning after the first audit, half past six in Jakarta."""
SECURITY = Recipient(Audience.SECURITY, "surel", ("tim@example.go.id",))
LEADERSHIP = Recipient(
    Audience.LEADERSHIP, "surel", ("sekda@example.go.id", "bupati@example.go.id"), language="en"
)
BKD = Recipient(Audience.OPD, "surel", ("ti@bkd.example.go.id",), opd="bkd", language="en")
DINKES = Recipient(Audience.OPD, "grup", ("-100123",), opd="dinkes")
EVERYBODY = (SECURITY, LEADERSHIP, BKD, DINKES)
CHANNELS = {
    "surel": Channel("surel", ChannelKind.EMAIL, host="127.0.0.1", sender="tilik@example.go.id"),
    "grup": Channel("grup", ChannelKind.TELEGRAM, url="https://127.0.0.1"),
}


def morning(number: int) -> datetime:
    """Return the time of the digest of a morning, the first one being 0."""
    return MORNING + timedelta(days=number)


def make_inputs(recipients: tuple[Recipient, ...] = EVERYBODY, attempts: int = 3) -> Inputs:
    """Return the inputs of the small government with readers."""
    rules = MessageRules(3, attempts, CHANNELS, recipients)
    return Inputs(INVENTORY, replace(policy(), messages=rules), SMALL)


def audit(workspace: Workspace, number: int = 0, answers: Answers = ANSWERS) -> str:
    """Store and judge the audit of a night, and return its id."""
    run = audit_run(f"run-{number + 1}", STARTED + timedelta(days=number))
    world = make_world(answers, run=run)
    workspace.runs.create(run, world.inputs)
    for one in world.evidence.values():
        timing = Timing(run.started_at, run.started_at, 1.5)
        seen = Observation(one.tool, one.tool_version, one.settings, one.facts, one.failure)
        workspace.evidence.append(run.id, one.task, timing, seen)
    assess(workspace, run, world.inputs, SMALL)
    workspace.runs.set_status(run.id, RunStatus.COMPLETE, run.started_at + timedelta(hours=5))
    return run.id


@dataclass
class Hands:
    """Takes messages; `refuse` may raise for one instead."""

    taken: list[tuple[Delivery, Message]] = field(default_factory=list)
    refuse: Callable[[Delivery], None] = lambda _delivery: None

    def __call__(self, _channel: Channel, delivery: Delivery, message: Message, _now: datetime) -> None:
        """Hand a message over."""
        self.refuse(delivery)
        self.taken.append((delivery, message))

    @property
    def ids(self) -> list[str]:
        """Return the ids of what was taken, in order."""
        return [delivery.id for delivery, _ in self.taken]

    def to(self, address: str) -> list[Message]:
        """Return what an address got."""
        return [message for delivery, message in self.taken if delivery.to == address]


def refusing(
    problem: str = "tidak", *, to: str = "", lasting: bool = False, whole_channel: bool = False
) -> Hands:
    """Return hands that refuse everything, or what goes to one address."""
    hands = Hands()

    def refuse(delivery: Delivery) -> None:
        if not to or delivery.to == to:
            raise SendProblem(problem, lasting=lasting, whole_channel=whole_channel)

    hands.refuse = refuse
    return hands
