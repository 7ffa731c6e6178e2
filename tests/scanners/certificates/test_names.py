"""Names compared as RFC 9525 says."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from scanners.certificates.names import matches


@pytest.mark.parametrize(
    ("asked", "offered", "expected"),
    [
        ("dinkes.lab.test", "dinkes.lab.test", True),
        ("DINKES.lab.test", "dinkes.LAB.test", True),
        ("dinkes.lab.test.", "dinkes.lab.test", True),
        ("dinkes.lab.test", "lab.test", False),
        ("lab.test", "dinkes.lab.test", False),
        ("dinkes.lab.test", "*.lab.test", True),
        ("lab.test", "*.lab.test", False),
        ("a.dinkes.lab.test", "*.lab.test", False),
        ("dinkes.lab.test", "d*.lab.test", False),
        ("dinkes.lab.test", "dinkes.*.test", False),
        ("dinkes.lab.test", "*", False),
        ("test", "*", False),
        (".lab.test", "*.lab.test", False),
        ("dinkes.lab.test", "dinkes.lab.test\0.evil.test", False),
        ("", "", True),
    ],
)
def test_a_name_matches_label_by_label(asked: str, offered: str, expected: bool) -> None:
    assert matches(asked, [offered], []) is expected


def test_an_address_matches_addresses_only() -> None:
    assert matches("10.1.2.3", [], [ip_address("10.1.2.3")])
    assert matches("2001:db8::1", [], [ip_address("2001:0db8::0001")])
    assert not matches("10.1.2.3", ["10.1.2.3", "*.1.2.3"], [ip_address("10.1.2.4")])
    assert not matches("dinkes.lab.test", [], [ip_address("10.1.2.3")])
