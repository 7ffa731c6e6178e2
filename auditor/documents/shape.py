"""Compare a tree with a pydantic model, and say what is wrong in words that tell what to write."""

from __future__ import annotations

import difflib
import functools
import json
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from auditor.model.facts import JSON
from auditor.model.plain_text import show
from auditor.model.problem import Locator, Path, Problem

Model = TypeVar("Model", bound=BaseModel)

MAXIMUM_PROBLEMS = 1_000

_KEY = "[key]"
_WHOLE_FILE = "the file"
_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
    "date_type": "a day such as 2026-11-30",
    "date_parsing": "a day such as 2026-11-30",
    "date_from_datetime_parsing": "a day such as 2026-11-30",
    "date_from_datetime_inexact": "a day such as 2026-11-30, without a time",
}


class Shape(BaseModel):
    """Base of every model at the edge: closed, strict and frozen."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def match_shape(model: type[Model], data: JSON, locator: Locator) -> tuple[Model | None, tuple[Problem, ...]]:
    """Return the model filled from a tree, or None and every way in which the tree does not fit."""
    try:
        # As JSON, because strict models then still take a day or a tuple from their written form.
        return model.model_validate_json(json.dumps(data)), ()
    except ValidationError as error:
        found = [details for details in error.errors(include_url=False) if not _is_echo(details)]
        problems = [_problem(model, details, locator) for details in found[:MAXIMUM_PROBLEMS]]
        if len(found) > MAXIMUM_PROBLEMS:
            problems.append(
                locator.problem((), f"{len(found):,} problems; correct the first of them and try again")
            )
        return None, tuple(problems)


def _is_echo(details: Mapping[str, Any]) -> bool:
    """Return whether a list counts as too short only because its entries are wrong, as is told already."""
    return details["type"] == "too_short" and bool(details["input"])


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `did you mean "x"?` for a known word close to a misspelt one, or an empty text."""
    close = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return f'did you mean "{close[0]}"?' if close else ""


def _problem(model: type[BaseModel], details: Mapping[str, Any], locator: Locator) -> Problem:
    path: Path = details["loc"]
    if path and path[-1] == _KEY:
        return locator.problem(path[:-1], _explain(details, path[:-1], {}), key=True)
    if details["type"] == "extra_forbidden":
        message = _unknown_key(str(path[-1]), schema_at(model, path[:-1]))
        return locator.problem(path, message, key=True)
    return locator.problem(path, _explain(details, path, schema_at(model, path)))


def _unknown_key(name: str, parent: Mapping[str, Any]) -> str:
    known = sorted(parent.get("properties", {}))
    return (
        f"unknown key {show(name)}; {nearest(name, known) or 'the keys known here are ' + ', '.join(known)}"
    )


def _explain(details: Mapping[str, Any], path: Path, schema: Mapping[str, Any]) -> str:
    name, kind, found = _name(path), details["type"], details["input"]
    example = _example(path, schema)
    context = details.get("ctx", {})
    if kind == "missing":
        return f"{name} is missing; {example or 'write it'}"
    if kind in ("value_error", "assertion_error"):
        return str(context["error"])
    if kind == "literal_error" or kind == "enum":
        return _not_in_list(name, found, context["expected"])
    if kind in _WANTED:
        return _wrong_type(name, kind, found, example)
    if kind == "too_short":
        return f"{name} is empty; {example or 'write at least one entry'}"
    limits = {"greater_than": "more than", "greater_than_equal": "at least", "less_than_equal": "at most"}
    if kind in limits:
        limit = next(iter(context.values()))
        return f"{name} must be {limits[kind]} {limit:g}; found {_describe(found)}"
    return f"{name}: {details['msg']}; found {_describe(found)}"


def _name(path: Path) -> str:
    """Return the innermost key of a path; an entry of a list is called after the list."""
    names = [step for step in path if isinstance(step, str)]
    if not names:
        return _WHOLE_FILE
    return show(names[-1])[1:-1] if isinstance(path[-1], str) else f"an entry of {show(names[-1])[1:-1]}"


def _example(path: Path, schema: Mapping[str, Any]) -> str:
    examples = schema.get("examples")
    if not examples:
        return ""
    written = examples[0] if isinstance(examples[0], str) else json.dumps(examples[0], ensure_ascii=False)
    is_key = bool(path) and isinstance(path[-1], str)
    return f"write {path[-1]}: {written}" if is_key else f"write {written}"


def _not_in_list(name: str, found: object, expected: str) -> str:
    words = [word.strip("'") for word in expected.replace(" or ", ", ").split(", ")]
    hint = nearest(found, words) if isinstance(found, str) else ""
    if str(found) in words:
        quoted = show(str(found))
        hint = f"write {found} without quotes" if isinstance(found, str) else f"write it in quotes: {quoted}"
    listed = " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
    return f"{name} must be {listed}; found {_describe(found)}" + (f"; {hint}" if hint else "")


def _wrong_type(name: str, kind: str, found: object, example: str) -> str:
    if found is None and name == _WHOLE_FILE:
        return "the file is empty; start from the one that 'auditor init' writes"
    if found is None:
        return f"{name} has no value; {example or 'write ' + _WANTED[kind]}"
    hint = example
    if kind == "string_type" and isinstance(found, bool | int | float):
        hint = f"write it in quotes: {show(json.dumps(found))}"
    elif kind == "bool_type":
        hint = "write true or false, without quotes"
    elif (
        kind in ("int_type", "float_type") and isinstance(found, str) and found.isascii() and found.isdigit()
    ):
        hint = f"write {found.lstrip('0') or '0'} without quotes or leading zeros"
    elif kind in ("list_type", "tuple_type") and isinstance(found, str | int | float):
        hint = f"write [{found}]" if len(str(found)) < 40 else "write it in square brackets"
    return f"{name} must be {_WANTED[kind]}; found {_describe(found)}" + (f"; {hint}" if hint else "")


def _describe(found: object) -> str:
    if found is None:
        return "nothing"
    if isinstance(found, str):
        return f"the text {show(found)}"
    if isinstance(found, list):
        return "a list"
    return "keys with values" if isinstance(found, dict) else json.dumps(found)


@functools.cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


def schema_at(model: type[BaseModel], path: Path) -> Mapping[str, Any]:
    """Return the part of a model's JSON Schema that describes a path; empty when it describes none."""
    root = _schema(model)
    node: Mapping[str, Any] = root
    for step in path:
        node = _resolve(root, node)
        if isinstance(step, int):
            node = node.get("items", {})
        elif step in node.get("properties", {}):
            node = node["properties"][step]
        else:
            # Keys that are held against a pattern: each table has only one.
            others = next(iter(node.get("patternProperties", {}).values()), node.get("additionalProperties"))
            node = others if isinstance(others, dict) else {}
    return _resolve(root, node)


def _resolve(root: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a reference, and keep what stands beside it, such as examples."""
    for branch in node.get("anyOf", ()):
        if branch.get("type") != "null":
            return _resolve(root, {**branch, **{key: node[key] for key in node if key != "anyOf"}})
    if "$ref" not in node:
        return node
    return {
        **root["$defs"][node["$ref"].rsplit("/", 1)[-1]],
        **{key: node[key] for key in node if key != "$ref"},
    }
