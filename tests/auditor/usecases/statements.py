"""A judged run over which people decided: an exclusion, two answers and an exception."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from auditor.model.attestation import Answer, Applicability, Attestation, Basis
from auditor.model.decision import Decision, DecisionKind
from auditor.model.waiver import Waiver
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.assess import assess
from controls.loading import Catalogue
from tests.auditor.usecases.test_assess import WORLD, store
from tests.reports.statements import applicability, attestation

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)
EXCLUDED = applicability("A.7.4", "bkd", False, "Tidak ada ruang server.", on=DAY)
INCLUDED = applicability("A.8.24", "", True, "Data pribadi diolah.", bases=(Basis.LAW,), on=DAY)
ANSWERED = attestation("A.5.1", "bkd", on=DAY)
BETTER = attestation("A.8.24", "bkd", Answer.CONFORMS, on=DAY)
WAIVED = Waiver(
    id="W-11",
    check="http-vcs-absent",
    opd="bkd",
    server="bkd-web-01",
    address="",
    port=0,
    server_name="",
    reason="Situs arsip dipindahkan pada akhir bulan.",
    compensating_control="Hanya terbuka dari jaringan dalam.",
    requested_by="Kepala Bidang Aplikasi",
    requested_on=DAY,
    valid_from=DAY,
    valid_until=date(2026, 12, 31),
)


def log() -> Iterator[Decision]:
    """Yield what people decided before the audit."""
    for one in (EXCLUDED, INCLUDED):
        yield decision(DecisionKind.APPLICABILITY_DECIDED, one.id, one.decided_by, one)
    for given in (ANSWERED, BETTER):
        yield decision(DecisionKind.ATTESTED, given.id, given.attested_by, given)
    yield decision(DecisionKind.WAIVER_REQUESTED, WAIVED.id, WAIVED.requested_by, WAIVED)
    yield decision(DecisionKind.WAIVER_APPROVED, WAIVED.id, "Kepala Dinas", None)


def decision(
    kind: DecisionKind, about: str, by: str, content: Attestation | Applicability | Waiver | None
) -> Decision:
    """Return an entry of the log."""
    return Decision(kind, about, by, DAY, "", content, "petugas", AT)


def judged_workspace(folder: Path, catalogue: Catalogue) -> Workspace:
    """Return a workspace with one run that was judged with these decisions; dispose of its engine."""
    opened = open_workspace(folder)
    store(opened, WORLD)
    opened.decisions.append(log())
    assess(opened, WORLD.run, WORLD.inputs, catalogue)
    return opened
