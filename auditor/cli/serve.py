"""serve, schedule list|history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.exits import Exit
from auditor.cli.options import (
    INVENTORY,
    WORKSPACE,
    FormatOption,
    InventoryOption,
    PolicyOption,
    WorkspaceOption,
    chosen_policy,
)
from auditor.cli.output import Format, print_listing, warn

if TYPE_CHECKING:
    from auditor.model.schedule import Schedule, Slot
    from auditor.store.workspace import Workspace
    from auditor.usecases.leader import Lead
    from auditor.usecases.rulebook import Rulebook
    from auditor.work.serve import Service

_LISTED = ("schedule", "work", "cron", "timezone", "next", "window_minutes", "opds", "last", "status")
_HISTORY = ("schedule", "at", "work", "status", "run", "started_at", "finished_at", "reason")


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(serve)
    schedule = typer.Typer(help="What runs by itself.", no_args_is_help=True)
    schedule.command("list")(list_schedules)
    schedule.command("history")(history)
    app.add_typer(schedule, name="schedule")


def serve(
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
    reports: Annotated[Path, typer.Option("--reports", help="Folder for the reports.")] = Path("reports-out"),
    once: Annotated[
        bool, typer.Option("--once", help="Do what is due now, and end: for timers of others.")
    ] = False,
) -> None:
    """Do by itself what the policy's schedules say, until it is stopped."""
    from auditor.model.schedule import SlotStatus
    from auditor.store.workspace import open_workspace
    from auditor.usecases.errors import UsageProblem
    from auditor.usecases.leader import Lead, leading_process

    store = open_workspace(workspace)
    lead = Lead(store)
    service = _service(store, inventory, chosen_policy(policy), reports, lead)
    if not once:
        warn(f"Serving {store.folder.resolve()}.")
        service.serve()
        return
    if not lead.take():
        process = leading_process(store)
        raise UsageProblem(
            f"{f'process {process}' if process else 'another process'} serves {store.folder} already",
            "use either the service or the timer, not both",
        )
    if any(slot.status is SlotStatus.FAILED for slot in service.once()):
        raise typer.Exit(Exit.INCOMPLETE)


def _service(store: Workspace, inventory: Path, policy: Path | None, reports: Path, lead: Lead) -> Service:
    from auditor.usecases.clock import SYSTEM_CLOCK
    from auditor.usecases.deliveries import deliver_waiting
    from auditor.usecases.rulebook import Files, Rulebook
    from auditor.usecases.scheduled_work import Places, ScheduledWork
    from auditor.usecases.scheduling import Scheduler
    from auditor.usecases.wall import WallKeeper
    from auditor.work.serve import Service

    stopped, wait = _stop_on_signals()
    rulebook = Rulebook(store, Files(inventory, policy))
    wall = WallKeeper(store, rulebook.inputs)

    def during_audits(_progress: object) -> None:
        # An audit may take hours, and the wall must not look forgotten meanwhile.
        wall.renew()

    work = ScheduledWork(store, Places(inventory, policy, reports), stopped, during_audits)

    def deliver() -> None:
        deliver_waiting(store, rulebook.inputs(), SYSTEM_CLOCK.now())

    return Service(Scheduler(store, rulebook, work), lead, deliver, stopped, wait, warn, wall.renew)


def _stop_on_signals() -> tuple[Callable[[], bool], Callable[[float], None]]:
    """Return whether a stop was asked for by a signal, and how to wait for so many seconds or for that."""
    import signal
    import threading

    stop = threading.Event()

    def ask_to_stop(_number: int, _frame: object) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, ask_to_stop)

    def wait(seconds: float) -> None:
        stop.wait(seconds)

    return stop.is_set, wait


def list_schedules(
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the policy's schedules, when each comes next, and what became of it last."""
    from auditor.store.workspace import open_workspace
    from auditor.usecases.leader import leading_process
    from auditor.usecases.rulebook import Files, Rulebook

    store = open_workspace(workspace)
    rulebook = Rulebook(store, Files(inventory, chosen_policy(policy)))
    rulebook.read()
    now = datetime.now(UTC)
    rows = [
        _row(schedule, rulebook, store.slots.latest(schedule.id), now) for schedule in rulebook.schedules()
    ]
    print_listing(rows, _LISTED, form, "The policy has no schedules.")
    if rulebook.problem:
        warn(f"As they were before: {rulebook.problem}")
    process = leading_process(store)
    if process:
        warn(f"Process {process} serves this workspace.")
    else:
        warn("Nothing serves this workspace now. Next: auditor serve, or: auditor init --systemd DIR")


def _row(schedule: Schedule, rulebook: Rulebook, last: Slot | None, now: datetime) -> dict[str, object]:
    from zoneinfo import ZoneInfo

    from controls.slots import next_time

    zone = rulebook.zone(schedule)
    coming = next_time(schedule, zone, now)
    return {
        "schedule": schedule.id,
        "work": schedule.work.value,
        "cron": schedule.cron,
        "timezone": zone,
        "next": coming.astimezone(ZoneInfo(zone)).isoformat() if coming else "",
        "window_minutes": schedule.window_minutes,
        "catch_up_minutes": schedule.catch_up_minutes,
        "opds": list(schedule.opds),
        "last": last.at.astimezone(ZoneInfo(zone)).isoformat() if last else "",
        "status": last.status.value if last else "",
        "reason": last.reason if last else "",
    }


def history(
    workspace: WorkspaceOption = WORKSPACE,
    schedule: Annotated[
        list[str] | None, typer.Option("--schedule", help="Only these; may be repeated.")
    ] = None,
    misfires: Annotated[
        bool, typer.Option("--misfires", help="Only what was missed, cut or failed.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """List what became of every time that a schedule asked for, oldest first. Times are UTC."""
    from auditor.model.schedule import SlotStatus
    from auditor.store.workspace import open_workspace

    wrong = (SlotStatus.MISSED, SlotStatus.CUT, SlotStatus.FAILED)
    rows = [
        {
            "schedule": slot.schedule,
            "at": _told(slot.at),
            "work": slot.work.value,
            "status": slot.status.value,
            "run": slot.run,
            "started_at": _told(slot.started_at),
            "finished_at": _told(slot.finished_at),
            "reason": slot.reason,
        }
        for slot in open_workspace(workspace).slots.all()
        if (not schedule or slot.schedule in schedule) and (not misfires or slot.status in wrong)
    ]
    print_listing(rows, _HISTORY, form, "Nothing has run by itself so far.")


def _told(instant: datetime | None) -> str:
    return instant.isoformat(timespec="seconds") if instant else ""
