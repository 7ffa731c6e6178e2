"""Nothing is planned without a valid authorization, and what is left out says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.inventory.resolve import Unresolved, pin_addresses
from auditor.inventory.shape import METHODS
from auditor.model.inventory import (
    Authorization,
    DeclaredService,
    Fragility,
    Inventory,
    Opd,
    Server,
)
from auditor.model.plan import ScanPlan, SkipReason, Task
from auditor.usecases.planning import Selection, authorized, build_plan, limits_for, still_wanted
from auditor.usecases.task_settings import settings_for
from scanners.nmap_engine import port_list
from tests.auditor.usecases.world import AUTHORIZATION, BKD, DAY, INVENTORY, policy

EVERYTHING = Selection()
WEB = BKD.servers[0]
WEB_ADDRESS = "10.1.0.10"


def with_authorizations(*authorizations: Authorization) -> Inventory:
    """Return an inventory of one server under some authorizations."""
    return replace(INVENTORY, authorizations=authorizations, opds=(replace(BKD, servers=(WEB,)),))


def with_server(**changes: Any) -> Inventory:
    """Return an inventory of one changed server."""
    return replace(INVENTORY, opds=(replace(BKD, servers=(replace(WEB, **changes),)),))


def plan(inventory: Inventory, selection: Selection = EVERYTHING, today: date = DAY) -> ScanPlan:
    return build_plan(inventory, policy(), selection, today)


def test_an_authorized_server_gets_one_port_scan_per_address() -> None:
    planned = plan(with_server(addresses=(ip_address("10.1.0.10"), ip_address("10.1.0.20"))))
    assert planned.skipped == ()
    assert [(task.scanner, task.address, task.authorization) for task in planned.tasks] == [
        ("ports", "10.1.0.10", AUTHORIZATION.reference),
        ("ports", "10.1.0.20", AUTHORIZATION.reference),
    ]


@pytest.mark.parametrize(
    ("edited", "wanted"),
    [
        (with_server(name="Renamed"), True),
        (with_server(addresses=()), True),
        (with_server(addresses=(ip_address("10.1.0.99"),)), False),
        (with_server(fragility=Fragility.FRAGILE), False),
        (replace(INVENTORY, opds=()), False),
        (with_authorizations(replace(AUTHORIZATION, exclude=(ip_network("10.1.0.10/32"),))), False),
    ],
)
def test_an_edited_inventory_can_forbid_what_was_planned(edited: Inventory, wanted: bool) -> None:
    (task,) = plan(with_server()).tasks
    assert still_wanted(task, edited, DAY) is wanted


OTHER = replace(AUTHORIZATION, networks=(ip_network("10.2.0.0/16"),))
EXCLUDED = replace(AUTHORIZATION, exclude=(ip_network("10.1.0.10/32"),))
WITHOUT_PORTS = replace(AUTHORIZATION, methods=frozenset({"tls", "http"}))


@pytest.mark.parametrize(
    ("authorizations", "today", "reason"),
    [
        ((), DAY, SkipReason.NO_AUTHORIZATION),
        ((OTHER,), DAY, SkipReason.NO_AUTHORIZATION),
        ((AUTHORIZATION,), AUTHORIZATION.valid_until + timedelta(days=1), SkipReason.EXPIRED),
        ((AUTHORIZATION,), AUTHORIZATION.valid_from - timedelta(days=1), SkipReason.NOT_YET_VALID),
        ((EXCLUDED,), DAY, SkipReason.EXCLUDED),
        ((AUTHORIZATION, EXCLUDED), DAY, SkipReason.EXCLUDED),
        ((WITHOUT_PORTS,), DAY, SkipReason.METHOD),
    ],
)
def test_without_a_valid_authorization_nothing_is_planned_and_the_reason_is_told(
    authorizations: tuple[Authorization, ...], today: date, reason: SkipReason
) -> None:
    planned = plan(with_authorizations(*authorizations), today=today)
    assert planned.tasks == ()
    assert [(one.server, one.address, one.scanner, one.reason) for one in planned.skipped] == [
        (WEB.id, WEB_ADDRESS, "", reason)
    ]
    assert planned.skipped[0].detail


@pytest.mark.parametrize("today", [AUTHORIZATION.valid_from, AUTHORIZATION.valid_until])
def test_both_days_of_an_authorization_are_included(today: date) -> None:
    assert len(plan(with_authorizations(AUTHORIZATION), today=today).tasks) == 1


@pytest.mark.parametrize("address", ["169.254.169.254", "0.0.0.0", "224.0.0.1", "127.0.0.1"])
def test_some_addresses_are_never_measured_whoever_authorizes_it(address: str) -> None:
    anywhere = replace(AUTHORIZATION, networks=(ip_network("0.0.0.0/0"),))
    inventory = replace(with_server(addresses=(ip_address(address),)), authorizations=(anywhere,))
    planned = plan(inventory)
    assert planned.tasks == ()
    assert [one.reason for one in planned.skipped] == [SkipReason.FORBIDDEN]


def test_methods_that_are_not_allowed_are_told_beside_the_task() -> None:
    allowed = replace(AUTHORIZATION, methods=frozenset({"ports", "ssh"}))
    planned = plan(with_authorizations(allowed))
    assert len(planned.tasks) == 1
    assert {(one.scanner, one.reason) for one in planned.skipped} == {
        (method, SkipReason.METHOD) for method in set(METHODS) - {"ports", "ssh", "dns", "hosts", "host"}
    }
    for method in ("services", *(set(METHODS) - {"dns", "hosts"})):
        task = replace(planned.tasks[0], scanner=method, port=443)
        inventory = with_authorizations(allowed)
        assert authorized(task, inventory, DAY) is (method in ("ports", "services", "ssh"))
        assert not authorized(task, inventory, AUTHORIZATION.valid_until + timedelta(days=1))


def asked_ports(task: Task) -> set[int]:
    """Return the ports that a task has the port scanner connect to."""
    runs = port_list(task.options["ranges"], task.options["never"]).split(",")
    bounds = [tuple(map(int, run.split("-"))) for run in runs if run]
    return {port for bound in bounds for port in range(bound[0], bound[-1] + 1)}


DECLARED = (
    DeclaredService(8443, "tcp", "https"),
    DeclaredService(9100, "tcp", "cetak"),
    DeclaredService(53, "udp", "dns"),
)


def test_a_normal_server_is_asked_common_and_declared_ports_but_never_a_printer() -> None:
    task = plan(with_server(services=(*DECLARED, DeclaredService(12345, "tcp", "arsip")))).tasks[0]
    asked = asked_ports(task)
    assert {22, 80, 443, 3306, 8443, 12345} <= asked
    assert not asked & policy().ports.never


@pytest.mark.parametrize("fragility", [Fragility.SENSITIVE, Fragility.FRAGILE])
def test_a_delicate_server_is_asked_its_declared_ports_only(fragility: Fragility) -> None:
    task = plan(with_server(services=DECLARED, fragility=fragility)).tasks[0]
    assert asked_ports(task) == {8443}
    assert task.fragility is fragility


@given(st.lists(st.integers(1, 65535), max_size=20), st.sampled_from(Fragility))
def test_whatever_is_declared_the_never_ports_are_left_alone(ports: list[int], fragility: Fragility) -> None:
    services = tuple(DeclaredService(port, "tcp", "x") for port in {*ports, *policy().ports.never})
    task = plan(with_server(services=services, fragility=fragility)).tasks[0]
    assert not asked_ports(task) & policy().ports.never
    assert set(ports) - policy().ports.never <= asked_ports(task)


@pytest.mark.parametrize(
    ("selection", "servers"),
    [
        (Selection(), {"bkd-web-01", "bkd-db-01", "dinkes-mail-01", "dinkes-old-01", "dinkes-silent-01"}),
        (Selection(opds=frozenset({"bkd"})), {"bkd-web-01", "bkd-db-01"}),
        (Selection(servers=frozenset({"bkd-db-01"})), {"bkd-db-01"}),
        (Selection(frozenset({"bkd"}), frozenset({"dinkes-mail-01"})), set()),
        (Selection(frozenset({"bkd", "dinkes"}), frozenset({"bkd-db-01"})), {"bkd-db-01"}),
    ],
)
def test_only_chosen_servers_are_planned(selection: Selection, servers: set[str]) -> None:
    planned = plan(INVENTORY, selection)
    assert {task.server for task in planned.tasks} == servers
    chosen = {server.id for server in INVENTORY.servers() if selection.chooses(server)}
    assert {task.server for task in planned.tasks} | {one.server for one in planned.skipped} == chosen


def test_an_opd_is_chosen_with_the_servers_on_which_it_owns_a_name() -> None:
    shared = replace(WEB, hostnames=("desa.go.id",), name_owners={"desa.go.id": "dpmd"})
    inventory = replace(INVENTORY, opds=(replace(BKD, servers=(shared,)), Opd("dpmd", "DPMD", ())))
    for chosen, servers in (("dpmd", {WEB.id}), ("bkd", {WEB.id}), ("dinkes", set())):
        planned = plan(inventory, Selection(opds=frozenset({chosen})))
        assert {task.server for task in planned.tasks} == servers, chosen


def test_two_names_of_one_machine_get_the_care_that_the_more_delicate_asks_for() -> None:
    named = replace(WEB, id="bkd-web-02", fragility=Fragility.FRAGILE, addresses=(), hostnames=("x.go.id",))
    both = replace(INVENTORY, opds=(replace(BKD, servers=(WEB, named)),))
    pinned, _ = pin_addresses(both, lambda _name: [WEB_ADDRESS])
    first, second = plan(pinned).tasks
    assert (first.fragility, second.fragility) == (Fragility.FRAGILE, Fragility.FRAGILE)
    assert first.options["ranges"] == second.options["ranges"] == []
    assert still_wanted(first, pinned, DAY)
    assert still_wanted(second, pinned, DAY)


def test_a_choice_that_the_inventory_does_not_know_is_told() -> None:
    wrong = Selection(frozenset({"bkd", "bpk"}), frozenset({"bkd-web-99"}))
    assert wrong.unknown(INVENTORY) == ("bkd-web-99", "bpk")
    assert Selection(frozenset({"bkd"})).unknown(INVENTORY) == ()


def test_a_name_that_does_not_resolve_is_skipped_with_its_reason() -> None:
    def resolver(name: str) -> list[str]:
        if name == "gone.example.go.id":
            raise OSError("no such name")
        return ["10.1.0.30"]

    servers = (
        replace(WEB, id="a", addresses=(), hostnames=("gone.example.go.id",)),
        replace(WEB, id="b", addresses=(), hostnames=("here.example.go.id",)),
    )
    inventory, unresolved = pin_addresses(replace(INVENTORY, opds=(replace(BKD, servers=servers),)), resolver)
    planned = build_plan(inventory, policy(), EVERYTHING, DAY, unresolved)
    assert [(task.server, task.address) for task in planned.tasks] == [("b", "10.1.0.30")]
    assert [(one.server, one.address, one.reason) for one in planned.skipped] == [
        ("a", "gone.example.go.id", SkipReason.UNRESOLVED)
    ]
    assert "no such name" in planned.skipped[0].detail


def test_a_server_left_without_address_is_never_forgotten() -> None:
    planned = build_plan(with_server(addresses=()), policy(), EVERYTHING, DAY, [])
    assert [one.reason for one in planned.skipped] == [SkipReason.UNRESOLVED]
    other = [Unresolved("another", "bkd", "x.example.go.id", "x")]
    assert build_plan(with_server(addresses=()), policy(), EVERYTHING, DAY, other).skipped == planned.skipped


@pytest.mark.parametrize("fragility", Fragility)
def test_a_task_takes_its_host_s_budget_and_no_more_than_its_share_of_the_whole(fragility: Fragility) -> None:
    task = plan(with_server(fragility=fragility, services=DECLARED)).tasks[0]
    budget, total = policy().budgets[fragility], policy().total
    limits = limits_for(task, policy())
    assert limits.connections_per_second == budget.connections_per_second
    assert limits.connections_per_second * total.parallel_hosts <= total.connections_per_second
    crowded = replace(policy(), total=replace(total, connections_per_second=4.0))
    assert limits_for(task, crowded).connections_per_second == min(
        budget.connections_per_second, 4.0 / total.parallel_hosts
    )
    assert (limits.parallel_connections, limits.packets_per_second, limits.timeout_seconds) == (
        budget.parallel_connections,
        budget.packets_per_second,
        budget.host_timeout_seconds,
    )


def consent_of(inventory: Inventory) -> tuple[str, ...]:
    return settings_for(plan(inventory).tasks[0], inventory, policy()).consent


def test_consent_is_what_the_authorization_of_this_address_names() -> None:
    assert consent_of(with_authorizations(AUTHORIZATION)) == ("tls-heartbleed-absent",)
    assert consent_of(with_authorizations(replace(AUTHORIZATION, consent=frozenset()))) == ()


def test_a_letter_that_consents_for_one_network_does_not_for_another() -> None:
    """One letter may be entered twice, with consent for some networks only."""
    elsewhere = replace(OTHER, reference=AUTHORIZATION.reference)
    here = replace(AUTHORIZATION, consent=frozenset())
    assert consent_of(with_authorizations(elsewhere, here)) == ()
    assert consent_of(with_authorizations(here, elsewhere)) == ()


def test_consent_must_stand_in_every_entry_of_a_letter_for_an_address() -> None:
    wider = replace(AUTHORIZATION, networks=(ip_network("10.0.0.0/8"),), consent=frozenset())
    assert consent_of(with_authorizations(AUTHORIZATION, wider)) == ()
    assert consent_of(with_authorizations(wider, AUTHORIZATION)) == ()


ADDRESSES = st.integers(0, 255).map(lambda last: ip_address(f"10.1.0.{last}"))


@given(st.sets(ADDRESSES, min_size=1, max_size=6), st.integers(26, 32), st.integers(-400, 400))
def test_every_address_is_either_planned_or_skipped(addresses: set[Any], prefix: int, days: int) -> None:
    allowed = replace(AUTHORIZATION, networks=(ip_network(f"10.1.0.0/{prefix}"),))
    servers = tuple(_at(address) for address in sorted(addresses))
    inventory = replace(INVENTORY, authorizations=(allowed,), opds=(Opd("bkd", "BKD", servers),))
    today = DAY + timedelta(days=days)
    planned = plan(inventory, today=today)
    listed = [task.address for task in planned.tasks] + [one.address for one in planned.skipped]
    assert sorted(listed) == sorted(map(str, addresses))
    valid = allowed.valid_from <= today <= allowed.valid_until
    inside = {str(one) for one in addresses if one in allowed.networks[0]}
    assert {task.address for task in planned.tasks} == (inside if valid else set())


def _at(address: Any) -> Server:
    return Server(f"s-{address}", "bkd", "s", "dmz", WEB.category, (address,))
