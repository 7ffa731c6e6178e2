"""A desk at which answers are taken in: a workspace of its own, and an edition of three controls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from auditor.model.document import DocumentError
from auditor.model.framework import Framework
from auditor.model.problem import Problem
from auditor.policy.loading import load_policy
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.attest import Taken, take_in
from auditor.usecases.attest_rulebook import Entry
from auditor.usecases.handed_in import Shelf, files_beside
from auditor.usecases.inputs import Inputs
from auditor.usecases.waive import Desk
from controls.loading import Catalogue
from tests.auditor.usecases.world import INVENTORY
from tests.controls.catalogue import shipped

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
"""Noon of 22 November in Jakarta."""
CONTROLS = ("A.5.1", "A.5.2", "A.8.24")


@cache
def catalogue() -> Catalogue:
    """Return the shipped catalogue with only three controls of 2022."""

    def few(framework: Framework) -> Framework:
        return replace(framework, controls=tuple(one for one in framework.controls if one.id in CONTROLS))

    frameworks = dict(shipped().frameworks)
    return replace(shipped(), frameworks={**frameworks, "2022": few(frameworks["2022"])})


def desk_in(folder: Path, now: datetime = NOON, evidence_bytes: int = 1_000) -> Desk:
    """Return a desk over the workspace in a folder."""
    return desk_over(open_workspace(folder / "workspace"), now, evidence_bytes)


def desk_over(workspace: Workspace, now: datetime = NOON, evidence_bytes: int = 1_000) -> Desk:
    """Return a desk over a workspace, at a moment."""
    policy = load_policy()
    rules = replace(policy.attestations, evidence_bytes=evidence_bytes)
    inputs = Inputs(INVENTORY, replace(policy, attestations=rules), catalogue())
    return Desk(workspace, inputs, now, "auditor")


ANSWER = {
    "edition": "2022",
    "opd": "bkd",
    "control": "A.5.1",
    "answer": "sesuai",
    "justification": "Peraturan Bupati berlaku sejak 2025.",
    "attested_by": "Siti Aminah, S.Kom.",
}
"""What an answer holds at least, beside its references."""
EXCLUSION = {
    "edition": "2022",
    "opd": "bkd",
    "control": "A.5.1",
    "applicable": "tidak",
    "applicability_justification": "Tidak ada pengembangan perangkat lunak.",
    "decided_by": "Siti Aminah, S.Kom.",
    "approved_by": "Budi Santoso",
}
INCLUSION = {**EXCLUSION, "applicable": "ya", "bases": "risiko, peraturan", "applicability_justification": ""}


def entry(
    texts: Mapping[str, str],
    references: tuple[str, ...] = ("Perbup 12/2025",),
    evidence: tuple[str, ...] = (),
) -> Entry:
    """Return an entry whose problems are located at the key alone."""
    lists = {"references": references, "evidence": evidence}
    return Entry(texts, lists, lambda key, message: Problem(key, 0, 0, message))


def answer(
    desk: Desk, folder: Path | None = None, *, evidence: tuple[str, ...] = (), **changed: str
) -> Taken:
    """Take in one answer."""
    shelf = Shelf(files_beside(folder or desk.workspace.folder, 1_000))
    return take_in([entry({**ANSWER, **changed}, evidence=evidence)], desk, shelf, "berkas")


def decide(desk: Desk, **changed: str) -> Taken:
    """Take in one decision about applicability."""
    shelf = Shelf(files_beside(desk.workspace.folder, 1_000))
    return take_in([entry({**EXCLUSION, **changed}, ())], desk, shelf, "berkas")


def problems(error: DocumentError) -> dict[str, str]:
    """Return what is told, by key."""
    return {problem.file: problem.message for problem in error.problems}
