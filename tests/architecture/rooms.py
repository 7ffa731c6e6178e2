"""What a pure room must not touch, found in a module's syntax tree, and which modules are pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("auditor", "controls", "scanners", "reports")

ALLOWED_READERS = {
    "controls/loading.py": "the one module that opens the catalogue's files",
    "reports/words.py": "reads its own packaged translations",
    "reports/formats/html.py": "renders its own packaged templates and style sheet",
}
"""Modules inside pure rooms that may open files, with the reason."""

_MODULES = frozenset(
    (
        *("asyncio", "concurrent", "multiprocessing", "threading", "subprocess", "signal"),
        *("http", "httpx", "select", "selectors", "socket", "ssl"),
        *("os", "shutil", "sqlalchemy", "sqlite3", "tempfile"),
        *("random", "secrets", "time", "uuid"),
    )
)
_BUILTINS = frozenset({"open", "eval", "exec", "compile", "input", "print", "breakpoint", "__import__"})
_CLOCKS = frozenset(
    {"datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow", "datetime.date.today"}
)
_FILE_METHODS = frozenset(
    {"read_text", "read_bytes", "write_text", "write_bytes", "unlink", "mkdir", "touch"}
)


def modules() -> Iterator[Path]:
    """Yield every module of the project, relative to its root."""
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            yield file.relative_to(ROOT)


def is_pure(module: Path, source: str) -> bool:
    """Return whether a module lies in a pure room, or says of itself that it is pure."""
    parts = module.parts
    if parts[0] in ("controls", "reports") or parts[:2] == ("auditor", "model"):
        return True
    if parts[0] == "scanners" and module.name == "parse.py":
        return True
    return "Pure." in (ast.get_docstring(ast.parse(source)) or "")


def impurities(source: str, *, reads_files: bool = False) -> list[str]:
    """Return `line: what` for everything that a pure module must not use.

    Names are followed to what was imported under them. With `reads_files` opening files is allowed.
    """
    tree = ast.parse(source)
    known = dict(_imported(tree)) | {name: name for name in _bound(tree)}
    found = [(node.lineno, f"import of {name}") for node, name in _imports(tree) if _forbidden(name)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            found.extend((node.lineno, told) for told in _use(node, known, reads_files))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            # Called, it is the builtin even where a field somewhere in the module bears the same name.
            found.extend((node.lineno, told) for told in _use(node.func, {}, reads_files))
    return [f"{line}: {what}" for line, what in sorted(set(found))]


def _imports(tree: ast.Module) -> Iterator[tuple[ast.stmt, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node, node.module
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield each imported name with the dotted path that it stands for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                yield (alias.asname, alias.name) if alias.asname else (first, first)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _bound(tree: ast.Module) -> Iterator[str]:
    """Yield the names of the module's own variables, fields and arguments."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg


def _forbidden(module: str) -> bool:
    return module.partition(".")[0] in _MODULES or module.startswith("urllib.request")


def _use(node: ast.Name | ast.Attribute, known: dict[str, str], reads_files: bool) -> Iterator[str]:
    name = _dotted(node, known)
    if isinstance(node, ast.Name):
        if node.id in _BUILTINS and node.id not in known and not (reads_files and node.id == "open"):
            yield f"use of {node.id}"
        return
    if name in _CLOCKS:
        yield f"use of {name}"
    if node.attr in _FILE_METHODS and not reads_files:
        yield f"use of .{node.attr}"


def _dotted(node: ast.expr, known: dict[str, str]) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value, known)}.{node.attr}"
    return known.get(node.id, node.id) if isinstance(node, ast.Name) else ""
