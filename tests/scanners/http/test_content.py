"""The page at / as facts, and what it takes to call something injected, a default page or a leak."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.facts import JSON
from scanners.conformance import nonconforming
from scanners.http.content import Seen, login_facts, page_facts, webmail_facts
from scanners.http.disclosure import disclosures
from scanners.http.facts import FACTS
from scanners.http.gambling import gambling_words
from scanners.http.message import Response, Site
from scanners.http.page import parse_page

PLAIN = Site("http", "dinkes.lab.test", 80)
SECURE = Site("https", "dinkes.lab.test", 443)
VOCABULARY = {spec.name: spec for spec in FACTS}
AAPANEL = "Congratulations, the site is created successfully!"


def facts(
    html: str, *headers: tuple[str, str], site: Site = SECURE, complete: bool = True
) -> dict[str, JSON]:
    seen = [Seen.of("/", Response(200, "", headers, html.encode("utf-8", "replace"), complete))]
    found = {**page_facts(site, seen), **login_facts(site, seen, True), **webmail_facts(seen, True)}
    words = gambling_words(seen[0].page.text, seen[0].page.links)
    return {**found, "http.gambling_words": list(words)}


def test_an_ordinary_page_has_nothing_to_report() -> None:
    found = facts("<title>Dinas Kesehatan</title><p>Selamat datang</p>")
    assert len(str(found.pop("http.front_digest"))) == 64
    assert found.pop("http.title") == "Dinas Kesehatan"
    assert found.pop("http.pages_read") == ["/"]
    assert len(found) > 20
    assert [name for name, value in found.items() if value] == []


MIXED = """<script src="http://cdn.test/a.js"></script><img srcset="http://cdn.test/b.png 2x, /c.png">
<link rel="shortcut icon" href="http://cdn.test/d.ico"><link rel=canonical href="http://dinkes.lab.test/">
<a href="http://other.test/">elsewhere</a><iframe src="//frame.test/"></iframe><video poster="HTTP://cdn.test/e">
<img src="https://cdn.test/f.png">"""


def test_mixed_content_is_what_a_secure_page_loads_over_http() -> None:
    assert facts(MIXED)["http.mixed_content"] == [
        "http://cdn.test/a.js",
        "http://cdn.test/b.png",
        "http://cdn.test/d.ico",
        "http://cdn.test/e",
    ]
    assert facts(MIXED, site=PLAIN)["http.mixed_content"] == []


def test_an_insecure_base_makes_relative_resources_insecure() -> None:
    page = '<base href="http://old.test/x/"><img src="logo.png">'
    assert facts(page)["http.mixed_content"] == ["http://old.test/x/logo.png"]


@pytest.mark.parametrize(
    ("page", "headers"),
    [
        (MIXED, [("content-security-policy", "default-src 'self'; upgrade-insecure-requests")]),
        ('<meta http-equiv="Content-Security-Policy" content="upgrade-insecure-requests">' + MIXED, []),
    ],
)
def test_a_page_that_upgrades_its_requests_has_no_mixed_content(
    page: str, headers: list[tuple[str, str]]
) -> None:
    assert facts(page, *headers)["http.mixed_content"] == []


@pytest.mark.parametrize(
    ("page", "site", "insecure"),
    [
        ("<form action=/login><input type=password></form>", SECURE, False),
        ("<form action=/login><input type=password></form>", PLAIN, True),
        ("<form action='http://dinkes.lab.test/login'><input type=PASSWORD></form>", SECURE, True),
        ("<form action='https://dinkes.lab.test/login'><input type=password></form>", PLAIN, True),
        ("<input type=password>", SECURE, False),
        ("<form action='http://a.test/'></form><form><input type=password></form>", SECURE, False),
        ("<form><input type=password formaction='http://a.test/'></form>", SECURE, True),
    ],
)
def test_password_forms(page: str, site: Site, insecure: bool) -> None:
    seen = facts(page, site=site)
    assert seen["http.password_form"] is True
    assert seen["http.password_form_insecure"] is insecure


@pytest.mark.parametrize(
    ("page", "software"),
    [
        ("<title>Welcome to nginx!</title>", "nginx"),
        ("<title>Apache2 Debian Default Page: It works</title>", "apache"),
        ("<title>Apache2 Ubuntu Default Page: It works</title>", "apache"),
        ("<html><body><h1>It works!</h1></body></html>", "apache"),
        ("<title>IIS Windows Server</title>", "iis"),
        ("<title>IIS7</title>", "iis"),
        ("<title>Apache Tomcat/9.0.70</title>", "tomcat"),
        ("<title>Pelatihan nginx: Welcome to nginx!</title>", None),
        ("<p>Apache Tomcat/9.0.70", None),
        (f"<title>desa.lab.test</title><h1>{AAPANEL}</h1><p>index.html", "aapanel"),
        (f"<p>Cara memasang situs: bila tampil {AAPANEL}", None),
    ],
)
def test_default_pages(page: str, software: str | None) -> None:
    assert facts(page)["http.default_page"] == software


def test_generator() -> None:
    assert facts('<meta name=Generator content="WordPress 6.1">')["http.generator"] == "WordPress 6.1"


def test_a_page_cut_short_proves_what_it_shows_but_not_what_it_lacks() -> None:
    seen = facts("<title>x</title><form><input type=password>", complete=False)
    assert seen["http.password_form"] is True
    assert {"http.front_digest", "http.cms", "http.mixed_content", "http.identity_numbers"}.isdisjoint(seen)
    assert "http.login_pages_unguarded" not in seen, "a human check may stand in the rest of the page"


def test_a_compressed_page_is_never_unpacked() -> None:
    seen = facts("<title>Welcome to nginx!</title>", ("content-encoding", "gzip"))
    assert {name for name, value in seen.items() if value} == set()
    assert "http.default_page" not in seen


ADVERTISED = [
    "Daftar Slot Gacor hari ini dengan RTP live tertinggi",
    "MAXWIN!!!",
    "<div style='display:none'><a href='https://x.test/slot88-resmi'>klik</a></div>",
    "<a href='/berita'>x</a><p>togel dan live casino</p>",
    "<img alt='pragmatic play'>",
    "<title>situs  slot\nterpercaya</title>",
    "<a href='https://gacor77.example/'>x</a>",
    "<a href='/wp-content/slotgacor88/'>x</a>",
    "<p>SLOTGACOR4D login</p>",
    "<a href='https://dinkes.test/?p=judislot'>x</a>",
    "<p>rajatogel4d</p>",
    "<p>#judionline dan sbobet88</p>",
]
HONEST = [
    "Bupati melarang ASN bermain judi online; sanksi tegas menanti.",
    "Waspada iklan slot gacor dan togel yang menyusup ke situs pemerintah.",
    "<h2>Bahaya <b>Judi Online</b> bagi pelajar</h2>",
    "Polres tangkap bandar judi dan bandar togel di Pasar Baru",
    "Rapat membahas judi online.",
    "Bandar Lampung menyediakan slot parkir dan slot waktu pendaftaran vaksin",
    "Kabel data dimasukkan pada slot; jackpotting adalah serangan ATM",
    "<script>var words = ['slot gacor', 'maxwin']</script>",
    "<p>#StopJudiOnline #AntiJudiOnline</p>",
    "<a href='/berita/bahayajudionline'>baca</a>",
    "<p>Putusan judisial, prejudice, timeslot-8, Judith, kicau burung gacor</p>",
    "<p>Rapat membahas #judionline.</p>",
]


@pytest.mark.parametrize("html", ADVERTISED)
def test_injected_gambling_content_is_found(html: str) -> None:
    assert facts(html)["http.gambling_words"]


@pytest.mark.parametrize("html", HONEST)
def test_an_agency_that_warns_of_gambling_is_not_accused(html: str) -> None:
    assert facts(html)["http.gambling_words"] == []


def test_the_terms_found_are_named_once_and_sorted() -> None:
    assert gambling_words("Maxwin maxwin SLOT-GACOR", ["/slot%20gacor"]) == ["maxwin", "slot gacor"]


def test_a_warning_elsewhere_on_the_page_does_not_excuse_an_advertisement() -> None:
    page = (
        "Waspada judi online."
        + "<p>Berita lain tentang pembangunan jalan desa.</p>" * 5
        + "Slot gacor maxwin"
    )
    assert facts(page)["http.gambling_words"] == ["maxwin", "slot gacor"]


@pytest.mark.parametrize(
    ("text", "disclosed"),
    [
        ("404 Not Found nginx/1.22.1", ["version: nginx/1.22.1"]),
        ("Apache/2.4.57 (Debian) Server at x Port 80", ["version: Apache/2.4.57"]),
        ("Apache Tomcat/9.0.70", ["version: Apache Tomcat/9.0.70"]),
        ("Laravel v8.83.5 (PHP v7.4.3)", ["version: Laravel v8.83.5"]),
        ("include(/var/www/html/app/index.php): failed", ["path: /var/www/html/app/index.php"]),
        (r"Could not find C:\inetpub\wwwroot\app", [r"path: C:\inetpub\wwwroot\app"]),
        ("Traceback (most recent call last):", ["trace: Traceback (most recent call last)"]),
        ("at id.go.App.run(App.java:42)", ["trace: at id.go.App.run(App.java:42)"]),
        ("You have an error in your SQL syntax; check", ["sql: You have an error in your SQL syntax"]),
        ("404 Not Found nginx", []),
        ("Halaman tidak ditemukan. Kembali ke /home/berita atau versi 2.0 situs ini", []),
        ("Unduh dokumen Python dan PHP 7.4 pada pelatihan", []),
    ],
)
def test_disclosures(text: str, disclosed: list[str]) -> None:
    assert disclosures(text) == disclosed


MARKUP = ["<", "<!", "<![", "<!--", "-->", "<a href='", "</a>", "<script>", "</script>", "<title>", "<style>"]
FORMS = ["<meta name=", "generator", "<input type=password", "<form action=http://[", "<base href="]
ODDITIES = ["&#", "9" * 5000, "&amp", ">", '"', "'", "\0", "slot gacor", "<?", "</", "&#x110000;", "\ud7ff"]


@given(st.lists(st.sampled_from([*MARKUP, *FORMS, *ODDITIES]), max_size=30).map("".join))
def test_any_page_gives_facts_of_the_right_types(html: str) -> None:
    for site in (PLAIN, SECURE):
        assert nonconforming(facts(html, site=site), VOCABULARY) == []


@given(st.binary(max_size=300))
def test_any_bytes_give_a_page(body: bytes) -> None:
    seen = [Seen.of("/", Response(200, "", (), body))]
    for found in (page_facts(SECURE, seen), login_facts(SECURE, seen, True), webmail_facts(seen, True)):
        assert nonconforming(found, VOCABULARY) == []


@pytest.mark.parametrize("piece", ["<!--", "<a ", "<![CDATA[", "</", "<a b='", "&#", "<script></", "maxwin "])
def test_a_megabyte_of_unfinished_markup_is_read(piece: str) -> None:
    page = parse_page(piece * (1_000_000 // len(piece)))
    assert gambling_words(page.text, page.links) == (["maxwin"] if piece == "maxwin " else [])


PIECES = [
    "username: aa password: ",
    "<form method=post>",
    "<form><input name=nama>",
    "3201011708450001 ",
    "judionline ",
]


@pytest.mark.parametrize(
    "piece", [*PIECES, "<a href='/kontak'>privasi", "@gmail.com ", "sandi tanggal ", "\n\n\na"]
)
def test_a_megabyte_of_what_is_looked_for_is_read(piece: str) -> None:
    seen = facts(piece * (1_000_000 // len(piece)))
    assert nonconforming(seen, VOCABULARY) == []
    assert all(len(value) <= 5_000 for value in seen.values() if isinstance(value, list))
