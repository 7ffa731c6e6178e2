"""What the keys about what runs by itself mean together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.documents.days import WEEKDAYS
from auditor.documents.secrets import SecretShape
from auditor.documents.shape import nearest
from auditor.model.message import Audience, ChannelKind, Encryption
from auditor.model.plain_text import show
from auditor.model.problem import Locator, Path, Problem
from auditor.model.schedule import Work
from auditor.policy.operation_shape import (
    BlackoutShape,
    ChannelShape,
    RecipientShape,
    ScheduleShape,
    check_mail_address,
)
from auditor.policy.places import is_this_machine
from auditor.policy.shape import PolicyShape

_NEEDED = {
    ChannelKind.EMAIL: ("host", "sender"),
    ChannelKind.TELEGRAM: ("secret",),
    ChannelKind.WEBHOOK: ("url",),
}
_FOREIGN = {
    ChannelKind.EMAIL: ("url",),
    ChannelKind.TELEGRAM: ("host", "port", "encryption", "user", "sender"),
    ChannelKind.WEBHOOK: ("host", "port", "encryption", "user", "sender"),
}


def check_operation(shape: PolicyShape, locator: Locator) -> Iterator[Problem]:
    """Yield every contradiction between keys about what runs by itself."""
    yield from _twice([one.id for one in shape.schedules], ("schedules",), locator)
    for index, schedule in enumerate(shape.schedules):
        yield from _check_schedule(schedule, ("schedules", index), locator)
    for index, blackout in enumerate(shape.blackouts):
        yield from _check_blackout(blackout, ("blackouts", index), locator)
    if len(set(shape.calendar.weekend)) == len(WEEKDAYS):
        message = "every day of the week is off, so no deadline would ever end; leave a working day"
        yield locator.problem(("calendar", "weekend"), message)
    if shape.admission.refuse_from.rank > shape.admission.condition_from.rank:
        message = "is milder than condition_from; write one as severe or more"
        yield locator.problem(("admission", "refuse_from"), message)
    yield from _check_messages(shape, locator)


def _check_schedule(shape: ScheduleShape, path: Path, locator: Locator) -> Iterator[Problem]:
    if shape.opds and shape.work is not Work.AUDIT:
        yield locator.problem((*path, "opds"), "only an audit measures agencies; remove the key")


def _check_blackout(shape: BlackoutShape, path: Path, locator: Locator) -> Iterator[Problem]:
    if shape.first and shape.last and shape.last < shape.first:
        yield locator.problem((*path, "until"), "lies before from; write a later day")
    if not (shape.first or shape.last or shape.weekdays or shape.hours):
        message = "a blackout without days or hours would forbid everything for ever; write from and until"
        yield locator.problem(path, message)


def _check_messages(shape: PolicyShape, locator: Locator) -> Iterator[Problem]:
    channels = {one.id: one for one in shape.messages.channels}
    yield from _twice([one.id for one in shape.messages.channels], ("messages", "channels"), locator)
    for index, channel in enumerate(shape.messages.channels):
        yield from _check_channel(channel, ("messages", "channels", index), locator)
    for index, recipient in enumerate(shape.messages.recipients):
        path: Path = ("messages", "recipients", index)
        if recipient.channel not in channels:
            known = nearest(recipient.channel, channels) or "add it under channels"
            message = f"no channel {show(recipient.channel)}; {known}"
            yield locator.problem((*path, "channel"), message)
            continue
        yield from _check_recipient(recipient, channels[recipient.channel], path, locator)


def _check_channel(shape: ChannelShape, path: Path, locator: Locator) -> Iterator[Problem]:
    for key in _NEEDED[shape.kind]:
        if getattr(shape, key) is None:
            yield locator.problem(path, f"a channel of kind {shape.kind} needs {key}; add it")
    for key in _FOREIGN[shape.kind]:
        if getattr(shape, key) is not None:
            yield locator.problem((*path, key), f"a channel of kind {shape.kind} has no {key}; remove it")
    if shape.encryption is Encryption.NONE and not is_this_machine(shape.host or ""):
        message = "mail leaves this machine only encrypted; write starttls or tls"
        yield locator.problem((*path, "encryption"), message)
    if shape.kind is ChannelKind.EMAIL and (shape.user is None) != (shape.secret is None):
        yield locator.problem(path, "a mail account needs user and secret; write both or neither")
    if shape.secret is not None and _asks_somebody(shape.secret):
        message = "nobody is there to be asked for it; write file, systemd, or age with identity"
        yield locator.problem((*path, "secret"), message)


def _asks_somebody(secret: SecretShape) -> bool:
    return secret.prompt is not None or (secret.age is not None and secret.identity is None)


def _check_recipient(
    shape: RecipientShape, channel: ChannelShape, path: Path, locator: Locator
) -> Iterator[Problem]:
    if (shape.audience is Audience.OPD) != (shape.opd is not None):
        yield locator.problem(
            path, "the audience opd names its opd, and no other does; write both or neither"
        )
    if channel.kind is ChannelKind.WEBHOOK:
        if shape.to:
            yield locator.problem((*path, "to"), "a webhook has one address, its url; remove the key")
        return
    if not shape.to:
        yield locator.problem(path, "nobody to send to; write to: […]")
    if channel.kind is ChannelKind.EMAIL:
        for index, address in enumerate(shape.to):
            try:
                check_mail_address(address)
            except ValueError as error:
                yield locator.problem((*path, "to", index), str(error))


def _twice(ids: Sequence[str], path: Path, locator: Locator) -> Iterator[Problem]:
    for index, one in enumerate(ids):
        if one in ids[:index]:
            yield locator.problem((*path, index, "id"), f"{one} is written twice; give each its own id")
