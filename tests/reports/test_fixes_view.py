"""The fix list: one fix per server and cause, most risk removed per hour first."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

from auditor.model.check import Remedy
from auditor.model.facts import JSON
from auditor.model.finding import FindingStatus
from auditor.model.proof import Proof
from auditor.model.report import ReportData
from auditor.usecases.root_causes import with_root_causes
from reports.view.context import make_context
from reports.view.fixes import MOST_DETAILED, FixListView, FixView, centre_list_view, fix_list_view
from tests.reports.pages import rendered, tree
from tests.reports.sample import report_data

DATA = report_data()


def fixes(opd: str = "dinkes") -> FixListView:
    return fix_list_view(make_context(DATA, "id", "2022"), opd)


def test_two_endpoints_with_one_cause_are_one_fix() -> None:
    tls = next(fix for side in fixes().sides for fix in side.order if "TLS 1.0" in fix.name)
    assert len(tls.rows) == 2
    assert tls.remedies[0].verify == (
        "openssl s_client -connect 127.20.1.11:443 -servername dinkes1.lab.test -tls1",
        "openssl s_client -connect 127.20.1.11:8443 -servername dinkes1.lab.test -tls1",
    )


def test_the_order_is_risk_per_hour() -> None:
    own = fixes().sides[0]
    assert [(fix.name, fix.rank) for fix in own.order][:4] == [
        ("Berkas rahasia tidak tersaji", "1"),  # 10 × 2 ÷ 0.5
        ("Redis meminta kata sandi", "2"),  # 10 × 2 ÷ 1
        ("TLS 1.0 ditolak", "3"),  # 6 × 1.5 ÷ 0.5
        ("Sertifikat masih berlaku sebulan ke depan", "4"),  # 3 × 1.5 ÷ 0.5
    ]


def test_the_order_does_not_depend_on_the_order_of_the_data() -> None:
    turned = with_root_causes(replace(DATA, findings=DATA.findings[::-1]))
    assert fix_list_view(make_context(turned, "id", "2022"), "dinkes") == fixes()


def test_the_centre_has_its_own_part() -> None:
    labels = [side.label for side in fixes().sides]
    assert labels == ["OPD", "Pengelola pusat"]
    assert {fix.name for fix in fixes().sides[1].order} == {
        "SSH menolak kata sandi",
        "Pertukaran kunci pascakuantum ditawarkan",
    }


def test_each_server_shows_its_fixes_in_the_order_of_work() -> None:
    for side in fixes().sides:
        for server in side.servers:
            assert [fix.server for fix in server.fixes] == [server.server] * len(server.fixes)
            ranks = [int(fix.rank) for fix in server.fixes]
            assert ranks == sorted(ranks)
        assert {f.anchor for f in side.order} == {f.anchor for server in side.servers for f in server.fixes}


def test_only_the_remedy_for_the_software_found_is_shown() -> None:
    tls = next(fix for fix in fixes().sides[0].order if "TLS 1.0" in fix.name)
    assert [remedy.software for remedy in tls.remedies] == ["nginx"]
    assert tls.software == "nginx"
    (apache,) = (fix for fix in fixes("disdik").sides[0].order if "TLS 1.0" in fix.name)
    assert [remedy.software for remedy in apache.remedies] == ["Apache"]


def test_two_programs_on_one_server_are_two_fixes_each_verified_on_its_own_port() -> None:
    first, second = (
        f for f in DATA.findings if f.check == "tls-1-0-refused" and f.subject.server == "dinkes-01"
    )
    products = {first.subject.port: "nginx", second.subject.port: "Apache httpd"}
    records: list[JSON] = [{"service.port": port, "service.product": name} for port, name in products.items()]
    row = replace(next(iter(DATA.evidence.values())), facts={"ports.services": records})
    row = replace(row, task=replace(row.task, port=0))
    rows = {number: row for one in (first, second) for number in one.evidence}
    data = with_root_causes(replace(DATA, evidence={**DATA.evidence, **rows}))
    view = fix_list_view(make_context(data, "en", "2022"), "dinkes")
    tls = [fix for side in view.sides for fix in side.order if fix.name == first.title["en"]]
    ports = {
        remedy.software: [port for port in products if any(f":{port} " in c for c in remedy.verify)]
        for fix in tls
        for remedy in fix.remedies
    }
    assert ports == {"nginx": [first.subject.port], "Apache": [second.subject.port]}
    half = "nothing alone: the same check fails at other places of the server"
    weighed = replace(data, fix_weights={one.id: 6.0 for one in data.findings})
    again = fix_list_view(make_context(weighed, "en", "2022"), "dinkes")
    assert [f.brings for side in again.sides for f in side.order if f.name == first.title["en"]] == [half] * 2


def test_one_hour_is_one_hour() -> None:
    view = fix_list_view(make_context(DATA, "en", "2022"), "dinkes")
    efforts = {fix.effort for side in view.sides for fix in side.order}
    assert {"1 hour", "0.5 hours"} <= efforts
    assert "1 hours" not in efforts


def test_an_accepted_risk_asks_for_no_work() -> None:
    titles = {fix.name for side in fixes().sides for fix in side.order}
    assert "HSTS dipasang untuk waktu lama" not in titles
    ((title, row),) = fixes().waived
    assert (title, row.waiver) == (
        "Dikecualikan dari: HSTS dipasang untuk waktu lama",
        "dikecualikan sampai dengan 31 Oktober 2026: W-2026-001",
    )


def test_a_fixed_finding_is_not_listed_and_one_out_of_reach_stays() -> None:
    shown = {row.id for side in fixes().sides for fix in side.order for row in fix.rows}
    out_of_reach = {f.id for f in DATA.findings if f.status is FindingStatus.NOT_MEASURED}
    assert out_of_reach <= shown
    assert fixes("dukcapil").sides[0].count == "1 perbaikan"


def test_a_finding_of_a_check_that_left_the_catalogue_is_still_listed() -> None:
    gone = replace(DATA, checks={})
    view = fix_list_view(make_context(gone, "id", "2022"), "disdik")
    assert {fix.remedies for side in view.sides for fix in side.order} == {()}
    assert view.sides[0].count == "2 perbaikan"


def test_a_fix_of_no_weight_changes_no_score_and_waits_for_nothing() -> None:
    pending = replace(DATA, fix_weights={one.id: 0.0 for one in DATA.findings})
    view = fix_list_view(make_context(pending, "id", "2022"), "dinkes")
    told = {fix.severity.kind: fix.brings for side in view.sides for fix in side.order}
    assert told["info"] == "tidak memengaruhi skor (bobot 0)"
    assert told["high"] == "belum ada: bagian lain pemeriksaan ini belum dapat dinilai"


def test_a_check_that_is_switched_off_is_no_order_to_measure_again() -> None:
    gone = next(one for one in DATA.findings if one.status is FindingStatus.NOT_MEASURED)
    policy = replace(DATA.policy, disabled_checks={gone.check: "tidak relevan di sini"})
    data = replace(DATA, policy=policy)
    view = fix_list_view(make_context(data, "id", "2022"), gone.opd)
    fixes_ = [fix for side in view.sides for fix in side.order]
    (told,) = (fix for fix in fixes_ if gone.id in {row.id for row in fix.rows})
    assert told.switched_off == "pemeriksaan dinonaktifkan: tidak relevan di sini"
    assert [row.status.label for row in told.rows] == [told.switched_off]
    assert {fix.switched_off for fix in fixes_ if fix is not told} == {""}
    page = rendered(data, "html")["daftar-perbaikan-dinkes.html"]
    assert not re.search(rf"auditor verify [F0-9a-f -]*{gone.id}", page)


def test_a_new_measurement_is_asked_of_the_office_that_measures() -> None:
    page = rendered(DATA, "html")["daftar-perbaikan-dinkes.html"]
    told = f'Minta pengukuran ulang kepada {DATA.inventory.organization.office} <code class="close">auditor'
    assert told in page
    for one in DATA.findings:
        if one.opd == "dinkes" and one.id in page and not one.waiver:
            assert re.search(rf"auditor verify [F0-9a-f -]*{one.id}", page)


def test_summary_and_fix_lists_tell_what_the_policy_leaves_out() -> None:
    pages = rendered(DATA, "html")
    for name in ("ringkasan-pimpinan.html", "daftar-perbaikan-dinkes.html", "daftar-kerja-pusat.html"):
        (limits,) = (one for one in tree(pages[name]).iter("section") if one.attrib.get("id") == "limits")
        told = " ".join(limits.itertext())
        assert "menunggu pembaruan perangkat keras" in told
        assert "certificate-not-expiring: minimum_days" in told
    assert json.loads(rendered(DATA, "json")["ringkasan-pimpinan.json"])["limits"] == {
        "disabled_checks": {"tls-dh-group-strong": "menunggu pembaruan perangkat keras"},
        "loosened_parameters": {"certificate-not-expiring": ["minimum_days"]},
    }


TLS = "TLS 1.0 ditolak"


def one_fix(data: ReportData, name: str = TLS, opd: str = "dinkes") -> FixView:
    view = fix_list_view(make_context(data, "id", "2022"), opd)
    return next(fix for side in view.sides for fix in side.order if fix.name == name)


def test_a_fix_tells_whether_its_text_was_tried_and_on_what() -> None:
    proof = Proof("tls-1-0-refused", "nginx", "nginx 1.22.1, Debian 12")
    proven = one_fix(replace(DATA, proofs=(proof,))).remedies[0].proof
    assert (proven.kind, proven.label) == ("proven", "Terbukti pada nginx 1.22.1, Debian 12")
    other = one_fix(replace(DATA, proofs=(proof,)), opd="disdik").remedies[0].proof
    assert (other.kind, other.label) == (
        "untried",
        "Belum dicoba di laboratorium; yang dicoba: teks untuk nginx",
    )
    reason = {"en": "it cannot be", "id": "tidak dapat dicoba"}
    told = one_fix(replace(DATA, not_proven={"tls-1-0-refused": reason})).remedies[0].proof
    assert told.label == "Belum dicoba di laboratorium: tidak dapat dicoba"
    assert one_fix(DATA).remedies[0].proof.kind == "untried"


def test_a_fix_tells_which_other_fix_closed_it_beside_when_tried() -> None:
    found = [one for one in DATA.findings if one.check == "tls-1-0-refused" and one.opd == "dinkes"]
    hidden = next(one for one in DATA.findings if one.check == "http-version-hidden" and one.opd == "dinkes")
    rows = replace(hidden, evidence=found[0].evidence)
    findings_ = tuple(rows if one is hidden else one for one in DATA.findings)
    proof = Proof("tls-1-0-refused", "nginx", "nginx 1.22.1", closes_beside=("http-version-hidden",))
    data = with_root_causes(replace(DATA, findings=findings_, proofs=(proof,)))
    view = fix_list_view(make_context(data, "id", "2022"), "dinkes")
    fixes_ = [fix for side in view.sides for fix in side.order if "dinkes-01" in fix.server_id]
    tls, version = one_fix(data), next(fix for fix in fixes_ if hidden.id in {row.id for row in fix.rows})
    assert [(one.rank, one.anchor) for one in version.beside.closed_by] == [(tls.rank, tls.anchor)]
    assert tls.beside.closed_by == ()
    elsewhere = replace(rows, subject=replace(rows.subject, port=81))
    moved = tuple(elsewhere if one is rows else one for one in findings_)
    apart = with_root_causes(replace(DATA, findings=moved, proofs=(proof,)))
    assert one_fix(apart, "Versi perangkat lunak disembunyikan").beside.closed_by == ()


def test_the_list_tells_when_the_agency_is_measured_again() -> None:
    at = datetime(2026, 10, 5, 15, tzinfo=UTC)
    planned = replace(DATA, next_audits={"dinkes": at})
    assert fix_list_view(make_context(planned, "id", "2022"), "dinkes").measured_again == (
        "5 Oktober 2026 22.00 WIB"
    )
    assert fixes().measured_again == "belum dijadwalkan"
    centre = centre_list_view(make_context(planned, "id", "2022"))
    told = {server.owner: server.measured_again for side in centre.sides for server in side.servers}
    assert told == {
        "Dinas Kesehatan": "5 Oktober 2026 22.00 WIB",
        "Dinas Kependudukan dan Pencatatan Sipil": "belum dijadwalkan",
    }


def test_places_of_which_the_same_is_said_are_told_together() -> None:
    (places,) = one_fix(DATA).places
    assert [row.endpoint for row in places.rows] == ["127.20.1.11:443/tcp", "127.20.1.11:8443/tcp"]
    assert places.check == ""


def test_a_certificate_is_got_before_it_is_put_in_its_place() -> None:
    check = DATA.checks["certificate-not-expiring"]
    nginx = Remedy("nginx", {"en": "Put it here.", "id": "Pasang di sini."}, "ssl_certificate x;", "")
    checks = {**DATA.checks, check.id: replace(check, remediation=(nginx, *check.remediation))}
    data = with_root_causes(replace(DATA, checks=checks))
    fix = one_fix(data, "Sertifikat masih berlaku sebulan ke depan")
    assert [remedy.software for remedy in fix.remedies] == ["Semua perangkat lunak", "nginx"]


def test_a_setting_that_two_fixes_ask_for_is_told_once() -> None:
    whole = "add_header Content-Security-Policy \"default-src 'self'; frame-ancestors 'self'\" always;"
    part = "add_header Content-Security-Policy \"frame-ancestors 'self'\" always;"
    texts = {"http-version-hidden": part, "tls-1-0-refused": whole}
    checks = {
        name: replace(
            check, remediation=(replace(check.remediation[0], software="nginx", config=texts[name]),)
        )
        if name in texts
        else check
        for name, check in DATA.checks.items()
    }
    data = with_root_causes(replace(DATA, checks=checks))
    tls, version = one_fix(data), one_fix(data, "Versi perangkat lunak disembunyikan")
    assert version.server_id == tls.server_id == "dinkes-01"
    assert [(one.line, [other.rank for other in one.others]) for one in tls.beside.set_once] == [
        (whole, [version.rank])
    ]
    assert [one.line for one in version.beside.set_once] == [whole]
    page = tree(rendered(data, "html")["daftar-perbaikan-dinkes.html"])
    assert f"Cukup satu baris untuk semuanya: {whole}" in " ".join("".join(page.itertext()).split())


def test_a_page_tells_a_bounded_number_in_full_and_lists_them_all() -> None:
    first = next(one for one in DATA.findings if one.check == "http-version-hidden" and one.opd == "dinkes")
    many = tuple(
        replace(first, id=f"F-{number:012x}", subject=replace(first.subject, server=f"peladen-{number}"))
        for number in range(MOST_DETAILED + 2)
    )
    data = with_root_causes(replace(DATA, findings=many, next_grades={}))
    (side,) = fix_list_view(make_context(data, "id", "2022"), "dinkes").sides
    assert len(side.order) == MOST_DETAILED + 2
    assert sum(len(server.fixes) for server in side.servers) == MOST_DETAILED
    assert side.left.startswith("2 perbaikan lagi ")
    page = tree(rendered(data, "html")["daftar-perbaikan-dinkes.html"])
    known = {node.attrib["id"] for node in page.iter() if "id" in node.attrib}
    assert {one.id for one in many} <= known
    links = {a.attrib["href"] for a in page.iter("a") if a.attrib.get("href", "").startswith("#")}
    assert {link.removeprefix("#") for link in links} <= known
