"""What may be measured: compared with a slow oracle that lists every address."""

from __future__ import annotations

from datetime import date, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.inventory.scope import Refusal, decide
from auditor.model.inventory import Authorization, Inventory, Organization
from auditor.model.plan import SkipReason

DAY = date(2026, 6, 15)
METHODS = ("ports", "tls", "ssh")


def authorization(
    networks: list[IPv4Network],
    exclude: list[IPv4Network] | None = None,
    first: date = DAY,
    last: date = DAY,
    methods: frozenset[str] = frozenset(METHODS),
) -> Authorization:
    return Authorization(
        "ref", "approver", first, last, tuple(networks), tuple(exclude or ()), methods, frozenset()
    )


def inventory(*authorizations: Authorization) -> Inventory:
    return Inventory(Organization("Contoh", "Asia/Jakarta"), authorizations, (), ())


NETWORKS = st.builds(
    lambda last, prefix: ip_network((f"10.0.0.{last}", prefix), strict=False),
    st.integers(0, 255),
    st.integers(26, 32),
)
DAYS = st.integers(-3, 3).map(lambda days: DAY + timedelta(days=days))
AUTHORIZATIONS = st.builds(
    authorization,
    st.lists(NETWORKS, min_size=1, max_size=3),
    st.lists(NETWORKS, max_size=2),
    DAYS,
    DAYS,
    st.frozensets(st.sampled_from(METHODS), min_size=1),
)


def oracle(authorizations: list[Authorization], address: str, method: str, today: date) -> bool:
    """Say whether an address is allowed, by listing all addresses and all days as texts."""
    allowed: set[str] = set()
    excluded: set[str] = set()
    for entry in authorizations:
        length = (entry.valid_until - entry.valid_from).days + 1
        days = {str(entry.valid_from + timedelta(days=number)) for number in range(length)}
        if str(today) not in days:
            continue
        excluded |= {str(single) for network in entry.exclude for single in network}
        if method in entry.methods:
            allowed |= {str(single) for network in entry.networks for single in network}
    return address in allowed - excluded


@settings(max_examples=400)
@given(st.lists(AUTHORIZATIONS, max_size=3), st.integers(0, 255), st.sampled_from(METHODS), DAYS)
def test_agrees_with_the_oracle(entries: list[Authorization], last: int, method: str, today: date) -> None:
    address = IPv4Address(f"10.0.0.{last}")
    answer = decide(inventory(*entries), address, method, today)
    assert isinstance(answer, Authorization) == oracle(entries, str(address), method, today)
    mapped = IPv6Address(f"::ffff:{address}")
    assert decide(inventory(*entries), mapped, method, today) == answer
    if isinstance(answer, Authorization):
        assert method in answer.methods
        assert answer.valid_from <= today <= answer.valid_until
        assert any(address in network for network in answer.networks)


def reason(answer: Authorization | Refusal) -> SkipReason:
    assert isinstance(answer, Refusal)
    assert answer.detail
    return answer.reason


WIDE = authorization([ip_network("0.0.0.0/0"), ip_network("::/0")])  # type: ignore[list-item]


@pytest.mark.parametrize(
    "text",
    [
        *("0.0.0.0", "0.1.2.3", "255.255.255.255", "224.0.0.1", "240.0.0.1", "169.254.169.254", "127.0.0.1"),
        *("127.8.8.8", "::", "::1", "fe80::1", "fe80::1%eth0", "ff02::1", "fd00:ec2::254", "64:ff9b::a00:1"),
        *("2002:a00:1::", "::ffff:169.254.169.254", "::ffff:127.0.0.1", "2001:db8::1%eth0"),
    ],
)
def test_some_addresses_are_never_measured_whatever_is_authorized(text: str) -> None:
    assert reason(decide(inventory(WIDE), ip_address(text), "ports", DAY)) is SkipReason.FORBIDDEN


def test_loopback_when_the_assignment_is_about_loopback() -> None:
    lab = authorization([ip_network("127.20.0.0/16")])
    assert decide(inventory(lab), ip_address("127.20.1.1"), "tls", DAY) == lab
    assert reason(decide(inventory(lab), ip_address("127.0.0.1"), "tls", DAY)) is SkipReason.NO_AUTHORIZATION


def test_both_days_are_included_and_the_reasons_are_told_apart() -> None:
    entry = authorization(
        [ip_network("10.0.0.0/24")], [ip_network("10.0.0.9/32")], methods=frozenset({"tls"})
    )
    known = inventory(entry)
    address = ip_address("10.0.0.1")
    assert decide(known, address, "tls", DAY) == entry
    assert reason(decide(known, address, "tls", DAY - timedelta(days=1))) is SkipReason.NOT_YET_VALID
    assert reason(decide(known, address, "tls", DAY + timedelta(days=1))) is SkipReason.EXPIRED
    assert reason(decide(known, address, "ssh", DAY)) is SkipReason.METHOD
    assert reason(decide(known, ip_address("10.0.0.9"), "tls", DAY)) is SkipReason.EXCLUDED
    assert reason(decide(known, ip_address("10.0.1.1"), "tls", DAY)) is SkipReason.NO_AUTHORIZATION
    assert reason(decide(inventory(), address, "tls", DAY)) is SkipReason.NO_AUTHORIZATION
