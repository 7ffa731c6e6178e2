"""Who answers: nothing falls between OPD and centre, nor between OPD that share a server."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from auditor.model.inventory import Responsible
from auditor.model.report import NotMeasured, ReportData
from controls.loading import load_catalogue
from controls.root_causes import SWITCH_OFF
from reports.view.context import Context, make_context
from reports.view.fixes import FixListView, SideFixes, centre_list_view, fix_list_view
from reports.view.scorecard import scorecard_view
from reports.view.servers import ServerView
from reports.view.summary import summary_view
from tests.reports.pages import rendered, tree
from tests.reports.whole import SHARED_NAME, whole_data

DATA = whole_data()
OPDS = tuple(DATA.scorecards)


def context(data: ReportData = DATA) -> Context:
    return make_context(data, "id", "2022")


def ids(sides: tuple[SideFixes, ...]) -> list[str]:
    return [row.id for side in sides for fix in side.order for row in fix.rows]


def listed(view: FixListView, label: str) -> list[str]:
    return ids(tuple(side for side in view.sides if side.label == label))


def test_every_open_finding_stands_once_with_its_opd_or_with_the_centre() -> None:
    lists = [fix_list_view(context(), opd) for opd in OPDS]
    own = [one for view in lists for one in listed(view, "OPD")]
    centre = ids(centre_list_view(context()).sides)
    to_fix = context().open_findings()
    assert Counter(own + centre) == Counter(f.id for f in to_fix)
    assert set(centre) == {f.id for f in to_fix if f.responsible is Responsible.CENTRE}


def test_what_the_centre_does_for_an_opd_stands_on_that_list_too() -> None:
    lists = [fix_list_view(context(), opd) for opd in OPDS]
    there = [one for view in lists for one in listed(view, "Pengelola pusat")]
    assert Counter(there) == Counter(ids(centre_list_view(context()).sides))


def test_an_accepted_finding_stands_among_the_accepted_of_exactly_one_opd() -> None:
    accepted = [row.id for opd in OPDS for _, row in fix_list_view(context(), opd).waived]
    assert Counter(accepted) == Counter(f.id for f in context().accepted_findings())


def test_the_list_of_the_centre_names_whose_server_it_is() -> None:
    for side in centre_list_view(context()).sides:
        assert {server.owner for server in side.servers} == {
            "Dinas Kesehatan",
            "Dinas Kependudukan dan Pencatatan Sipil",
        }


def test_index_and_summary_link_the_list_of_the_centre() -> None:
    pages = rendered(DATA, "html")
    for name in ("index.html", "ringkasan-pimpinan.html"):
        assert "daftar-kerja-pusat.html" in {a.attrib["href"] for a in tree(pages[name]).iter("a")}


def test_no_id_of_an_opd_can_take_the_place_of_the_centre_s_list() -> None:
    first, *others = DATA.inventory.opds
    named = replace(first, id="pusat", servers=tuple(replace(s, opd="pusat") for s in first.servers))
    cards = {"pusat": replace(DATA.scorecards["dinkes"], opd="pusat")}
    data = replace(DATA, inventory=replace(DATA.inventory, opds=(named, *others)), scorecards=cards)
    names = list(rendered(data, "html"))
    assert len(names) == len(set(names))
    assert {"daftar-kerja-pusat.html", "daftar-perbaikan-pusat.html"} <= set(names)


def servers(opd: str) -> dict[str, ServerView]:
    return {server.id: server for server in scorecard_view(context(), opd).servers.rows}


def test_a_server_of_another_opd_is_listed_where_a_name_on_it_is_owned() -> None:
    shared = servers("disdik")["dukcapil-01"]
    assert shared.shared == (
        "dipakai bersama, server milik Dinas Kependudukan dan Pencatatan Sipil",
        f"nama sendiri di dalamnya: {SHARED_NAME}",
    )
    assert shared.level is not None
    assert servers("disdik")["disdik-01"].shared == ()


def test_the_opd_of_a_shared_server_sees_which_names_are_not_its_own() -> None:
    assert servers("dukcapil")["dukcapil-01"].shared == (
        f"nama milik Dinas Pendidikan dan Kebudayaan di dalamnya: {SHARED_NAME}",
    )


def test_a_finding_under_an_owned_name_belongs_to_the_owner_alone() -> None:
    (finding,) = (f for f in DATA.findings if f.subject.server_name == SHARED_NAME)
    assert finding.id in listed(fix_list_view(context(), "disdik"), "OPD")
    assert finding.id not in ids(fix_list_view(context(), "dukcapil").sides)
    (server,) = (
        server for side in fix_list_view(context(), "disdik").sides for server in side.servers if server.owner
    )
    assert server.owner == "Dinas Kependudukan dan Pencatatan Sipil"


def test_a_shared_server_that_was_not_measured_is_named_to_both() -> None:
    gap = NotMeasured("dukcapil", "dukcapil-01", "127.20.3.11", "tls 443", "timeout")
    data = replace(DATA, not_measured=(gap,))
    for opd in ("disdik", "dukcapil"):
        assert "Layanan antrean daring (dukcapil-01)" in {
            one.server for section in scorecard_view(context(data), opd).gaps for one in section.gaps.rows
        }


def test_every_finding_and_control_names_who_answers() -> None:
    for opd in OPDS:
        view = scorecard_view(context(), opd)
        rows = [row for section in view.sections for group in section.groups for row in group.rows]
        assert {row.owner for row in rows} <= {"OPD", "Pengelola pusat"}
        controls = [one for group in view.groups for one in group.controls]
        assert {one.side for one in controls} == {"OPD", "Pengelola pusat", "Pengelola pusat dan OPD"}


def test_the_opd_that_is_the_centre_answers_for_everything_on_its_servers() -> None:
    organization = replace(DATA.inventory.organization, centre="dinkes")
    weights = {one.id: 6.0 for one in DATA.findings}
    data = replace(DATA, inventory=replace(DATA.inventory, organization=organization), fix_weights=weights)
    assert scorecard_view(context(data), "dinkes").level.whole
    assert not scorecard_view(context(data), "disdik").level.whole
    centre = fix_list_view(context(data), "dinkes").sides[1]
    assert {fix.brings for fix in centre.order} >= {"+1,01 poin (6 ÷ 590)"}


def test_the_check_that_switches_servers_off_is_in_the_catalogue() -> None:
    assert SWITCH_OFF in load_catalogue().checks


def only_names() -> ReportData:
    """Return the data where disdik has no server of its own, and owns one name on another's."""
    opds = tuple(replace(opd, servers=()) if opd.id == "disdik" else opd for opd in DATA.inventory.opds)
    card = DATA.scorecards["disdik"]
    return replace(
        DATA,
        inventory=replace(DATA.inventory, opds=opds),
        scorecards={**DATA.scorecards, "disdik": replace(card, servers=())},
    )


def document(data: ReportData, opd: str) -> dict[str, tuple[str, ...]]:
    view = scorecard_view(context(data), opd)
    return {row.label: row.values for row in view.document}


def test_an_opd_with_nothing_but_names_on_a_shared_server_has_its_scope_and_its_letter() -> None:
    rows = document(only_names(), "disdik")
    assert rows["Ruang lingkup"] == ("1 nama pada 1 server bersama",)
    (letter,) = rows["Surat tugas"]
    assert letter.startswith("094/112/Diskominfo/2026, ")
    row = next(row for row in summary_view(context(only_names())).rows if row.id == "disdik")
    assert row.shared == "1 nama pada 1 server bersama"
    assert context().words.say("Servers not measured") not in dict(row.besides)


def test_an_opd_with_servers_and_names_elsewhere_has_both_in_its_scope() -> None:
    assert document(DATA, "disdik")["Ruang lingkup"] == (
        "2 dari 2 server terdaftar, dan 1 nama pada 1 server bersama",
    )
    nowhere = replace(DATA, run=replace(DATA.run, scope=("disdik-01", "disdik-02")))
    assert scorecard_view(context(nowhere), "disdik").head.partial.endswith(
        ", dan 0 dari 1 nama pada 1 server bersama"
    )


def test_a_finding_on_a_shared_server_names_its_site() -> None:
    rows = [
        row
        for section in scorecard_view(context(), "disdik").sections
        for group in section.groups
        for row in group.rows
    ]
    assert {row.site for row in rows if row.server_id == "dukcapil-01"} == {SHARED_NAME}
    assert {row.site for row in rows if row.server_id != "dukcapil-01"} == {""}
    fixes = [fix for side in fix_list_view(context(), "disdik").sides for fix in side.order]
    assert {fix.sites for fix in fixes if fix.server_id == "dukcapil-01"} == {(SHARED_NAME,)}
