"""What stands where is what the audit counted: the first look, the named services, and nobody guessed."""

from __future__ import annotations

from dataclasses import replace

from auditor.model.evidence import Evidence
from auditor.model.facts import Facts
from auditor.model.inventory import Category, Kind, Server
from reports.topology.seen import Port, Seen, Stranger, Sweep, see
from tests.reports.topology import fleet

ONE = fleet.server(1, "opd-01", 0)
ADDRESS = str(ONE.addresses[0])
PLACE = (ONE.id, ADDRESS)
ENTRY = fleet.swept(0)
DOMAIN = Server(
    "contoh.go.id", "opd-01", "", "", Category.TINGGI, (), hostnames=("contoh.go.id",), kind=Kind.DOMAIN
)


def seen_with(*rows: Evidence, servers: tuple[Server, ...] = (ONE, ENTRY, DOMAIN)) -> Seen:
    return see(fleet.inventory(servers, 2), rows)


def test_a_port_has_the_name_and_software_that_it_gave() -> None:
    ports = seen_with(*fleet.rows(ONE, (22, 80, 443, 3306))).ports[PLACE]
    assert ports == (
        Port(22, "tcp", "ssh"),
        Port(80, "tcp", "http", "nginx"),
        Port(443, "tcp", "https", "nginx 1.22.1"),
        Port(3306),
    )


def test_services_that_an_earlier_version_stored_with_the_ports_count() -> None:
    ports, services = fleet.rows(ONE, (80,))
    old = replace(ports, facts={**ports.facts, **services.facts})
    assert seen_with(old).ports[PLACE] == (Port(80, "tcp", "http", "nginx"),)


def test_a_service_on_a_port_that_is_not_open_any_more_is_not_drawn() -> None:
    ports, _ = fleet.rows(ONE, (22,))
    _, services = fleet.rows(ONE, (22, 80))
    assert [port.number for port in seen_with(ports, services).ports[PLACE]] == [22]


def test_the_first_look_counts_and_a_report_only_where_there_is_none() -> None:
    first, second = fleet.row("ports", ONE, {"ports.open": [22]}), fleet.row("ports", ONE, {"ports.open": []})
    again = replace(second, task=replace(second.task, look=2))
    assert seen_with(again, first).ports[PLACE] == (Port(22),)
    report = fleet.row("ports", ONE, {"ports.open": [8080]}, look=3)
    assert seen_with(report, first).ports[PLACE] == (Port(22),)
    assert seen_with(report, fleet.row("ports", ONE)).ports[PLACE] == (Port(8080),)


def test_where_nothing_was_measured_no_port_is_known_and_none_is_called_closed() -> None:
    assert PLACE not in seen_with().ports
    assert PLACE not in seen_with(fleet.row("ports", ONE), fleet.row("services", ONE)).ports
    assert PLACE not in seen_with(fleet.row("udp", ONE, {"udp.ssdp": False})).ports
    assert seen_with(fleet.row("ports", ONE, {"ports.open": []})).ports[PLACE] == ()


def test_ports_that_answer_over_udp_stand_beside_the_others() -> None:
    asked: Facts = {"udp.snmp_communities": ["public"], "udp.snmp_version_3": True, "udp.tftp": False}
    rows = (*fleet.rows(ONE, (22,)), fleet.row("udp", ONE, asked))
    assert seen_with(*rows).ports[PLACE] == (Port(22, "tcp", "ssh"), Port(161, "udp", "snmp"))


def test_an_address_that_a_name_led_to_belongs_to_its_server() -> None:
    named = replace(ONE, addresses=(), hostnames=("situs.contoh.go.id",))
    seen = seen_with(
        *fleet.rows(named, (443,), "10.0.9.9"),
        fleet.row("hosts", ENTRY, {"hosts.answering": ["10.0.9.9", "10.0.9.10"]}, "10.0.0.0/16"),
        servers=(named, ENTRY),
    )
    assert seen.addresses[named.id] == ("10.0.9.9",)
    assert seen.strangers == {"zona-00": (Stranger("10.0.9.10"),)}


def test_a_sweep_tells_who_is_not_registered_in_the_order_of_addresses() -> None:
    facts: Facts = {
        "hosts.network": "10.0.0.0/24",
        "hosts.asked": 250,
        "hosts.answering": ["10.0.0.100", "10.0.0.20", ADDRESS],
    }
    seen = seen_with(fleet.row("hosts", ENTRY, facts, "10.0.0.0/24"))
    assert seen.sweeps == {"zona-00": (Sweep("10.0.0.0/24", 250, 3),)}
    assert seen.strangers == {"zona-00": (Stranger("10.0.0.20"), Stranger("10.0.0.100"))}
    assert seen_with(fleet.row("hosts", ENTRY, None, "10.0.0.0/24")).sweeps == {}


def test_a_name_that_leads_to_an_unregistered_address_of_a_zone_names_it_and_others_are_left_out() -> None:
    lines = ["lama.contoh.go.id 10.0.0.77", "desa.contoh.go.id 203.0.113.9", "rusak", ""]
    seen = seen_with(fleet.row("dns", DOMAIN, {"domain.unregistered_addresses": [*lines]}))
    assert seen.strangers == {"zona-00": (Stranger("10.0.0.77", ("lama.contoh.go.id",)),)}


def test_evidence_of_a_server_that_has_left_the_inventory_is_passed_over() -> None:
    gone = fleet.server(2, "opd-01", 0)
    assert seen_with(*fleet.rows(gone, (22,))).ports == {}


def test_the_order_of_evidence_changes_nothing() -> None:
    rows = [
        *fleet.rows(ONE, (22, 80)),
        fleet.row("udp", ONE, {"udp.ipmi": True}),
        fleet.row("hosts", ENTRY, {"hosts.answering": ["10.0.0.9", "10.0.0.8"]}, "10.0.0.0/16"),
    ]
    assert seen_with(*rows) == seen_with(*rows[::-1])
