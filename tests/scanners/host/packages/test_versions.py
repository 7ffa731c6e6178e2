"""Versions of packages are ordered as dpkg and rpm order them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.host.packages.versions import is_newer

TEXT = st.text("0123456789abz.+~^:-", max_size=20)


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("1.0", "1.0.1"),
        ("1.9", "1.10"),
        ("1.0~rc1", "1.0"),
        ("1.0~~", "1.0~"),
        ("1.0~", "1.0"),
        ("2.2.4-1", "2.2.4-1+b1"),
        ("9.9", "1:0.1"),
        ("2.4.57-2", "2.4.57-2+deb12u1"),
        ("3.0.15-1~deb12u1", "3.0.17-1~deb12u3"),
        ("8.9p1-3", "8.9p1-3ubuntu0.10"),
        ("1.0a", "1.0+"),
        ("20211016", "20260816ubuntu0.22.04.2"),
    ],
)
def test_dpkg(older: str, newer: str) -> None:
    assert is_newer(newer, older)
    assert not is_newer(older, newer)


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("0:8.7p1-38.el9", "0:8.7p1-43.el9"),
        ("0:4.18.0-477.27.1.el8_8", "0:4.18.0-513.5.1.el8_9"),
        ("0:1.0~rc1-1", "0:1.0-1"),
        ("0:1.0-1", "0:1.0^git1-1"),
        ("0:1.0^git1-1", "0:1.0.1-1"),
        ("0:1.0a-1", "0:1.0.1-1"),
        ("0:9-1", "1:1-1"),
        ("0:1.05-1", "0:1.6-1"),
    ],
)
def test_rpm(older: str, newer: str) -> None:
    assert is_newer(newer, older, rpm=True)
    assert not is_newer(older, newer, rpm=True)


@given(TEXT, TEXT, st.booleans())
def test_two_versions_are_not_each_newer_than_the_other(one: str, other: str, rpm: bool) -> None:
    assert not (is_newer(one, other, rpm) and is_newer(other, one, rpm))
    assert not is_newer(one, one, rpm)
