"""Domains and zones: asked only under an assignment that names them, and judged as one thing each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from ipaddress import ip_address, ip_network

import pytest

from auditor.inventory.loading import check_inventory
from auditor.model.document import DocumentError, parse_document
from auditor.model.evidence import Evidence
from auditor.model.facts import Facts
from auditor.model.inventory import Authorization, Inventory, Kind, State
from auditor.model.plan import SkipReason, Task
from auditor.model.subject import SubjectKind
from auditor.store.runs import RunInputs
from auditor.usecases.assess import subjects_of
from auditor.usecases.planning import Selection, as_allowed, authorized, build_plan, still_wanted
from controls.subjects import Measured, Presence
from tests.auditor.inventory.samples import TEXT
from tests.auditor.usecases.world import STARTED, policy
from tests.controls.catalogue import shipped

DAY = date(2026, 6, 1)
LATE = date(2027, 6, 1)


def edited(*edits: tuple[str, str]) -> Inventory:
    """Return the sample inventory with a domain and a swept zone, and some more changes."""
    text = TEXT
    for old, new in (
        ("methods: [ports, tls]", "methods: [ports, dns, hosts]\n    domains: [example.go.id]"),
        ("Asia/Makassar\n", "Asia/Makassar\n  centre: dinkes\n"),
        (
            "    name: Dinas Kesehatan\n",
            "    name: Dinas Kesehatan\n    domains: [{name: dinkes.example.go.id, mail: true}]\n",
        ),
        *edits,
    ):
        assert old in text
        text = text.replace(old, new, 1)
    document = parse_document(text.encode(), "inventory.yaml")
    return check_inventory(document.data, document, document.digest)


def tasks(inventory: Inventory, today: date = DAY) -> dict[str, Task]:
    """Return the tasks about domains and networks, by what they are about."""
    plan = build_plan(inventory, policy(), Selection(), today)
    return {one.server_name or one.address: one for one in plan.tasks if one.scanner in ("dns", "hosts")}


def reasons(inventory: Inventory, today: date = DAY) -> set[tuple[str, SkipReason]]:
    plan = build_plan(inventory, policy(), Selection(), today)
    return {(one.server, one.reason) for one in plan.skipped if one.server != "dinkes-web-01"}


def test_a_domain_is_asked_about_and_every_network_of_a_zone_is_swept() -> None:
    found = tasks(edited())
    assert set(found) == {"dinkes.example.go.id", "10.10.1.0/24"}
    assert ("zone:dmz", SkipReason.TOO_LARGE) in reasons(edited())
    assert {one.authorization for one in found.values()} == {"094/001/Diskominfo/2026"}
    domain, network = found["dinkes.example.go.id"], found["10.10.1.0/24"]
    assert domain.options["mail"] is True
    assert domain.options["addresses"] == ["10.10.1.10", "2001:db8::a"]
    assert network.options["exclude"] == ["10.10.1.99/32", "10.10.1.10"]
    assert set(policy().sweep_ports) == set(network.options["ports"])  # type: ignore[arg-type]


def test_names_below_a_domain_travel_with_it_and_its_own_name_does_not() -> None:
    below = edited(("[Dinkes.Example.GO.ID]", "[dinkes.example.go.id, www.dinkes.example.go.id, bkd.go.id]"))
    assert tasks(below)["dinkes.example.go.id"].options["names"] == ["www.dinkes.example.go.id"]


@pytest.mark.parametrize(
    ("edit", "today", "reason"),
    [
        (("domains: [example.go.id]", "domains: [ample.go.id]"), DAY, SkipReason.NO_AUTHORIZATION),
        (("\n    domains: [example.go.id]", ""), DAY, SkipReason.NO_AUTHORIZATION),
        (("[ports, dns, hosts]", "[ports, hosts]"), DAY, SkipReason.METHOD),
        (("[ports, dns, hosts]", "[ports, dns, hosts]"), LATE, SkipReason.EXPIRED),
    ],
)
def test_a_domain_without_an_assignment_is_not_asked_about(
    edit: tuple[str, str], today: date, reason: SkipReason
) -> None:
    inventory = edited(edit)
    assert "dinkes.example.go.id" not in tasks(inventory, today)
    assert ("dinkes.example.go.id", reason) in reasons(inventory, today)


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (("[ports, dns, hosts]", "[ports, dns]"), SkipReason.METHOD),
        (("[10.10.0.0/16,", "[10.10.1.0/25,"), SkipReason.NO_AUTHORIZATION),
    ],
)
def test_a_network_is_swept_only_when_all_of_it_is_named(edit: tuple[str, str], reason: SkipReason) -> None:
    inventory = edited(edit)
    assert "10.10.1.0/24" not in tasks(inventory)
    assert ("zone:dmz", reason) in reasons(inventory)


def test_without_a_centre_no_zone_is_swept() -> None:
    assert set(tasks(edited(("  centre: dinkes\n", "")))) == {"dinkes.example.go.id"}


@pytest.mark.parametrize("name", ["dinkes.example.go.id", "10.10.1.0/24"])
def test_an_assignment_that_ended_stops_what_was_planned(name: str) -> None:
    inventory = edited()
    task = tasks(inventory)[name]
    assert authorized(task, inventory, DAY)
    assert still_wanted(task, inventory, DAY)
    assert not authorized(task, inventory, LATE)
    gone = replace(inventory, opds=())
    assert not still_wanted(task, gone, DAY)


def test_what_is_excluded_later_is_no_longer_swept() -> None:
    later = Authorization(
        "2", "x", DAY - timedelta(days=1), DAY, (ip_network("10.20.0.0/16"),), (ip_network("10.10.1.4/30"),),
        frozenset({"ports"}), frozenset(),
    )  # fmt: skip
    inventory = edited()
    both = replace(inventory, authorizations=(*inventory.authorizations, later))
    assert tasks(both)["10.10.1.0/24"].options["exclude"] == ["10.10.1.99/32", "10.10.1.4/30", "10.10.1.10"]


def test_what_is_excluded_or_registered_after_the_plan_is_not_swept_either() -> None:
    network = tasks(edited())["10.10.1.0/24"]
    later = edited(("10.10.1.99/32", "10.10.1.64/26"), ("10.10.1.10,", "10.10.1.20,"))
    left_out = as_allowed(network, later, DAY).options["exclude"]
    assert left_out == ["10.10.1.99/32", "10.10.1.10", "10.10.1.64/26", "10.10.1.20"]
    assert as_allowed(network, edited(), DAY) == network


@pytest.mark.parametrize(
    ("edit", "reachable"),
    [
        (("name: Dinas Kesehatan\n", "name: Dinas\n"), ["10.10.1.10", "2001:db8::a"]),
        (("tls, http, dns", "tls, dns"), []),
        (("10.10.1.99/32", "10.10.1.8/29"), ["2001:db8::a"]),
        (("fragility: normal", "fragility: fragile"), []),
        (("10.10.1.10,", "10.10.1.20,"), ["2001:db8::a"]),
    ],
)
def test_a_domain_s_hosts_are_reached_only_as_long_as_that_is_allowed(
    edit: tuple[str, str], reachable: list[str]
) -> None:
    before = (
        ("[ports, dns, hosts]", "[ports, tls, http, dns, hosts]"),
        ("fragility: sensitive", "fragility: normal"),
    )
    domain = tasks(edited(*before))["dinkes.example.go.id"]
    assert domain.options["reachable"] == ["10.10.1.10", "2001:db8::a"]
    assert as_allowed(domain, edited(*before, edit), DAY).options["reachable"] == reachable


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (("centre: dinkes", "centre: dinkse"), "unknown OPD"),
        (("opds:", "vantage: dmx\nopds:"), "unknown zone"),
        (("mail: true}]", "mail: true}, {name: Dinkes.example.go.id}]"), "domain"),
        (("dinkes.example.go.id, mail", "dinkes..go.id, mail"), "dinkes..go.id"),
    ],
)
def test_what_contradicts_itself_is_told_with_its_place(edit: tuple[str, str], message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        edited(edit)
    assert message in str(caught.value)
    assert all(problem.line > 1 for problem in caught.value.problems)


def judged(inventory: Inventory, answers: dict[str, Facts]) -> dict[str, Measured]:
    """Return the subjects that are no part of a server, by kind and name."""
    plan = build_plan(inventory, policy(), Selection(), DAY)
    evidence = {
        one.id: Evidence(
            number, "run", one, STARTED, STARTED, 1.0, "fake", "1", {}, answers[one.scanner], None, {}, "", ""
        )
        for number, one in enumerate(plan.tasks, start=1)
        if one.scanner in answers
    }
    subjects = subjects_of(RunInputs(inventory, policy(), plan), evidence, shipped().pack, STARTED)
    return {
        f"{one.subject.kind} {one.subject.server_name}": one for one in subjects if not one.subject.address
    }


def test_a_domain_and_a_network_are_one_subject_each_whatever_is_missing() -> None:
    names = {"domain dinkes.example.go.id", "network 10.10.1.0/24", "network 2001:db8::/64"}
    whole = edited(("hostnames: [satu.example.go.id, dua.example.go.id]", "addresses: [10.10.1.11]"))
    measured = judged(whole, {"dns": {"domain.exists": True}, "hosts": {"hosts.answering": ["10.10.1.77"]}})
    assert set(measured) == names
    assert measured["domain dinkes.example.go.id"].facts["domain.exists"] is True
    assert measured["network 10.10.1.0/24"].facts["hosts.unregistered"] == ["10.10.1.77"]
    lost = judged(edited(), {})
    assert {one.presence for one in lost.values()} == {Presence.UNMEASURED}
    refused = judged(edited(("[ports, dns, hosts]", "[ports]")), {})
    assert set(lost) == set(refused) == names
    assert all(one.reason for one in refused.values())


def test_an_address_is_not_called_unregistered_while_a_registered_name_gives_none() -> None:
    seen = judged(edited(), {"hosts": {"hosts.answering": ["10.10.1.77"]}})
    assert "hosts.unregistered" not in seen["network 10.10.1.0/24"].facts
    quiet = judged(edited(), {"hosts": {"hosts.answering": ["10.10.1.10"]}})
    assert quiet["network 10.10.1.0/24"].facts["hosts.unregistered"] == []


def test_a_retired_server_that_is_silent_has_nothing_to_judge_but_its_silence() -> None:
    inventory = edited(("category: tinggi", "category: tinggi\n        status: retired"))
    server = next(one for one in inventory.servers() if one.kind is Kind.SERVER)
    assert server.state is State.RETIRED
    alone = replace(server, addresses=(ip_address("10.10.1.10"),))
    only = replace(inventory, opds=(replace(inventory.opds[0], servers=(alone,)),))
    plan = build_plan(only, policy(), Selection(), DAY)
    (task,) = plan.tasks
    row = Evidence(
        1, "run", task, STARTED, STARTED, 1.0, "fake", "1", {}, {"ports.answered": False}, None, {}, "", ""
    )
    found = subjects_of(RunInputs(only, policy(), plan), {task.id: row}, shipped().pack, STARTED)
    assert {one.subject.kind: one.presence for one in found} == {
        SubjectKind.ADDRESS: Presence.PRESENT,
        **dict.fromkeys(
            (
                SubjectKind.SERVICE,
                SubjectKind.TLS,
                SubjectKind.CERTIFICATE,
                SubjectKind.SSH,
                SubjectKind.HTTP,
            ),
            Presence.ABSENT,
        ),
    }
