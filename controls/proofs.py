"""Which texts of the catalogue were tried on real servers, and why others were not. Pure.

A proof is of a text: it counts only while the text that was tried is the text of the catalogue.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from auditor.documents.shape import Shape
from auditor.documents.words import Id
from auditor.model.check import Check, Remedy, Text
from auditor.model.proof import Proof
from controls.shapes import TextShape


class ProofShape(Shape):
    """One round trip, as written."""

    check: Id
    software: Annotated[tuple[str, ...], Field(min_length=1)]
    tried_on: str
    text: str
    """`text_digest` of what was tried."""
    closes_beside: tuple[Id, ...]
    shows: tuple[Id, ...]


class ReasonShape(Shape):
    """Why a text was not tried, or closes nothing."""

    check: Id
    reason: TextShape


class ProofsShape(Shape):
    """The file `proofs.json`."""

    version: Literal[1]
    proofs: tuple[ProofShape, ...]
    not_proven: tuple[ReasonShape, ...]


def text_digest(remedies: Iterable[Remedy], software: Iterable[str]) -> str:
    """Return the SHA-256 over what is to be copied for some software, or over the steps where nothing is."""
    texts = {one.software: one.config.strip() or one.steps["en"].strip() for one in remedies}
    return hashlib.sha256("\0".join(texts.get(one, "") for one in software).encode()).hexdigest()


def to_proofs(shape: ProofsShape, checks: Mapping[str, Check]) -> tuple[Proof, ...]:
    """Return the proofs whose text is still that of the catalogue, in the order of their checks."""
    return tuple(sorted(_proofs(shape, checks), key=lambda one: (one.check, one.software)))


def _proofs(shape: ProofsShape, checks: Mapping[str, Check]) -> Iterator[Proof]:
    for one in shape.proofs:
        check = checks.get(one.check)
        if check and text_digest(check.remediation, one.software) == one.text:
            yield Proof(one.check, ", ".join(one.software), one.tried_on, one.closes_beside, one.shows)


def to_not_proven(shape: ProofsShape) -> dict[str, Text]:
    """Return check → why no round trip proves its text."""
    return {one.check: one.reason.model_dump() for one in shape.not_proven}
