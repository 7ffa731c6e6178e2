"""What a re-test of one finding asks for is enough: alone, each place is judged as the audit judged it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from auditor.model.evidence import Evidence
from auditor.model.finding import FindingStatus
from auditor.model.plan import Task
from auditor.model.run import AuditRun
from auditor.model.subject import SubjectKind
from auditor.model.verdict import Status, Verdict
from auditor.store.results import FindingRecord
from auditor.store.runs import RunInputs
from auditor.usecases.assess import subjects_of
from auditor.usecases.follow_up import follow_up, is_ready
from auditor.usecases.retest_plan import SHARED, RetestPlan, plan_retest
from auditor.usecases.retest_verdicts import settle
from auditor.usecases.task_settings import settings_for
from controls.judge import CompiledCheck, judge_all
from tests.auditor.usecases.judging import verdicts_of
from tests.auditor.usecases.retesting import RULES, SMALL_INVENTORY, as_asked
from tests.auditor.usecases.world import ANSWERS, STARTED, World, audit_run, make_world
from tests.controls.catalogue import compiled_catalogue, shipped

DECIDED = (Status.PASS, Status.FAIL, Status.NOT_APPLICABLE)


@cache
def whole() -> World:
    """Return an audit of everything by the rules of the re-tests."""
    world = make_world(ANSWERS, SMALL_INVENTORY, audit_run(inventory=SMALL_INVENTORY))
    return replace(world, inputs=replace(world.inputs, policy=RULES))


@cache
def checks() -> Mapping[str, CompiledCheck]:
    return {one.check.id: one for one in compiled_catalogue()}


def record(verdict: Verdict) -> FindingRecord:
    return FindingRecord(
        id="F-1",
        check=verdict.check,
        subject=verdict.subject.key,
        opd="bkd",
        status=FindingStatus.NEW,
        first_run="run-1",
        last_run="run-1",
        first_seen=STARTED,
        last_seen=STARTED,
        due=date(2026, 12, 22),
        opened_at=STARTED,
    )


def planned_alone(verdict: Verdict) -> RetestPlan:
    asked_everywhere = tuple(
        replace(task, options={**task.options, "ranges": [[1, 10000]], "never": []})
        if task.scanner == "ports"
        else task
        for task in whole().inputs.plan.tasks
    )
    plan = replace(whole().inputs.plan, tasks=asked_everywhere)
    return plan_retest([record(verdict)], replace(whole().inputs, plan=plan), checks())


def evidence_of(plan: RetestPlan) -> dict[str, Evidence]:
    """Answer what a re-test asks, and nothing else, as the audit was answered."""
    inputs = replace(whole().inputs, plan=plan.plan)
    rows: dict[str, Evidence] = {}
    for first in plan.plan.tasks:
        rows[first.id] = _row(first)
        server = inputs.inventory.server(first.server)
        settings = settings_for(first, inputs.inventory, inputs.policy)
        while more := [
            one
            for one in follow_up(server, first, rows, settings)
            if one.id not in rows and is_ready(one, rows)
        ]:
            rows[more[0].id] = _row(more[0])
    return rows


def _row(task: Task) -> Evidence:
    known = whole().evidence[task.id]
    return replace(known, task=task, facts=as_asked(task, known.facts))


def judged_alone(verdict: Verdict, run: AuditRun) -> Verdict:
    plan = planned_alone(verdict)
    inputs = RunInputs(SMALL_INVENTORY, RULES, plan.plan)
    rows = evidence_of(plan)
    found = subjects_of(inputs, rows, shipped().pack, run.started_at)
    (alone,) = settle(judge_all([checks()[verdict.check]], found, run.started_at), plan.plan.wanted, rows)
    return alone


@pytest.mark.parametrize("kind", sorted({one.subject.kind for one in verdicts_of(whole())}))
def test_alone_every_place_is_judged_as_in_the_audit(kind: SubjectKind) -> None:
    compared = 0
    for verdict in verdicts_of(whole()):
        in_place = verdict.subject.port or kind in (SubjectKind.ADDRESS, SubjectKind.HOST)
        if verdict.subject.kind is not kind or verdict.status not in DECIDED or not in_place:
            continue
        if SHARED.intersection(checks()[verdict.check].names):
            continue
        alone = judged_alone(verdict, whole().run)
        assert (alone.check, alone.subject) == (verdict.check, verdict.subject)
        assert (alone.status, alone.observed) == (verdict.status, verdict.observed), verdict.check
        compared += 1
    assert compared > 10


def test_a_finding_of_one_port_leaves_the_other_ports_alone() -> None:
    for verdict in verdicts_of(whole()):
        whole_address = any(name.startswith(("ports.", "host.")) for name in checks()[verdict.check].names)
        if verdict.status is not Status.FAIL or not verdict.subject.port or whole_address:
            continue
        tasks = [row.task for row in evidence_of(planned_alone(verdict)).values()]
        assert {task.port for task in tasks} <= {0, verdict.subject.port}
        assert {task.server for task in tasks} == {verdict.subject.server}
