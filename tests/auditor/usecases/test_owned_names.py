"""A name on another OPD's server counts for its owner, and lost evidence of the host helps nobody."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from auditor.model.inventory import Opd
from auditor.model.scorecard import Scorecard
from auditor.model.subject import SubjectKind
from auditor.model.verdict import Status, Verdict
from tests.auditor.usecases.judging import cards_of, verdicts_of
from tests.auditor.usecases.world import (
    ANSWERS,
    BKD,
    DINKES,
    INVENTORY,
    SECOND_NAME,
    World,
    audit_run,
    make_world,
)

SHARED = replace(BKD.servers[0], name_owners={SECOND_NAME: "dinkes"})
OWNED = replace(
    INVENTORY, opds=(replace(BKD, servers=(SHARED, *BKD.servers[1:])), DINKES, Opd("dpmd", "DPMD", ()))
)


@cache
def shared() -> World:
    return make_world(ANSWERS, OWNED, audit_run(inventory=OWNED))


@cache
def whole() -> dict[str, Scorecard]:
    return cards_of(shared(), verdicts_of(shared()))


TASKS = sorted(key for key, one in shared().evidence.items() if one.task.server == SHARED.id)


def named(verdicts: tuple[Verdict, ...]) -> list[Verdict]:
    return [one for one in verdicts if one.subject.server_name == SECOND_NAME]


def test_the_failure_under_a_name_counts_for_the_owner_of_the_name() -> None:
    plain = make_world()
    before = cards_of(plain, verdicts_of(plain))
    failing = [one for one in named(verdicts_of(shared())) if one.status is Status.FAIL]
    assert {one.check for one in failing} >= {"http-vcs-absent", "certificate-name-matches"}
    moved = len(failing)
    assert sum(whole()["dinkes"].findings.values()) == sum(before["dinkes"].findings.values()) + moved
    assert sum(whole()["bkd"].findings.values()) == sum(before["bkd"].findings.values()) - moved
    assert whole()[""].findings == before[""].findings


def test_the_host_below_stays_with_its_own_opd() -> None:
    (server,) = [one for one in whole()["dinkes"].servers if one.server == SHARED.id]
    assert server.level.score.applicable > 0
    assert (
        whole()["dinkes"].centre.score
        == cards_of(make_world(), verdicts_of(make_world()))["dinkes"].centre.score
    )


def test_a_host_that_was_not_measured_leaves_its_names_unknown_not_gone() -> None:
    without = shared().without(TASKS)
    kinds = {one.subject.kind for one in named(verdicts_of(without))}
    assert kinds == {SubjectKind.CERTIFICATE, SubjectKind.HTTP}
    statuses = {one.status for one in named(verdicts_of(without))}
    # Some checks are told not to apply by what the inventory knows alone.
    assert Status.UNKNOWN in statuses
    assert statuses <= {Status.UNKNOWN, Status.NOT_APPLICABLE}
    lost = cards_of(without, verdicts_of(without))["dinkes"]
    assert lost.score.floor < whole()["dinkes"].score.floor
    assert lost.score.coverage < whole()["dinkes"].score.coverage


@given(st.sets(st.sampled_from(TASKS), min_size=1))
def test_losing_evidence_of_a_shared_host_raises_nobody(lost: set[str]) -> None:
    without = shared().without(lost)
    for opd, card in cards_of(without, verdicts_of(without)).items():
        before = whole()[opd]
        assert card.score.floor <= before.score.floor, opd
        assert card.centre.score.floor <= before.centre.score.floor, opd
        found = {one.server: one.level.score.floor for one in before.servers}
        assert all(one.level.score.floor <= found[one.server] for one in card.servers), opd
