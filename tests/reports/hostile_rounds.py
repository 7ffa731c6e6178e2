"""Render hostile texts in every place, round by round, in every format and on a terminal."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from contextlib import redirect_stdout
from itertools import count

from auditor.cli.output import Format, print_json, print_listing
from auditor.cli.results import LISTED, flat_record, listed_row
from auditor.model.report import ReportData
from reports.findings import finding_record
from tests.reports.hostile_checks import SHAPES, Shape, rendered_files, shapes
from tests.reports.hostile_data import Planter, full_data, plant
from tests.reports.hostile_texts import hostile_texts

_LANGUAGE = "id"
_ACTING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Controls, format characters, lone surrogates, and separators of lines."""


class Rounds:
    """The shapes of files about harmless texts, and what was tried against them so far."""

    def __init__(self, data: ReportData | None = None):
        self._data = data or full_data()
        # All different, as the hostile ones are: what is named twice is often shown once.
        harmless = Planter(f"x{number}" for number in count())
        self._harmless = plant(self._data, harmless)
        self._shapes: dict[str, Shape] = shapes(self._harmless)
        self._screen = screen_shape(self._harmless)
        self._source = hostile_texts()
        self.texts = self.files = 0
        self.places = harmless.places

    def next(self) -> Iterator[str]:
        """Put new texts into every place; yield the names of files whose shape they change."""
        planter = Planter(self._source)
        data = plant(self._data, planter)
        self.texts += len(planter.given)
        for name, file in rendered_files(data):
            self.files += 1
            if SHAPES[name](file.content) != self._shapes[file.name]:
                yield file.name
        if screen_shape(data) != self._screen:
            yield "terminal"


def screen_shape(data: ReportData) -> Shape:
    """Return how many findings are printed; no character of a listing does anything to a terminal."""
    printed = screen(data)
    acting = {one for one in printed.replace("\r\n", "\n") if unicodedata.category(one) in _ACTING} - {"\n"}
    assert not acting, acting
    printed.encode()
    return sum(printed.count(finding.id) > 0 for finding in data.findings)


def screen(data: ReportData) -> str:
    """Return what `findings list` and `findings show` print, as table, CSV and JSON."""
    records = [{**finding_record(finding, data, _LANGUAGE)} for finding in data.findings]
    out = io.StringIO()
    with redirect_stdout(out):
        for form in Format:
            print_listing([listed_row(one, form, _LANGUAGE) for one in records], LISTED, form, "")
        for record in records:
            rows = [{"field": key, "value": value} for key, value in flat_record(record)]
            print_listing(rows, ("field", "value"), Format.TABLE, "")
            print_json(record)
    return out.getvalue()
