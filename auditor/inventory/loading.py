"""From inventory.yaml to the Inventory: parse, then shape, then meaning."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from auditor.documents.files import read_file
from auditor.documents.shape import match_shape
from auditor.inventory.access_meaning import check_access
from auditor.inventory.convert import to_inventory
from auditor.inventory.meaning import NOTHING_KNOWN, Known, check_meaning
from auditor.inventory.parts import collect_parts
from auditor.inventory.shape import InventoryShape
from auditor.model.document import DocumentError, parse_document
from auditor.model.facts import JSON
from auditor.model.inventory import Inventory
from auditor.model.problem import Locator

_ADVICE = "name the right one, or write a first one with 'auditor init'"


def load_inventory(
    path: Path, consent_checks: Collection[str] | None = None, roles: Collection[str] | None = None
) -> Inventory:
    """Load the inventory; raise DocumentError with every problem in it.

    `consent_checks` are the ids of checks marked consent, `roles` those the policy has ports for; when
    given, an authorization or a server may name no other.
    """
    document = parse_document(read_file(path, _ADVICE), str(path))
    return check_inventory(document.data, document, document.digest, Known(consent_checks, roles))


def check_inventory(data: JSON, locator: Locator, digest: str, known: Known = NOTHING_KNOWN) -> Inventory:
    """Return the Inventory in a parsed tree; raise DocumentError with every problem in it."""
    shape, problems = match_shape(InventoryShape, data, locator)
    problems += tuple(check_meaning(collect_parts(data), locator, known))
    problems += tuple(check_access(data, locator))
    if shape is None or problems:
        raise DocumentError(problems)
    return to_inventory(shape, digest)
