"""The list of round trips: complete, a reason for what is missing, and waves that can stand together."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab.fleet import DOMAINS, FLEET, ZONES
from tests.lab.roundtrip.cases import CASES
from tests.lab.roundtrip.model import Case, Outcome
from tests.lab.roundtrip.moved import MOVED, OWN, USUAL, copied, copied_name, moved
from tests.lab.roundtrip.outcomes import OUTCOMES, record, recorded
from tests.lab.roundtrip.reasons import REASONS
from tests.lab.roundtrip.running import catalogue, waves


def _shown() -> set[str]:
    truths = {
        truth.check
        for server in FLEET
        for truth in (*server.truths, *server.remarks, *server.depends_on_packages)
    }
    of_domains = {check for domain in DOMAINS for check in domain.fails}
    return truths | of_domains | {check for zone in ZONES for check in zone.fails}


def test_every_check_that_the_lab_shows_is_tried_or_has_a_reason() -> None:
    tried = {case.check for case in CASES}
    assert tried & REASONS.keys() == set()
    assert tried | REASONS.keys() == _shown()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_uses_texts_that_the_catalogue_has(case: Case) -> None:
    remedies = {one.software for one in catalogue()[case.check].remediation}
    assert set(case.used) <= remedies
    daemons = {service.name for service in case.server.services}
    assert case.edits.keys() | case.removes <= daemons


def test_cases_have_ids_of_their_own_and_a_recorded_outcome_each() -> None:
    ids = [case.id for case in CASES]
    assert len(ids) == len(set(ids))
    assert {f"{one.check}@{one.software}" for one in recorded(OUTCOMES)} == set(ids)


def test_no_server_stands_twice_in_a_wave_and_no_case_is_left_out() -> None:
    found = waves(CASES)
    assert sorted(case.id for wave in found for case in wave) == sorted(case.id for case in CASES)
    for wave in found:
        servers = [one for case in wave for one in (case.server, *case.companions)]
        assert len(servers) == len({one.id for one in servers}) == len({one.address for one in servers})


def test_moved_servers_are_the_same_elsewhere() -> None:
    server = MOVED["diskominfo-dns-02"]
    usual = next(one for one in FLEET if one.id == server.id)
    assert server.address == usual.address.replace(USUAL, OWN)
    assert USUAL not in repr(server)
    assert moved({"a": ("127.20.1.1", 5)}) == {"a": ("127.78.1.1", 5)}
    assert server.truths == usual.truths


def test_a_twin_has_its_own_id_address_and_names() -> None:
    server = MOVED["dpmptsp-web-01"]
    twin = copied(server, 201)
    assert (twin.id, twin.address) == ("dpmptsp-web-01-201", "127.78.1.201")
    assert twin.hostnames == (copied_name(server.hostnames[0], 201),) == ("dpmptsp-201.lab.test",)
    assert not any(old in repr(twin.services) for old in (server.address, server.hostnames[0]))


def test_outcomes_are_kept_once_per_check_and_software(tmp_path: Path) -> None:
    path = tmp_path / "outcomes.json"
    first = Outcome("b-check", "nginx", "nginx 1", proven=False, found=True, problem="afterwards: FAIL")
    other = Outcome("a-check", "nginx", "nginx 1", proven=True, found=True, also_closed=("c-check",))
    record(path, [first, other])
    again = Outcome("b-check", "nginx", "nginx 2", proven=True, found=True)
    record(path, [again])
    assert recorded(path) == (other, again)
    assert recorded(tmp_path / "none.json") == ()
