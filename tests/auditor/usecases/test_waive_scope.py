"""What a waiver may be asked for: registered places, one's own, and no wider than the policy lets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from auditor.model.policy import Width
from auditor.model.waiver import WaiverStatus
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.waive import Desk, request
from auditor.usecases.waive_scope import Wish
from tests.auditor.usecases.waiving import (
    NOW,
    SITE,
    WANTED,
    failing,
    judged,
    make_inputs,
    refused,
    rules,
    with_scope,
)
from tests.auditor.usecases.world import DINKES, INVENTORY, SECOND_NAME, policy
from tests.controls.catalogue import shipped


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    opened = open_workspace(tmp_path / "workspace")
    yield opened
    opened.engine.dispose()


@pytest.fixture
def desk(workspace: Workspace) -> Desk:
    return Desk(workspace, make_inputs(), NOW, "siti")


@pytest.mark.parametrize(
    ("scope", "told"),
    [
        ({"check": ""}, "no check is named"),
        ({"opd": ""}, "no OPD is named"),
        ({"check": "http-vcs-absnt"}, 'did you mean "http-vcs-absent"'),
        ({"opd": "bdk"}, 'did you mean "bkd"'),
        ({"server": "bkd-web-1"}, 'did you mean "bkd-web-01"'),
        ({"server": "dinkes-mail-01"}, "answered for by dinkes, not by bkd. ask with --opd dinkes"),
        ({"opd": "dinkes", "check": "ssh-ciphers-strong"}, "answered for by bkd, not by dinkes"),
        ({"server_name": SECOND_NAME}, "answered for by dinkes, not by bkd. ask with --opd dinkes"),
        ({"server_name": "lain.example.go.id"}, "there is no host name of bkd-web-01"),
        ({"address": "10.1.0.11"}, "no registered address of server bkd-web-01"),
        ({"address": "010.1.0.10"}, "leading zeros"),
        ({"address": "10.1.0.0/24"}, "is a network"),
        ({"address": ""}, "--port needs --address"),
        ({"port": 0, "server_name": SECOND_NAME}, "--name needs --port"),
        ({"finding": "F-000000000000"}, "leave the other places out"),
    ],
)
def test_what_is_not_registered_or_not_theirs_is_refused(
    desk: Desk, scope: dict[str, Any], told: str
) -> None:
    assert told in refused(lambda: request(desk, with_scope(**scope)))


def test_a_check_that_the_policy_switched_off_needs_no_waiver(desk: Desk) -> None:
    off = replace(policy(), disabled_checks={SITE.check: "tidak berlaku di sini"})
    assert "switched off" in refused(lambda: request(replace(desk, inputs=make_inputs(rules=off)), WANTED))


def test_an_address_names_its_server(desk: Desk) -> None:
    assert request(desk, with_scope(server="")).waiver.server == "bkd-web-01"


def test_the_owner_of_a_name_may_ask_on_the_server_of_another(desk: Desk) -> None:
    asked = request(desk, with_scope(opd="dinkes", server_name=SECOND_NAME)).waiver
    assert (asked.opd, asked.server, asked.server_name) == ("dinkes", "bkd-web-01", SECOND_NAME)


def test_a_server_registered_by_name_alone_has_whatever_address_it_resolves_to(desk: Desk) -> None:
    scope = {"opd": "dinkes", "server": "dinkes-name-01", "address": "203.0.113.9"}
    assert request(desk, with_scope(**scope)).waiver.address == "203.0.113.9"
    assert "no registered address" in refused(lambda: request(desk, with_scope(**{**scope, "server": ""})))


@pytest.mark.parametrize(
    ("check", "scope", "widest", "told"),
    [
        ("http-vcs-absent", {"server": "", "address": "", "port": 0}, Width.SERVER, "add --server"),
        ("http-vcs-absent", {"address": "", "port": 0}, Width.SERVER, ""),
        ("http-vcs-absent", {"address": "", "port": 0}, Width.ENDPOINT, "--address and --port, or name one"),
        ("http-vcs-absent", {"port": 0}, Width.ENDPOINT, "add --server, --address and --port"),
        ("http-vcs-absent", {}, Width.ENDPOINT, ""),
        ("network-ports-approved", {"address": "", "port": 0}, Width.ENDPOINT, "add --server and --address"),
        ("network-ports-approved", {"port": 0}, Width.ENDPOINT, ""),
        ("http-vcs-absent", {"server": "", "address": "", "port": 0}, Width.OPD, ""),
    ],
)
def test_too_broad_is_refused_with_what_to_add(
    desk: Desk, check: str, scope: dict[str, Any], widest: Width, told: str
) -> None:
    strict = replace(desk, inputs=rules(widest, shipped().checks[check].severity))
    wanted = with_scope(check=check, **scope)
    if told:
        found = refused(lambda: request(strict, wanted))
        assert "this is too broad" in found
        assert told in found
    else:
        assert request(strict, wanted).waiver.status is WaiverStatus.REQUESTED


def test_one_finding_can_be_named_instead_of_its_places(desk: Desk) -> None:
    world = judged(desk.workspace)
    found = failing(world, desk.workspace, "http-vcs-absent")
    asked = request(desk, replace(WANTED, wish=Wish(finding=found))).waiver
    assert (asked.check, asked.opd, asked.server, asked.address, asked.port, asked.server_name) == (
        "http-vcs-absent",
        "dinkes",  # to whom the name belongs
        "bkd-web-01",
        "10.1.0.10",
        443,
        SECOND_NAME,
    )
    unknown = replace(WANTED, wish=Wish(finding="F-000000000000"))
    assert "list them with: auditor findings list" in refused(lambda: request(desk, unknown))
    gone = replace(desk, inputs=make_inputs(replace(INVENTORY, opds=(DINKES,))))
    other = replace(WANTED, wish=Wish(finding=failing(world, desk.workspace, "ssh-ciphers-strong")))
    assert "not registered any more" in refused(lambda: request(gone, other))
