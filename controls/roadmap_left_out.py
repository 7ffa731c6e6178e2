"""What a plan of the work that is left leaves out, counted by OPD and reason. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from auditor.model.attestation import Answer
from auditor.model.finding import CLOSED
from auditor.model.report import ReportData
from auditor.model.roadmap import LeftOut, LeftOutCount, Package
from auditor.model.scorecard import ControlStatus
from controls.responsibility import owning_opd
from controls.scoring import UNJUDGED

_LESS = (Answer.PARTIAL, Answer.DOES_NOT_CONFORM)


def left_out(data: ReportData, edition: str, packages: Iterable[Package]) -> tuple[LeftOutCount, ...]:
    """Return what is no work of the plan, by OPD and then in the order of the reasons."""
    counted = Counter(_each(data, edition))
    counted.update((one.opd, LeftOut.NO_ROOM) for one in packages if one.quarter is None)
    order = list(LeftOut)
    listed = sorted(counted, key=lambda one: (one[0], order.index(one[1])))
    return tuple(LeftOutCount(opd, reason, counted[opd, reason]) for opd, reason in listed)


def _each(data: ReportData, edition: str) -> Iterator[tuple[str, LeftOut]]:
    """Yield OPD and reason of every single thing that is left out for what it is."""
    for finding in data.findings:
        if finding.status not in CLOSED and finding.waiver:
            yield finding.opd, LeftOut.ACCEPTED
    yield from _unjudged(data)
    for opd, card in data.scorecards.items():
        own = {server.id for server in data.inventory.opd(opd).machines()}
        for score in card.servers:
            if score.server in own and not score.measured:
                yield opd, LeftOut.NOT_MEASURED
        for result in card.controls.get(edition, ()):
            if result.status is ControlStatus.NOT_APPLICABLE:
                yield opd, LeftOut.NOT_APPLICABLE
            elif result.attested is not None and result.attested.answer in _LESS:
                yield opd, LeftOut.ANSWERED_LESS


def _unjudged(data: ReportData) -> Iterator[tuple[str, LeftOut]]:
    servers = {server.id: server for server in data.inventory.servers()}
    for verdict in data.verdicts:
        if verdict.status in UNJUDGED:
            server, check = servers.get(verdict.subject.server), data.checks.get(verdict.check)
            if server is not None and check is not None:
                yield owning_opd(check.layer, verdict.subject, server), LeftOut.UNJUDGED
