"""Bring servers from a spreadsheet (CSV) into inventory.yaml, leaving what is written there as it is."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.documents.shape import nearest
from auditor.inventory.insertion import insert_servers
from auditor.inventory.loading import check_inventory
from auditor.inventory.meaning import Known
from auditor.inventory.table import Cell, Row, read_table
from auditor.model.document import Document, DocumentError, Problem
from auditor.model.facts import JSON
from auditor.model.plain_text import show
from auditor.model.problem import Path
from auditor.model.yaml_tree import read_scalar

REQUIRED = ("opd", "id", "zone", "category")
LISTS = ("addresses", "hostnames", "roles", "software")
"""Columns that hold several words, with blanks between them.

A host name that belongs to another OPD than its server is written `name=opd`.
"""
COLUMNS = (*REQUIRED, "opd_name", "name", *LISTS, "services", "fragility")


@dataclass(frozen=True, slots=True)
class ImportedServer:
    """One row: the server as inventory.yaml would hold it, and the cells it comes from by column."""

    opd: str
    opd_name: str
    server: Mapping[str, JSON]
    cells: Mapping[str, Cell]


def parse_servers(data: bytes, label: str) -> tuple[ImportedServer, ...]:
    """Return every row of a table with the columns named in COLUMNS, in any order.

    Lists are words with blanks between; services are `443` or `443/https`, host names `name` or
    `name=opd`. Raise DocumentError with every problem of the table itself; what the cells mean is checked
    together with the inventory.
    """
    header, *rows = read_table(data, label)
    problems = list(_header_problems(header, label))
    if not (rows or problems):
        problems.append(
            Problem(label, header[0].line, 1, "no server below the first line; write one per line")
        )
    for row in rows:
        if len(row) != len(header):
            message = (
                f"{len(row)} cells where the first line names {len(header)} columns; add or remove delimiters"
            )
            problems.append(Problem(label, row[0].line, row[0].column, message))
    if problems:
        raise DocumentError(problems)
    names = [cell.text.lower() for cell in header]
    return tuple(_imported(dict(zip(names, row, strict=True))) for row in rows)


def import_servers(data: bytes, label: str, inventory: Document) -> str:
    """Return the text of inventory.yaml with the servers of a CSV table added.

    Servers go to the end of their OPD; an unknown OPD is added at the end and needs `opd_name`. Raise
    DocumentError with every problem, located in the table or in the inventory.
    """
    check_inventory(inventory.data, inventory, inventory.digest, Known(complete=False))
    rows = parse_servers(data, label)
    tree, locator = _merge(rows, inventory, label)
    problems = list(_unnamed(locator))
    try:
        check_inventory(tree, locator, "")
    except DocumentError as error:
        problems += error.problems
    if problems:
        raise DocumentError(problems)
    return insert_servers(inventory, tree)


def _header_problems(header: Row, label: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for cell in header:
        name = cell.text.lower()
        if name not in COLUMNS:
            hint = nearest(name, COLUMNS) or f"the columns are {', '.join(COLUMNS)}"
            yield Problem(label, cell.line, cell.column, f"unknown column {show(cell.text)}; {hint}")
        elif name in seen:
            yield Problem(label, cell.line, cell.column, f"column {name} is there twice; remove one")
        seen.add(name)
    for name in REQUIRED:
        if name not in seen:
            yield Problem(label, header[0].line, header[0].column, f"column {name} is missing; add it")


def _imported(cells: Mapping[str, Cell]) -> ImportedServer:
    texts = {name: cell.text for name, cell in cells.items()}
    server: dict[str, JSON] = {}
    for name in ("id", "name", "zone", "category", *LISTS, "services", "fragility"):
        text = texts.get(name, "")
        if name == "services":
            server[name] = [_service(word) for word in text.split()]
        elif name == "hostnames":
            server[name] = [_hostname(word) for word in text.split()]
        elif name in LISTS:
            server[name] = list(text.split())
        else:
            server[name] = text
    filled = {name: value for name, value in server.items() if value or name in REQUIRED}
    return ImportedServer(texts["opd"], texts.get("opd_name", ""), filled, cells)


def _service(word: str) -> JSON:
    port, _, name = word.partition("/")
    return {"port": read_scalar(port)} | ({"name": name} if name else {})


def _hostname(word: str) -> JSON:
    name, equals, opd = word.partition("=")
    return {"name": name, "opd": opd} if equals else name


@dataclass(frozen=True, slots=True)
class _MergedLocator:
    """Says of a value in the merged tree whether it stands in the table or in the inventory."""

    inventory: Document
    label: str
    servers: Mapping[Path, ImportedServer]
    opds: Mapping[Path, ImportedServer]

    def problem(self, path: Path, message: str, *, key: bool = False) -> Problem:
        """Return a problem at the cell, or at the place in the inventory."""
        if path[:4] in self.servers:
            row = self.servers[path[:4]]
            column = str(path[4]) if len(path) > 4 else "id"
        elif path[:2] in self.opds:
            row = self.opds[path[:2]]
            column = "opd_name" if path[2:3] == ("name",) else "opd"
        else:
            return self.inventory.problem(path, message, key=key)
        cell = row.cells.get(column, row.cells["id"])
        return Problem(self.label, cell.line, cell.column, message)


def _merge(rows: tuple[ImportedServer, ...], inventory: Document, label: str) -> tuple[JSON, _MergedLocator]:
    tree: Any = copy.deepcopy(inventory.data)
    opds: list[Any] = tree["opds"]
    indexes = {opd["id"]: index for index, opd in enumerate(opds)}
    new_opds: dict[Path, ImportedServer] = {}
    new_servers: dict[Path, ImportedServer] = {}
    for row in rows:
        if row.opd not in indexes:
            indexes[row.opd] = len(opds)
            new_opds["opds", len(opds)] = row
            opds.append({"id": row.opd, "name": row.opd_name or row.opd, "servers": []})
        index = indexes[row.opd]
        servers = opds[index].setdefault("servers", [])
        new_servers["opds", index, "servers", len(servers)] = row
        servers.append(dict(row.server))
    return tree, _MergedLocator(inventory, label, new_servers, new_opds)


def _unnamed(locator: _MergedLocator) -> Iterator[Problem]:
    for path, row in locator.opds.items():
        if not row.opd_name:
            message = (
                f"OPD {show(row.opd)} is not in the inventory yet; write its full name in column opd_name"
            )
            yield locator.problem((*path, "id"), message)
