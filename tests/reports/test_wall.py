"""The wall screen, the feed and the metrics: freshness first, and visibly old once nobody renews them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest

from auditor.documents.schema import schema_text
from auditor.model.check import Severity
from auditor.model.wall import Wall, WallRules
from reports.wall.feed import feed_schema
from reports.wall.files import render_wall
from reports.wall.view import ROWS, wall_view
from reports.words import Words
from tests.reports.pages import skeleton, texts, tree
from tests.reports.walls import AT, wall

ROOT = Path(__file__).parents[2]
NASTY = 'x"\\\n</td><script>alert(1)</script>{}\u202e\x1b[31m,a="b" 1'
LABEL = r'[a-z]+="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"^(?P<name>[a-z_]+)(\{{{LABEL}(?:,{LABEL})*\}})? -?[0-9.e+]+$")


def files(made: Wall) -> dict[str, str]:
    return {file.name: file.content.decode() for file in render_wall(made)}


def page(made: Wall) -> str:
    return next(iter(files(made).values()))


def test_names_never_change_and_both_pages_turn_to_each_other() -> None:
    assert list(files(wall(3))) == [
        "layar-pemantauan.html", "layar-pemantauan-2.html", "feed.json", "tilik.prom"
    ]  # fmt: skip
    made = files(wall(3, language="en"))
    for name, other in (
        ("wall-screen.html", "wall-screen-2.html"),
        ("wall-screen-2.html", "wall-screen.html"),
    ):
        assert f'content="600; url={other}#r20261123011500"' in made[name]


def test_a_page_that_was_not_renewed_says_so_and_a_renewed_one_does_not() -> None:
    """What a browser targets is the mark of the rendering that it saw before."""
    first, second = wall(3), replace(wall(3), at=AT + timedelta(minutes=5))
    target = re.search(r"#(r\d+)", page(first))
    assert target is not None
    told = [one for one in tree(page(first)).iter() if one.attrib.get("id") == target[1]]
    assert [one.text for one in told] == ["Belum diperbarui sejak 23 November 2026 08.15 WIB"]
    assert target[1] not in page(second)
    assert "#late { animation: late 1s 660s both; }" in page(first)


@pytest.mark.parametrize(("count", "screens"), [(0, 1), (1, 1), (ROWS, 1), (ROWS + 1, 2), (50, 5)])
def test_every_agency_is_shown_once_and_as_many_as_can_be_read(count: int, screens: int) -> None:
    made = wall(count)
    view = wall_view(made, Words("id", "Asia/Jakarta"), "")
    assert len(view.screens) == screens
    assert [line.name for one in view.screens for line in one.lines] == [one.name for one in made.opds]
    assert all(len(one.lines) <= ROWS for one in view.screens)
    assert (view.turn, view.screens[-1].delay) == (15 * screens, 15 * (screens - 1))


def test_what_is_out_of_date_stands_first_by_name_and_is_named_on_every_screen() -> None:
    view = wall_view(wall(50), Words("id", "Asia/Jakarta"), "")
    kinds = [line.kind for one in view.screens for line in one.lines]
    assert kinds == sorted(kinds, key=["never", "stale", "partly", "fresh"].index)
    for kind in set(kinds):
        names = [line.name for one in view.screens for line in one.lines if line.kind == kind]
        assert names == sorted(names, key=str.casefold)
    assert len(view.stale) == sum(kind != "fresh" for kind in kinds)
    assert view.fresh == f"{50 - len(view.stale)} dari 50"
    shown = list(texts(page(wall(50))))
    assert "Tidak mutakhir:" in shown and any(view.stale[-1] in one for one in shown)


def test_ages_and_servers_that_wait_are_told_as_of_the_page() -> None:
    view = wall_view(wall(12), Words("id", "Asia/Jakarta"), "")
    lines = {line.kind: line for line in view.screens[0].lines}
    assert (lines["never"].age, lines["never"].state, lines["never"].floor) == (
        "",
        "Belum pernah diukur",
        "–",
    )
    assert (lines["stale"].age, lines["stale"].at) == ("6 hari lalu", "17 November 2026 08.15 WIB")
    assert lines["partly"].behind.startswith("belum diukur: 2 dari 3 – ")
    assert (lines["fresh"].age, lines["fresh"].behind) == ("10 jam lalu", "")


def test_the_feed_keeps_its_published_contract() -> None:
    published = (ROOT / "docs/feed.schema.json").read_text(encoding="utf-8")
    assert published == schema_text(feed_schema()), "run scripts/write-schemas"
    for made in (wall(0), wall(12), replace(wall(50, NASTY), trial=None)):
        text = files(made)["feed.json"]
        assert text.isascii()
        jsonschema.validate(json.loads(text), json.loads(published))


def test_page_feed_and_metrics_say_the_same() -> None:
    made = wall(12)
    written = files(made)
    feed = json.loads(written["feed.json"])
    samples = dict(line.rsplit(" ", 1) for line in written["tilik.prom"].splitlines() if line[0] != "#")
    view = wall_view(made, Words("en", "Asia/Jakarta"), "")
    lines = [line for one in view.screens for line in one.lines]
    for line, record in zip(lines, feed["opds"], strict=True):
        label = f'opd="{record["opd"]}"'
        assert line.overdue == str(record["overdue"]) == samples[f"tilik_opd_overdue_findings{{{label}}}"]
        for severity, shown in ((Severity.CRITICAL, line.critical), (Severity.HIGH, line.high)):
            name = f'tilik_opd_open_findings{{{label},severity="{severity.value}"}}'
            assert shown == str(record["open"][severity.value]) == samples[name]
        assert samples[f'tilik_opd_freshness{{{label},state="{line.kind}"}}'] == "1"
        assert record["freshness"] == line.kind
        assert samples[f"tilik_opd_servers_behind{{{label}}}"] == str(record["servers_behind"])
        level = record["level"]
        floor = f"tilik_opd_floor_ratio{{{label}}}"
        assert (level is None) == (floor not in samples)
        assert level is None or float(samples[floor]) == pytest.approx(level["floor"] / 100)


@pytest.mark.parametrize("made", [wall(0), wall(12), wall(12, NASTY)], ids=["none", "some", "hostile"])
def test_metrics_are_well_formed_whatever_names_hold(made: Wall) -> None:
    lines = files(made)["tilik.prom"].splitlines()
    seen: list[str] = []
    for line in lines:
        if line.startswith("# HELP "):
            seen.append(line.split(" ")[2])
        elif line.startswith("# TYPE "):
            assert line == f"# TYPE {seen[-1]} gauge"
        else:
            found = SAMPLE.match(line)
            assert found is not None, line
            assert found["name"] == seen[-1]
    assert len(seen) == len(set(seen))
    assert not any("age" in name.split("_") for name in seen)


def test_no_text_becomes_an_element_of_the_page() -> None:
    plain, hostile = wall(13), wall(13, NASTY)
    assert skeleton(page(hostile)) == skeleton(page(plain))
    assert "\u202e" not in page(hostile) and "\x1b" not in page(hostile)


def test_how_often_it_is_renewed_decides_when_a_page_is_late() -> None:
    made = page(wall(1, rules=WallRules(minutes=15)))
    assert 'content="1800; url=' in made and "late 1s 1860s both" in made


def test_who_left_but_is_still_in_the_score_is_named_beside_it() -> None:
    made = replace(wall(3, language="en"), left=("Badan Lama <b>",))
    assert "still with Badan Lama <b>, no longer registered" in " ".join(texts(page(made)))
    assert json.loads(files(made)["feed.json"])["level_still_with"] == ["Badan Lama <b>"]
    assert "no longer registered" not in page(wall(3, language="en"))
