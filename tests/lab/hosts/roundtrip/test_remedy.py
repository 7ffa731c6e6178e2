"""From the text of a remedy to what is to be done on a host."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

import pytest

from auditor.model.document import DocumentError
from controls.loading import load_catalogue
from tests.lab.hosts.fleet import HOSTS, truths
from tests.lab.hosts.roundtrip.adapted import ADAPTED, NOT_TRIED, SOFTWARE, in_order
from tests.lab.hosts.roundtrip.adapted.shown import lines
from tests.lab.hosts.roundtrip.places import merged, noted
from tests.lab.hosts.roundtrip.remedy import Command, Own, Write, Written, deeds, named

_CHECKS = load_catalogue().checks
_FAILING = truths.FORGOTTEN | truths.SHARED | truths.STORED


def test_lines_below_a_path_are_that_files_and_then_leads_back_to_commands() -> None:
    told = "groupadd x\n# /etc/a.conf (RHEL: /etc/b.conf)\nA 1\n# nothing\nB 2\n# then\nsystemctl reload a\n"
    assert deeds(told) == (
        Command("groupadd x"),
        Write("/etc/a.conf", ("A 1", "B 2")),
        Command("systemctl reload a"),
    )


def test_another_way_is_left_out() -> None:
    assert deeds("one\n# or\ntwo\n# then\nthree\n") == (Command("one"), Command("three"))


def test_lines_that_name_no_file_go_to_the_place() -> None:
    assert deeds("PermitRootLogin no\n", "/etc/ssh/x") == (Write("/etc/ssh/x", ("PermitRootLogin no",)),)


def test_a_remark_behind_a_command_is_no_part_of_it() -> None:
    assert deeds("systemctl reload ssh        # RHEL: sshd\n") == (Command("systemctl reload ssh"),)


def test_a_script_keeps_its_first_line() -> None:
    assert deeds("# /etc/cron.d/x\n#!/bin/sh\nexit 0\n") == (Write("/etc/cron.d/x", ("#!/bin/sh", "exit 0")),)


@pytest.mark.parametrize("told", ["record:\n  jobs: [a]\n", "jobs: [a]\n"])
def test_lines_of_the_inventory_are_read_with_their_heading_or_without(told: str) -> None:
    assert deeds(f"# in the inventory, below the server\n{told}") == (Written({"jobs": ["a"]}),)


@pytest.mark.parametrize("told", ["- a\n", "only words\n"])
def test_lines_of_the_inventory_that_set_nothing_are_refused(told: str) -> None:
    with pytest.raises((ValueError, DocumentError)):
        deeds(f"# inventory\n{told}")


def test_examples_give_way_to_the_names_of_the_host() -> None:
    config = "passwd -l joko\nchmod o-w FILE\nrm OTHER\n"
    facts = {"host.files": ["/a", "/b"]}
    names: Mapping[str, Own] = {"joko": "admin", "FILE": lines("host.files"), "OTHER": ()}
    assert named(config, names, facts) == "passwd -l admin\nchmod o-w /a\nchmod o-w /b"


def test_settings_take_the_place_of_those_of_the_same_name() -> None:
    now = ["[global]", "  guest ok = yes", "  path = /a"]
    assert merged("/etc/x.conf", ("[global]", "  guest ok = no"), now) == [
        *("[global]", "  path = /a"),
        *("[global]", "  guest ok = no"),
    ]


def test_sshd_gets_new_lines_first() -> None:
    assert merged("/etc/ssh/sshd_config", ("Port 22",), ["UsePAM yes"]) == ["Port 22", "UsePAM yes"]


def test_a_file_of_sections_in_a_folder_of_parts_is_written_whole() -> None:
    assert merged("/etc/a.d/x.conf", ("[b]", "c = 1"), ["[b]", "d = 1"]) == ["[b]", "c = 1"]


def test_an_entry_of_the_inventory_replaces_that_of_the_same_name() -> None:
    before = {"accounts": [{"name": "a", "kind": "personal"}, {"name": "b"}], "jobs": ["x"]}
    after = noted(before, {"accounts": [{"name": "a"}], "jobs": ["y"], "asset": {"tag": "1"}})
    assert after == {"accounts": [{"name": "b"}, {"name": "a"}], "jobs": ["x", "y"], "asset": {"tag": "1"}}


@pytest.mark.parametrize("key", ADAPTED)
def test_every_example_stands_in_the_remedy(key: str) -> None:
    check, _, host = key.partition("@")
    told = "\n".join(one.config for one in _CHECKS[check].remediation)
    # A later example may stand in what an earlier one was replaced by.
    told += "\n".join(own for own in ADAPTED[key].names.values() if isinstance(own, str))
    assert [example for example in ADAPTED[key].names if example not in told] == []
    assert not host or host in {one.id for one in HOSTS}


def test_reasons_are_about_checks_that_fail_on_a_host() -> None:
    assert {key.partition("@")[0] for key in NOT_TRIED} <= _FAILING
    assert SOFTWARE.keys() == {one.id for one in HOSTS}


@pytest.mark.parametrize("check", sorted(_FAILING - {key for key in NOT_TRIED if "@" not in key}))
def test_every_other_remedy_can_be_read(check: str) -> None:
    general = {*chain.from_iterable(SOFTWARE.values()), "any"} - {"mariadb", "postgresql"}
    for remedy in _CHECKS[check].remediation:
        if remedy.software in general:
            assert deeds(remedy.config) or not remedy.config.strip()


def test_what_others_change_comes_last() -> None:
    ordered = in_order(["register-baseline-kept", "web-debug-off", "audit-account-limited"])
    assert ordered == ["audit-account-limited", "web-debug-off", "register-baseline-kept"]
