"""The made-up evidence of thousands of servers is such as an audit would have stored."""

from __future__ import annotations

from collections import Counter
from functools import cache

from auditor.model.subject import SubjectKind
from auditor.model.verdict import Status
from auditor.usecases.assess import Assessment, judge_run
from benchmarks.judge import Judging, row_of
from benchmarks.many_servers import StoredRun, stored_run
from tests.controls.catalogue import shipped

SERVERS = 60


@cache
def stored() -> StoredRun:
    return stored_run(SERVERS)


@cache
def judged() -> Assessment:
    return judge_run(stored().run, stored().inputs, shipped(), stored().evidence)


def test_every_server_shows_several_services() -> None:
    shown = Counter(one.task.server for one in stored().evidence.values() if one.facts)
    servers = [server for server in stored().run.scope if server.startswith("server-")]
    assert len(servers) == SERVERS
    assert sum(shown[server] >= 6 for server in servers) > SERVERS * 0.8


def test_verdicts_of_all_kinds_occur_and_none_is_a_mistake_of_ours() -> None:
    counted = Counter(one.status for one in judged().verdicts)
    assert counted[Status.ERROR] == 0
    for status in (Status.PASS, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE):
        assert counted[status] > SERVERS
    assert {one.subject.kind for one in judged().verdicts} == {*SubjectKind} - {SubjectKind.NETWORK}
    assert len({one.check for one in judged().verdicts if one.status is Status.FAIL}) > 20


def test_what_is_lost_or_failed_is_there_too() -> None:
    assert any(one.failure for one in stored().evidence.values())
    ports = {key for key in stored().evidence if key.startswith("ports|")}
    services = {key for key in stored().evidence if key.startswith("services|")}
    assert len(services) < len(ports) <= SERVERS


def test_every_agency_has_a_card() -> None:
    assert set(judged().scorecards) == {"", *(opd.id for opd in stored().inputs.inventory.opds)}


def test_a_line_compares_with_the_first_size() -> None:
    first = Judging(100, 1.0, 80.0, 100.0, Counter({Status.PASS: 2_000}), 5)
    tenfold = Judging(1_000, 12.0, 90.0, 300.0, Counter({Status.PASS: 24_000}), 41)
    assert row_of(tenfold, first).split() == [
        "1000",
        "24000",
        "12.00",
        "0.01200",
        "2000",
        "90",
        "300",
        "1.20",
    ]
