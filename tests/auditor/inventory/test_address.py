"""Canonical addresses, networks and names."""

from __future__ import annotations

import ipaddress
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.documents.hostname import parse_hostname
from auditor.inventory.address import never_measured, parse_address, parse_network

WRITTEN = st.text(alphabet=string.digits + string.ascii_letters + ".:/%-_[]*, ;$()\n１١。", max_size=60)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("127.0.0.1", "127.0.0.1"),
        ("fd00::1", "fd00::1"),
    ],
)
def test_addresses_are_canonical(written: str, read: str) -> None:
    assert str(parse_address(written)) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [("Dinas.Example.GO.ID", "dinas.example.go.id"), ("a", "a"), ("xn--bcher-kva.id", "xn--bcher-kva.id")],
)
def test_names_are_in_small_letters(written: str, read: str) -> None:
    assert parse_hostname(written) == read


@given(WRITTEN)
def test_an_accepted_address_means_one_host_to_everyone(text: str) -> None:
    try:
        address = parse_address(text)
    except ValueError:
        return
    assert address == ipaddress.ip_address(text)
    assert parse_address(str(address)) == address
    assert not never_measured(address)
    assert not (address.version == 4 and str(address) != text)


@given(WRITTEN)
def test_an_accepted_network_is_itself(text: str) -> None:
    try:
        network = parse_network(text)
    except ValueError:
        return
    assert network == ipaddress.ip_network(text)
    assert parse_network(str(network)) == network


@given(WRITTEN | st.text(alphabet="ab-.", max_size=300))
def test_an_accepted_name_is_safe_to_hand_on(text: str) -> None:
    try:
        name = parse_hostname(text)
    except ValueError:
        return
    assert set(name) <= set(string.ascii_lowercase + string.digits + "-.")
    assert len(name) <= 253
    assert all(0 < len(label) <= 63 and label[0] != "-" and label[-1] != "-" for label in name.split("."))
    with pytest.raises(ValueError):
        ipaddress.ip_address(name)


@given(st.ip_addresses(v=6, network="::ffff:0:0/96"))
def test_the_ipv4_address_inside_an_ipv6_one_decides(address: ipaddress.IPv6Address) -> None:
    inside = address.ipv4_mapped
    assert inside is not None
    assert never_measured(address) == never_measured(inside)
