"""What changed about findings between two moments: fixed, new, found again, not measured, not looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from auditor.documents.words import parse_day
from auditor.model.changes import Changes
from auditor.model.check import Check, Severity, Text
from auditor.model.finding import FindingStatus
from auditor.model.finding_record import FindingEvent, FindingRecord
from auditor.model.inventory import Inventory
from auditor.model.plan import Place
from auditor.model.run import AuditRun, RunKind, RunStatus
from auditor.model.subject import Subject
from auditor.store.workspace import Workspace
from auditor.usecases.calendar import opd_day
from auditor.usecases.errors import UsageProblem, choices_near
from auditor.usecases.findings import records_as_of, sight_of
from auditor.usecases.inputs import Inputs
from controls.finding_changes import change_lists
from controls.finding_sight import Departure, departures
from controls.reasons import DEPARTURES, NOT_MEASURED


def changes_between(workspace: Workspace, inputs: Inputs, since: datetime | None, until: datetime) -> Changes:
    """Return what the judged runs changed that began after `since` and not after `until`.

    None is before everything. Days are those of each finding's OPD.
    """
    return _changes(workspace, inputs.inventory, inputs.catalogue.checks, since, until)


def changes_of_run(
    workspace: Workspace, run: AuditRun, inventory: Inventory, checks: Mapping[str, Check]
) -> Changes | None:
    """Return what changed since the last complete audit of these servers; None where there is none.

    What was measured again in between counts too.
    """
    before = audit_before(workspace, run)
    if before is None:
        return None
    return _changes(workspace, inventory, checks, before.started_at, run.started_at)


def audit_before(workspace: Workspace, run: AuditRun) -> AuditRun | None:
    """Return the last complete audit before a run of all its servers that were registered then, or None.

    Servers that came or went since make its score another one, but not its findings.
    """
    judged = workspace.results.judged()
    for one in reversed(workspace.runs.all()):
        earlier = (one.started_at, one.id) < (run.started_at, run.id) and one.id in judged
        whole = one.kind is RunKind.AUDIT and one.status is RunStatus.COMPLETE
        if earlier and whole and _covers(workspace, one, run):
            return one
    return None


def _covers(workspace: Workspace, before: AuditRun, run: AuditRun) -> bool:
    missing = set(run.scope) - set(before.scope)
    if not missing:
        return True
    registered = {server.id for server in workspace.runs.inputs(before.id).inventory.servers()}
    return not missing & registered and not registered.isdisjoint(run.scope)


def _changes(
    workspace: Workspace,
    inventory: Inventory,
    checks: Mapping[str, Check],
    since: datetime | None,
    until: datetime,
) -> Changes:
    judged = workspace.results.judged()
    runs = [one for one in workspace.runs.all() if one.id in judged and one.started_at <= until]
    between = [one for one in runs if since is None or one.started_at > since]
    empty = Changes(since, until, tuple(one.id for one in between))
    if not between:
        return empty
    records = records_as_of(workspace, between[-1])
    events = workspace.results.history(since, until)
    severities = {check.id: check.severity for check in checks.values()}
    severities = {**_recorded_severities(workspace, records, events, severities), **severities}
    return change_lists(
        records,
        events,
        empty,
        severities,
        lambda instant, opd: opd_day(instant, inventory, opd),
        _reasons(workspace, {one.id: one for one in between}, records, events),
    )


def _recorded_severities(
    workspace: Workspace,
    records: Mapping[str, FindingRecord],
    events: Iterable[FindingEvent],
    known: Mapping[str, Severity],
) -> dict[str, Severity]:
    """Return the severities of checks that have left the catalogue, as they were when they failed last."""
    seen = (records[event.finding] for event in events if event.finding in records)
    unknown = {one.check: one.last_run for one in seen if one.check not in known}
    found = {}
    for check, run in unknown.items():
        footing = workspace.results.footing(run)
        if footing is not None and check in footing.rules:
            found[check] = footing.rules[check].severity
    return found


def _reasons(
    workspace: Workspace,
    runs: Mapping[str, AuditRun],
    records: Mapping[str, FindingRecord],
    events: Iterable[FindingEvent],
) -> dict[str, Text]:
    """Return finding id → why its last run did not measure it, or why nobody looks there any more."""
    last = {event.finding: event for event in events if event.finding in records}
    found: dict[str, Text] = {}
    for status, reasons_of in (
        (FindingStatus.NOT_MEASURED, _why_not_measured),
        (FindingStatus.OUT_OF_SCOPE, _why_departed),
    ):
        by_run: dict[str, dict[Place, str]] = defaultdict(dict)
        for key, event in last.items():
            if event.status is status:
                by_run[event.run][records[key].place_at(event.at)] = key
        for run, places in by_run.items():
            told = reasons_of(workspace, runs[run], places)
            found |= {places[place]: reason for place, reason in told.items()}
    return found


def _why_not_measured(workspace: Workspace, run: AuditRun, places: Iterable[Place]) -> dict[Place, Text]:
    told = workspace.results.reasons(run.id, places)
    untold = dict.fromkeys((place for place in places if not told.get(place)), NOT_MEASURED)
    return {**told, **untold, **_departures(workspace, run, untold)}


def _why_departed(workspace: Workspace, run: AuditRun, places: Iterable[Place]) -> dict[Place, Text]:
    """Return why nobody looks; what has no other reason was closed because an earlier one moved there."""
    merged = dict.fromkeys(places, DEPARTURES[Departure.MERGED.value])
    return {**merged, **_departures(workspace, run, merged)}


def _departures(workspace: Workspace, run: AuditRun, places: Iterable[Place]) -> dict[Place, Text]:
    footing, inputs = workspace.results.footing(run.id), workspace.runs.inputs(run.id)
    if footing is None:
        return {}
    why = departures(sight_of(run, inputs, footing, ()), places)
    return {
        place: _departed(one, inputs.policy.disabled_checks.get(place.check)) for place, one in why.items()
    }


def _departed(why: Departure, reason: str | None) -> Text:
    """Word why nobody looks; what the policy wrote about a check goes with it."""
    text = DEPARTURES[why.value]
    if why is not Departure.CHECK_OFF or not reason:
        return text
    return {language: f"{words}: {reason}" for language, words in text.items()}


def life_of(workspace: Workspace, finding: str) -> list[dict[str, Any]]:
    """Return what each run saw of a finding and where, oldest first; raise UsageProblem for an unknown id."""
    records = workspace.results.findings()
    if finding not in records:
        raise UsageProblem(f"there is no finding {finding}", choices_near(finding, records))
    record = records[finding]
    rows = []
    for event in workspace.results.life(finding):
        subject = Subject.from_key(record.subject_at(event.at))
        rows.append(
            {
                "run": event.run,
                "at": event.at.isoformat(timespec="seconds"),
                "observed": event.observed.value,
                "status": event.status.value,
                "server": subject.server,
                "address": subject.address,
                "port": subject.port,
                "server_name": subject.server_name,
            }
        )
    return rows


def since_when(workspace: Workspace, named: str, newest: AuditRun, inventory: Inventory) -> datetime | None:
    """Return the moment after which changes are told: after a run, or from the start of a day (YYYY-MM-DD).

    Without a name it is after the audit before the newest one of the same servers; None where there is none.
    Raise UsageProblem for what is neither.
    """
    if not named:
        before = audit_before(workspace, newest)
        return before.started_at if before else None
    run = workspace.runs.get(named)
    if run is not None:
        return run.started_at
    try:
        day = parse_day(named)
    except ValueError:
        ids = [one.id for one in workspace.runs.all()]
        raise UsageProblem(
            f"--since {named} is neither an audit nor a day like 2026-11-22", choices_near(named, ids)
        ) from None
    zone = ZoneInfo(inventory.organization.timezone)
    # A run that begins with the day belongs to it.
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC) - timedelta(microseconds=1)
