"""A trial of a few days in a small government: audits on which servers are mended and broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from auditor.model.facts import Facts
from auditor.model.inventory import Inventory
from auditor.model.run import RunKind
from auditor.store.workspace import Workspace
from auditor.usecases.inputs import Inputs
from auditor.usecases.trial import Start, start_trial
from auditor.usecases.waive import Desk
from tests.auditor.usecases import observations as shown
from tests.auditor.usecases.waiving import SMALL, judged
from tests.auditor.usecases.world import (
    ANSWERS,
    DB,
    INVENTORY,
    SECOND_NAME,
    WEB,
    Answers,
    World,
    audit_run,
    make_world,
    policy,
)

MONDAY = date(2026, 11, 23)
AUDITED_AT = timedelta(hours=15)
"""22.00 in Jakarta."""
GIT, GOOD_SITE = f"http|{WEB}|443|{SECOND_NAME}", shown.http()
TLS, GOOD_TLS = f"tls|{WEB}|443|", shown.tls()
SSH, GOOD_SSH = f"ssh|{DB}|2222|", shown.ssh()
MENDED: Mapping[str, Facts] = {GIT: GOOD_SITE, TLS: GOOD_TLS, SSH: GOOD_SSH}
"""Task id → what it shows once a check that failed there holds."""


def inputs(inventory: Inventory = INVENTORY) -> Inputs:
    return Inputs(inventory, policy(), SMALL)


def noon(day: date) -> datetime:
    """Return noon of a day in Jakarta."""
    return datetime(day.year, day.month, day.day, 5, tzinfo=UTC)


def evening(day: date) -> datetime:
    """Return when the nightly audit of a day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + AUDITED_AT


def desk(workspace: Workspace, day: date, inventory: Inventory = INVENTORY) -> Desk:
    """Return a desk at noon of a day."""
    return Desk(workspace, inputs(inventory), noon(day), "tester", workspace.decisions.head()[0])


def audited(
    workspace: Workspace,
    day: date,
    *mended: str,
    answers: Answers = ANSWERS,
    kind: RunKind = RunKind.AUDIT,
    inventory: Inventory = INVENTORY,
) -> World:
    """Store and judge the audit of a day, in which some places are mended."""
    run = replace(audit_run(f"run-{day:%m%d}-{kind.value}", evening(day), inventory), kind=kind)
    return judged(
        workspace, make_world({**answers, **{task: MENDED[task] for task in mended}}, inventory, run)
    )


def begun(workspace: Workspace, day: date = MONDAY, days: int = 7) -> str:
    """Start a trial and return its id."""
    wanted = Start("Uji coba ruang server", "Siti Aminah, S.Kom.", day, days, "094/12/2026")
    return start_trial(desk(workspace, day), wanted).trial.id
