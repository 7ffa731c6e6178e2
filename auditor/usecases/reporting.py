"""Gather everything that a report of one run may show, and write the files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from auditor.model.check import Severity
from auditor.model.decision import Decision
from auditor.model.evidence import Evidence
from auditor.model.finding import FindingStatus
from auditor.model.report import NotMeasured, ReportData
from auditor.model.run import AuditRun, RunKind
from auditor.store.chain import canonical
from auditor.store.records import SCORECARD, VERDICT
from auditor.store.results import ORGANIZATION
from auditor.store.runs import RunInputs
from auditor.store.workspace import Workspace
from auditor.usecases.assess import decisions_for, targets
from auditor.usecases.changes import changes_of_run
from auditor.usecases.compare import as_side, comparisons_with_previous, waived_of
from auditor.usecases.errors import UsageProblem, choices_near
from auditor.usecases.findings import records_as_of
from auditor.usecases.findings_of_run import current_findings, ids_of_run
from auditor.usecases.history import history_of
from auditor.usecases.retests_of import next_audit_at, retests_of
from auditor.usecases.roadmap import with_roadmap
from auditor.usecases.root_causes import with_worksheets
from auditor.usecases.signing_pdf import Finish
from auditor.usecases.what_if import next_grades_of
from auditor.usecases.writing import write_files
from controls.acknowledgements import with_acknowledgements
from controls.loading import Catalogue
from controls.reasons import NOT_MEASURED, failure_text
from controls.rollup import Waived
from controls.subjects import Target
from controls.waivers import with_refused_approvals
from controls.what_if import fix_weights
from reports.formats.base import RenderedFile
from reports.registry import render_all
from reports.words import LANGUAGES


def judged_run(workspace: Workspace, run_id: str) -> AuditRun:
    """Return the run named, or with "" the newest that was judged; raise UsageProblem when there is none."""
    run = workspace.runs.get(run_id) if run_id else newest_judged(workspace)
    if run is None:
        raise UsageProblem(
            f"there is no audit {run_id or 'yet'} in {workspace.folder}", "make one with: auditor audit"
        )
    if run.kind is RunKind.RETEST:
        raise UsageProblem(
            f"{run.id} is a re-test, not an audit", f"see it with: auditor verify --show {run.id}"
        )
    if not workspace.results.scorecards(run.id):
        raise UsageProblem(
            f"the audit {run.id} was not judged yet", f"judge it with: auditor assess {run.id}"
        )
    return run


def newest_judged(workspace: Workspace) -> AuditRun | None:
    """Return the newest judged audit; of single servers, made for their admission, only without another."""
    runs = workspace.runs.all()
    for kind in (RunKind.AUDIT, RunKind.ADMISSION):
        for run in reversed(runs):
            if run.kind is kind and workspace.results.scorecards(run.id):
                return run
    return None


def report_data(workspace: Workspace, run: AuditRun, catalogue: Catalogue) -> ReportData:
    """Return the data of a judged run."""
    inputs = workspace.runs.inputs(run.id)
    evidence = workspace.evidence.of_run(run.id)
    verdicts = workspace.results.verdicts(run.id)
    cards = workspace.results.scorecards(run.id)
    footing = workspace.results.footing(run.id)
    waived = waived_of(footing) if footing else Waived({})
    records = records_as_of(workspace, run)
    ids = ids_of_run(workspace, run)
    side = as_side(run, inputs, verdicts, footing, ids) if footing else None
    upto = footing.decisions if footing else 0
    decisions = decisions_for(workspace, run, inputs.inventory, upto)
    waivers = with_refused_approvals(decisions.waivers, workspace.decisions.all(upto))
    seen = workspace.results.events(run.id)
    found = current_findings(records, seen, verdicts, run, inputs, catalogue.checks, waived)
    data = ReportData(
        run=run,
        inventory=inputs.inventory,
        policy=inputs.policy,
        frameworks=catalogue.frameworks,
        checks=catalogue.checks,
        skipped=inputs.plan.skipped,
        not_measured=not_measured(inputs, evidence),
        evidence={one.sequence: one for one in evidence.values()},
        verdicts=verdicts,
        findings=with_acknowledgements(found, _answers_until_the_next_audit(workspace, run)),
        waivers={waiver.id: waiver for waiver in waivers},
        scorecards={opd: card for opd, card in cards.items() if opd != ORGANIZATION},
        organization=cards[ORGANIZATION],
        previous=workspace.results.previous(run.id, run.started_at),
        chain_head=max(evidence.values(), key=lambda one: one.sequence).hash if evidence else "",
        decisions=decisions,
        comparisons=comparisons_with_previous(workspace, run, side) if side else {},
        next_grades=next_grades_of(side, catalogue) if side else {},
        fix_weights=fix_weights(side) if side else {},
        changes=changes_of_run(workspace, run, inputs.inventory, catalogue.checks),
        history=history_of(workspace, run, inputs, footing),
        retests=retests_of(workspace, run),
        public_key=workspace.public_key,
        digest=_digest([VERDICT.text(v) for v in verdicts], {o: SCORECARD.text(c) for o, c in cards.items()}),
    )
    return with_roadmap(with_worksheets(data, catalogue))


def _answers_until_the_next_audit(workspace: Workspace, run: AuditRun) -> Iterator[Decision]:
    """Return what was decided before another audit looked again: reports of before stay what they were."""
    until = next_audit_at(workspace, run)
    return (one for one in workspace.decisions.all() if until is None or one.at < until)


def _digest(verdicts: list[str], cards: Mapping[str, str]) -> str:
    return hashlib.sha256(canonical([verdicts, cards]).encode()).hexdigest()


def not_measured(inputs: RunInputs, evidence: Mapping[str, Evidence]) -> tuple[NotMeasured, ...]:
    """Return what a run should have measured and did not, worded in the policy's language."""
    language = inputs.policy.language
    return tuple(
        NotMeasured(target.opd, target.server, target.address, what, reason)
        for target in targets(inputs, evidence)
        for what, reason in _gaps(target, language)
    )


def _gaps(target: Target, language: str) -> Iterable[tuple[str, str]]:
    if target.blocked:
        yield "", target.blocked[language]
        return
    if target.inside is not None and target.inside.task is None:
        yield "host", (target.inside.reason or NOT_MEASURED)[language]
    for task in (target.first, *target.expected):
        one = target.evidence.get(task.id)
        what = f"{task.scanner} {task.port}".removesuffix(" 0")
        if one is None:
            yield what, target.refused_methods.get(task.scanner, NOT_MEASURED)[language]
        elif one.failure is not None:
            yield what, failure_text(one.failure)[language]


def refuse_wrong_choices(editions: Iterable[str], language: str, edition: str = "") -> None:
    """Raise UsageProblem for a language or edition without reports; empty is the policy's choice."""
    for chosen, what, known in ((language, "language", LANGUAGES), (edition, "edition", tuple(editions))):
        if chosen and chosen not in known:
            raise UsageProblem(f"there are no reports in {what} {chosen}", f"choose of: {', '.join(known)}")


def refuse_unknown(data: ReportData, wanted: Mapping[str, Iterable[str] | None]) -> None:
    """Raise UsageProblem for a value that no finding could have: an empty list would look like good news.

    `wanted` is opd, server, severity, check or status → the values asked for.
    """
    known = {
        "opd": {opd.id for opd in data.inventory.opds},
        "server": {server.id for server in data.inventory.servers()},
        "severity": [severity.value for severity in Severity],
        "check": set(data.checks),
        "status": [status.value for status in FindingStatus],
    }
    for what, values in wanted.items():
        unknown = sorted(set(values or ()).difference(known[what]))
        if unknown:
            raise UsageProblem(
                f"there is no {what} {', '.join(unknown)}", choices_near(unknown[0], known[what])
            )


def write_reports(
    data: ReportData,
    folder: Path,
    *,
    formats: Iterable[str],
    opd: str | None,
    language: str,
    edition: str,
    finish: Finish | None = None,
    made: Callable[[RenderedFile], None] = lambda _file: None,
) -> tuple[Path, ...]:
    """Render and write the files of a report; raise ReportError for a wrong choice. Names are server-made.

    `made` is told each file when it is rendered. `finish` is done to each before any is written, such as
    signing it.
    """
    files = render_all(data, formats, opd, language, edition, made)
    return write_files(files if finish is None else tuple(map(finish, files)), folder)
