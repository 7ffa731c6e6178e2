"""What is asked of a network, and that nothing but canonical networks and numbers reaches nmap."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.base import Limits
from scanners.hosts.sweep import (
    NetworkTooLargeError,
    arguments,
    contains,
    longest_seconds,
    plan_sweep,
)

LIMITS = Limits(5, 2, 300, 900.0)
EXCLUDED = ("10.10.1.64/26", "10.10.1.70/32")


@pytest.mark.parametrize(
    ("network", "asked"),
    [
        ("10.10.1.0/24", 254),
        ("10.10.0.0/20", 4094),
        ("10.10.1.8/31", 2),
        ("10.10.1.8/32", 1),
        ("fd00::/120", 255),
        ("fd00::5/128", 1),
    ],
)
def test_every_address_that_a_host_can_have_is_asked(network: str, asked: int) -> None:
    assert plan_sweep(network).asked == asked


@pytest.mark.parametrize("network", ["10.0.0.0/19", "0.0.0.0/0", "fd00::/119", "::/0"])
def test_a_network_that_is_too_large_is_refused(network: str) -> None:
    with pytest.raises(NetworkTooLargeError, match="smaller networks"):
        plan_sweep(network)


@pytest.mark.parametrize(
    "network", ["10.0.0.1/24", "10.0.0.0/24 -oN file", "fe80::%eth0/128", "example.go.id", "", "10.0.0.1-9"]
)
def test_what_is_no_network_is_refused(network: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        plan_sweep(network)


def test_what_is_excluded_is_neither_asked_nor_taken_for_an_answer() -> None:
    sweep = plan_sweep(
        "10.10.1.0/24", exclude=["10.10.1.64/26", "10.10.1.70/32", "10.10.2.0/24", "fd00::/64"]
    )
    assert [str(one) for one in sweep.excluded] == ["10.10.1.0/32", "10.10.1.64/26", "10.10.1.255/32"]
    assert sweep.asked == 254 - 64
    assert contains(sweep, "10.10.1.63")
    assert not contains(sweep, "10.10.1.70")
    assert not contains(sweep, "10.10.2.1")
    assert "--exclude 10.10.1.0/32,10.10.1.64/26,10.10.1.255/32" in arguments(sweep, LIMITS)


def test_an_exclusion_around_the_whole_network_leaves_nothing() -> None:
    assert plan_sweep("10.10.1.0/24", exclude=["10.0.0.0/8"]).asked == 0


def test_forbidden_ports_are_left_out() -> None:
    assert plan_sweep("10.10.1.0/24", ports=[22, 9100, 80], never=[9100]).ports == "22,80"


def test_rates_are_those_of_the_limits() -> None:
    words = arguments(plan_sweep("10.10.1.0/24"), Limits(2, 1, 40, 900.0))
    assert "--scan-delay 510ms --max-scan-delay 510ms" in words
    assert "--max-rate 40" in words
    assert "-6" not in words.split()
    assert "-6" in arguments(plan_sweep("fd00::/120"), LIMITS).split()


def test_the_longest_time_grows_with_the_network_and_shrinks_with_the_rate() -> None:
    small, large = plan_sweep("10.10.1.0/26"), plan_sweep("10.10.0.0/22")
    assert longest_seconds(small, LIMITS) < longest_seconds(large, LIMITS)
    assert longest_seconds(large, LIMITS) < longest_seconds(large, Limits(5, 2, 20, 900.0))
    assert longest_seconds(large, Limits(5, 2, 20, 900.0)) > large.asked * 6 * 2 / 20


@given(
    prefix=st.integers(20, 32),
    first=st.integers(0, 2**32 - 1),
    parts=st.lists(st.tuples(st.integers(0, 2**12 - 1), st.integers(0, 32)), max_size=6),
)
def test_the_number_asked_is_that_of_the_addresses_contained(
    prefix: int, first: int, parts: list[tuple[int, int]]
) -> None:
    network = ip_network((first, prefix), strict=False)
    start = int(network.network_address)
    exclude = [str(ip_network((min(start + at, 2**32 - 1), bits), strict=False)) for at, bits in parts]
    sweep = plan_sweep(str(network), exclude=exclude)
    assert sweep.asked == sum(contains(sweep, str(ip_address(one))) for one in network)
    words = arguments(sweep, LIMITS)
    assert set(words) <= set("abcdefghijklmnopqrstuvwxyzTP0123456789-,./: ")
