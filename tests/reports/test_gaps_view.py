"""What was not measured, told by how grave that is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.model.plan import Skipped, SkipReason
from auditor.model.report import NotMeasured
from controls.reasons import NO_WAY_IN, SKIPS
from reports.view.context import make_context
from reports.view.gaps import GapSection
from reports.view.scorecard import scorecard_view
from tests.reports.pages import rendered
from tests.reports.sample import report_data

DATA = report_data()
NOT_ALLOWED = SKIPS[SkipReason.METHOD]


def sections(*gaps: NotMeasured, skipped: tuple[Skipped, ...] = ()) -> dict[str, GapSection]:
    data = replace(DATA, not_measured=gaps, skipped=skipped)
    return {one.kind: one for one in scorecard_view(make_context(data, "id", "2022"), "dinkes").gaps}


def gap(server: str, what: str, reason: str) -> NotMeasured:
    return NotMeasured("dinkes", server, "127.20.1.11", what, reason)


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_server_of_which_only_a_method_was_not_allowed_is_not_called_unscanned(language: str) -> None:
    told = sections(gap("dinkes-01", "udp", NOT_ALLOWED[language]))
    assert [one.server for one in told["left-out"].gaps.rows] == ["Situs Dinas Kesehatan (dinkes-01)"]
    assert "dinkes-01" not in str(told["unscanned"])
    assert "failed" not in told


@pytest.mark.parametrize("reason", [NO_WAY_IN["id"], NO_WAY_IN["en"], SkipReason.METHOD.value])
def test_what_nobody_made_possible_was_not_asked_for(reason: str) -> None:
    assert set(sections(gap("dinkes-01", "host", reason))) == {"unscanned", "left-out"}


def test_a_server_of_which_nothing_is_known_is_named_first() -> None:
    told = sections(gap("dinkes-04", "ports", "timeout"), gap("dinkes-02", "tls 443", "timeout"))
    assert list(told) == ["unscanned", "failed"]
    assert [one.server for one in told["unscanned"].gaps.rows] == ["Peladen arsip lama (dinkes-04)"]
    assert [one.server for one in told["failed"].gaps.rows] == ["Sistem Informasi Puskesmas (dinkes-02)"]


def test_a_skipped_method_is_told_as_one() -> None:
    skipped = Skipped("dinkes-01", "dinkes", "127.20.1.11", "udp", SkipReason.METHOD, "ask for a letter")
    assert [one.what for one in sections(skipped=(skipped,))["left-out"].gaps.rows] == [
        "pertanyaan melalui UDP"
    ]


def test_the_page_tells_the_kinds_apart() -> None:
    data = replace(DATA, not_measured=(gap("dinkes-01", "udp", NOT_ALLOWED["id"]), *DATA.not_measured))
    page = rendered(data, "html")["kartu-skor-dinkes.html"]
    heads = [
        page.index(f">{head} <span>")
        for head in ("Tidak dipindai", "Gagal diukur", "Di luar yang ditugaskan")
    ]
    assert heads == sorted(heads)
