"""Tell every reader where things stand: one digest per reader and time, also when nothing changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from auditor.model.message import Audience, Channel, ChannelKind, Delivery, Message, Recipient
from auditor.store.deliveries import Outgoing
from auditor.store.workspace import Workspace
from auditor.usecases.deliveries import Send, deliver_waiting, delivery_id, sample_delivery
from auditor.usecases.digest_data import DigestSource
from auditor.usecases.errors import UsageProblem, choices_near
from auditor.usecases.inputs import Inputs
from auditor.usecases.sending.problem import SendProblem
from auditor.usecases.sending.send import send
from reports.digest.render import render
from reports.digest.sample import sample
from reports.words import LANGUAGES

CONTENT_DAYS = 90
"""So long the contents of messages are kept that were sent or given up."""


@dataclass(frozen=True, slots=True)
class _Address:
    recipient: Recipient
    to: str
    language: str
    id: str


def send_digests(
    workspace: Workspace, inputs: Inputs, now: datetime, slot_at: datetime, hand_over: Send = send
) -> tuple[Delivery, ...]:
    """Write the digests of one time for all readers and send what waits; return what was tried.

    Whatever was interrupted before, a reader gets one digest for one time.
    """
    write_digests(workspace, inputs, now, slot_at.isoformat(), inputs.policy.messages.recipients)
    workspace.deliveries.forget(now - timedelta(days=CONTENT_DAYS))
    return deliver_waiting(workspace, inputs, now, hand_over)


def write_digests(
    workspace: Workspace, inputs: Inputs, now: datetime, name: str, recipients: Iterable[Recipient]
) -> tuple[Delivery, ...]:
    """Write digests that are to be sent, and return those that were not there yet under this name."""
    known = {one.id for one in workspace.deliveries.all()}
    wanted = [one for one in _addresses(recipients, name, inputs.policy.language) if one.id not in known]
    if not wanted:
        return ()
    making = _Making(workspace, inputs, now)
    return workspace.deliveries.add(making.outgoing(one) for one in wanted)


def _addresses(recipients: Iterable[Recipient], name: str, language: str) -> Iterator[_Address]:
    for one in recipients:
        spoken = one.language or language
        for to in one.to or ("",):
            yield _Address(one, to, spoken, delivery_id(name, one, to, spoken))


class _Making:
    """Makes messages, each content once however many read it."""

    def __init__(self, workspace: Workspace, inputs: Inputs, now: datetime):
        self._workspace, self._now = workspace, now
        self._source = DigestSource(workspace, inputs, now)
        self._made: dict[tuple[Audience, str, str, datetime | None], Message] = {}

    def outgoing(self, address: _Address) -> Outgoing:
        recipient = address.recipient
        last = self._workspace.deliveries.last_sent(
            recipient.channel, address.to, recipient.audience, recipient.opd
        )
        # A digest "of the future" was written by a wrong clock.
        since = last.created_at if last and last.created_at < self._now else None
        message = self.message(recipient.audience, recipient.opd, address.language, since)
        delivery = Delivery(
            id=address.id,
            channel=recipient.channel,
            to=address.to,
            audience=recipient.audience,
            opd=recipient.opd,
            subject=message.subject,
            created_at=self._now,
        )
        return Outgoing(delivery, message)

    def message(self, audience: Audience, opd: str, language: str, since: datetime | None) -> Message:
        key = (audience, opd, language, since)
        if key not in self._made:
            self._made[key] = render(self._source.digest(audience, opd, since), audience, language)
        return self._made[key]


def preview(
    workspace: Workspace, inputs: Inputs, now: datetime, audience: Audience, opd: str, language: str
) -> Message:
    """Return the digest that a reader would get now; raise UsageProblem for a reader that cannot be."""
    spoken = language or inputs.policy.language
    if spoken not in LANGUAGES:
        raise UsageProblem(
            f"there are no messages in language {spoken}", f"choose of: {', '.join(LANGUAGES)}"
        )
    known = [one.id for one in inputs.inventory.opds]
    if (audience is Audience.OPD) != bool(opd):
        raise UsageProblem(
            "the audience opd names its opd, and no other does", "write --audience opd --opd ID"
        )
    if opd and opd not in known:
        raise UsageProblem(f"there is no opd {opd}", choices_near(opd, known))
    readers = [one for one in workspace.deliveries.all() if (one.audience, one.opd) == (audience, opd)]
    sent = [one.created_at for one in readers if one.sent_at and one.created_at < now]
    return _Making(workspace, inputs, now).message(audience, opd, spoken, max(sent, default=None))


def send_sample(inputs: Inputs, channel_id: str, to: str, now: datetime, hand_over: Send = send) -> Delivery:
    """Send a short message that holds nothing of any audit; raise UsageProblem with what went wrong."""
    channel = _channel(inputs, channel_id)
    if channel.kind is not ChannelKind.WEBHOOK and not to:
        raise UsageProblem("nobody to send to", f"auditor messages test {channel_id} --to ADDRESS")
    delivery = sample_delivery(channel, to, now)
    organization = inputs.inventory.organization
    message = sample(organization.name, organization.timezone, inputs.policy.language, now)
    try:
        hand_over(channel, delivery, message, now)
    except SendProblem as problem:
        raise UsageProblem(
            problem.problem, f"mend it, and try again: auditor messages test {channel_id}"
        ) from None
    return delivery


def _channel(inputs: Inputs, channel_id: str) -> Channel:
    channels = inputs.policy.messages.channels
    if channel_id not in channels:
        advice = (
            choices_near(channel_id, channels) if channels else "add it to the policy: messages, channels"
        )
        raise UsageProblem(f"there is no channel {channel_id}", advice)
    return channels[channel_id]
