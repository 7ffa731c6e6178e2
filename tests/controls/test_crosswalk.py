"""The way of a control from one edition to the other is told in words, both ways, in both languages."""

from __future__ import annotations

import pytest

from controls.crosswalk import crosswalk_words
from tests.controls.catalogue import framework

TOLD = [
    ("2013", "A.13.1.1", ("carried on as A.8.20",), ("dilanjutkan sebagai A.8.20",)),
    (
        "2013",
        "A.12.4.1",
        ("merged into A.8.15, together with A.12.4.2 and A.12.4.3",),
        ("digabungkan ke dalam A.8.15 bersama A.12.4.2 dan A.12.4.3",),
    ),
    (
        "2013",
        "A.18.2.3",
        (
            "divided between A.5.36 and A.8.8",
            "merged into A.5.36, together with A.18.2.2",
            "merged into A.8.8, together with A.12.6.1",
        ),
        (
            "dibagi ke dalam A.5.36 dan A.8.8",
            "digabungkan ke dalam A.5.36 bersama A.18.2.2",
            "digabungkan ke dalam A.8.8 bersama A.12.6.1",
        ),
    ),
    ("2022", "A.8.28", ("new in 2022",), ("baru pada edisi 2022",)),
    ("2022", "A.8.20", ("taken from A.13.1.1",), ("berasal dari A.13.1.1",)),
    (
        "2022",
        "A.8.15",
        ("merges A.12.4.1, A.12.4.2 and A.12.4.3",),
        ("menggabungkan A.12.4.1, A.12.4.2, dan A.12.4.3",),
    ),
    (
        "2022",
        "A.8.8",
        ("merges A.12.6.1 and A.18.2.3", "takes over a part of A.18.2.3; the other part is in A.5.36"),
        (
            "menggabungkan A.12.6.1 dan A.18.2.3",
            "mengambil sebagian dari A.18.2.3; bagian lainnya ada pada A.5.36",
        ),
    ),
]


def told(edition: str, control: str, language: str) -> tuple[str, ...]:
    other = {"2013": "2022", "2022": "2013"}[edition]
    return crosswalk_words(control, framework(edition), framework(other), language)


@pytest.mark.parametrize(("edition", "control", "english", "indonesian"), TOLD)
def test_a_way_is_told_in_words(
    edition: str, control: str, english: tuple[str, ...], indonesian: tuple[str, ...]
) -> None:
    assert told(edition, control, "en") == english
    assert told(edition, control, "id") == indonesian


@pytest.mark.parametrize("edition", ["2013", "2022"])
@pytest.mark.parametrize("language", ["en", "id"])
def test_the_words_name_every_control_of_the_other_edition(edition: str, language: str) -> None:
    for control in framework(edition).controls:
        words = " ".join(told(edition, control.id, language)).replace(",", "").replace(";", "").split()
        assert words, control.id
        assert set(framework(edition).crosswalk.get(control.id, ())) <= set(words), control.id


def test_eleven_controls_are_new_and_none_of_2013_is_lost() -> None:
    new = [one.id for one in framework("2022").controls if told("2022", one.id, "en") == ("new in 2022",)]
    assert len(new) == 11
    lost = [one.id for one in framework("2013").controls if "not carried on" in told("2013", one.id, "en")[0]]
    assert lost == []
