"""Imports point downwards only, and an import that does not is caught by the contract meant for it."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.rooms import PACKAGES, ROOT

LAYERS = "Imports point downwards only"
SCANNERS = "Scanners do not know each other"
PURE = "Deciding and rendering do no I/O libraries"


def check_imports(folder: Path) -> tuple[int, str]:
    """Return exit code and output of import-linter over the packages in a folder."""
    command = [
        str(Path(sys.executable).with_name("lint-imports")),
        "--no-cache",
        "--config",
        "pyproject.toml",
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the packages' modules, to break."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in PACKAGES:
        others = shutil.ignore_patterns(
            "__pycache__", "*.yaml", "*.html", "*.po", "*.css", "*.json", "*.mako"
        )
        shutil.copytree(ROOT / package, folder / package, ignore=others)
    return folder


def test_every_contract_is_kept() -> None:
    code, output = check_imports(ROOT)
    assert code == 0, output
    for contract in (LAYERS, SCANNERS, PURE):
        assert f"{contract} KEPT" in output


@pytest.mark.parametrize(
    ("module", "statement", "contract"),
    [
        ("auditor/model/check.py", "import controls.scoring", LAYERS),
        ("auditor/model/verdict.py", "import auditor.documents.files", LAYERS),
        ("controls/judge.py", "from scanners import registry", LAYERS),
        ("controls/judge.py", "import reports.findings", LAYERS),
        ("scanners/base.py", "import controls.scoring", LAYERS),
        ("reports/words.py", "import auditor.store.chain", LAYERS),
        ("auditor/store/chain.py", "import auditor.policy.loading", LAYERS),
        ("auditor/store/chain.py", "import auditor.usecases.scan", LAYERS),
        ("auditor/usecases/scan.py", "import auditor.cli.main", LAYERS),
        ("scanners/http/scanner.py", "import scanners.tls.scanner", SCANNERS),
        ("controls/scoring.py", "import sqlite3", PURE),
        ("reports/words.py", "import socket", PURE),
        ("auditor/model/facts.py", "import time", PURE),
    ],
)
def test_a_forbidden_import_breaks_its_contract(
    copied: Path, module: str, statement: str, contract: str
) -> None:
    file = copied / module
    sound = file.read_text(encoding="utf-8")
    file.write_text(f"{sound}\n{statement}\n", encoding="utf-8")
    try:
        code, output = check_imports(copied)
    finally:
        file.write_text(sound, encoding="utf-8")
    assert code == 1, output
    assert f"{contract} BROKEN" in output
    assert "1 broken" in output


def test_the_top_package_imports_nothing() -> None:
    tree = ast.parse((ROOT / "auditor/__init__.py").read_text(encoding="utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
