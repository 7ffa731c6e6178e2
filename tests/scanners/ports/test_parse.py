"""nmap's XML becomes facts, or a named failure, or NmapOutputError: never anything else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.evidence import FailureKind
from auditor.model.facts import Facts
from scanners.conformance import nonconforming
from scanners.ports.facts import FACTS
from scanners.ports.parse import NmapOutputError, PortScan, parse
from tests.scanners.ports.record import FIXTURES

RECORDINGS = sorted(FIXTURES.glob("*.xml"))
MANY = (FIXTURES / "mail-strict.xml").read_bytes()
VOCABULARY = {spec.name: spec for spec in FACTS}
ADDRESS = "10.0.0.1"


def address_of(xml: bytes) -> str:
    """Return the address that a recording is about."""
    return re.search(rb'addr="([^"]+)"', xml)[1].decode()  # type: ignore[index]


def document(ports: str = "", host: str = "", root: str = "nmaprun", end: str = "") -> bytes:
    """Return a document about ADDRESS with these ports."""
    return (
        f'<?xml version="1.0"?>{end}<{root}><scaninfo protocol="tcp" services="1-1024"/>'
        f'<host><address addr="{ADDRESS}"/><ports>{ports}</ports>{host}</host>'
        f'<runstats><finished exit="success"/></runstats></{root}>'
    ).encode()


def port(number: str = "80", inside: str = "", state: str = "open") -> str:
    """Return a port element."""
    return f'<port protocol="tcp" portid="{number}"><state state="{state}"/>{inside}</port>'


def services(scan: PortScan) -> list[Facts]:
    """Return the records of the open ports."""
    return scan.facts["ports.services"]  # type: ignore[return-value]


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.stem)
def test_a_recorded_server_gives_its_reviewed_facts(recording: Path) -> None:
    xml = recording.read_bytes()
    seen = parse(xml, address_of(xml))
    assert seen.failure is None
    assert seen.facts == json.loads(recording.with_suffix(".json").read_text(encoding="utf-8"))
    assert nonconforming(seen.facts, VOCABULARY) == []


def test_the_recordings_hold_servers_with_no_open_port_with_one_and_with_many() -> None:
    opened = {len(parse(p.read_bytes(), address_of(p.read_bytes())).facts["ports.open"]) for p in RECORDINGS}  # type: ignore[arg-type]
    assert {0, 1} < opened
    assert max(opened) >= 5


def test_an_address_that_only_drops_packets_is_unreachable() -> None:
    seen = parse(document(port(state="filtered")), ADDRESS)
    assert seen.facts == {}
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.UNREACHABLE


def test_refusing_ports_count_as_an_answer_also_when_nmap_only_counts_them() -> None:
    for ports in (port(state="closed"), '<extraports state="closed" count="100"/>'):
        seen = parse(document(ports), ADDRESS)
        assert seen.failure is None
        assert seen.facts["ports.open"] == []


def test_a_host_that_ran_out_of_time_is_a_timeout_without_facts() -> None:
    xml = document(port()).replace(b"<host>", b'<host timedout="true">')
    seen = parse(xml, ADDRESS)
    assert seen.facts == {}
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.TIMEOUT


def test_another_address_than_the_one_asked_gives_no_facts() -> None:
    seen = parse(document(port()), "10.0.0.2")
    assert seen.facts == {}
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.TOOL_FAILED


def test_nmaps_own_complaint_becomes_the_detail() -> None:
    xml = b'<nmaprun><runstats><finished exit="error" errormsg="Ports are illegal"/></runstats></nmaprun>'
    seen = parse(xml, ADDRESS)
    assert seen.failure is not None
    assert (seen.failure.kind, seen.failure.detail) == (FailureKind.TOOL_FAILED, "Ports are illegal")


def test_a_name_from_nmaps_table_alone_identifies_nothing() -> None:
    (record,) = services(
        parse(document(port("8123", '<service name="redis" product="x" method="table"/>')), ADDRESS)
    )
    assert record["service.name"] is None
    assert record["service.product"] is None


def test_an_unidentified_port_is_taken_for_what_its_number_says() -> None:
    """Else a database that hides its name would shed its checks."""
    for found in ('<service name="unknown" method="probed"/>', '<service name="x" method="table"/>', ""):
        (record,) = services(parse(document(port("6379", found)), ADDRESS))
        assert (record["service.name"], record["service.tls"]) == ("redis", False)


@pytest.mark.parametrize(
    ("service", "name", "tls"),
    [
        ('name="http" tunnel="ssl" method="probed"', "http", True),
        ('name="https" method="probed"', "http", True),
        ('name="imaps" method="probed"', "imap", True),
        ('name="http-proxy" method="probed"', "http", False),
        ('name="submission" method="probed"', "smtp", False),
        ('name="tcpwrapped" method="probed"', None, False),
        ('name="unknown" method="probed"', None, False),
    ],
)
def test_one_protocol_has_one_name(service: str, name: str | None, tls: bool) -> None:
    (record,) = services(parse(document(port(inside=f"<service {service}/>")), ADDRESS))
    assert (record["service.name"], record["service.tls"]) == (name, tls)


def test_what_the_host_says_of_smb_belongs_to_its_smb_port_alone() -> None:
    host = '<hostscript><script id="smb-protocols" output="dialects: NT LM 0.12"/></hostscript>'
    seen = services(parse(document(port("139") + port("445") + port("80"), host), ADDRESS))
    assert {r["service.port"]: r.get("smb.smb1") for r in seen} == {139: None, 445: True, 80: None}


def test_other_transports_are_left_out() -> None:
    xml = document(port() + port("161").replace("tcp", "udp"))
    assert parse(xml, ADDRESS).facts["ports.open"] == [80]


@pytest.mark.parametrize(
    "hostile",
    [
        "\x9b31m\u202egnp.exe",
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0",
        "A" * 1_000_000,
        "&#27;]0;x&#7;",
    ],
)
def test_hostile_text_stays_text_and_short(hostile: str) -> None:
    quoted = quoteattr(hostile)
    inside = (
        f'<service name={quoted} product={quoted} version={quoted} method="probed"/>'
        f'<script id="smtp-commands" output={quoted}/><script id={quoted} output={quoted}/>'
    )
    seen = parse(document(port(inside=inside)), ADDRESS)
    (record,) = services(seen)
    assert nonconforming(seen.facts, VOCABULARY) == []
    assert record["service.product"] == hostile[:300]
    assert all(len(value) <= 300 for value in record.values() if isinstance(value, str))


@pytest.mark.parametrize(
    "number", ["0", "-1", "65536", "80a", "", "1e3", "9" * 5_000, "٨٠", " 80", "0x50", "²"]
)
def test_impossible_ports_are_refused(number: str) -> None:
    with pytest.raises(NmapOutputError, match="impossible port"):
        parse(document(port(number)), ADDRESS)


BOMB = (
    '<!DOCTYPE nmaprun [<!ENTITY a "'
    + "x" * 1000
    + '">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(8))
    + "]>"
)


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"\x00" * 64,
        b"nmap: command not found\n",
        MANY[: len(MANY) // 2],
        MANY[: -len(b"</nmaprun>\n")],
        re.sub(rb"<runstats>.*</runstats>", b"", MANY, flags=re.DOTALL),
        MANY + MANY,
        document(root="html"),
        document(end=BOMB, ports="&i;"),
        document(end='<!DOCTYPE nmaprun [<!ENTITY x SYSTEM "file:///etc/passwd">]>', ports="&x;"),
        document(
            end='<!DOCTYPE nmaprun SYSTEM "http://127.0.0.1:9/nmap.dtd" [<!ENTITY % p SYSTEM "x"> %p;]>'
        ),
        document().replace(b'version="1.0"', b'version="1.0" encoding="no-such-code"'),
        document(port("&#0;")),
        b"<nmaprun>" * 20_000,
    ],
    ids=lambda xml: repr(xml[:24]),
)
def test_what_is_not_a_whole_document_of_nmaps_is_refused(xml: bytes) -> None:
    with pytest.raises(NmapOutputError):
        parse(xml, ADDRESS)


def test_an_external_entity_is_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("canary", encoding="utf-8")
    declared = f'<!DOCTYPE nmaprun [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    with pytest.raises(NmapOutputError) as refused:
        parse(document(end=declared, ports=port(inside="<cpe>&x;</cpe>")), ADDRESS)
    assert "canary" not in str(refused.value)


def read(xml: bytes) -> None:
    """Parse; what comes out is either refused by name or whole."""
    try:
        seen = parse(xml, "127.30.0.5")
    except NmapOutputError:
        return
    assert (seen.failure is None) == bool(seen.facts)
    assert nonconforming(seen.facts, VOCABULARY) == []


@given(st.integers(0, len(MANY)))
def test_a_document_cut_anywhere_gives_nothing(length: int) -> None:
    cut = MANY[:length]
    if not cut.rstrip().endswith(b"</nmaprun>"):
        with pytest.raises(NmapOutputError):
            parse(cut, address_of(MANY))


@given(st.lists(st.tuples(st.integers(0, len(MANY) - 1), st.binary(max_size=6)), min_size=1, max_size=4))
def test_a_document_changed_anywhere_is_refused_by_name_or_whole(edits: list[tuple[int, bytes]]) -> None:
    changed = bytearray(MANY)
    for at, patch in edits:
        changed[at : at + len(patch)] = patch
    read(bytes(changed))


@given(st.binary(max_size=200))
def test_random_bytes_are_refused_by_name(content: bytes) -> None:
    with pytest.raises(NmapOutputError):
        parse(content, ADDRESS)


ATTRIBUTE = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)


@given(st.lists(st.tuples(ATTRIBUTE, ATTRIBUTE, ATTRIBUTE, ATTRIBUTE), max_size=4))
def test_whatever_the_attributes_say_the_facts_have_their_types(parts: list[tuple[str, ...]]) -> None:
    ports = "".join(
        port(
            str(number),
            f"<service name={quoteattr(name)} tunnel={quoteattr(tunnel)} method={quoteattr(method)}/>"
            f'<script id="imap-capabilities" output={quoteattr(output)}/>',
        )
        for number, (name, tunnel, method, output) in enumerate(parts, start=1)
    )
    read(document(ports))
