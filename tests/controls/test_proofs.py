"""A proof counts while the text that was tried is the text of the catalogue."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from auditor.model.document import DocumentError
from controls.loading import CATALOGUE, load_catalogue


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a catalogue of three checks with the proofs of all."""
    place = tmp_path / "catalogue"
    shutil.copytree(CATALOGUE / "frameworks", place / "frameworks")
    (place / "checks").mkdir()
    for name in ("tls-1-0-refused", "tls-1-1-refused", "http-hsts-long"):
        (path,) = (CATALOGUE / "checks").rglob(f"{name}.yaml")
        shutil.copy(path, place / "checks")
    shutil.copy(CATALOGUE / "proofs.json", place)
    return place


def written(folder: Path) -> Any:
    return json.loads((folder / "proofs.json").read_text(encoding="utf-8"))


def test_proofs_of_checks_that_are_there_are_loaded(folder: Path) -> None:
    proofs = load_catalogue(folder).proofs
    assert {one.check for one in proofs} == {"tls-1-0-refused", "tls-1-1-refused", "http-hsts-long"}
    (nginx,) = (one for one in proofs if one.check == "tls-1-0-refused" and one.software == "nginx")
    assert nginx.version.startswith("nginx 1.")
    assert nginx.closes_beside == ("tls-1-1-refused",)


def test_a_text_that_changed_since_is_proven_no_more(folder: Path) -> None:
    path = folder / "checks/tls-1-0-refused.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("ssl_protocols TLSv1.2 TLSv1.3;", "ssl_protocols TLSv1.3;"), encoding="utf-8"
    )
    left = {one.software for one in load_catalogue(folder).proofs if one.check == "tls-1-0-refused"}
    assert "nginx" not in left
    assert "apache" in left


def test_proofs_change_no_verdict_and_therefore_no_digest(folder: Path) -> None:
    before = load_catalogue(folder).digest
    (folder / "proofs.json").unlink()
    without = load_catalogue(folder)
    assert (without.digest, without.proofs, without.not_proven) == (before, (), {})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("version", 2),
        ("proofs", [{"check": "tls-1-0-refused"}]),
        ("not_proven", [{"check": "x", "reason": ""}]),
    ],
)
def test_a_damaged_file_is_refused_by_name(folder: Path, key: str, value: object) -> None:
    (folder / "proofs.json").write_text(json.dumps({**written(folder), key: value}), encoding="utf-8")
    with pytest.raises(DocumentError, match=r"proofs\.json"):
        load_catalogue(folder)
