"""Every reader gets every digest once, whatever is killed, refused or started twice meanwhile."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from auditor.model.message import Audience, Channel, ChannelKind, Delivery, DeliveryStatus, Recipient
from auditor.model.operation import MessageRules
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.deliveries import (
    FIRST_INTERVAL,
    LONGEST_INTERVAL,
    chosen_again,
    deliver_waiting,
    interval,
    send_again,
)
from auditor.usecases.digest import CONTENT_DAYS, send_digests, write_digests
from auditor.usecases.errors import UsageProblem
from tests.auditor.usecases.sending.web import Posted, web_service
from tests.auditor.usecases.telling import (
    BKD,
    DINKES,
    EVERYBODY,
    LEADERSHIP,
    SECURITY,
    Hands,
    make_inputs,
    morning,
    refusing,
)

NOW = morning(0)
INPUTS = make_inputs()


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    opened = open_workspace(tmp_path / "data")
    yield opened
    opened.engine.dispose()


def states(workspace: Workspace) -> Counter[DeliveryStatus]:
    return Counter(one.status for one in workspace.deliveries.all())


def test_every_address_gets_one_message_for_one_time(workspace: Workspace) -> None:
    hands = Hands()
    for late in (0, 1, 60):
        send_digests(workspace, INPUTS, NOW + timedelta(minutes=late), NOW, hands)
    assert sorted(delivery.to for delivery, _ in hands.taken) == [
        "-100123",
        "bupati@example.go.id",
        "sekda@example.go.id",
        "ti@bkd.example.go.id",
        "tim@example.go.id",
    ]
    send_digests(workspace, INPUTS, morning(1), morning(1), hands)
    assert len(set(hands.ids)) == len(hands.ids) == 10


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("at", range(6))
def test_a_kill_leaves_nothing_out_and_sends_nothing_twice(at: int, workspace: Workspace) -> None:
    hands = Hands()

    def killed(_delivery: Delivery) -> None:
        if len(hands.taken) == at:
            raise Killed

    hands.refuse = killed
    try:
        send_digests(workspace, INPUTS, NOW, NOW, hands)
    except Killed:
        assert at < 5
    hands.refuse = Hands().refuse
    for minutes in (1, 10, 20):
        send_digests(workspace, INPUTS, NOW + timedelta(minutes=minutes), NOW, hands)
    assert len(set(hands.ids)) == len(hands.ids) == 5
    assert states(workspace) == {DeliveryStatus.SENT: 5}


def test_two_senders_at_once_send_each_message_once(workspace: Workspace) -> None:
    write_digests(workspace, INPUTS, NOW, "pagi", EVERYBODY)
    hands, together = Hands(), threading.Barrier(4)

    def deliver() -> None:
        together.wait()
        deliver_waiting(workspace, INPUTS, NOW, hands)

    threads = [threading.Thread(target=deliver) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(hands.ids)) == len(hands.ids) == 5


def test_what_fails_is_tried_at_growing_intervals_and_given_up_in_the_open(workspace: Workspace) -> None:
    inputs = make_inputs((SECURITY,), attempts=4)
    hands, tried = refusing("tidak ada jawaban"), []
    write_digests(workspace, inputs, NOW, "pagi", (SECURITY,))
    for minute in range(24 * 60):
        at = NOW + timedelta(minutes=minute)
        tried += [minute for _ in deliver_waiting(workspace, inputs, at, hands)]
    assert tried == [0, 5, 20, 65]
    (given_up,) = workspace.deliveries.all()
    assert (given_up.status, given_up.attempts) == (DeliveryStatus.FAILED, 4)
    assert given_up.problem == "tidak ada jawaban"
    assert given_up.next_attempt_at is None


def test_intervals_grow_to_a_limit() -> None:
    lengths = [interval(attempts) for attempts in range(1, 21)]
    assert lengths[0] == FIRST_INTERVAL
    assert lengths == sorted(lengths)
    assert lengths[-1] == LONGEST_INTERVAL


def test_what_another_attempt_would_not_change_is_given_up_at_once(workspace: Workspace) -> None:
    hands = refusing("550", to="sekda@example.go.id", lasting=True)
    send_digests(workspace, INPUTS, NOW, NOW, hands)
    assert states(workspace) == {DeliveryStatus.SENT: 4, DeliveryStatus.FAILED: 1}


def test_a_channel_that_is_out_of_order_is_asked_once(workspace: Workspace) -> None:
    asked: list[str] = []
    hands = refusing("ditolak", whole_channel=True)
    refuse = hands.refuse

    def counted(delivery: Delivery) -> None:
        asked.append(delivery.channel)
        refuse(delivery)

    hands.refuse = counted
    tried = send_digests(workspace, INPUTS, NOW, NOW, hands)
    assert sorted(asked) == ["grup", "surel"]
    assert {(one.attempts, one.problem) for one in tried} == {(1, "ditolak")}
    assert len(tried) == 5


def test_a_service_is_left_alone_as_long_as_it_asks(workspace: Workspace) -> None:
    inputs, hands = make_inputs((DINKES,)), Hands()

    def busy(_delivery: Delivery) -> None:
        from auditor.usecases.sending.problem import SendProblem

        raise SendProblem("429", whole_channel=True, wait_seconds=3600)

    hands.refuse = busy
    (tried,) = send_digests(workspace, inputs, NOW, NOW, hands)
    assert tried.next_attempt_at == NOW + timedelta(hours=1)
    assert deliver_waiting(workspace, inputs, NOW + timedelta(minutes=59), hands) == ()


def test_a_clock_that_was_ahead_holds_nothing_back_for_days(workspace: Workspace) -> None:
    inputs = make_inputs((SECURITY,))
    ahead = NOW + timedelta(days=45)
    send_digests(workspace, inputs, ahead, ahead, refusing())
    hands = Hands()
    deliver_waiting(workspace, inputs, NOW, hands)
    assert len(hands.taken) == 1


def test_whoever_left_the_policy_gets_nothing_more(workspace: Workspace) -> None:
    write_digests(workspace, INPUTS, NOW, "pagi", EVERYBODY)
    hands = Hands()
    fewer = replace(LEADERSHIP, to=("sekda@example.go.id",))
    deliver_waiting(workspace, make_inputs((SECURITY, fewer)), NOW, hands)
    assert sorted(delivery.to for delivery, _ in hands.taken) == ["sekda@example.go.id", "tim@example.go.id"]
    gone = [one for one in workspace.deliveries.all() if one.status is DeliveryStatus.FAILED]
    assert len(gone) == 3
    assert {one.problem for one in gone} == {"the policy names this address no more"}


def test_a_channel_that_left_the_policy_fails_in_the_open(workspace: Workspace) -> None:
    write_digests(workspace, INPUTS, NOW, "pagi", (BKD,))
    rules = replace(INPUTS.policy.messages, channels={})
    inputs = replace(INPUTS, policy=replace(INPUTS.policy, messages=rules))
    (failed,) = deliver_waiting(workspace, inputs, NOW, Hands())
    assert (failed.status, failed.problem) == (
        DeliveryStatus.FAILED,
        "the policy has no such channel any more",
    )


def test_what_was_given_up_can_be_tried_again(workspace: Workspace) -> None:
    send_digests(workspace, INPUTS, NOW, NOW, refusing("550", lasting=True))
    later, hands = NOW + timedelta(days=1), Hands()
    assert len(send_again(workspace, chosen_again(workspace, ()), later)) == 5
    deliver_waiting(workspace, INPUTS, later, hands)
    assert len(hands.taken) == 5
    assert send_again(workspace, workspace.deliveries.all(), later) == ()
    assert chosen_again(workspace, ()) == ()


def test_nothing_is_sent_again_that_was_sent_meanwhile(workspace: Workspace) -> None:
    inputs = make_inputs((SECURITY,))
    send_digests(workspace, inputs, NOW, NOW, refusing())
    seen = workspace.deliveries.all()
    later = NOW + timedelta(hours=1)
    deliver_waiting(workspace, inputs, later, Hands())
    assert send_again(workspace, seen, later) == ()
    assert states(workspace) == {DeliveryStatus.SENT: 1}


def test_only_what_is_there_and_unsent_can_be_chosen(workspace: Workspace) -> None:
    (sent,) = send_digests(workspace, make_inputs((SECURITY,)), NOW, NOW, Hands())
    for wrong, told in (("M-lain", "no message M-lain"), (sent.id, "sent already")):
        with pytest.raises(UsageProblem, match=told):
            chosen_again(workspace, (wrong,))


def test_old_contents_are_dropped_and_the_rows_stay(workspace: Workspace) -> None:
    (sent,) = send_digests(workspace, make_inputs((SECURITY,)), NOW, NOW, Hands())
    assert workspace.deliveries.message(sent.id) is not None
    later: datetime = NOW + timedelta(days=CONTENT_DAYS + 1)
    send_digests(workspace, make_inputs((SECURITY,)), later, later, refusing())
    assert workspace.deliveries.message(sent.id) is None
    first, second = workspace.deliveries.all()
    assert first == sent
    assert workspace.deliveries.message(second.id) is not None


def test_without_readers_nothing_is_written(workspace: Workspace) -> None:
    assert send_digests(workspace, make_inputs(()), NOW, NOW, Hands()) == ()
    assert workspace.deliveries.all() == ()


@pytest.mark.parametrize("host", ["dasbor..go.id", f"{'a' * 64}.go.id"])
def test_a_channel_with_a_name_that_is_none_keeps_no_other_from_sending(
    host: str, workspace: Workspace
) -> None:
    posted = Posted()
    with web_service(posted, plain=True) as server:
        channels = {
            "rusak": Channel("rusak", ChannelKind.WEBHOOK, url=f"https://{host}/"),
            "baik": Channel("baik", ChannelKind.WEBHOOK, url=f"http://127.0.0.1:{server.port}/"),
        }
        readers = (
            Recipient(Audience.SECURITY, "rusak", ()),
            Recipient(Audience.LEADERSHIP, "baik", ()),
            Recipient(Audience.OPD, "rusak", (), opd="bkd"),
        )
        rules = MessageRules(3, 3, channels, readers)
        inputs = replace(INPUTS, policy=replace(INPUTS.policy, messages=rules))
        tried = send_digests(workspace, inputs, NOW, NOW)
    assert {(one.channel, one.status) for one in tried} == {
        ("rusak", DeliveryStatus.WAITING),
        ("baik", DeliveryStatus.SENT),
    }
    assert all("correct it in the policy" in one.problem for one in tried if one.channel == "rusak")
