"""nmap's XML becomes facts, or a named failure, or NmapOutputError: never anything else."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.evidence import FailureKind
from scanners.conformance import nonconforming
from scanners.nmap_engine import NmapOutputError
from scanners.ports.facts import FACTS
from scanners.ports.parse import PortScan, parse
from tests.scanners.ports.record import FIXTURES, SERVERS, address_of

GROUP = (FIXTURES / "group.xml").read_bytes()
REVIEWED = json.loads((FIXTURES / "group.json").read_text(encoding="utf-8"))
ADDRESSES = [address_of(name) for name in SERVERS]
VOCABULARY = {spec.name: spec for spec in FACTS}
ADDRESS = "10.0.0.1"


def document(ports: str = "", root: str = "nmaprun", end: str = "") -> bytes:
    """Return a document about ADDRESS with these ports."""
    return (
        f'<?xml version="1.0"?>{end}<{root}><scaninfo protocol="tcp" services="1-1024"/>'
        f'<host><address addr="{ADDRESS}"/><ports>{ports}</ports></host>'
        f'<runstats><finished exit="success"/></runstats></{root}>'
    ).encode()


def port(number: str = "80", state: str = "open", protocol: str = "tcp", inside: str = "") -> str:
    """Return a port element."""
    return f'<port protocol="{protocol}" portid="{number}"><state state="{state}"/>{inside}</port>'


def one(xml: bytes, address: str = ADDRESS) -> PortScan:
    """Return what was seen of one address."""
    (seen,) = parse(xml, [address])
    return seen


def kind(seen: PortScan) -> FailureKind | None:
    """Return the kind of failure."""
    return seen.failure.kind if seen.failure else None


def test_a_recorded_group_gives_each_address_its_reviewed_facts() -> None:
    seen = parse(GROUP, ADDRESSES)
    assert {address: one.facts for address, one in zip(ADDRESSES, seen, strict=True)} == REVIEWED
    assert all(one.failure is None and nonconforming(one.facts, VOCABULARY) == [] for one in seen)
    assert {0, 1} < {len(one["ports.open"]) for one in REVIEWED.values()}


def test_the_answer_keeps_the_order_of_the_addresses_asked() -> None:
    assert parse(GROUP, ADDRESSES[::-1]) == parse(GROUP, ADDRESSES)[::-1]


def test_one_that_is_missing_or_ran_out_of_time_leaves_the_others_theirs() -> None:
    late = GROUP.replace(b"<host ", b'<host timedout="true" ', 1)
    first, second, *_, absent = parse(late, [*ADDRESSES, ADDRESS])
    assert (kind(first), first.facts) == (FailureKind.TIMEOUT, {})
    assert second.facts == REVIEWED[ADDRESSES[1]]
    assert (kind(absent), absent.facts) == (FailureKind.TOOL_FAILED, {})


def test_an_address_that_only_drops_packets_is_unreachable_and_says_what_was_asked() -> None:
    seen = one(document(port(state="filtered")))
    assert seen.facts == {"ports.answered": False, "ports.scanned": "1-1024"}
    assert kind(seen) is FailureKind.UNREACHABLE


def test_refusing_ports_count_as_an_answer_also_when_nmap_only_counts_them() -> None:
    for ports, closed in ((port(state="closed"), 1), ('<extraports state="closed" count="100"/>', 100)):
        seen = one(document(ports))
        assert seen.failure is None
        assert (seen.facts["ports.open"], seen.facts["ports.closed"]) == ([], closed)


def test_refusing_and_silent_ports_are_counted_apart() -> None:
    counted = '<extraports state="filtered" count="7"/><extraports state="closed" count="5"/>'
    seen = one(document(counted + port("1", "closed") + port("2", "filtered") + port("3")))
    assert (seen.facts["ports.closed"], seen.facts["ports.filtered"]) == (6, 8)


def test_other_transports_are_left_out() -> None:
    assert one(document(port() + port("161", protocol="udp"))).facts["ports.open"] == [80]


def test_nmaps_own_complaint_becomes_the_detail() -> None:
    xml = b'<nmaprun><runstats><finished exit="error" errormsg="Ports are illegal"/></runstats></nmaprun>'
    seen = one(xml)
    assert seen.failure is not None
    assert (seen.failure.kind, seen.failure.detail) == (FailureKind.TOOL_FAILED, "Ports are illegal")


@pytest.mark.parametrize(
    "number", ["0", "-1", "65536", "80a", "", "1e3", "9" * 5_000, "٨٠", " 80", "0x50", "²"]
)
def test_impossible_ports_and_counts_are_refused(number: str) -> None:
    with pytest.raises(NmapOutputError, match="impossible port"):
        one(document(port(number)))
    if number not in ("0", "65536"):
        with pytest.raises(NmapOutputError, match="impossible port or count"):
            one(document(f'<extraports state="closed" count="{number}"/>'))


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
        GROUP[: len(GROUP) // 2],
        GROUP[: -len(b"</nmaprun>\n")],
        re.sub(rb"<runstats>.*</runstats>", b"", GROUP, flags=re.DOTALL),
        GROUP + GROUP,
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
        one(xml)


def test_an_external_entity_is_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("canary", encoding="utf-8")
    declared = f'<!DOCTYPE nmaprun [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    with pytest.raises(NmapOutputError) as refused:
        one(document(end=declared, ports=port(inside="<cpe>&x;</cpe>")))
    assert "canary" not in str(refused.value)


def read(xml: bytes) -> None:
    """Parse; what comes out is either refused by name or whole."""
    try:
        scans = parse(xml, ADDRESSES)
    except NmapOutputError:
        return
    for seen in scans:
        assert (seen.failure is None) == ("ports.open" in seen.facts)
        assert nonconforming(seen.facts, VOCABULARY) == []


@given(st.integers(0, len(GROUP)))
def test_a_document_cut_anywhere_gives_nothing(length: int) -> None:
    cut = GROUP[:length]
    if not cut.rstrip().endswith(b"</nmaprun>"):
        with pytest.raises(NmapOutputError):
            parse(cut, ADDRESSES)


@given(st.lists(st.tuples(st.integers(0, len(GROUP) - 1), st.binary(max_size=6)), min_size=1, max_size=4))
def test_a_document_changed_anywhere_is_refused_by_name_or_whole(edits: list[tuple[int, bytes]]) -> None:
    changed = bytearray(GROUP)
    for at, patch in edits:
        changed[at : at + len(patch)] = patch
    read(bytes(changed))


@given(st.binary(max_size=200))
def test_random_bytes_are_refused_by_name(content: bytes) -> None:
    with pytest.raises(NmapOutputError):
        one(content)
