"""What the scanner finds out by asking as somebody else, elsewhere, or once more."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field

import pytest

from auditor.model.evidence import FailureKind, Observation
from auditor.model.plan import Task
from scanners.base import Limits
from scanners.conformance import nonconforming
from scanners.http.facts import FACTS, FRONT_FACTS, SWEEP_FACTS
from scanners.http.scanner import HttpScanner
from tests.scanners.http.sites import Site, answer, read_head, running
from tests.scanners.loopback import Handler, serve

VOCABULARY = {spec.name: spec for spec in FACTS}
HOME = answer(200, b"<title>Dinas Kesehatan</title><a href=/berita>Berita</a>")
OTHER = answer(200, b"<title>Dinas Pendidikan</title><a href=/ppdb>PPDB</a>")


def scan(
    port: int, tls: bool = False, server_name: str = "dinkes.lab.test", timeout_seconds: float = 10.0
) -> Observation:
    limits = Limits(5, 1, 50, timeout_seconds, connect_timeout_seconds=2.0, response_bytes=200_000)
    task = Task(
        "http", "server", "opd", "127.0.0.1", port, server_name, options={"tls": tls, "previous": None}
    )
    observation = HttpScanner(wait=lambda seconds: None).scan(task, limits, lambda: None)
    assert nonconforming(observation.facts, VOCABULARY) == []
    return observation


@dataclass
class ByHeader:
    """A site that looks at a header before it answers GET /."""

    header: bytes
    special: bytes
    usual: bytes = HOME
    site: Site = field(default_factory=lambda: Site({}))

    def __post_init__(self) -> None:
        self.site.otherwise = self._answer

    def _answer(self, target: str) -> bytes:
        if target != "/":
            return answer(404)
        return self.special if self.header in self.site.requests[-1] else self.usual


def test_content_for_search_engines_alone_is_found() -> None:
    shown = answer(200, b"<title>Slot gacor maxwin</title>")
    with running(ByHeader(b"Googlebot", shown).site) as listener:
        seen = scan(listener.port)
    assert seen.facts["http.gambling_words"] == []
    assert seen.facts["http.gambling_to_crawlers"] == ["maxwin", "slot gacor"]


def test_a_redirect_of_search_engines_to_gambling_is_found() -> None:
    away = answer(302, b"", {"Location": "https://slotgacor88.test/"})
    with running(ByHeader(b"Googlebot", away).site) as listener:
        assert scan(listener.port).facts["http.gambling_to_crawlers"] == ["slotgacor"]


def test_a_refused_crawler_proves_nothing_and_the_auditor_is_named_beside_it() -> None:
    guarded = ByHeader(b"Googlebot", answer(403))
    with running(guarded.site) as listener:
        assert scan(listener.port).facts["http.gambling_to_crawlers"] is None
    crawled = [request for request in guarded.site.requests if b"Googlebot" in request]
    assert len(crawled) == 1
    assert b"Tilik/0.1 (security audit by the organisation's IT office)" in crawled[0]


def test_injected_addresses_in_the_sitemap_are_found() -> None:
    def pages(target: str) -> bytes:
        host = f"http://dinkes.lab.test:{listener.port}"
        if target == "/robots.txt":
            return answer(200, f"Sitemap: {host}/peta.xml".encode(), kind="text/plain")
        if target == "/peta.xml":
            listed = f"<urlset><url><loc>{host}/slot-gacor-maxwin/</loc></url>"
            return answer(200, (listed + f"<url><loc>{host}/f/nota-rahasia.pdf</loc></url>").encode())
        return HOME if target == "/" else answer(404)

    with running(Site({}, otherwise=pages)) as listener:
        seen = scan(listener.port)
    assert seen.facts["http.gambling_words"] == ["maxwin", "slot gacor"]
    assert seen.facts["http.labelled_documents"] == [
        f"http://dinkes.lab.test:{listener.port}/f/nota-rahasia.pdf"
    ]


NEUTRAL = {
    "refused": answer(404),
    "misdirected": answer(421),
    "the same site": HOME,
    "a default page": answer(200, b"<title>Welcome to nginx!</title><a href=x>y</a>"),
    "next to nothing": answer(200, b"<p>Tidak ada situs di sini</p>"),
    "leads to the site": answer(301, b"", {"Location": "https://dinkes.lab.test/"}),
    "leads to https": answer(301, b"", {"Location": "https://tilik-audit.invalid/"}),
}


@pytest.mark.parametrize("name", NEUTRAL)
def test_an_unknown_host_that_is_shown_nothing_else(name: str) -> None:
    with running(ByHeader(b"Host: tilik-audit.invalid", NEUTRAL[name]).site) as listener:
        assert scan(listener.port).facts["http.unknown_host_neutral"] is True


@pytest.mark.parametrize("host", [b"Host: tilik-audit.invalid", b"Host: 127.0.0.1"])
@pytest.mark.parametrize("other", [OTHER, answer(302, b"", {"Location": "https://disdik.lab.test/"})])
def test_an_unknown_host_that_is_shown_the_site_of_another_office(host: bytes, other: bytes) -> None:
    with running(ByHeader(host, other).site) as listener:
        seen = scan(listener.port)
    assert seen.facts["http.unknown_host_neutral"] is False
    assert any("disdik" in line or "Pendidikan" in line for line in map(str, _list(seen)))


def _list(seen: Observation) -> list[object]:
    found = seen.facts["http.unknown_host_answers"]
    assert isinstance(found, list)
    return found


def test_over_tls_the_unknown_host_gets_a_connection_of_its_own() -> None:
    site = Site({"/": HOME})
    with running(site, tls=True) as listener:
        seen = scan(listener.port, tls=True)
        assert (listener.connections, seen.settings["connections"]) == (2, 2)
    assert seen.facts["http.unknown_host_neutral"] is True


def test_a_site_without_a_name_has_no_strangers() -> None:
    with running(Site({"/": HOME})) as listener:
        seen = scan(listener.port, server_name="")
    assert (seen.facts["http.name"], seen.facts["http.unknown_host_neutral"]) == (None, None)


def test_the_page_that_visitors_come_to_is_read() -> None:
    site = Site(
        {
            "/": answer(302, b"", {"Location": "/id"}),
            "/id": answer(302, b"", {"Location": "beranda?x=1"}),
            "/beranda?x=1": answer(200, b"<title>Beranda</title><p>Slot gacor maxwin</p>"),
        }
    )
    with running(site) as listener:
        seen = scan(listener.port)
    assert seen.facts["http.status"] == 302
    assert seen.facts["http.title"] == "Beranda"
    assert seen.facts["http.pages_read"] == ["/beranda"]
    assert seen.facts["http.gambling_words"] == ["maxwin", "slot gacor"]


def test_a_circle_of_redirects_ends() -> None:
    site = Site({"/": answer(302, b"", {"Location": "/a"}), "/a": answer(302, b"", {"Location": "/"})})
    with running(site) as listener:
        assert scan(listener.port).facts["http.pages_read"] == ["/"]
    assert site.targets.count("GET /a") == 1


def test_linked_pages_of_this_site_are_read_too() -> None:
    links = b"<title>x</title><a href=/kontak>x</a><a href=//other.test/pengaduan>y</a>"
    site = Site({"/": answer(200, links), "/kontak": answer(200, b"<p>dinkes@gmail.com</p>")})
    with running(site) as listener:
        seen = scan(listener.port)
    assert seen.facts["http.pages_read"] == ["/", "/kontak"]
    assert seen.facts["http.free_mail_contacts"] == ["gmail.com (/kontak)"]
    assert not any("other.test" in target for target in site.targets)


LOGIN = b"<form method=post><input type=password></form>"


def test_a_login_away_from_the_front_page_is_read_with_its_cookies() -> None:
    cookie = {"Set-Cookie": "ci_session=x; HttpOnly"}
    site = Site({"/": HOME, "/admin/login": answer(200, LOGIN, cookie)})
    with running(site) as listener:
        seen = scan(listener.port)
    assert seen.facts["http.login_pages"] == ["/admin/login"]
    assert seen.facts["http.password_form_insecure"] is True
    assert seen.facts["http.cookies"] == [
        {"name": "ci_session", "secure": False, "http_only": True, "same_site": None}
    ]


def test_a_site_that_answers_every_path_with_its_login_has_one() -> None:
    with running(Site({}, otherwise=answer(200, LOGIN))) as listener:
        assert scan(listener.port).facts["http.login_pages"] == ["/"]


def test_a_malformed_parameter_that_breaks_the_page_is_told() -> None:
    broken = answer(500, b"Fatal error: Uncaught TypeError in /var/www/html/index.php on line 7")
    site = Site({"/": HOME, "/?id[]=%FF&page[]=%FF": broken})
    with running(site) as listener:
        disclosed = scan(listener.port).facts["http.error_discloses"]
    assert isinstance(disclosed, list)
    assert any(str(one).startswith("path: /var/www/html/index.php") for one in disclosed)


def test_what_the_front_page_says_anyway_is_no_error() -> None:
    page = answer(200, b"<title>Pelatihan</title><p>Memasang nginx/1.22.1 di Debian</p>")
    site = Site({"/": page, "/?id[]=%FF&page[]=%FF": page})
    with running(site) as listener:
        assert scan(listener.port).facts["http.error_discloses"] == []


def hanging(after: int) -> Handler:
    """Return a server that answers so many requests and then says nothing more."""
    answered = [0]

    def handler(connection: socket.socket) -> None:
        while read_head(connection):
            answered[0] += 1
            if answered[0] <= after:
                connection.sendall(HOME)

    return handler


def test_a_site_that_hangs_is_left_after_three_silent_answers() -> None:
    with serve(hanging(2)) as listener:
        seen = scan(listener.port, timeout_seconds=0.8)
    assert listener.connections <= 4
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.TIMEOUT
    assert {"http.status", "http.cors_reflects_origin"} <= seen.facts.keys()
    assert "http.exposed_vcs" not in seen.facts


def test_https_that_leads_back_to_http_is_told() -> None:
    back = answer(301, b"", {"Location": "HTTP://dinkes.lab.test/"})
    with running(Site({"/": back}), tls=True) as listener:
        assert scan(listener.port, tls=True).facts["http.redirects_to_http"] is True


def test_nothing_is_taken_over_from_an_earlier_measurement() -> None:
    assert SWEEP_FACTS == ()
    assert set(FRONT_FACTS) <= VOCABULARY.keys()
