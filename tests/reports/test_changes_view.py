"""The lists of what became of findings, on the card of their agency."""

from __future__ import annotations

from dataclasses import replace

from auditor.model.changes import Changes
from reports.view.changes import changes_view
from reports.view.context import make_context
from tests.reports.pages import rendered
from tests.reports.whole import changed, whole_data

DATA = whole_data()


def test_each_list_says_how_long_and_why() -> None:
    view = changes_view(make_context(DATA, "id", "2022"), "dinkes")
    assert view is not None
    told = {one.title: [row.told for row in one.rows] for one in view.lists}
    assert told == {
        "Selesai, terbukti melalui pengukuran": [
            "diperbaiki setelah 1 hari",
            "diperbaiki setelah 12 hari",
        ],
        "Baru": [""],
        "Ditemukan kembali": ["terbuka selama 3 hari"],
        "Pernah ditemukan, kini tidak terukur": [
            "terakhir ditemukan 2 hari sebelumnya · tidak menjawab dalam batas waktu"
        ],
        "Ditutup tanpa perbaikan": ["the server is not registered any more"],
    }
    assert view.sentence.startswith("Sejak audit 4 Oktober 2026 ")


def test_an_agency_without_changes_is_told_so() -> None:
    view = changes_view(make_context(DATA, "en", "2022"), "dukcapil")
    assert view is not None
    assert (view.lists, view.nothing) == ((), "No finding came, went or fell out of sight.")


def test_without_an_audit_before_there_is_nothing_to_compare_with() -> None:
    first = replace(DATA, changes=None)
    assert changes_view(make_context(first, "en", "2022"), "dinkes") is None
    assert not any('id="changes"' in page for page in rendered(first, "html").values())


def test_a_long_list_is_cut_and_says_so() -> None:
    one = changed(next(one for one in DATA.findings if one.opd == "dinkes"), 0)
    assert DATA.changes is not None
    many = Changes(DATA.changes.since, DATA.changes.until, ("run-1",), new=(one,) * 40)
    view = changes_view(make_context(replace(DATA, changes=many), "en", "2022"), "dinkes")
    assert view is not None
    (new,) = view.lists
    assert (new.count, len(new.rows), new.left) == ("40", 15, "and 25 more")
