"""Both editions are whole, and the way from one to the other and back loses nothing."""

from __future__ import annotations

import pytest

from auditor.model.framework import MachineCoverage
from controls.loading import CATALOGUE, reverse
from tests.controls.catalogue import framework, shipped

EDITIONS = ("2013", "2022")


@pytest.mark.parametrize(("edition", "controls", "groups"), [("2013", 114, 14), ("2022", 93, 4)])
def test_an_edition_has_all_its_controls(edition: str, controls: int, groups: int) -> None:
    found = framework(edition)
    ids = [control.id for control in found.controls]
    assert len(ids) == len(set(ids)) == controls
    assert len({group.id for group in found.groups}) == groups
    assert {control.group for control in found.controls} == {group.id for group in found.groups}


@pytest.mark.parametrize(
    ("edition", "sizes"),
    [
        ("2013", (2, 7, 6, 10, 14, 2, 15, 14, 7, 13, 5, 7, 4, 8)),
        ("2022", (37, 8, 14, 34)),
    ],
)
def test_every_group_has_its_number_of_controls(edition: str, sizes: tuple[int, ...]) -> None:
    """Sizes of the clauses A.5 to A.18 of 2013, and of the four themes of 2022."""
    found = framework(edition)
    by_group = [sum(1 for control in found.controls if control.group == group.id) for group in found.groups]
    assert tuple(by_group) == sizes


@pytest.mark.parametrize("edition", EDITIONS)
def test_controls_stand_in_the_order_of_their_numbers(edition: str) -> None:
    numbers = [tuple(map(int, control.id.split(".")[1:])) for control in framework(edition).controls]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_control_is_told_in_both_languages(edition: str) -> None:
    found = framework(edition)
    for group in found.groups:
        assert set(group.title) == {"en", "id"}
        assert all(title.strip() for title in group.title.values())
    for control in found.controls:
        for text in (control.title, control.reason):
            assert set(text) == {"en", "id"}, control.id
            assert text["en"].strip() and text["id"].strip(), control.id
            assert text["en"] != text["id"], control.id
        assert control.papers.strip(), control.id


def test_every_control_of_2013_goes_somewhere_and_every_place_exists() -> None:
    old, new = framework("2013"), framework("2022")
    known = {control.id for control in new.controls}
    assert set(old.crosswalk) == {control.id for control in old.controls}
    for control, targets in old.crosswalk.items():
        assert targets, control
        assert len(set(targets)) == len(targets), control
        assert set(targets) <= known, control


def test_eleven_controls_are_new_in_2022_and_no_other_lacks_a_predecessor() -> None:
    old, new = framework("2013"), framework("2022")
    declared = set(_new_in_2022())
    assert len(declared) == 11
    assert {control.id for control in new.controls} - set(new.crosswalk) == declared
    for sources in new.crosswalk.values():
        assert set(sources) <= {control.id for control in old.controls}


def test_the_way_back_is_the_way_there_turned_round() -> None:
    there, back = framework("2013").crosswalk, framework("2022").crosswalk
    pairs = {(source, target) for source, targets in there.items() for target in targets}
    assert pairs == {(source, target) for target, sources in back.items() for source in sources}
    assert {source: sorted(targets) for source, targets in reverse(back).items()} == {
        source: sorted(targets) for source, targets in there.items()
    }


def _new_in_2022() -> list[str]:
    """Read the list from the file itself: the loader only needs the map."""
    text = (CATALOGUE / "frameworks/crosswalk.yaml").read_text(encoding="utf-8")
    listed = text.partition("new_in_2022:")[2]
    return [
        word
        for word in listed.replace("[", " ").replace("]", " ").replace(",", " ").split()
        if word[0] == "A"
    ]


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_machine_never_conforms_what_only_people_can_answer(edition: str) -> None:
    """A check may be related to such a control, but none may claim to implement it."""
    papers_only = {c.id for c in framework(edition).controls if c.coverage is MachineCoverage.ATTESTATION}
    for check in shipped().checks.values():
        assert not papers_only & set(check.controls[edition].implements), check.id
