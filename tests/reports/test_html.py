"""Pages are self-contained, safe whatever a server said, the same every time, and not too large."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model.check import Severity
from auditor.model.finding import Finding, finding_id
from auditor.model.framework import Framework
from auditor.model.inventory import Organization, Server
from auditor.model.report import NotMeasured, ReportData
from auditor.model.scorecard import ControlStatus
from auditor.model.subject import Subject
from controls.loading import load_catalogue
from reports.page import css_text
from reports.view.context import make_context
from reports.view.scorecard import scorecard_view
from tests.reports.pages import rendered, skeleton, texts, tree
from tests.reports.sample import report_data
from tests.reports.whole import whole_data

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</style><script>alert(1)</script>",
    "</title></textarea><iframe src=//example.test>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "{{ 7*7 }}{% raw %}",
    "%(count)s %s %",
    "javascript:alert(1)",
    "&lt;b&gt;&#60;b&#62;",
    "=cmd|' /C calc'!A0",
    "\x1b]0;title\x07\x1b[31mred\x00",
    "\u202egnp.exe\u2066",
    "\ud800\udfff lone",
    "\u2028\u2029",
)


@pytest.fixture(scope="module")
def benign() -> dict[str, str]:
    return rendered(everywhere("x"), "html")


def everywhere(text: str) -> ReportData:
    """Return the sample with a text in every field that a server, a name or a person can fill."""
    data = whole_data(hostile=text)
    said = {"en": text, "id": text}
    opds = tuple(
        replace(
            opd,
            name=text,
            servers=tuple(hostile_server(s, text) for s in opd.servers),
        )
        for opd in data.inventory.opds
    )
    return replace(
        data,
        inventory=replace(
            data.inventory,
            opds=opds,
            organization=Organization(text, "Asia/Jakarta", text, text),
            authorizations=tuple(
                replace(a, reference=text, approved_by=text) for a in data.inventory.authorizations
            ),
        ),
        policy=replace(data.policy, classification=text, disabled_checks={text: text}),
        findings=tuple(hostile_finding(f, text) for f in data.findings),
        not_measured=tuple(NotMeasured(n.opd, n.server, text, text, text) for n in data.not_measured),
        verdicts=tuple(replace(v, reason=said, loosened=(text,)) for v in data.verdicts),
        waivers={
            key: replace(
                w, reason=text, compensating_control=text, requested_by=text, approved_by=f"Kepala {text}"
            )
            for key, w in data.waivers.items()
        },
        comparisons={
            opd: replace(one, servers_removed=(text,), checks_removed=(text,), before_run=text)
            for opd, one in data.comparisons.items()
        },
        next_grades={opd: replace(one, findings=(text,)) for opd, one in data.next_grades.items()},
        frameworks={edition: hostile_framework(one, text) for edition, one in data.frameworks.items()},
        run=replace(data.run, provenance=replace(data.run.provenance, tools={text: text}, auditor=text)),
    )


def hostile_server(server: Server, text: str) -> Server:
    owners = dict.fromkeys([text] if server.name_owners else [], "disdik")
    return replace(server, name=text, hostnames=(text,), name_owners=owners)


def hostile_framework(framework: Framework, text: str) -> Framework:
    said = {"en": text, "id": text}
    controls = tuple(replace(one, title=said, question=said, papers=text) for one in framework.controls)
    return replace(framework, controls=controls)


def hostile_finding(finding: Finding, text: str) -> Finding:
    said = {"en": text, "id": text}
    subject = replace(finding.subject, server_name=text, variant=text)
    return replace(finding, title=said, observed=said, expected=said, subject=subject)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_changes_no_element_and_no_attribute(payload: str, benign: dict[str, str]) -> None:
    for name, page in rendered(everywhere(payload), "html").items():
        assert skeleton(page) == skeleton(benign[name]), name


@settings(max_examples=25, deadline=None)
@given(text=st.text(st.characters(), min_size=1, max_size=40).filter(str.strip))
def test_no_text_whatever_changes_an_element(text: str, benign: dict[str, str]) -> None:
    for name, page in rendered(everywhere(text), "html").items():
        assert skeleton(page) == skeleton(benign[name])


def test_hostile_text_is_still_readable() -> None:
    page = rendered(report_data(hostile="<b>\x1b[31m\u202e"), "html")["kartu-skor-dinkes.html"]
    assert r"<b>\x1b[31m\u202e" in list(texts(page))


def test_pages_hold_no_script_and_load_nothing() -> None:
    for page in rendered(whole_data(), "html").values():
        elements = list(tree(page).iter())
        assert not {str(one.tag) for one in elements} & {"script", "iframe", "object", "img", "link", "base"}
        names = set(chain.from_iterable(one.attrib for one in elements))
        assert not {name for name in names if str(name).startswith("on")} and "style" not in names
        assert "url(" not in page and "@import" not in page
        assert "default-src 'none'" in page


def test_links_stay_inside_the_rendered_files() -> None:
    pages = rendered(whole_data(), "html")
    for name, page in pages.items():
        anchors = {one.attrib["id"] for one in tree(page).iter() if "id" in one.attrib}
        for link in (one.attrib["href"] for one in tree(page).iter("a")):
            file, _, anchor = link.partition("#")
            assert file in pages if file else anchor in anchors, (name, link)


def test_what_people_wrote_is_shown_and_changes_nothing() -> None:
    page = rendered(whole_data(hostile="<b>\x1b[31m\u202e"), "html")["kartu-skor-dinkes.html"]
    written = [text for text in texts(page) if r"<b>\x1b[31m\u202e" in text]
    assert any("berlaku sampai dengan" in text for text in written)  # who, why and on what papers
    assert any("(berkas, " in text for text in written)
    assert any("disetujui oleh" in text for text in written)


def test_ids_are_unique() -> None:
    for page in rendered(whole_data(), "html").values():
        ids = [one.attrib["id"] for one in tree(page).iter() if "id" in one.attrib]
        assert len(ids) == len(set(ids))


def test_the_page_says_its_language() -> None:
    for language in ("id", "en"):
        for page in rendered(whole_data(), "html", language).values():
            assert tree(page).attrib["lang"] == language


def test_the_same_data_gives_the_same_bytes() -> None:
    for format_ in ("html", "csv", "json"):
        first = rendered(whole_data(), format_)
        turned = replace(whole_data(), findings=whole_data().findings[::-1])
        assert first == rendered(whole_data(), format_) == rendered(turned, format_)


@pytest.mark.parametrize("said", ["diterima: TLS 1.0", "<\x1b\U000e0041>" * 200])
def test_a_card_with_thousands_of_findings_stays_small_and_counts_them_all(said: str) -> None:
    data = report_data()
    found = [f for f in data.findings if f.opd == "dinkes"]
    many = tuple(numbered(found[place % len(found)], 1000 + place, said) for place in range(3000))
    page = rendered(replace(data, findings=many), "html")["kartu-skor-dinkes.html"]
    told = sum(int(one.replace(".", "")) for one in re.findall(r'class="left">Dan ([\d.]+) lagi', page))
    shown = page.count('<tr id="F-')
    assert (shown > 20, shown + told) == (True, 3000 + _in_follow_up(many))
    assert "tercantum dalam temuan-dinkes.csv, kartu-skor-dinkes.xlsx, kartu-skor-dinkes.json" in page
    assert len(page.encode()) < 500_000


def _in_follow_up(findings: tuple[Finding, ...]) -> int:
    """Count what the lists of the follow-up leave out beside the findings themselves."""
    context = make_context(replace(report_data(), findings=findings), "id", "2022")
    lists = scorecard_view(context, "dinkes").follow_up.lists
    return sum(int(one.count.replace(".", "")) - len(one.listed.rows) for one in lists)


def test_the_worst_findings_are_shown_before_any_other() -> None:
    data = report_data()
    worst = next(f for f in data.findings if f.severity is Severity.CRITICAL and f.opd == "dinkes")
    mild = next(f for f in data.findings if f.severity is Severity.LOW and f.opd == "dinkes")
    many = (*(numbered(mild, 1000 + place) for place in range(3000)), numbered(worst, 999))
    page = rendered(replace(data, findings=many), "html")["kartu-skor-dinkes.html"]
    assert f'<tr id="{many[-1].id}">' in page


def test_a_card_of_a_thousand_servers_stays_small() -> None:
    data = report_data()
    (dinkes, *others), card = data.inventory.opds, data.scorecards["dinkes"]
    servers = tuple(replace(dinkes.servers[n % 4], id=f"dinkes-{n:04}") for n in range(1000))
    scores = tuple(replace(card.servers[n % 4], server=f"dinkes-{n:04}") for n in range(1000))
    gaps = tuple(NotMeasured("dinkes", one.id, "127.20.1.1", "tls 443", "timeout") for one in servers)
    large = replace(
        data,
        run=replace(data.run, scope=tuple(one.id for one in servers)),
        inventory=replace(data.inventory, opds=(replace(dinkes, servers=servers), *others)),
        scorecards={**data.scorecards, "dinkes": replace(card, servers=scores)},
        not_measured=gaps,
    )
    page = rendered(large, "html")["kartu-skor-dinkes.html"]
    assert "Dan 960 lagi, tercantum dalam kartu-skor-dinkes.xlsx, kartu-skor-dinkes.json." in page
    assert len(page.encode()) < 500_000


@pytest.mark.parametrize("edition", ["2013", "2022"])
def test_a_card_with_every_control_and_three_hundred_findings_stays_small(edition: str) -> None:
    data, frameworks = whole_data(), load_catalogue().frameworks
    answered = next(one for one in data.scorecards["dinkes"].controls["2022"] if one.control == "A.6.3")
    asked = replace(answered, status=ControlStatus.NOT_ASSESSED, attested=None)  # with question and papers
    controls = {
        one.edition: tuple(
            replace(answered if place % 2 else asked, control=c.id) for place, c in enumerate(one.controls)
        )
        for one in frameworks.values()
    }
    card = replace(data.scorecards["dinkes"], controls=controls, groups={})
    found = [f for f in data.findings if f.opd == "dinkes"]
    many = tuple(numbered(found[place % len(found)], 1000 + place) for place in range(300))
    whole = replace(data, frameworks=frameworks, scorecards={"dinkes": card}, findings=many)
    page = rendered(whole, "html", edition=edition)["kartu-skor-dinkes.html"]
    assert page.count('<tr id="k-') == len(frameworks[edition].controls)
    assert len(page.encode()) < 500_000


def numbered(finding: Finding, port: int, said: str = "diterima: TLS 1.0, TLS 1.1") -> Finding:
    subject: Subject = replace(finding.subject, port=port, server_name="layanan.dinkes.contohkab.go.id")
    observed = {"en": said, "id": said}
    return replace(finding, id=finding_id(finding.check, subject), subject=subject, observed=observed)


def test_pages_say_everything_was_measured_when_it_was() -> None:
    data = report_data()
    whole = replace(data, not_measured=(), skipped=(), findings=(), verdicts=(), waivers={})
    page = rendered(whole, "html")["kartu-skor-disdik.html"]
    assert "Semua yang direncanakan telah diukur." in list(texts(page))


@given(st.text())
def test_text_in_a_style_sheet_is_only_letters_digits_and_escapes(text: str) -> None:
    assert set(css_text(text)) <= set("\\abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


def test_the_opd_stand_on_the_first_page_of_the_summary_before_what_explains_them() -> None:
    page = rendered(whole_data(), "html")["ringkasan-pimpinan.html"]
    sections = [one.attrib.get("id", "") for one in tree(page).iter("section")]
    assert [one for one in sections if one][:2] == ["opds", "map"]
    assert sections.index("opds") < sections.index("change") < sections.index("level")


def test_the_index_names_the_command_that_writes_statements() -> None:
    page = rendered(report_data(), "html", edition="2013")["index.html"]
    assert "<code>auditor statement --edition 2013</code>" in page
