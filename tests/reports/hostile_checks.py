"""What a file of each format holds beside its texts: nothing of it may depend on what they say."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from auditor.model.report import ReportData
from reports.formats.base import RenderedFile
from reports.registry import RENDERERS
from tests.reports.pages import tree

_LANGUAGE, _EDITION = "id", "2022"
_ACTIVE = frozenset({"href", "src", "srcset", "style", "class", "action", "formaction", "http-equiv", "rel"})
"""Attributes whose values do something; those of others are only shown or named."""
_FORMULA_STARTS = frozenset("=+-@|\t\r\n＝＋－＠｜")
_LIVE = {"f", "hyperlink", "oleObject", "externalReference", "ddeLink", "drawing"}
_CELL_KINDS = {"inlineStr", "n", None}

Shape = object
"""What is the same whatever the texts say; compared by equality."""


def shapes(data: ReportData) -> dict[str, Shape]:
    """Return file → its shape, of every format. Raise AssertionError for what may be in none."""
    return {file.name: SHAPES[name](file.content) for name, file in rendered_files(data)}


def rendered_files(data: ReportData) -> Iterator[tuple[str, RenderedFile]]:
    """Yield format and file, of every format but PDF, which `test_hostile_print` looks at."""
    for name, render in RENDERERS.items():
        if name != "pdf":
            yield from ((name, file) for file in render(data, None, _LANGUAGE, _EDITION))


def html_shape(content: bytes) -> Shape:
    """Return elements below elements with their attributes, and the values of those that do something.

    Inside of drawings only the kinds count: how many there are may depend on the length of a text.
    """
    page = content.decode()
    counted: Counter[object] = Counter()
    kinds: set[object] = set()
    for path, element in _elements(tree(page)):
        active = tuple(sorted((k, v) for k, v in element.attrib.items() if k in _ACTIVE))
        kind = (path[-1], element.tag, tuple(sorted(map(str, element.attrib))), active)
        if "svg" in path:
            kinds.add(kind)
        else:
            counted[kind] += 1
    return counted, kinds


def _elements(root: Element, path: tuple[str, ...] = ("",)) -> Iterator[tuple[tuple[str, ...], Element]]:
    yield path, root
    for child in root:
        yield from _elements(child, (*path, str(root.tag)))


def csv_shape(content: bytes) -> Shape:
    """Return how many cells each row has; no cell begins as a formula does."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert not [cell for row in rows for cell in row if cell.lstrip()[:1] in _FORMULA_STARTS]
    return [len(row) for row in rows]


def json_shape(content: bytes) -> Shape:
    """Return the keys that are no texts from outside; nothing but plain ASCII stands in the file."""
    assert content.isascii() and content.decode().replace("\n", "").isprintable()
    return _json_shape(json.loads(content))


def _json_shape(value: object) -> Shape:
    if isinstance(value, dict):
        return len(value), Counter(repr(_json_shape(one)) for one in value.values())
    return [_json_shape(one) for one in value] if isinstance(value, list) else type(value).__name__


def xlsx_shape(content: bytes) -> Shape:
    """Return the parts of a workbook and its kinds of elements; no formula, link or outside part."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    found = {}
    for name, part in inside.items():
        elements = list(fromstring(part).iter())
        tags = Counter(one.tag.rpartition("}")[2] for one in elements)
        assert not tags.keys() & {"f", "hyperlink", "oleObject", "externalReference", "ddeLink", "drawing"}, (
            name
        )
        assert not [one for one in elements if one.attrib.get("TargetMode") == "External"], name
        cells = [one for one in elements if one.tag.endswith("}c")]
        assert {one.attrib.get("t") for one in cells} <= _CELL_KINDS, name
        found[name] = tags, [one.attrib.get("t") for one in cells]
    assert not [name for name in found if re.search("external|vba|activeX|embed", name)]
    return found


SHAPES: dict[str, Callable[[bytes], Shape]] = {
    "html": html_shape,
    "csv": csv_shape,
    "json": json_shape,
    "xlsx": xlsx_shape,
    "oscal": json_shape,
    "sarif": json_shape,
}
"""Every format has a line here."""
