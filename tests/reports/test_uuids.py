"""UUIDs of names are those that everybody else makes of them."""

from __future__ import annotations

from uuid import NAMESPACE_URL, UUID, uuid5

from reports.uuids import URLS, named, text_of


def test_they_are_those_of_the_standard() -> None:
    for name in ("", "https://tilik.invalid/ns/oscal", "Kabupaten Ñ 漢"):
        assert text_of(named(URLS, name)) == str(uuid5(NAMESPACE_URL, name))
    assert UUID(text_of(named(URLS, "x"))).version == 5


def test_parts_are_kept_apart() -> None:
    assert named(URLS, "a", "bc") != named(URLS, "ab", "c")
    assert named(URLS, "a\nb") != named(URLS, "a", "b")


def test_what_has_no_utf8_has_a_uuid() -> None:
    assert named(URLS, "\ud800") != named(URLS, "\ud801")
