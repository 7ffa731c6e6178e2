"""What nmap says of the ports left to it becomes facts, or NmapOutputError: never anything else."""

from __future__ import annotations

import json
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.base import Limits
from scanners.conformance import nonconforming
from scanners.nmap_engine import NmapOutputError
from scanners.services.detection import arguments, parse
from scanners.services.facts import FACTS
from scanners.services.scripts import ALLOWED
from tests.scanners.ports.record import DETECTED, FIXTURES, address_of
from tests.scanners.ports.test_parse import ADDRESS, document, port

VOCABULARY = {spec.name: spec for spec in FACTS}


def one(inside: str, number: str = "8123") -> Any:
    """Return what is read of one open port."""
    return parse(document(port(number, inside=inside)), ADDRESS)[int(number)]


@pytest.mark.parametrize("name", DETECTED)
def test_a_recorded_look_gives_its_reviewed_facts(name: str) -> None:
    seen = parse((FIXTURES / f"{name}.xml").read_bytes(), address_of(name))
    reviewed = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
    assert {str(number): facts for number, facts in seen.items()} == reviewed
    assert [nonconforming(facts, VOCABULARY) for facts in seen.values()] == [[]] * len(seen)


@pytest.mark.parametrize(
    ("service", "name", "tls"),
    [
        ('name="http" tunnel="ssl" method="probed"', "http", True),
        ('name="https" method="probed"', "http", True),
        ('name="imaps" method="probed"', "imap", True),
        ('name="http-proxy" method="probed"', "http", False),
        ('name="submission" method="probed"', "smtp", False),
    ],
)
def test_one_protocol_has_one_name(service: str, name: str, tls: bool) -> None:
    facts = one(f"<service {service}/>")
    assert (facts["service.name"], facts["service.tls"]) == (name, tls)


@pytest.mark.parametrize(
    "service",
    [
        'name="redis" product="x" method="table"',
        'name="unknown" method="probed"',
        'name="tcpwrapped" method="probed"',
    ],
)
def test_what_nmap_did_not_identify_is_not_taken_from_its_table(service: str) -> None:
    assert one(f"<service {service}/>") == {}


def test_what_the_host_says_of_smb_belongs_to_its_smb_port_alone() -> None:
    found = '<service name="microsoft-ds" method="probed"/>'
    script = '<hostscript><script id="smb-protocols" output="dialects: NT LM 0.12"/></hostscript>'
    ports = port("139", inside=found) + port("445", inside=found) + port("80", inside=found)
    seen = parse(document(ports).replace(b"</host>", f"{script}</host>".encode()), ADDRESS)
    assert {number: facts.get("smb.smb1") for number, facts in seen.items()} == {
        139: None,
        445: True,
        80: None,
    }


@pytest.mark.parametrize(
    "hostile", ["\u202egnp.exe", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "A" * 10**6]
)
def test_hostile_text_stays_text_and_short(hostile: str) -> None:
    quoted = quoteattr(hostile)
    facts = one(f'<service name={quoted} product={quoted} version={quoted} method="probed"/>')
    assert facts["service.product"] == hostile[:300]
    assert nonconforming(facts, VOCABULARY) == []


def test_a_look_that_did_not_end_or_was_at_another_says_nothing() -> None:
    for xml in (document(port()).replace(b"<host>", b'<host timedout="true">'), b"", b"<nmaprun>"):
        with pytest.raises(NmapOutputError):
            parse(xml, ADDRESS)
    with pytest.raises(NmapOutputError):
        parse(document(port()), "10.0.0.2")


@given(st.ip_addresses(), st.integers(1, 10**6))
def test_the_words_of_the_options_never_change(address: Any, number: int) -> None:
    words = arguments(str(address), Limits(1.0, number, number, number)).split()
    fixed = {
        "-n", "-Pn", "-sT", "-T3", "--noninteractive", "--scan-delay", "--max-scan-delay", "--max-retries",
        "-6", "--max-parallelism", "--host-timeout", "-sV", "--version-intensity", "--script",
        "--script-args", "ldap.maxobjects=1", ",".join(ALLOWED),
    }  # fmt: skip
    assert all(word in fixed or word.rstrip("ms").isdecimal() for word in words)
