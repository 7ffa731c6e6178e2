"""messages preview|send|list|retry|test."""

from __future__ import annotations

import enum
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.options import (
    INVENTORY,
    WORKSPACE,
    FormatOption,
    InventoryOption,
    LanguageOption,
    PolicyOption,
    WorkspaceOption,
    chosen_policy,
)
from auditor.cli.output import Format, print_json, print_listing, say, say_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditor.model.message import Delivery

_COLUMNS = (
    *("id", "created_at", "audience", "opd", "channel", "to"),
    *("status", "attempts", "next_attempt_at", "problem"),
)


class Reader(enum.StrEnum):
    """For whom a digest is written."""

    SECURITY = "security"
    LEADERSHIP = "leadership"
    OPD = "opd"


class Form(enum.StrEnum):
    """How a digest is shown."""

    TEXT = "text"
    HTML = "html"
    SHORT = "short"
    JSON = "json"


class State(enum.StrEnum):
    """Whether a message arrived."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


OneOpdOption = Annotated[str, typer.Option("--opd", help="Its id, for the audience opd.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    messages = typer.Typer(
        help="Tell people where things stand: digests by mail, Telegram and webhook.", no_args_is_help=True
    )
    for command in (preview, send, retry, test):
        messages.command()(command)
    messages.command("list")(list_messages)
    app.add_typer(messages, name="messages")


def preview(
    audience: Annotated[Reader, typer.Option("--audience", help="For whom it is written.")] = Reader.SECURITY,
    opd: OneOpdOption = "",
    language: LanguageOption = "",
    form: Annotated[Form, typer.Option("--form", help="In which form.")] = Form.TEXT,
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Show the digest that a reader would get now. Nothing is sent or stored."""
    from auditor.model.message import Audience
    from auditor.store.workspace import open_workspace
    from auditor.usecases.clock import SYSTEM_CLOCK
    from auditor.usecases.digest import preview as make
    from auditor.usecases.inputs import load_inputs

    inputs = load_inputs(inventory, chosen_policy(policy))
    store = open_workspace(workspace)
    message = make(store, inputs, SYSTEM_CLOCK.now(), Audience(audience), opd, language)
    match form:
        case Form.JSON:
            print_json(message.record)
        case Form.HTML:
            sys.stdout.write(message.html)
        case Form.TEXT | Form.SHORT:
            say(f"Subject: {message.subject}")
            say("")
            say_lines(message.text if form is Form.TEXT else message.short)


def send(
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
    form: FormatOption = Format.TABLE,
) -> None:
    """Send a digest to every reader of the policy now, whatever the schedules say."""
    from auditor.store.workspace import open_workspace
    from auditor.usecases.clock import SYSTEM_CLOCK
    from auditor.usecases.digest import send_digests
    from auditor.usecases.errors import UsageProblem
    from auditor.usecases.inputs import load_inputs

    inputs = load_inputs(inventory, chosen_policy(policy))
    if not inputs.policy.messages.recipients:
        raise UsageProblem(
            "the policy names nobody to tell", "add channels and recipients to the policy, under messages"
        )
    now = SYSTEM_CLOCK.now()
    _show(send_digests(open_workspace(workspace), inputs, now, now), form)


def list_messages(
    status: Annotated[
        list[State] | None, typer.Option("--status", help="Only these; may be repeated.")
    ] = None,
    workspace: WorkspaceOption = WORKSPACE,
    form: FormatOption = Format.TABLE,
) -> None:
    """List every message with what became of it, newest first."""
    from auditor.store.workspace import open_workspace

    wanted = {one.value for one in status or State}
    newest_first = reversed(open_workspace(workspace).deliveries.all())
    found = [one for one in newest_first if one.status.value in wanted]
    print_listing([_row(one) for one in found], _COLUMNS, form, "No messages.")


def retry(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[MESSAGE]...", help="Ids; without one, all that failed.")
    ] = None,
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
    form: FormatOption = Format.TABLE,
) -> None:
    """Try messages again at once: those named, or all that were given up. What was sent is not sent again."""
    from auditor.store.workspace import open_workspace
    from auditor.usecases.clock import SYSTEM_CLOCK
    from auditor.usecases.deliveries import chosen_again, deliver_waiting, send_again
    from auditor.usecases.inputs import load_inputs

    inputs = load_inputs(inventory, chosen_policy(policy))
    store, now = open_workspace(workspace), SYSTEM_CLOCK.now()
    renewed = send_again(store, chosen_again(store, ids or ()), now)
    wanted = {one.id for one in renewed}
    tried = [one for one in deliver_waiting(store, inputs, now) if one.id in wanted]
    _show(tried, form)


def test(
    channel: Annotated[str, typer.Argument(metavar="CHANNEL", help="Id of a channel of the policy.")],
    to: Annotated[str, typer.Option("--to", help="Mail address or chat; nothing for a webhook.")] = "",
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
) -> None:
    """Send one short message that tells nothing of any audit, to try out a channel."""
    from auditor.usecases.clock import SYSTEM_CLOCK
    from auditor.usecases.digest import send_sample
    from auditor.usecases.inputs import load_inputs

    inputs = load_inputs(inventory, chosen_policy(policy))
    send_sample(inputs, channel, to, SYSTEM_CLOCK.now())
    say(f"Sent over {channel}{f' to {to}' if to else ''}. Next: look whether it arrived.")


def _row(delivery: Delivery) -> dict[str, object]:
    return {
        "id": delivery.id,
        "created_at": delivery.created_at.isoformat(timespec="seconds"),
        "audience": delivery.audience.value,
        "opd": delivery.opd,
        "channel": delivery.channel,
        "to": delivery.to,
        "subject": delivery.subject,
        "status": delivery.status.value,
        "attempts": delivery.attempts,
        "next_attempt_at": delivery.next_attempt_at
        and delivery.next_attempt_at.isoformat(timespec="seconds"),
        "sent_at": delivery.sent_at and delivery.sent_at.isoformat(timespec="seconds"),
        "problem": delivery.problem,
    }


def _show(tried: Sequence[Delivery], form: Format) -> None:
    """Print what became of messages, and end as incomplete where one did not arrive."""
    from auditor.cli.exits import Exit
    from auditor.model.message import DeliveryStatus

    print_listing([_row(one) for one in tried], _COLUMNS, form, "Nothing to send.")
    if any(one.status is not DeliveryStatus.SENT for one in tried):
        raise typer.Exit(Exit.INCOMPLETE)
