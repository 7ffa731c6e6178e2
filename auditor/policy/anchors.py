"""Certification authorities of the organisation's own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from auditor.documents.files import read_file
from auditor.model.document import DocumentError
from auditor.model.plain_text import show
from auditor.model.problem import Locator, Problem


@dataclass(frozen=True, slots=True)
class Anchor:
    """A PEM file that holds certificates, and the SHA-256 of its bytes."""

    path: Path
    digest: str


def read_anchors(
    written: Mapping[str, str], folder: Path, locator: Locator
) -> tuple[dict[str, Anchor], tuple[Problem, ...]]:
    """Return the anchor of every zone whose file holds certificates, and a problem for every other."""
    anchors: dict[str, Anchor] = {}
    problems: list[Problem] = []
    for zone, name in written.items():
        path = folder / name
        try:
            anchors[zone] = Anchor(path.resolve(), _digest(path))
        except (DocumentError, ValueError) as error:
            said = error.problems[0].message if isinstance(error, DocumentError) else str(error)
            problems.append(locator.problem(("trust_anchors", zone), f"{show(name)}: {said}"))
    return anchors, tuple(problems)


def _digest(path: Path) -> str:
    content = read_file(path, "write the path as it is seen from the folder of this policy")
    try:
        certificates = x509.load_pem_x509_certificates(content)
    except ValueError:
        certificates = []
    if not certificates:
        raise ValueError(
            "holds no certificate in PEM form; write a file that begins with -----BEGIN CERTIFICATE-----"
        )
    return hashlib.sha256(content).hexdigest()
