"""The audits that a digest tells of: of each agency the newest of all its servers, and the one before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from auditor.model.digest import ScoreTold, Unscanned
from auditor.model.inventory import Kind, Server, State
from auditor.model.run import AuditRun, RunKind
from auditor.store.results import ORGANIZATION
from auditor.store.runs import RunInputs
from auditor.store.scores import stored_scores
from auditor.store.workspace import Workspace
from auditor.usecases.inputs import Inputs
from auditor.usecases.reporting import not_measured


class Audits:
    """The judged audits of a workspace; what is asked of one is read once."""

    def __init__(self, workspace: Workspace, inputs: Inputs, now: datetime):
        self._workspace, self._inventory = workspace, inputs.inventory
        runs = [one for one in workspace.runs.all() if one.kind is RunKind.AUDIT and one.started_at <= now]
        self._scores = stored_scores(workspace.engine, [one.id for one in runs])
        self._newest_first = [one for one in reversed(runs) if one.id in self._scores]
        self._inputs: dict[str, RunInputs] = {}
        self._whole: dict[str, frozenset[str]] = {}
        self._judged_by: dict[str, tuple[object, ...]] = {}
        self._seen: dict[str, frozenset[str]] = {}
        self._newest: dict[str, AuditRun | None] = {}

    def newest(self, opd: str) -> AuditRun | None:
        """Return the newest audit of all servers of an agency ("" = of all agencies), or None."""
        if opd not in self._newest:
            self._newest[opd] = next(self._of(opd), None)
        return self._newest[opd]

    def before(self, opd: str, told: datetime | None) -> AuditRun | None:
        """Return the audit that was the newest when a reader was told; the second newest where none was.

        None where there is none, and where the reader was told of the newest already.
        """
        newest = self.newest(opd)
        if told is None:
            return next((one for one in self._of(opd) if one is not newest), None)
        known = next((one for one in self._of(opd) if ended(one) <= told), None)
        return None if known is newest else known

    def told(self, opd: str, since: datetime | None) -> ScoreTold | None:
        """Return the score of an agency, and how it stood when its reader was told last."""
        run = self.newest(opd)
        if run is None:
            return None
        score, before = self._scores[run.id][opd], self.before(opd, since)
        earlier = self._scores[before.id].get(opd) if before else None
        return ScoreTold(
            run=run.id,
            measured_at=run.started_at,
            floor=score.floor,
            ceiling=score.ceiling,
            coverage=score.coverage,
            letter=score.letter,
            floor_before=earlier.floor if earlier else None,
            letter_before=earlier.letter if earlier else "",
            measured_before=before.started_at if before and earlier else None,
            same_rules=before is None or self._same_rules(before, run),
        )

    def unscanned(self) -> tuple[Unscanned, ...]:
        """Return what the newest audits did not measure of what is registered and meant to answer."""
        by_run: dict[str, set[str]] = defaultdict(set)
        found: list[Unscanned] = []
        for opd in self._inventory.opds:
            run = self.newest(opd.id)
            active = [one for one in opd.servers if one.state is not State.RETIRED]
            seen = set(run.scope) if run else set()
            found += [Unscanned(opd.id, one.id, True, (), "") for one in active if one.id not in seen]
            if run:
                by_run[run.id] |= {one.id for one in active}
        for run_id, servers in by_run.items():
            found += self._gaps(run_id, servers)
        place = {server.id: number for number, server in enumerate(self._inventory.servers())}
        return tuple(sorted(found, key=lambda one: (place[one.server], not one.whole, one.what)))

    def unmeasured(self, servers: Iterable[Server], opd: str) -> int:
        """Return how many machines that are meant to answer have nothing measured in their newest audit."""
        run = self.newest(opd)
        measured = self._measured(run.id) if run else frozenset()
        return sum(one.id not in measured for one in servers if is_expected(one))

    def _of(self, opd: str) -> Iterator[AuditRun]:
        return (one for one in self._newest_first if opd in self._scores[one.id] and opd in self._wholly(one))

    def _wholly(self, run: AuditRun) -> frozenset[str]:
        """Return the agencies of which a run chose every server; "" when it chose those of all."""
        if run.id not in self._whole:
            opds, scope = self._of_run(run.id).inventory.opds, set(run.scope)
            whole = {opd.id for opd in opds if scope.issuperset(one.id for one in opd.servers)}
            self._whole[run.id] = frozenset(whole | ({ORGANIZATION} if len(whole) == len(opds) else set()))
        return self._whole[run.id]

    def _of_run(self, run_id: str) -> RunInputs:
        if run_id not in self._inputs:
            self._inputs[run_id] = self._workspace.runs.inputs(run_id)
        return self._inputs[run_id]

    def _same_rules(self, before: AuditRun, after: AuditRun) -> bool:
        first, second = (self._workspace.results.footing(one.id) for one in (before, after))
        rules = [self._of_run(one.id).policy for one in (before, after)]
        weights = [(one.weights, one.criticality, one.grading) for one in rules]
        return (
            first is not None
            and second is not None
            and first.rules == second.rules
            and weights[0] == weights[1]
        )

    def _measured(self, run_id: str) -> frozenset[str]:
        if run_id not in self._seen:
            cards = self._workspace.results.scorecards(run_id).values()
            self._seen[run_id] = frozenset(
                one.server for card in cards for one in card.servers if one.measured
            )
        return self._seen[run_id]

    def _gaps(self, run_id: str, servers: set[str]) -> list[Unscanned]:
        """Return the gaps of a run at servers, those with the same reason together."""
        measured = self._measured(run_id)
        grouped: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for gap in not_measured(self._of_run(run_id), self._workspace.evidence.of_run(run_id)):
            if gap.server in servers:
                grouped[gap.opd, gap.server, gap.reason].append(gap.what)
        return [
            Unscanned(opd, server, server not in measured, tuple(dict.fromkeys(what)), reason)
            for (opd, server, reason), what in grouped.items()
        ]


def is_expected(server: Server) -> bool:
    """Return whether an entry is a machine that is meant to answer."""
    return server.kind is Kind.SERVER and server.state is not State.RETIRED


def ended(run: AuditRun) -> datetime:
    """Return when a run had measured everything."""
    return run.finished_at or run.started_at
