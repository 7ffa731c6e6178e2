"""What no check decides is written down once, in both languages, with a reason and a way."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from auditor.model.document import DocumentError
from controls.loading import CATALOGUE, load_not_automated
from tests.controls.catalogue import shipped

ENTRIES = load_not_automated()
NAMED = re.compile(r"\b[a-z0-9]+(?:-[a-z0-9]+)+\b")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a catalogue with the shipped entries and one check."""
    (tmp_path / "checks" / "network").mkdir(parents=True)
    for path in CATALOGUE.glob("not-automated*.yaml"):
        shutil.copy(path, tmp_path)
    check = "checks/network/network-telnet-absent.yaml"
    shutil.copy(CATALOGUE / check, tmp_path / check)
    return tmp_path


def entry(name: str, **texts: str) -> str:
    """Return a file with one entry."""
    parts = {part: f"{{en: {part}, id: {part} juga}}" for part in ("title", "reason", "instead")} | texts
    lines = "".join(f"    {part}: {text}\n" for part, text in parts.items())
    return f"version: 1\nentries:\n  - id: {name}\n{lines}"


def test_ids_are_unique_and_none_is_that_of_a_check() -> None:
    names = [one.id for one in ENTRIES]
    assert len(names) == len(set(names))
    assert not set(names) & set(shipped().checks)
    assert {"network", "ssh"} <= {one.area for one in ENTRIES}


@pytest.mark.parametrize("one", ENTRIES, ids=lambda one: one.id)
def test_an_entry_is_told_in_both_languages(one: object) -> None:
    for part in ("title", "reason", "instead"):
        text = getattr(one, part)
        assert set(text) == {"en", "id"}, part
        assert text["en"].strip() and text["id"].strip(), part
        assert text["en"] != text["id"], part


def test_checks_that_entries_point_to_exist() -> None:
    areas = {name.partition("-")[0] for name in shipped().checks}
    for one in ENTRIES:
        for text in (*one.reason.values(), *one.instead.values()):
            for name in NAMED.findall(text):
                known = name in shipped().checks or name.partition("-")[0] not in areas
                assert known, f"{one.id} names {name}"


@pytest.mark.parametrize("name", ["network-telnet-absent", "network-sensor-readings"])
def test_an_id_that_is_taken_is_refused(folder: Path, name: str) -> None:
    (folder / "not-automated-more.yaml").write_text(entry(name), encoding="utf-8")
    with pytest.raises(DocumentError, match=f"{name} is taken"):
        load_not_automated(folder)


@pytest.mark.parametrize(
    "text",
    [
        entry("one", reason="{en: only English}"),
        entry("one", reason='{en: "", id: alasan}'),
        entry("one").replace("version: 1", "version: 2"),
        entry("one", unknown="{en: a, id: b}"),
        "version: 1\nentries: []\n",
    ],
)
def test_a_file_of_another_shape_is_refused(folder: Path, text: str) -> None:
    (folder / "not-automated-more.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError):
        load_not_automated(folder)


def test_one_more_file_adds_its_entries(folder: Path) -> None:
    (folder / "not-automated-more.yaml").write_text(entry("more-of-it"), encoding="utf-8")
    added = {one.id: one for one in load_not_automated(folder)}.keys() - {one.id for one in ENTRIES}
    assert added == {"more-of-it"}
