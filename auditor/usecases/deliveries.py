"""Send what waits: each message once, tried again at growing intervals, and given up in the open."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta

from auditor.model.message import Audience, Channel, Delivery, DeliveryStatus, Message, Recipient
from auditor.model.operation import MessageRules
from auditor.store.workspace import Workspace
from auditor.usecases.errors import UsageProblem
from auditor.usecases.inputs import Inputs
from auditor.usecases.sending.problem import SendProblem
from auditor.usecases.sending.send import send

Send = Callable[[Channel, Delivery, Message, datetime], None]
"""Hand a message over, or raise SendProblem."""

FIRST_INTERVAL = timedelta(minutes=5)
GROWTH = 3
LONGEST_INTERVAL = timedelta(hours=6)
_LONGEST_WAIT = timedelta(days=1)
"""A service may ask to be left alone for so long, and no time is believed that lies further ahead."""
_PASS_SECONDS = 300.0
"""The scheduler has other things to do: what is left then is sent at the next pass."""


def delivery_id(digest: str, recipient: Recipient, to: str, language: str) -> str:
    """Return the id of one message to one address; `digest` names the time for which it was made."""
    named = (digest, recipient.channel, to, recipient.audience.value, recipient.opd, language)
    return "M-" + hashlib.sha256("\n".join(named).encode()).hexdigest()[:20]


def interval(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts."""
    return min(FIRST_INTERVAL * int(GROWTH ** min(max(attempts - 1, 0), 10)), LONGEST_INTERVAL)


def deliver_waiting(
    workspace: Workspace, inputs: Inputs, now: datetime, hand_over: Send = send
) -> tuple[Delivery, ...]:
    """Try every message whose time has come, and return what became of those that were tried.

    Where a whole channel is out of order, its other messages share the failure without another connection.
    """
    rules, broken = inputs.policy.messages, dict[str, SendProblem]()
    tried: list[Delivery] = []
    begun = time.monotonic()
    for waiting in workspace.deliveries.waiting():
        if time.monotonic() - begun > _PASS_SECONDS:
            break
        if not _is_due(waiting, now):
            continue
        claimed = workspace.deliveries.claim(waiting, now + interval(waiting.attempts + 1))
        if claimed is None:
            continue
        problem = broken.get(claimed.channel) or _attempt(workspace, rules, claimed, now, hand_over)
        if problem is not None and problem.whole_channel:
            broken[claimed.channel] = problem
        settled = _settled(claimed, problem, rules, now)
        workspace.deliveries.update(settled)
        tried.append(settled)
    return tuple(tried)


def _is_due(delivery: Delivery, now: datetime) -> bool:
    """Return whether the next attempt may begin; a time too far ahead was written by a wrong clock."""
    at = delivery.next_attempt_at
    return at is None or at <= now or at > now + max(LONGEST_INTERVAL, _LONGEST_WAIT)


def _attempt(
    workspace: Workspace, rules: MessageRules, delivery: Delivery, now: datetime, hand_over: Send
) -> SendProblem | None:
    channel, message = rules.channels.get(delivery.channel), workspace.deliveries.message(delivery.id)
    if channel is None:
        return SendProblem("the policy has no such channel any more", lasting=True)
    if not _is_recipient(rules, delivery):
        return SendProblem("the policy names this address no more", lasting=True)
    if message is None:
        return SendProblem("its content was dropped; send a new one: auditor messages send", lasting=True)
    try:
        hand_over(channel, delivery, message, now)
    except SendProblem as problem:
        return problem
    return None


def _is_recipient(rules: MessageRules, delivery: Delivery) -> bool:
    """Return whether the policy still names an address; nobody else is told what is restricted."""
    return any(
        (one.channel, one.audience, one.opd) == (delivery.channel, delivery.audience, delivery.opd)
        and delivery.to in (one.to or ("",))
        for one in rules.recipients
    )


def _settled(delivery: Delivery, problem: SendProblem | None, rules: MessageRules, now: datetime) -> Delivery:
    if problem is None:
        return replace(delivery, status=DeliveryStatus.SENT, sent_at=now, next_attempt_at=None, problem="")
    if problem.lasting or delivery.attempts >= rules.attempts:
        return replace(delivery, status=DeliveryStatus.FAILED, next_attempt_at=None, problem=problem.problem)
    asked = now + min(timedelta(seconds=problem.wait_seconds), _LONGEST_WAIT)
    at = max(asked, delivery.next_attempt_at or now)
    return replace(delivery, next_attempt_at=at, problem=problem.problem)


def chosen_again(workspace: Workspace, ids: Collection[str]) -> tuple[Delivery, ...]:
    """Return the deliveries with these ids, or with none all that were given up.

    Raises UsageProblem for one that is unknown, or that was sent already.
    """
    known = {one.id: one for one in workspace.deliveries.all()}
    for one in ids:
        if one not in known:
            raise UsageProblem(f"there is no message {one}", "list them with: auditor messages list")
        if known[one].status is DeliveryStatus.SENT:
            raise UsageProblem(f"{one} was sent already", "send a new digest with: auditor messages send")
    if ids:
        return tuple(known[one] for one in ids)
    return tuple(one for one in known.values() if one.status is DeliveryStatus.FAILED)


def send_again(workspace: Workspace, deliveries: tuple[Delivery, ...], now: datetime) -> tuple[Delivery, ...]:
    """Let messages be tried at once, and as often as new ones; return those that nobody sent meanwhile."""
    renewed = (workspace.deliveries.renew(one, now) for one in deliveries)
    return tuple(one for one in renewed if one is not None)


def sample_delivery(channel: Channel, to: str, now: datetime) -> Delivery:
    """Return the delivery of a trial message, which is stored nowhere."""
    return Delivery(
        id="M-" + hashlib.sha256(f"{channel.id}\n{to}\n{now.isoformat()}".encode()).hexdigest()[:20],
        channel=channel.id,
        to=to,
        audience=Audience.SECURITY,
        opd="",
        subject="",
        created_at=now,
    )
