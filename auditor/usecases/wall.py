"""The wall screen, the feed for other systems and the metrics, as things stand now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from auditor.model.check import Severity
from auditor.model.digest import Digest
from auditor.model.inventory import Inventory, Opd, Server, State
from auditor.model.message import Audience
from auditor.model.run import RunKind
from auditor.model.wall import Wall, WallOpd, WallServer
from auditor.store.measured import measured_servers
from auditor.store.results import ORGANIZATION
from auditor.store.workspace import Workspace
from auditor.usecases.clock import SYSTEM_CLOCK
from auditor.usecases.digest_audits import is_expected
from auditor.usecases.digest_data import DigestSource
from auditor.usecases.inputs import Inputs
from auditor.usecases.writing import write_files
from controls.freshness import behind, freshness, stale_first
from reports.wall.files import render_wall

_READABLE = 0o640
"""By the group too, whatever else the service keeps to itself: a web server or a collector reads them."""


def wall(workspace: Workspace, inputs: Inputs, now: datetime, language: str = "") -> Wall:
    """Return what a wall screen shows at an instant; of what was measured, only what was judged counts."""
    digest = DigestSource(workspace, inputs, now).digest(Audience.LEADERSHIP, ORGANIZATION, None)
    inventory, policy = inputs.inventory, inputs.policy
    measured = _measured(workspace, inventory, now)
    making = _Making(digest, measured, now, policy.wall.stale_hours)
    organization = inventory.organization
    waited_for = {opd.id: _waited_for(inventory, opd, digest) for opd in inventory.opds}
    everything = {server.id: server for servers in waited_for.values() for server in servers}
    return Wall(
        at=now,
        organization=organization.name,
        office=organization.office,
        classification=policy.classification,
        timezone=organization.timezone,
        language=language or policy.language,
        rules=policy.wall,
        whole=making.line(ORGANIZATION, organization.name, tuple(everything.values())),
        opds=stale_first(
            making.line(opd.id, opd.name, waited_for[opd.id])
            for opd in inventory.opds
            # Of an agency with nothing registered, there is nothing to measure.
            if waited_for[opd.id]
        ),
        trial=digest.trial,
        left=_left(workspace, inventory, digest),
    )


def write_wall(
    workspace: Workspace, inputs: Inputs, folder: Path, now: datetime, language: str = ""
) -> tuple[Path, ...]:
    """Write page, feed and metrics as of an instant, each whole or not at all, and return their paths."""
    return write_files(render_wall(wall(workspace, inputs, now, language)), folder, _READABLE)


class WallKeeper:
    """Renews the files of the policy's folder when they are due or something was judged or decided."""

    def __init__(
        self,
        workspace: Workspace,
        inputs: Callable[[], Inputs],
        now: Callable[[], datetime] = SYSTEM_CLOCK.now,
    ):
        self._workspace, self._inputs, self._now = workspace, inputs, now
        self._written_at: datetime | None = None
        self._state: tuple[object, ...] = ()
        self._problem: OSError | SQLAlchemyError | None = None

    def renew(self) -> OSError | SQLAlchemyError | None:
        """Write the files if it is time; return why that failed when it was tried last, None when it did not.

        Nothing is raised, since an audit goes on without.
        """
        rules, now = self._inputs().policy.wall, self._now()
        if not rules.folder:
            return None
        try:
            state = self._stored()
            if state != self._state or self._is_due(now, rules.minutes):
                # Noted before: what fails is tried again when it is due, not every few seconds.
                self._written_at, self._state = now, state
                write_wall(self._workspace, self._inputs(), Path(rules.folder), now)
                self._problem = None
        except (OSError, SQLAlchemyError) as error:
            self._problem = error
        return self._problem

    def _is_due(self, now: datetime, minutes: int) -> bool:
        # A clock that was set back must not keep the page from being renewed.
        return self._written_at is None or abs(now - self._written_at) >= timedelta(minutes=minutes)

    def _stored(self) -> tuple[object, ...]:
        workspace = self._workspace
        return self._inputs(), workspace.results.judged(), workspace.decisions.head()


class _Making:
    """What the lines of agencies are made from."""

    def __init__(self, digest: Digest, measured: Mapping[str, datetime], now: datetime, stale_hours: int):
        self._digest, self._measured, self._now, self._stale_hours = digest, measured, now, stale_hours
        self._registered = frozenset(digest.opd_names)

    def line(self, opd: str, name: str, servers: tuple[Server, ...]) -> WallOpd:
        """Return one agency, or with "" the organisation."""
        listed = [WallServer(one.id, one.name or one.id, self._measured.get(one.id)) for one in servers]
        times = [one.measured_at for one in listed]
        known = [one for one in times if one is not None]
        return WallOpd(
            id=opd,
            name=name,
            freshness=freshness(times, self._now, self._stale_hours),
            newest=max(known, default=None),
            oldest=min(known) if known and len(known) == len(times) else None,
            servers=len(listed),
            behind=behind(listed, self._now, self._stale_hours),
            score=self._digest.scores.get(opd),
            open=self._open(opd),
            overdue=sum(self._counts(one.opd, opd) for one in self._digest.overdue),
        )

    def _open(self, opd: str) -> Mapping[Severity, int]:
        mine = [counts for of, counts in self._digest.open.items() if self._counts(of, opd)]
        return {severity: sum(one.get(severity, 0) for one in mine) for severity in Severity}

    def _counts(self, of: str, opd: str) -> bool:
        """Return whether a finding of one agency counts for a line: the whole is the sum of its lines."""
        return of == opd or (opd == ORGANIZATION and of in self._registered)


def _left(workspace: Workspace, inventory: Inventory, digest: Digest) -> tuple[str, ...]:
    score = digest.scores.get(ORGANIZATION)
    if score is None:
        return ()
    registered = {one.id for one in inventory.opds}
    then = workspace.runs.inputs(score.run).inventory.opds
    return tuple(one.name for one in then if one.servers and one.id not in registered)


def _waited_for(inventory: Inventory, opd: Opd, digest: Digest) -> tuple[Server, ...]:
    """Return the machines of an agency that are in use; without any those with its names, or its domains.

    Of an agency whose machines are all retired, those are waited for while anything is open there.
    """
    machines = tuple(one for one in opd.servers if is_expected(one))
    shared = (one for one in inventory.servers() if one.opd != opd.id and one.names_of(opd.id))
    return (
        machines
        or tuple(one for one in shared if is_expected(one))
        or tuple(one for one in opd.servers if one.state is not State.RETIRED)
        or (opd.servers if any(digest.open.get(opd.id, {}).values()) else ())
    )


def _measured(workspace: Workspace, inventory: Inventory, now: datetime) -> dict[str, datetime]:
    """Return server id → start of the newest judged audit that measured anything of it."""
    waiting = {one.id for one in inventory.servers()}
    judged = workspace.results.judged()
    found: dict[str, datetime] = {}
    for run in reversed(workspace.runs.all()):
        asked = waiting.intersection(run.scope)
        if not asked or run.kind is RunKind.RETEST or run.id not in judged or run.started_at > now:
            continue
        seen = measured_servers(workspace.engine, run.id, asked)
        found |= dict.fromkeys(seen, run.started_at)
        waiting -= seen
        if not waiting:
            break
    return found
