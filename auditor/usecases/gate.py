"""Hold every server against the gate, with what is known of it now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from auditor.model.check import Check
from auditor.model.finding import CLOSED, finding_id
from auditor.model.gate import ServerGate
from auditor.model.inventory import Kind, Server, State
from auditor.model.policy import Policy
from auditor.model.subject import Subject
from auditor.model.verdict import Status, Verdict
from auditor.model.waiver import Waiver
from auditor.model.waiver_scope import exceeds
from auditor.store.results import FindingRecord
from auditor.store.workspace import Workspace
from auditor.usecases.assess import decisions_of
from auditor.usecases.calendar import is_overdue, local_day, opd_day
from auditor.usecases.errors import UsageProblem, choices_near
from auditor.usecases.inputs import Inputs
from auditor.usecases.standing import Standing, standings
from controls.gate import Failing, Seen, Unjudged, gate
from controls.responsibility import owning_opd
from controls.rollup import Waived, judge_servers
from controls.scoring import UNJUDGED, level_of, tally
from controls.waivers import waiver_for

_Place = tuple[str, str]
"""Check, subject key."""


@dataclass(frozen=True, slots=True)
class Room:
    """What servers are held against: the files as they are now, the waivers that hold today, the findings."""

    inputs: Inputs
    now: datetime
    checks: Mapping[str, Check]
    """Those that the policy does not switch off."""
    waivers: Mapping[str, tuple[Waiver, ...]]
    """Check id → waivers that the policy allows."""
    open: Mapping[str, tuple[FindingRecord, ...]]
    """Server id → findings that stand."""
    standings: Mapping[str, Standing]

    @property
    def today(self) -> date:
        """Return the local day of the organisation."""
        return local_day(self.now, self.inputs.inventory.organization)


def gates(
    workspace: Workspace, inputs: Inputs, now: datetime, servers: Collection[str] = ()
) -> tuple[ServerGate, ...]:
    """Return the decision about every server that shall stand in the room, or about those named.

    In the order of the inventory; domains, zones and retired servers stand in no room. Raise UsageProblem for
    a server that the inventory does not know, or that is none of these.
    """
    return gates_of(make_room(workspace, inputs, now, servers), servers)


def gates_of(room: Room, servers: Collection[str] = ()) -> tuple[ServerGate, ...]:
    """Return the same of a room that was made already."""
    admissible = admissible_servers(room.inputs)
    unknown = sorted(set(servers) - admissible.keys())
    if unknown:
        raise UsageProblem(
            f"{', '.join(unknown)} is no server that could stand in the room",
            choices_near(unknown[0], list(admissible)),
        )
    rules = room.inputs.policy.admission
    chosen = (one for one in admissible.values() if not servers or one.id in servers)
    return tuple(gate(one.id, one.opd, _seen(one, room), rules) for one in chosen)


def admissible_servers(inputs: Inputs) -> dict[str, Server]:
    """Return the servers that shall stand in the room, by id."""
    return {
        one.id: one
        for one in inputs.inventory.servers()
        if one.kind is Kind.SERVER and one.state is not State.RETIRED
    }


def make_room(workspace: Workspace, inputs: Inputs, now: datetime, servers: Collection[str] = ()) -> Room:
    """Return what every server is held against, or those named."""
    off = inputs.policy.disabled_checks
    checks = {name: check for name, check in inputs.catalogue.checks.items() if name not in off}
    still_open: dict[str, list[FindingRecord]] = defaultdict(list)
    for record in workspace.results.findings().values():
        if record.status not in CLOSED and record.check in checks:
            still_open[Subject.from_key(record.subject).server].append(record)
    return Room(
        inputs,
        now,
        checks,
        _allowed(decisions_of(workspace).waivers, checks, inputs.policy),
        {server: tuple(records) for server, records in still_open.items()},
        standings(workspace, servers=servers),
    )


def _allowed(
    waivers: Iterable[Waiver], checks: Mapping[str, Check], policy: Policy
) -> dict[str, tuple[Waiver, ...]]:
    found: dict[str, list[Waiver]] = defaultdict(list)
    for one in waivers:
        if one.check in checks and not exceeds(one, checks[one.check], policy.waivers):
            found[one.check].append(one)
    return {check: tuple(listed) for check, listed in found.items()}


def _seen(server: Server, room: Room) -> Seen | None:
    """Return what is known of a server, or None when it was never measured."""
    standing = room.standings.get(server.id)
    if standing is None:
        return None
    verdicts = tuple(one for one in standing.verdicts if one.check in room.checks)
    failing = _failing(server, verdicts, room)
    known = {(one.check, one.subject) for one in failing}
    measured_on = opd_day(standing.run.started_at, room.inputs.inventory, server.opd)
    today = opd_day(room.now, room.inputs.inventory, server.opd)
    addresses = {one.subject.address for one in verdicts}
    return Seen(
        run=standing.run.id,
        measured_at=standing.run.started_at,
        days_ago=(today - measured_on).days,
        coverage=coverage_of(server, verdicts, room),
        failing=failing,
        unjudged=tuple(
            Unjudged(one.check, one.subject.key, room.checks[one.check].severity)
            for one in verdicts
            if one.status in UNJUDGED and (one.check, one.subject.key) not in known
        ),
        judged=standing.measured,
        unseen=tuple(str(one) for one in server.addresses if str(one) not in addresses),
    )


def coverage_of(server: Server, verdicts: Iterable[Verdict], room: Room) -> float:
    """Return the percent of a server's weight that was judged, whoever answers for it."""
    policy = room.inputs.policy
    judged = judge_servers(verdicts, {server.id: server}, room.checks, policy, Waived({}))
    return level_of(tally(judged), policy).score.coverage


def _failing(server: Server, verdicts: Iterable[Verdict], room: Room) -> tuple[Failing, ...]:
    """Return what fails now, and what failed and was not measured again."""
    records = {(one.check, one.subject): one for one in room.open.get(server.id, ())}
    by_place = {(one.check, one.subject.key): one for one in verdicts}
    failing = {place: one.subject for place, one in by_place.items() if one.status is Status.FAIL}
    for place in records:
        verdict = by_place.get(place)
        if verdict is None or verdict.status in UNJUDGED:
            failing.setdefault(place, Subject.from_key(place[1]))
    return tuple(
        _one_failing(server, place, subject, records.get(place), room)
        for place, subject in sorted(failing.items())
    )


def _one_failing(
    server: Server, place: _Place, subject: Subject, record: FindingRecord | None, room: Room
) -> Failing:
    check, inventory = room.checks[place[0]], room.inputs.inventory
    opd = owning_opd(check.layer, subject, server)
    # A waiver covers what failed and could not be measured again as it covers what fails.
    verdict = Verdict(check.id, subject, Status.FAIL)
    waiver = waiver_for(verdict, opd, room.waivers.get(check.id, ()), room.today)
    return Failing(
        finding=record.id if record else finding_id(check.id, subject),
        check=check.id,
        subject=place[1],
        severity=check.severity,
        due=record.due if record else None,
        overdue=record is not None and is_overdue(record.due, room.now, inventory, opd),
        accepted_until=waiver.valid_until if waiver else None,
    )
