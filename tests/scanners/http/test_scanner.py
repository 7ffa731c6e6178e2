"""The HTTP scanner against real and hostile servers on loopback."""

from __future__ import annotations

import itertools
import json
import socket
import zlib
from dataclasses import dataclass, field

import pytest

from auditor.model.evidence import FailureKind, Observation
from auditor.model.facts import JSON
from auditor.model.plan import Task
from scanners.base import Limits, Scanner
from scanners.conformance import nonconforming
from scanners.http.facts import FACTS
from scanners.http.paths import EXPOSURE_FACTS, LOGIN_PATHS, PATHS, named_after
from scanners.http.scanner import HttpScanner
from tests.scanners.http.sites import Site, answer, read_head, running
from tests.scanners.loopback import Handler, serve, unused_port

EVERY_FACT = {spec.name for spec in FACTS}
BODY_FACTS = {
    "http.default_page",
    "http.front_digest",
    "http.mixed_content",
    "http.password_form",
    "http.password_form_insecure",
    "http.gambling_words",
    "http.generator",
    "http.cms",
    "http.identity_numbers",
    "http.free_mail_contacts",
}
REQUESTS = 12 + len(PATHS) + len(named_after("dinkes.lab.test")) + len(LOGIN_PATHS)
"""/ as visitor, foreign origin, crawler, bare address, unknown host and with a malformed parameter; OPTIONS,
TRACE, security.txt, robots.txt, sitemap, a missing path; and the paths that should not be served."""
HOME = answer(200, b"<title>Dinas Kesehatan</title>")


@dataclass
class Run:
    """Scan one port and count what it cost."""

    paces: int = 0
    gaps: list[float] = field(default_factory=list)

    def scan(
        self,
        port: int,
        tls: JSON = False,
        server_name: str = "dinkes.lab.test",
        timeout_seconds: float = 10.0,
        address: str = "127.0.0.1",
        seen: bool = False,
    ) -> Observation:
        limits = Limits(5, 1, 50, timeout_seconds, connect_timeout_seconds=2.0, response_bytes=200_000)
        task = Task("http", "server", "opd", address, port, server_name, options={"tls": tls, "seen": seen})
        observation = HttpScanner(wait=self.gaps.append).scan(task, limits, self._pace)
        assert nonconforming(observation.facts, {spec.name: spec for spec in FACTS}) == []
        return observation

    def _pace(self) -> None:
        self.paces += 1


def test_it_is_a_scanner() -> None:
    scanner: Scanner = HttpScanner()
    assert (scanner.name, scanner.facts) == ("http", FACTS)


def test_a_sound_site_gives_every_fact_over_one_connection() -> None:
    site = Site({"/": HOME})
    run = Run()
    with running(site) as listener:
        seen = run.scan(listener.port)
    assert seen.failure is None
    assert seen.facts.keys() == EVERY_FACT
    assert all(seen.facts[fact] == [] for fact in EXPOSURE_FACTS)
    assert (run.paces, listener.connections, len(site.requests)) == (1, 1, REQUESTS)
    assert seen.settings["connections"] == 1
    assert seen.settings["requests"] == REQUESTS


def test_every_request_names_the_auditor_and_the_site_and_asks_for_nothing_packed() -> None:
    site = Site({"/": HOME})
    with running(site) as listener:
        Run().scan(listener.port)
    as_somebody_else = ("GET /?", "GET / ")
    for request in site.requests:
        if request.decode().startswith(as_somebody_else):
            continue
        assert f"\r\nHost: dinkes.lab.test:{listener.port}\r\n".encode() in request
        assert b"\r\nUser-Agent: Tilik/0.1 (security audit by the organisation's IT office)\r\n" in request
        assert b"\r\nAccept-Encoding: identity\r\n" in request


def test_without_a_name_the_address_is_asked_for() -> None:
    site = Site({"/": HOME})
    with running(site, address="::1") as listener:
        Run().scan(listener.port, server_name="", address="::1")
    assert f"\r\nHost: [::1]:{listener.port}\r\n".encode() in site.requests[0]


def test_a_server_that_closes_each_time_is_reconnected_through_the_pace() -> None:
    site = Site({"/": HOME}, keep=False)
    run = Run()
    with running(site) as listener:
        seen = run.scan(listener.port)
    assert seen.facts.keys() == EVERY_FACT
    assert run.paces == listener.connections == REQUESTS


def test_what_is_served_by_mistake_is_listed() -> None:
    site = Site(
        {
            "/": answer(200, b"<title>Index of /</title>"),
            "/.git/HEAD": answer(200, b"ref: refs/heads/main\n", kind="text/plain"),
            "/.env": answer(200, b"DB_PASSWORD=canary-secret\n"),
            "/backup.zip": answer(200, b"PK\x03\x04" + b"x" * 150_000),
            "/phpinfo.php": answer(200, b"<title>phpinfo()</title>"),
            "/phpmyadmin/": answer(200, b"<title>phpMyAdmin</title>"),
            "/uploads/": answer(200, b"<h1>Index of /uploads</h1>"),
            "/.well-known/security.txt": answer(200, b"Contact: mailto:csirt@lab.test\n"),
        }
    )
    with running(site) as listener:
        seen = Run().scan(listener.port)
    assert {fact: seen.facts[fact] for fact in EXPOSURE_FACTS} == {
        "http.exposed_vcs": ["/.git/HEAD"],
        "http.exposed_secrets": ["/.env"],
        "http.exposed_backups": ["/backup.zip"],
        "http.exposed_status": ["/phpinfo.php"],
        "http.admin_panels": ["/phpmyadmin/"],
        "http.api_descriptions": [],
        "http.directory_listing": ["/", "/uploads/"],
    }
    assert seen.facts["http.security_txt"] is True
    assert all(b"canary-secret" not in raw.content for raw in seen.raw)


def test_a_site_that_answers_everything_alike_exposes_nothing() -> None:
    page = answer(200, b"<!doctype html><title>Beranda</title>")
    with running(Site({}, otherwise=page)) as listener:
        seen = Run().scan(listener.port)
    assert all(seen.facts[fact] == [] for fact in EXPOSURE_FACTS)


@pytest.mark.parametrize(
    ("page", "fact"),
    [(b"DB_PASSWORD=x", "http.exposed_secrets"), (b"<title>phpinfo()</title>", "http.exposed_status")],
)
def test_a_site_whose_every_answer_looks_like_a_secret_cannot_be_said_to_hide_none(
    page: bytes, fact: str
) -> None:
    with running(Site({}, otherwise=answer(200, page))) as listener:
        seen = Run().scan(listener.port)
    assert fact not in seen.facts
    assert all(seen.facts[other] == [] for other in EXPOSURE_FACTS if other != fact)


def test_methods_trace_and_foreign_origins_are_asked() -> None:
    def reply(target: str) -> bytes:
        last = site.requests[-1]
        if last.startswith(b"TRACE"):
            return answer(200, last, kind="message/http")
        if b"\r\nOrigin: https://tilik-audit.invalid\r\n" in last:
            return answer(200, b"", {"Access-Control-Allow-Origin": "https://tilik-audit.invalid"})
        return answer(200 if target == "/" else 404)

    site = Site({"OPTIONS /": answer(200, b"", {"Allow": "GET, PUT"})}, otherwise=reply)
    with running(site) as listener:
        seen = Run().scan(listener.port)
    assert seen.facts["http.methods"] == ["GET", "PUT"]
    assert seen.facts["http.trace"] is True
    assert seen.facts["http.cors_reflects_origin"] is True


def test_a_page_that_answers_trace_without_an_echo_does_not_trace() -> None:
    with running(Site({}, otherwise=HOME)) as listener:
        assert Run().scan(listener.port).facts["http.trace"] is False


def test_the_error_page_is_read() -> None:
    error = answer(404, b"<hr><center>nginx/1.22.1</center>")
    with running(Site({"/": HOME}, otherwise=error)) as listener:
        assert Run().scan(listener.port).facts["http.error_discloses"] == ["version: nginx/1.22.1"]


def test_a_site_that_only_leads_to_https_is_spared_the_other_requests() -> None:
    elsewhere = answer(301, b"", {"Location": "https://dinkes.lab.test/"})
    site = Site({}, otherwise=elsewhere)
    with running(site) as listener:
        seen = Run().scan(listener.port)
    assert seen.facts["http.redirects_to_https"] is True
    assert all(seen.facts[fact] == [] for fact in EXPOSURE_FACTS)
    assert len(site.requests) == 6


@pytest.mark.parametrize("root", [HOME, answer(301, b"", {"Location": "https://dinkes.lab.test/beranda"})])
def test_an_error_page_elsewhere_does_not_hide_what_is_served(root: bytes) -> None:
    error = answer(302, b"", {"Location": "https://dinkes.lab.test/404.html"})
    site = Site({"/": root, "/.env": answer(200, b"DB_PASSWORD=canary-secret\n")}, otherwise=error)
    with running(site) as listener:
        seen = Run().scan(listener.port)
    assert seen.facts["http.exposed_secrets"] == ["/.env"]


@pytest.mark.parametrize("answered", [b"", b"SSH-2.0-lab\r\n"])
def test_a_web_server_that_turns_the_auditor_away_is_not_said_to_be_none(answered: bytes) -> None:
    def handle(connection: socket.socket) -> None:
        read_head(connection)
        connection.sendall(answered)

    with serve(handle) as listener:
        seen = Run().scan(listener.port, seen=True)
    assert seen.facts == {}
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.PROTOCOL


@pytest.mark.parametrize("location", ["http://169.254.169.254/", "/", "file:///etc/passwd", "//127.0.0.1/"])
def test_no_redirect_is_followed(location: str) -> None:
    site = Site({"/": answer(302, b"", {"Location": location})})
    with running(site) as listener:
        seen = Run().scan(listener.port)
    assert seen.facts["http.location"] == location
    assert len(site.requests) == REQUESTS


@pytest.mark.parametrize("hint", [True, None])
def test_https_is_spoken_whatever_its_certificate(hint: JSON) -> None:
    site = Site({"/": answer(200, b"<img src='http://cdn.test/a.png'>")})
    with running(site, tls=True) as listener:
        seen = Run().scan(listener.port, tls=hint)
    assert seen.failure is None
    assert seen.facts["http.scheme"] == "https"
    assert seen.facts["http.mixed_content"] == ["http://cdn.test/a.png"]
    assert seen.facts.keys() == EVERY_FACT


def test_plain_http_on_an_unknown_port_is_found_first() -> None:
    with running(Site({"/": HOME})) as listener:
        assert Run().scan(listener.port, tls=None).facts["http.scheme"] == "http"


def test_a_plain_answer_that_asks_for_https_leads_to_https() -> None:
    connections: list[bytes] = []

    def handler(connection: socket.socket) -> None:
        connections.append(connection.recv(4096))
        connection.sendall(answer(400, b"The plain HTTP request was sent to HTTPS port"))

    with serve(handler) as listener:
        seen = Run().scan(listener.port, tls=None)
    assert connections[1].startswith(b"\x16\x03"), "a ClientHello"
    assert seen.facts["http.status"] == 400


NO_HTTP = [b"SSH-2.0-OpenSSH_9.2\r\n", b"\x00\xff" * 50, b"<html>HTTP/0.9</html>", b"220 ftp ready\r\n"]


@pytest.mark.parametrize("said", NO_HTTP)
@pytest.mark.parametrize("hint", [False, None])
def test_a_port_without_http_is_no_failure(said: bytes, hint: JSON) -> None:
    with serve(saying(said)) as listener:
        seen = Run().scan(listener.port, tls=hint)
    assert seen.facts == {"http.spoken": False}
    assert seen.failure is None


def test_a_port_that_closes_without_a_word_is_no_failure() -> None:
    with serve(saying()) as listener:
        seen = Run().scan(listener.port)
    assert (seen.facts, seen.failure) == ({"http.spoken": False}, None)


def test_a_port_that_should_speak_tls_and_does_not_is_a_failure() -> None:
    def handler(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(answer(400))

    with serve(handler) as listener:
        seen = Run().scan(listener.port, tls=True)
    assert seen.facts == {}
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.PROTOCOL


def test_nobody_listening_is_refused() -> None:
    seen = Run().scan(unused_port())
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.REFUSED


def saying(*parts: bytes, forever: bytes = b"") -> Handler:
    """Return a server that answers any request with these parts, then one more without end."""

    def handler(connection: socket.socket) -> None:
        if read_head(connection):
            for part in itertools.chain(parts, itertools.repeat(forever) if forever else ()):
                connection.sendall(part)

    return handler


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
BROKEN: dict[str, Handler] = {
    "10,000 headers": saying(OK, b"X-Filler: x\r\n" * 10_000, b"\r\n"),
    "a header of 1 MB": saying(OK, b"X-Filler: ", b"x" * 1_000_000, b"\r\n\r\n"),
    "endless headers": saying(OK, forever=b"X-Filler: x\r\n" * 100),
    "endless interim answers": saying(forever=b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a header without colon": saying(OK, b"nonsense\r\n\r\n"),
    "a negative length": saying(OK, b"Content-Length: -5\r\n\r\n"),
    "two lengths": saying(OK, b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx"),
    "an unknown transfer coding": saying(OK, b"Transfer-Encoding: magic\r\n\r\n"),
    "a protocol switch": saying(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
    "no status": saying(b"HTTP/1.1 what\r\n\r\n"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_answer_is_a_named_failure(name: str) -> None:
    with serve(BROKEN[name]) as listener:
        seen = Run().scan(listener.port)
    assert seen.facts == {}
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.PROTOCOL


def test_an_odd_status_is_an_answer() -> None:
    with running(Site({"/": answer(999)})) as listener:
        assert Run().scan(listener.port).facts["http.status"] == 999


CUT: dict[str, Handler] = {
    "a length that is too long": saying(OK, b"Content-Length: 5000\r\n\r\n<p>short"),
    "an endless body": saying(OK, b"\r\n", forever=b"x" * 5000),
    "endless chunks": saying(
        OK, b"Transfer-Encoding: chunked\r\n\r\n", forever=b"3e8\r\n" + b"x" * 1000 + b"\r\n"
    ),
    "a broken chunk": saying(OK, CHUNKED, b"5\r\nhello\r\nzzz\r\n"),
}


@pytest.mark.parametrize("name", CUT)
def test_a_body_cut_short_leaves_the_head_and_no_claim_about_the_page(name: str) -> None:
    with serve(CUT[name]) as listener:
        seen = Run().scan(listener.port)
    assert seen.facts["http.status"] == 200
    assert BODY_FACTS.isdisjoint(seen.facts)


def test_a_gzip_bomb_is_not_unpacked() -> None:
    bomb = zlib.compress(bytes(10_000_000), wbits=31)
    page = answer(200, bomb, {"Content-Encoding": "gzip"})
    with running(Site({}, otherwise=page)) as listener:
        seen = Run().scan(listener.port)
    assert seen.facts["http.status"] == 200
    assert BODY_FACTS.isdisjoint(seen.facts)
    assert "http.exposed_vcs" not in seen.facts
    assert "http.error_discloses" not in seen.facts


def test_an_unknown_charset_is_no_reason_to_stop() -> None:
    with running(
        Site({"/": answer(200, b"<input type=password>", kind="text/html; charset=rot13")})
    ) as listener:
        assert Run().scan(listener.port).facts["http.password_form"] is True


def drip(connection: socket.socket) -> None:
    """Begin an answer, and add a letter whenever the other side has been patient for 20 ms."""
    connection.sendall(OK + b"X-Slow: ")
    connection.settimeout(0.02)
    while True:
        try:
            if not connection.recv(4096):
                return
        except TimeoutError:
            connection.sendall(b"x")


def test_a_server_that_drips_its_head_is_left_at_the_deadline() -> None:
    with serve(drip) as listener:
        seen = Run().scan(listener.port, timeout_seconds=0.5)
    assert seen.facts == {}
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.TIMEOUT


def test_what_times_out_midway_is_missing_and_not_false() -> None:
    site = Site({"/": HOME})

    def handler(connection: socket.socket) -> None:
        if listener.connections > 1:
            drip(connection)
        while head := read_head(connection):
            site.requests.append(head)
            if b"/.well-known" in head:
                drip(connection)
            connection.sendall(HOME)

    with serve(handler) as listener:
        seen = Run().scan(listener.port, timeout_seconds=1.0)
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.TIMEOUT
    assert {"http.status", "http.methods", "http.cors_reflects_origin"} <= seen.facts.keys()
    assert {*EXPOSURE_FACTS, "http.security_txt", "http.error_discloses"}.isdisjoint(seen.facts)


def test_one_stuck_path_costs_its_own_list_only() -> None:
    site = Site({"/": HOME})

    def handler(connection: socket.socket) -> None:
        while head := read_head(connection):
            if head.startswith(b"GET /dump.sql "):
                drip(connection)
            connection.sendall(HOME if head.startswith(b"GET / ") else answer(404))

    with serve(handler) as listener:
        seen = Run().scan(listener.port, timeout_seconds=2.0)
    assert site.requests == []
    assert EVERY_FACT - seen.facts.keys() == {"http.exposed_backups"}


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_for_a_pause_is_left_alone(status: int) -> None:
    site = Site({"/": HOME}, otherwise=answer(status))
    with running(site) as listener:
        seen = Run().scan(listener.port)
    assert site.targets == ["GET /", "GET /", "OPTIONS /", "GET /.well-known/security.txt"]
    assert seen.failure is not None
    assert set(EXPOSURE_FACTS).isdisjoint(seen.facts)


def test_a_site_that_refuses_the_auditor_everything_is_not_known_to_be_clean() -> None:
    site = Site({}, otherwise=answer(403))
    with running(site) as listener:
        seen = Run().scan(listener.port)
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.REFUSED
    assert {*EXPOSURE_FACTS, "http.gambling_words", "http.password_form"}.isdisjoint(seen.facts)
    assert seen.facts["http.status"] == 403


def test_the_raw_log_holds_every_exchange() -> None:
    with running(Site({"/": HOME})) as listener:
        seen = Run().scan(listener.port)
    log, body = seen.raw
    lines = [json.loads(line) for line in log.content.splitlines()]
    assert len(lines) == REQUESTS
    assert lines[0]["headers"][0] == ["content-type", "text/html"]
    assert body.content == b"<title>Dinas Kesehatan</title>"


def test_the_missing_path_is_the_same_in_every_run() -> None:
    asked = []
    for _ in range(2):
        site = Site({"/": HOME})
        with running(site) as listener:
            limits = Limits(5, 1, 50, 10.0)
            task = Task("http", "server", "opd", "127.0.0.1", listener.port, options={"tls": False})
            HttpScanner(wait=lambda seconds: None).scan(task, limits, lambda: None)
        asked.append([target for target in site.targets if "/tilik-" in target])
    assert len(asked[0]) == 1
    assert len(asked[0][0]) == len(asked[1][0])
