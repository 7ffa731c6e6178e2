"""The map as its readers see it: drawing and tables say the same, and an OPD sees nothing of the others."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest

from auditor.model.check import Severity
from auditor.model.inventory import Kind, State
from reports.topology.alone import map_alone, render_alone
from reports.topology.page import MapView, map_view, opd_map_view
from reports.topology.seen import Seen, see
from reports.view.context import make_context
from reports.words import Words
from tests.reports.organisation import policy
from tests.reports.pages import rendered, texts, tree
from tests.reports.sample import report_data
from tests.reports.test_html import PAYLOADS
from tests.reports.topology import fleet
from tests.reports.whole import whole_data

SVG = "{http://www.w3.org/2000/svg}"
DAY = date(2026, 10, 6)
SHARED = "ppid.contoh.go.id"
OWN = fleet.server(1, "opd-01", 0)
HOST = replace(
    fleet.server(2, "opd-02", 0),
    hostnames=(SHARED, "rahasia.contoh.go.id"),
    name_owners={SHARED: "opd-01"},
)
OTHER = fleet.server(3, "opd-02", 1, name="Server rahasia dinas lain")
OLD = fleet.server(4, "opd-01", 1, state=State.RETIRED)
ENTRY = fleet.swept(0)
STRANGER = "10.0.77.7"


def small() -> Seen:
    named = fleet.row("tls", HOST, {"tls.spoken": True}, port=443)
    named = replace(named, task=replace(named.task, server_name=SHARED))
    evidence = (
        *fleet.rows(OWN, (22, 443)),
        *fleet.rows(HOST, (443, 3306)),
        named,
        *fleet.rows(OTHER, (5432,)),
        fleet.row("hosts", ENTRY, {"hosts.asked": 250, "hosts.answering": [STRANGER]}, "10.0.0.0/16"),
    )
    findings = (
        fleet.finding(OWN, 443, Severity.HIGH),
        fleet.finding(OWN, 443, Severity.LOW),
        fleet.finding(HOST, 443, Severity.MEDIUM, "opd-01"),
        fleet.finding(HOST, 3306, Severity.CRITICAL),
    )
    servers = fleet.inventory((OWN, HOST, OTHER, OLD, ENTRY), 3)
    return see(servers, evidence, findings, frozenset({OWN.id, HOST.id, OTHER.id}))


def view(seen: Seen, opd: str | None = None, language: str = "id") -> MapView:
    return map_alone(seen, policy(), Words(language, "Asia/Jakarta"), DAY, None, opd)


def page(seen: Seen, opd: str | None = None, language: str = "id") -> str:
    return render_alone(view(seen, opd, language), ".html").decode()


def drawing(seen: Seen) -> ElementTree.Element:
    return ElementTree.fromstring(render_alone(view(seen), ".svg"))


def test_drawing_and_tables_name_every_server_address_and_port() -> None:
    seen = fleet.large(120, 5)
    whole = tree(page(seen))
    drawn = " ".join(text for one in whole.iter(f"{SVG}text") for text in one.itertext())
    tables = " ".join(text for one in whole.iter("table") for text in one.itertext())
    servers = [one for one in seen.inventory.servers() if one.kind is Kind.SERVER]
    assert len(servers) == 120
    for one in servers:
        for name in (one.id, *map(str, one.addresses)):
            assert re.search(rf"{re.escape(name)}\b", drawn), name
            assert re.search(rf"{re.escape(name)}\b", tables), name
    listed = sum(len(ports) for ports in seen.ports.values())
    chips = [one for one in whole.iter(f"{SVG}rect") if one.attrib.get("class", "").startswith("chip")]
    assert len(chips) == listed + 2  # two stand in the key


def test_the_worst_open_finding_marks_its_server_and_its_port() -> None:
    [zone] = [one for one in view(small()).zones if one.id == "zona-00"]
    boxes = {box.id: box for box in zone.boxes}
    own = boxes[OWN.id]
    assert (own.worst and own.worst.kind, own.letter, own.open) == ("high", "T", 2)
    assert own.findings == "1 Tinggi, 1 Rendah"
    ports = {port.number: port.worst and port.worst.kind for port in own.places[0].ports}
    assert ports == {"22": None, "443": "high"}
    other = boxes[HOST.id].worst
    assert other and other.kind == "critical"


def test_letters_in_marks_differ_in_both_languages() -> None:
    for language in ("id", "en"):
        letters = [letter for _, letter in view(small(), language=language).legend]
        assert len(set(letters)) == len(list(Severity))


def test_an_opd_sees_its_own_and_what_its_names_stand_on_and_nothing_else() -> None:
    made = page(small(), "opd-01")
    assert OWN.id in made and OLD.id in made and HOST.id in made and SHARED in made
    for secret in (OTHER.id, OTHER.name, str(OTHER.addresses[0]), "rahasia.contoh.go.id", STRANGER):
        assert secret not in made
    assert "3306" not in made, "a port of another's server at which none of its names was asked for"
    box = next(b for zone in view(small(), "opd-01").zones for b in zone.boxes if b.id == HOST.id)
    assert (box.open, box.worst and box.worst.kind) == (1, "medium")
    assert box.shared == ("dipakai bersama, server milik Dinas opd-02",)


def test_what_is_not_registered_is_shown_to_all_readers_of_the_whole_and_to_who_answers_for_the_zone() -> (
    None
):
    for opd in (None, fleet.CENTRE):
        made = view(small(), opd)
        [stranger] = [box for zone in made.zones for box in zone.strangers]
        assert (stranger.name, stranger.state.label) == (STRANGER, "Tidak terdaftar")
        assert made.tiles[4].value == "1" and made.tiles[4].alarm
        assert f">{STRANGER}<" in page(small(), opd)
    assert view(small(), "opd-01").tiles[4].value == "–"


def test_where_no_zone_was_searched_nobody_is_said_to_be_missing() -> None:
    seen = replace(small(), sweeps={}, strangers={})
    tile = view(seen).tiles[4]
    assert (tile.value, tile.note, tile.alarm) == ("–", "belum ada zona yang ditelusuri", False)


def test_what_was_not_measured_is_hatched_named_and_counted() -> None:
    seen = replace(small(), measured=frozenset({OWN.id}), reasons={OTHER.id: "timeout"})
    made = view(seen)
    boxes = {box.view.id: box for s in made.sheets for a in s.areas for r in a.runs for box in r.boxes}
    assert {name for name, box in boxes.items() if box.hatch} == {HOST.id, OTHER.id}
    assert boxes[OLD.id].view.state.kind == "retired"
    assert (made.tiles[3].value, made.tiles[3].note) == ("2", f"{HOST.id}, {OTHER.id}")
    assert "tidak menjawab dalam batas waktu" in page(seen)


def test_ports_that_nobody_knows_are_not_called_closed() -> None:
    seen = replace(small(), ports={(OWN.id, str(OWN.addresses[0])): ()})
    said = list(texts(page(seen)))
    assert "tidak ada port terbuka" in said and "port tidak diketahui" in said
    places = {box.id: box.places[0].known for zone in view(seen).zones for box in zone.servers}
    assert places == {OWN.id: True, HOST.id: False, OTHER.id: False, OLD.id: False}


def test_a_server_whose_name_led_nowhere_is_told_beside_who_is_not_registered() -> None:
    lost = fleet.server(9, "opd-01", 0, addresses=(), hostnames=("hilang.contoh.go.id",))
    seen = see(fleet.inventory((lost,), 1), ())
    assert view(seen).nameless == lost.id
    assert lost.id in page(seen)


def test_without_an_audit_the_page_says_that_nothing_was_measured() -> None:
    said = list(texts(page(see(small().inventory, ()), language="en")))
    assert "Nothing was measured yet." in said
    assert "Inventory as it stands, no audit yet · 6 October 2026" in said


def test_an_inventory_without_servers_is_drawn_too() -> None:
    for zones in (0, 2):
        empty = see(fleet.inventory((), zones), ())
        assert drawing(empty).tag.endswith("svg")
        assert "tidak ada server terdaftar di sini" in page(empty) or not zones


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_drawing_alone_is_well_formed_whatever_a_server_says(payload: str) -> None:
    def elements(text: str) -> list[tuple[str, tuple[str, ...]]]:
        rows = fleet.rows(OWN, (443,))
        record = {**rows[1].facts["ports.services"][0], "service.name": text, "service.product": text}  # type: ignore[index,dict-item]
        said = replace(rows[1], facts={"ports.services": [record]})
        named = replace(OWN, name=text, hostnames=(text,), name_owners={text: "opd-02"})
        seen = see(fleet.inventory((named, ENTRY), 2), (rows[0], said))
        return [(one.tag, tuple(sorted(one.attrib))) for one in drawing(seen).iter()]

    assert elements(payload) == elements("x")


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_report_has_a_map_of_all_and_of_every_opd(language: str) -> None:
    names = rendered(whole_data(), "html", language)
    stem = "peta-topologi" if language == "id" else "topology-map"
    assert {f"{stem}.html", f"{stem}-dinkes.html", f"{stem}-disdik.html"} <= names.keys()
    assert f'href="{stem}.html"' in names["index.html"]


def test_the_maps_of_a_report_count_what_its_cards_count() -> None:
    context = make_context(report_data(), "id", "2022")
    whole = {box.id: box for zone in map_view(context).zones for box in zone.servers}
    assert sum(box.open for box in whole.values()) == len(context.open_findings())
    assert {box.id for box in whole.values() if box.state.kind == "unmeasured"} == {
        "dinkes-04",
        "dukcapil-02",
    }
    own = [box for zone in opd_map_view(context, "dinkes").zones for box in zone.servers]
    assert sum(box.open for box in own) == len(context.open_findings("dinkes"))
