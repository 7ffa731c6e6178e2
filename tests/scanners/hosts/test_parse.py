"""A sweep's XML: what counts as an answering address, and what is refused."""

from __future__ import annotations

import pytest

from scanners.hosts.parse import parse
from scanners.hosts.sweep import plan_sweep
from scanners.nmap_engine import NmapOutputError

SWEEP = plan_sweep("10.10.1.0/24", exclude=["10.10.1.99/32"])


def host(address: str, *states: str) -> str:
    ports = "".join(
        f'<port protocol="tcp" portid="{number}"><state state="{state}"/></port>'
        for number, state in enumerate(states, 22)
    )
    return f'<host><address addr="{address}" addrtype="ipv4"/><ports>{ports}</ports></host>'


def document(*hosts: str, end: str = '<runstats><finished exit="success"/></runstats>') -> bytes:
    return f"<nmaprun>{''.join(hosts)}{end}</nmaprun>".encode()


def test_addresses_with_an_open_port_answer_and_stand_in_order() -> None:
    xml = document(
        host("10.10.1.10", "closed", "open"), host("10.10.1.9", "open"), host("10.10.1.7", "closed")
    )
    assert parse(xml, SWEEP) == ["10.10.1.9", "10.10.1.10"]


def test_an_empty_network_has_no_answering_address() -> None:
    assert parse(document(), SWEEP) == []


@pytest.mark.parametrize(
    "xml",
    [
        document(host("10.10.2.1", "open")),
        document(host("10.10.1.99", "open")),
        document(host("10.10.1.0/24", "open")),
        document(host("", "open")),
        document(host("10.10.1.9", "open"), end=""),
        document(host("10.10.1.9", "open"), end='<runstats><finished exit="error"/></runstats>'),
        b"",
        b'<!DOCTYPE x [<!ENTITY a "b">]><nmaprun>&a;</nmaprun>',
    ],
)
def test_a_broken_or_foreign_document_is_refused(xml: bytes) -> None:
    with pytest.raises(NmapOutputError):
        parse(xml, SWEEP)
