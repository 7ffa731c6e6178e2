"""Drawings within a page, made ready for WeasyPrint, which keeps a page's style sheet from them.

What the style sheet says of a shape is written to the shape itself, and what a picture is called becomes the
title that is read out in its place. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import cssselect2
import tinycss2

SVG = "{http://www.w3.org/2000/svg}"
_SHAPE = frozenset(
    (
        *("fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity"),
        *("stroke-linecap", "stroke-linejoin", "opacity", "display", "vector-effect"),
        *("font-size", "font-weight", "font-style", "text-anchor", "dominant-baseline", "letter-spacing"),
    )
)
_WANTED = _SHAPE | {"color"}
_FAMILY = "Noto Sans, Liberation Sans, DejaVu Sans, sans-serif"
_THIN = "0.35"
"""Width of a line that on screen keeps its own however its picture is stretched: not so in WeasyPrint."""
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*\)")

Declarations = tuple[tuple[str, str], ...]


def style_shapes(root: Any) -> None:
    """Change the drawings below the wrapped root element of a page, in place."""
    sheet = "\n".join(element.text or "" for element in root.etree_element.iter("style"))
    matcher = cssselect2.Matcher()
    for selector, declared in _rules(sheet):
        matcher.add_selector(selector, declared)
    _walk(root, matcher, "")


def _walk(wrapper: Any, matcher: Any, colour: str) -> None:
    """Follow `color` down the page, since a shape may be drawn in that of the words around it."""
    element = wrapper.etree_element
    declared = _declared(wrapper, matcher)
    colour = declared.pop("color", colour)
    if element.tag == f"{SVG}svg":
        _name(element)
        element.set("font-family", _FAMILY)
    if str(element.tag).startswith(SVG):
        _style(element, declared, colour)
    for child in wrapper.iter_children():
        _walk(child, matcher, colour)


def _declared(wrapper: Any, matcher: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for _specificity, _order, pseudo, declared in matcher.match(wrapper):
        if pseudo is None:
            found.update(declared)
    return found


def _style(element: Any, declared: dict[str, str], colour: str) -> None:
    if declared.pop("vector-effect", "") == "non-scaling-stroke":
        declared["stroke-width"] = "0" if element.tag == f"{SVG}rect" else _THIN
    for name, value in declared.items():
        element.set(name, value)
    for name in ("fill", "stroke"):
        if element.get(name, "").lower() == "currentcolor":
            element.set(name, colour or "black")


def _name(element: Any) -> None:
    """Give a picture the title that is read out, from the label that browsers read."""
    label = element.get("aria-label")
    if label and element.find(f"{SVG}title") is None:
        title = element.makeelement(f"{SVG}title", {})
        title.text = label
        element.insert(0, title)


@lru_cache(maxsize=16)
def _rules(sheet: str) -> tuple[tuple[Any, Declarations], ...]:
    """Return compiled selectors of a style sheet and what they say of shapes on paper, in their order."""
    listed = list(_on_paper(tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)))
    variables = {name: value for _, declared in listed for name, value in declared if name.startswith("--")}
    found: list[tuple[Any, Declarations]] = []
    for prelude, declared in listed:
        kept = tuple((name, _filled(value, variables)) for name, value in declared if name in _WANTED)
        if kept:
            found.extend((selector, kept) for selector in cssselect2.compile_selector_list(prelude))
    return tuple(found)


def _on_paper(rules: Iterable[Any]) -> Iterator[tuple[list[Any], Declarations]]:
    for rule in rules:
        if rule.type == "qualified-rule":
            yield rule.prelude, _declarations(rule.content)
        elif rule.type == "at-rule" and rule.lower_at_keyword == "media" and rule.content:
            media = {one.strip() for one in tinycss2.serialize(rule.prelude).lower().split(",")}
            if media & {"print", "all"}:
                yield from _on_paper(
                    tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
                )


def _declarations(content: list[Any]) -> Declarations:
    parsed = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    return tuple(
        (one.name if one.name.startswith("--") else one.lower_name, tinycss2.serialize(one.value).strip())
        for one in parsed
        if one.type == "declaration"
    )


def _filled(value: str, variables: dict[str, str]) -> str:
    return _VARIABLE.sub(lambda found: variables.get(found[1], ""), value)
