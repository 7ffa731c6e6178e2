"""Add servers to the text of inventory.yaml line by line, so that comments and order stay."""

from __future__ import annotations

import json
import re
from typing import Any

from auditor.model.document import Document, DocumentError, parse_document
from auditor.model.facts import JSON
from auditor.model.problem import Path
from auditor.model.yaml_tree import read_scalar

_PLAIN = re.compile("[A-Za-z0-9](?:[A-Za-z0-9 ._/-]*[A-Za-z0-9])?")


def insert_servers(inventory: Document, tree: JSON) -> str:
    """Return the inventory's text with the servers and OPD added that only the tree has.

    Raise DocumentError where a list to be added to is written in brackets.
    """
    before: Any = inventory.data
    after: Any = tree
    lines = inventory.text.splitlines()
    added: dict[int, list[str]] = {}
    for index, opd in enumerate(before["opds"]):
        new = after["opds"][index].get("servers", [])[len(opd.get("servers", [])) :]
        if new:
            line, written = _addition(inventory, lines, ("opds", index), new)
            added.setdefault(line, []).extend(written)
    new_opds = after["opds"][len(before["opds"]) :]
    if new_opds:
        indent = _indentation(inventory, lines, ("opds",))
        added.setdefault(_last_line(inventory, ("opds",)), []).extend(_opd_lines(new_opds, indent))
    text = "".join(f"{line}\n" for line in _woven(lines, added))
    if parse_document(text.encode(), inventory.file).data != tree:
        raise RuntimeError("the written inventory does not read back as the servers that were added")
    return text


def _addition(
    inventory: Document, lines: list[str], opd: Path, new: list[dict[str, JSON]]
) -> tuple[int, list[str]]:
    """Return the new servers of an OPD as lines, and the line after which they belong."""
    path = (*opd, "servers")
    if path in inventory.values:
        return _last_line(inventory, path), _server_lines(new, _indentation(inventory, lines, path))
    if opd in inventory.last_lines:
        message = "an OPD in brackets cannot be added to; write every key on a line of its own"
        raise DocumentError([inventory.problem(opd, message)])
    _, column = inventory.position((*opd, "id"), key=True)
    indent = " " * (column - 1)
    return _last_line(inventory, opd), [f"{indent}servers:", *_server_lines(new, f"{indent}  ")]


def _woven(lines: list[str], added: dict[int, list[str]]) -> list[str]:
    woven: list[str] = []
    for number, line in enumerate(lines, start=1):
        woven.append(line)
        woven.extend(added.get(number, ()))
    return woven


def _indentation(inventory: Document, lines: list[str], path: Path) -> str:
    line, column = inventory.position(path)
    if lines[line - 1][: column - 1].strip() or lines[line - 1][column - 1] != "-":
        message = "a list in brackets cannot be added to; write every entry on a line of its own after '- '"
        raise DocumentError([inventory.problem(path, message)])
    return " " * (column - 1)


def _last_line(inventory: Document, path: Path) -> int:
    inside = (line for place, line in inventory.last_lines.items() if place[: len(path)] == path)
    return max(inside, default=inventory.position(path)[0])


def _opd_lines(opds: list[dict[str, Any]], indent: str) -> list[str]:
    lines: list[str] = []
    for opd in opds:
        lines += [f"{indent}- id: {_scalar(opd['id'])}", f"{indent}  name: {_scalar(opd['name'])}"]
        lines += [f"{indent}  servers:", *_server_lines(opd["servers"], f"{indent}    ")]
    return lines


def _server_lines(servers: list[dict[str, JSON]], indent: str) -> list[str]:
    lines: list[str] = []
    for server in servers:
        keys = [f"{key}: {_flow(value)}" for key, value in server.items()]
        lines += [f"{indent}- {keys[0]}", *(f"{indent}  {key}" for key in keys[1:])]
    return lines


def _flow(value: JSON) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(entry)}" for key, entry in value.items()) + "}"
    return _scalar(value)


def _scalar(value: JSON) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and isinstance(read_scalar(value), str):
        return value
    return json.dumps(value, ensure_ascii=False)
