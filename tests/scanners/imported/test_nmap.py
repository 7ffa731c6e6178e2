"""nmap's reports, recorded and broken: our own facts, or one located reason."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.imported.nmap import read
from scanners.imported.report import Unreadable
from tests.scanners.imported.reports import nmap_host, nmap_xml, recorded

SERVICES = "services.xml"


def test_a_recorded_scan_becomes_ports_and_services() -> None:
    report = read(recorded(SERVICES))
    assert (report.tool, report.version, report.passed_over) == ("nmap", "7.93", {})
    ports, services, other = report.parts
    assert (ports.scanner, ports.address) == ("ports", "127.60.9.1")
    assert ports.facts == {
        "ports.answered": True,
        "ports.open": [6379, 8080, 8443, 11211],
        "ports.scanned": "22,6379,8080,8443,11211",
        "ports.closed": 1,
        "ports.filtered": 0,
    }
    assert ports.started_at <= ports.finished_at
    assert services.scanner == "services"
    assert services.facts["ports.services"][2] == {
        "service.port": 8443,
        "service.transport": "tcp",
        "service.name": "http",
        "service.product": "OpenSSL s_server -www httpd",
        "service.version": None,
        "service.cpe": ["cpe:/a:openssl:openssl"],
        "service.tls": True,
    }
    assert (other.scanner, other.address, other.facts["ports.open"]) == ("ports", "127.60.9.2", [])


def test_what_scripts_of_nmap_found_is_not_taken_for_an_answer_of_ours() -> None:
    port = (
        '<port protocol="tcp" portid="21"><state state="open"/><service name="ftp" method="probed"/>'
        '<script id="ftp-anon" output="Anonymous FTP login allowed (FTP code 230)"/></port>'
    )
    host = nmap_host("10.1.0.9").replace("</ports>", f"{port}</ports>")
    [_, services] = read(nmap_xml(host)).parts
    assert [*services.facts["ports.services"][0]] == [
        "service.port",
        "service.transport",
        "service.name",
        "service.product",
        "service.version",
        "service.cpe",
        "service.tls",
    ]


def test_a_port_that_nmap_could_not_name_has_its_number_alone() -> None:
    [ports] = read(nmap_xml(nmap_host("10.1.0.9", 22, 80))).parts
    assert ports.facts["ports.open"] == [22, 80]
    assert ports.started_at == datetime.fromtimestamp(1795340001, UTC)


def test_a_silent_host_is_told_and_says_nothing() -> None:
    report = read(nmap_xml(nmap_host("10.1.0.9", closed=0), nmap_host("fd00::9", 22)))
    assert report.passed_over == {"10.1.0.9": "no port answered"}
    assert [one.address for one in report.parts] == ["fd00::9"]


WHOLE = nmap_xml(nmap_host("10.1.0.9", 22))
BAD = {
    "empty": (b" \n", "is empty"),
    "too large": (b"<" * 50_000_001, "larger than 50 MB"),
    "truncated": (WHOLE[:-200], "no whole XML report of nmap"),
    "two roots": (WHOLE + b"<nmaprun/>", "no whole XML report of nmap: junk after document element"),
    "no statistics": (WHOLE.replace(b"runstats", b"other"), "was not finished"),
    "broken off": (WHOLE.replace(b'exit="success"', b'exit="error"'), "was not finished"),
    "entities": (
        b'<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;&b;">]><nmaprun>&c;</nmaprun>',
        "defines entities",
    ),
    "deep": (b"<a>" * 1_000_000, "nested too deeply"),
    "other encoding": (WHOLE.replace(b"nmap -oX", b"nm\xe4p -oX"), "no whole XML report of nmap"),
    "unknown encoding": (WHOLE.replace(b"UTF-8", b"KOI-9"), "unknown encoding: KOI-9"),
    "other document": (b"<html></html>", "the document is <html>"),
    "no document": (b"Starting Nmap 7.93\n22/tcp open ssh\n", "no whole XML report of nmap"),
    "other program": (WHOLE.replace(b'scanner="nmap"', b'scanner="masscan"'), "made by masscan"),
    "negative port": (WHOLE.replace(b'portid="22"', b'portid="-22"'), "impossible port"),
    "port too large": (WHOLE.replace(b'portid="22"', b'portid="99999"'), "impossible port"),
    "no hosts": (nmap_xml(), "no host stands in it"),
    "twice": (nmap_xml(nmap_host("10.1.0.9", 22), nmap_host("10.1.0.9", 80)), "stands in it twice"),
    "no address": (WHOLE.replace(b"10.1.0.9", b"web"), "impossible address"),
    "no dates": (WHOLE.replace(b"start", b"began").replace(b'time="', b'at="'), "does not say when"),
    "backwards": (WHOLE.replace(b'endtime="1795340059"', b'endtime="1"'), "before it was started"),
    "only UDP": (WHOLE.replace(b'protocol="tcp" nums', b'protocol="udp" nums'), "no TCP ports"),
    "another kind of scan": (WHOLE.replace(b'"connect"', b'"ack"'), "cannot tell open ports"),
}


@pytest.mark.parametrize(("content", "told"), BAD.values(), ids=BAD)
def test_a_bad_file_gives_one_reason(content: bytes, told: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(content)
    assert told in caught.value.message
    assert "\n" not in caught.value.message


def test_where_xml_breaks_is_told() -> None:
    with pytest.raises(Unreadable) as caught:
        read(WHOLE.replace(b"<runstats>", b"<runstats"))
    assert (caught.value.line, caught.value.column > 0) == (8, True)


@given(st.data())
def test_a_damaged_file_never_gives_anything_but_a_reason(data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=6))
    try:
        read(bytes(content))
    except Unreadable as error:
        assert error.message
