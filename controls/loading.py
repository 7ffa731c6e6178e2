"""Open the catalogue's files. The only module of this package that does."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from auditor.documents.files import read_file
from auditor.model.check import Check, Text
from auditor.model.document import DocumentError
from auditor.model.framework import Framework
from auditor.model.problem import Problem
from auditor.model.proof import Proof
from controls.not_automated import NotAutomated, NotAutomatedShape, to_not_automated
from controls.proofs import ProofsShape, to_not_proven, to_proofs
from controls.shapes import CheckShape, CrosswalkShape, FrameworkShape, to_check, to_framework
from controls.software_pack import (
    FlawsShape,
    Pack,
    SupportShape,
    find_flaw_problems,
    find_support_problems,
    to_pack,
)
from controls.written import Written, read_shape

CATALOGUE = Path(__file__).with_name("catalogue")
PACKS = Path(__file__).with_name("packs")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every check, both editions and the software pack, with the digest over all their files."""

    checks: Mapping[str, Check]
    frameworks: Mapping[str, Framework]
    digest: str
    pack: Pack
    proofs: tuple[Proof, ...] = ()
    """Which remedies were tried on real servers; no part of the digest, since they change no verdict."""
    not_proven: Mapping[str, Text] = field(default_factory=dict)
    """Check → why none of its remedies was."""


def load_catalogue(folder: Path = CATALOGUE) -> Catalogue:
    """Load checks, frameworks and the shipped pack; raise DocumentError with every problem in every file."""
    files = sorted(folder.rglob("*.yaml"))
    contents = {path: read_file(path) for path in files}
    checks, problems = _load_checks(folder, contents)
    frameworks, more = _load_frameworks(folder, contents)
    if problems or more:
        raise DocumentError([*problems, *more])
    pack = load_pack()
    digest = hashlib.sha256(f"{_digest(folder, contents)}\n{pack.digest}\n".encode()).hexdigest()
    tried = _load_proofs(folder)
    return Catalogue(checks, frameworks, digest, pack, to_proofs(tried, checks), to_not_proven(tried))


def written_files(folder: Path = CATALOGUE) -> tuple[Written, ...]:
    """Return the files of a catalogue as they were written, to be held against the rules."""
    paths = sorted(folder.rglob("*.yaml"))
    return tuple(Written(str(path), path.relative_to(folder).as_posix(), read_file(path)) for path in paths)


def load_not_automated(folder: Path = CATALOGUE) -> tuple[NotAutomated, ...]:
    """Load what no check decides, in the order of the ids; raise DocumentError with every problem."""
    problems: list[Problem] = []
    taken = {path.stem for path in (folder / "checks").rglob("*.yaml")}
    found: dict[str, NotAutomated] = {}
    for path in sorted(folder.glob("not-automated*.yaml")):
        shape = read_shape(NotAutomatedShape, str(path), read_file(path), problems)
        for entry in shape.entries if shape else ():
            if entry.id in found or entry.id in taken:
                problems.append(Problem(str(path), 1, 1, f"{entry.id} is taken; give it an id of its own"))
            found[entry.id] = to_not_automated(entry)
    if problems:
        raise DocumentError(problems)
    return tuple(found[name] for name in sorted(found))


def load_pack(folder: Path = PACKS) -> Pack:
    """Load the pack of supported branches and known flaws; raise DocumentError with every problem."""
    problems: list[Problem] = []
    paths = (folder / "end-of-life.yaml", folder / "known-flaws.yaml")
    contents = {path: read_file(path) for path in paths}
    support = read_shape(SupportShape, str(paths[0]), contents[paths[0]], problems, find_support_problems)
    products = {one.id: one for one in support.products} if support else {}
    flaws = read_shape(
        FlawsShape,
        str(paths[1]),
        contents[paths[1]],
        problems,
        lambda shape, locator: find_flaw_problems(shape, products, locator) if support else (),
    )
    if problems or support is None or flaws is None:
        raise DocumentError(problems)
    return to_pack(support, flaws, _digest(folder, contents))


def _load_proofs(folder: Path) -> ProofsShape:
    """Load what round trips came to; nothing for a catalogue without such a file."""
    path = folder / "proofs.json"
    if not path.exists():
        return ProofsShape(version=1, proofs=(), not_proven=())
    problems: list[Problem] = []
    shape = read_shape(ProofsShape, str(path), read_file(path), problems)
    if shape is None or problems:
        raise DocumentError(problems)
    return shape


def _digest(folder: Path, contents: Mapping[Path, bytes]) -> str:
    total = hashlib.sha256()
    for path, content in contents.items():
        total.update(f"{path.relative_to(folder)}\n{hashlib.sha256(content).hexdigest()}\n".encode())
    return total.hexdigest()


def _load_checks(folder: Path, contents: Mapping[Path, bytes]) -> tuple[dict[str, Check], list[Problem]]:
    checks: dict[str, Check] = {}
    problems: list[Problem] = []
    for path, content in contents.items():
        if path.relative_to(folder).parts[0] != "checks":
            continue
        shape = read_shape(CheckShape, str(path), content, problems)
        if shape is None:
            continue
        if shape.id != path.stem:
            problems.append(Problem(str(path), 1, 1, f"the id is {shape.id}; name the file {shape.id}.yaml"))
        if shape.id in checks:
            problems.append(Problem(str(path), 1, 1, f"a second check with the id {shape.id}; rename one"))
        checks[shape.id] = to_check(shape)
    return dict(sorted(checks.items())), problems


def _load_frameworks(
    folder: Path, contents: Mapping[Path, bytes]
) -> tuple[dict[str, Framework], list[Problem]]:
    problems: list[Problem] = []
    place = folder / "frameworks"
    walk = read_shape(
        CrosswalkShape, str(place / "crosswalk.yaml"), contents[place / "crosswalk.yaml"], problems
    )
    forward = dict(walk.map) if walk else {}
    frameworks: dict[str, Framework] = {}
    for edition, crosswalk in (("2013", forward), ("2022", reverse(forward))):
        path = place / f"iso27001-{edition}.yaml"
        shape = read_shape(FrameworkShape, str(path), contents[path], problems)
        if shape is not None:
            frameworks[edition] = to_framework(shape, crosswalk)
    return frameworks, problems


def reverse(crosswalk: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Return a crosswalk the other way round, in a stable order."""
    back: dict[str, list[str]] = {}
    for source, targets in crosswalk.items():
        for target in targets:
            back.setdefault(target, []).append(source)
    return {target: tuple(sources) for target, sources in back.items()}
