"""Draw the inventory as it stands, with what the newest audit found of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from auditor.model.run import AuditRun
from auditor.store.workspace import open_workspace
from auditor.usecases.calendar import local_day
from auditor.usecases.clock import SYSTEM_CLOCK, Clock
from auditor.usecases.errors import UsageProblem, choices_near
from auditor.usecases.inputs import Inputs, catalogue_for
from auditor.usecases.reporting import newest_judged, refuse_wrong_choices, report_data
from auditor.usecases.writing import write_files
from reports import pdf
from reports.formats.base import RenderedFile
from reports.topology.alone import map_alone, render_alone
from reports.topology.page import MapView, seen_of
from reports.topology.seen import Seen, see
from reports.words import Words

_PDF = ".pdf"
_MEDIA_TYPES = {".html": "text/html; charset=utf-8", ".svg": "image/svg+xml", _PDF: pdf.MEDIA_TYPE}
"""How the name of a file may end → what it is."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A map that was written; `run` is the audit behind it, None where there is none yet."""

    path: Path
    run: AuditRun | None
    sheets: int
    servers: int


def draw_inventory(
    inputs: Inputs,
    workspace: Path,
    output: Path,
    *,
    opd: str = "",
    language: str = "",
    clock: Clock = SYSTEM_CLOCK,
) -> Drawn:
    """Write the map to a file, a page or a drawing as its name ends; of one OPD where one is named.

    Raise UsageProblem for another ending, an OPD that is not registered, or a language without reports, and
    ReportError where PDF is wanted and its libraries are missing.
    """
    if output.suffix not in _MEDIA_TYPES:
        raise UsageProblem(
            f"there are no maps of the kind {output.suffix or output.name}",
            f"name a file that ends with one of: {', '.join(_MEDIA_TYPES)}",
        )
    refuse_wrong_choices((), language)
    known = [one.id for one in inputs.inventory.opds]
    if opd and opd not in known:
        raise UsageProblem(f"there is no opd {opd}", choices_near(opd, known))
    words = Words(language or inputs.policy.language, inputs.inventory.organization.timezone)
    seen, run = _seen(inputs, workspace)
    now = clock.now()
    today = local_day(now, inputs.inventory.organization)
    view = map_alone(seen, inputs.policy, words, today, run, opd or None)
    made = (run.finished_at or run.started_at) if run else now
    content = _rendered(view, output.suffix, made)
    (path,) = write_files([RenderedFile(output.name, _MEDIA_TYPES[output.suffix], content)], output.parent)
    return Drawn(path, run, len(view.sheets), sum(len(zone.servers) for zone in view.zones))


def _rendered(view: MapView, suffix: str, made: datetime) -> bytes:
    if suffix != _PDF:
        return render_alone(view, suffix)
    return pdf.print_pdf(render_alone(view, ".html"), pdf.Imprint(made, view.head.organization))


def _seen(inputs: Inputs, folder: Path) -> tuple[Seen, AuditRun | None]:
    """Return what is known of the inventory; looking for an audit makes no workspace where there is none."""
    workspace = open_workspace(folder) if (folder / "audit.db").exists() else None
    run = newest_judged(workspace) if workspace else None
    if workspace is None or run is None:
        return see(inputs.inventory, ()), None
    data = report_data(workspace, run, catalogue_for(workspace.runs.inputs(run.id).policy))
    return seen_of(data, inputs.inventory), run
