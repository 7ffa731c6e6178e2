"""Files that people write: inventory, policy, checks, packs, and tables to import."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

from auditor.documents.shape import match_shape
from auditor.inventory.csv_import import import_servers, parse_servers
from auditor.inventory.loading import check_inventory
from auditor.inventory.starting import starting_files
from auditor.model.document import Document, DocumentError, parse_document
from auditor.policy.loading import default_policy, load_policy
from controls.loading import CATALOGUE, PACKS
from controls.shapes import CheckShape, to_check
from controls.software_pack import FlawsShape, SupportShape
from fuzz.target import Target, files


def _inventory(data: bytes) -> None:
    document = parse_document(data, "inventory.yaml")
    check_inventory(document.data, document, document.digest)


@functools.cache
def _scratch() -> Path:
    return Path(tempfile.mkdtemp(prefix="tilik-fuzz-")) / "policies.yaml"


def _policy(data: bytes) -> None:
    path = _scratch()
    path.write_bytes(data)
    load_policy(path)


def _check(data: bytes) -> None:
    document = parse_document(data, "check.yaml")
    shape, problems = match_shape(CheckShape, document.data, document)
    assert (shape is None) == bool(problems)
    if shape is not None:
        to_check(shape)


def _pack(data: bytes) -> None:
    document = parse_document(data, "pack.yaml")
    for model in (SupportShape, FlawsShape):
        match_shape(model, document.data, document)


@functools.cache
def _base() -> Document:
    text = next(text for name, text in starting_files().items() if name.endswith("inventory.yaml"))
    return parse_document(text.encode(), "inventory.yaml")


def _table(data: bytes) -> None:
    parse_servers(data, "servers.csv")
    import_servers(data, "servers.csv", _base())


def _inventory_seeds() -> list[bytes]:
    written = [text.encode() for text in starting_files().values()]
    return [*written, *files("fixtures/malformed/inventory", "*.yaml")]


def _check_seeds() -> list[bytes]:
    found = sorted((CATALOGUE / "checks").rglob("*.yaml"))
    return [path.read_bytes() for path in found[::12]]


_TABLE = (
    b"opd,opd_name,id,name,zone,category,addresses,hostnames,roles,services\n"
    b'dinkes,Dinas Kesehatan,dinkes-web-02,"Situs, baru",dmz,tinggi,10.10.1.12,baru.lab.test,web,'
    b"443/https 80\n"
)

TARGETS = (
    Target("inventory", _inventory, (DocumentError,), _inventory_seeds),
    Target(
        "policy",
        _policy,
        (DocumentError,),
        lambda: [default_policy(), *files("fixtures/malformed/policy", "*.yaml")],
    ),
    Target("check", _check, (DocumentError,), _check_seeds),
    Target(
        "pack",
        _pack,
        (DocumentError,),
        lambda: [path.read_bytes()[:6000] for path in sorted(PACKS.glob("*.yaml"))],
    ),
    Target(
        "table",
        _table,
        (DocumentError,),
        lambda: [_TABLE, _TABLE.replace(b",", b";"), b"\xef\xbb\xbf" + _TABLE.replace(b",", b"\t")],
    ),
)
