"""List and show what people answered, and hand back the files that it rests on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.model.attestation import Applicability, Attestation
from auditor.usecases.attest import known
from auditor.usecases.attest_log import HOLDING, Given, History, State
from auditor.usecases.attest_words import EVERYBODY
from auditor.usecases.errors import UsageProblem, choices_near
from auditor.usecases.questionnaire_exchange import write_new
from auditor.usecases.waive import Desk

ANSWER, APPLICABILITY = "answer", "applicability"
"""Kinds of what is listed."""
_LISTED = (*HOLDING, State.EXPIRED)
"""What is listed when no state is asked for: what holds, and what has to be asked again."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which answers and decisions to list; empty means all, of states those that hold or have ended."""

    opd: Sequence[str] = ()
    control: Sequence[str] = ()
    edition: Sequence[str] = ()
    state: Sequence[str] = ()


def given_rows(desk: Desk, wanted: Wanted) -> list[dict[str, Any]]:
    """Return one row per answer or decision on applicability, those that end first on top.

    Raise UsageProblem for an unknown filter.
    """
    history = History(desk.workspace.decisions.all())
    _refuse_unknown(desk, wanted)
    states = tuple(wanted.state) or _LISTED
    rows = [_row(one, history, desk) for one in history.all()]
    return sorted(
        (
            row
            for row in rows
            if row["state"] in states
            and all(not asked or row[key] in asked for key, asked in _asked(wanted).items())
        ),
        key=lambda row: (row["valid_until"], row["edition"], row["opd"]),
    )


def _asked(wanted: Wanted) -> dict[str, Sequence[str]]:
    controls = [name.upper() for name in wanted.control]
    return {"opd": wanted.opd, "control": controls, "edition": wanted.edition}


def _refuse_unknown(desk: Desk, wanted: Wanted) -> None:
    """Refuse what no answer could have: an empty list would look as if nobody had answered."""
    frameworks = desk.inputs.catalogue.frameworks
    for what, asked, there in (
        ("OPD", wanted.opd, [EVERYBODY, *(opd.id for opd in desk.inputs.inventory.opds)]),
        ("edition", wanted.edition, list(frameworks)),
        ("state", wanted.state, [state.value for state in State]),
        (
            "control",
            _asked(wanted)["control"],
            [control.id for framework in frameworks.values() for control in framework.controls],
        ),
    ):
        _refuse(what, asked, there)


def _refuse(what: str, asked: Iterable[str], there: Sequence[str]) -> None:
    unknown = sorted(set(asked) - set(there))
    if unknown:
        raise UsageProblem(f"there is no {what} {', '.join(unknown)}", choices_near(unknown[0], there))


def _common(given: Given, kind: str, history: History, desk: Desk) -> dict[str, Any]:
    """Return what answers and decisions have in common; `opd` is "*" for the whole organisation."""
    content, today = given.content, desk.today
    return {
        "id": content.id,
        "kind": kind,
        "edition": content.edition,
        "control": content.control,
        "opd": content.opd or EVERYBODY,
        "valid_until": given.fate().isoformat(),
        "days_left": max(0, (given.fate() - today).days),
        "state": history.state(given, today, desk.inputs.policy.attestations.warn_days).value,
    }


def _answer_row(answer: Attestation, common: dict[str, Any]) -> dict[str, Any]:
    return {
        **common,
        "aspect": answer.aspect.value,
        "answer": answer.answer.value,
        "by": answer.attested_by,
        "attested_by": answer.attested_by,
        "attested_on": answer.attested_on.isoformat(),
        "justification": answer.justification,
        "references": list(answer.references),
        "evidence": [
            {"digest": file.digest, "name": file.name, "size_bytes": file.size_bytes}
            for file in answer.evidence
        ],
    }


def _decision_row(decided: Applicability, common: dict[str, Any]) -> dict[str, Any]:
    return {
        **common,
        "aspect": "",
        "answer": "applies" if decided.applicable else "does_not_apply",
        "by": decided.decided_by,
        "applicable": decided.applicable,
        "bases": [basis.value for basis in decided.bases],
        "justification": decided.justification,
        "decided_by": decided.decided_by,
        "approved_by": decided.approved_by,
        "decided_on": decided.decided_on.isoformat(),
    }


def history_rows(desk: Desk, name: str) -> list[dict[str, Any]]:
    """Return everything given under an id, oldest first, with the entries of the log behind it."""
    history = History(desk.workspace.decisions.all())
    return [{**_row(one, history, desk), **_entries(one)} for one in known(history, name)]


def _row(given: Given, history: History, desk: Desk) -> dict[str, Any]:
    if isinstance(given.content, Attestation):
        return _answer_row(given.content, _common(given, ANSWER, history, desk))
    return _decision_row(given.content, _common(given, APPLICABILITY, history, desk))


def _entries(given: Given) -> dict[str, Any]:
    entry, end = given.entry, given.withdrawn
    made = {"entry": entry.sequence, "account": entry.account, "at": entry.at.isoformat(timespec="seconds")}
    if end is None:
        return made
    return {
        **made,
        "withdrawn_by": end.by,
        "withdrawn_on": end.day.isoformat(),
        "withdrawn_because": end.reason,
        "withdrawn_entry": end.sequence,
        "withdrawn_account": end.account,
    }


def count_ending(rows: Iterable[dict[str, Any]], kind: str) -> int:
    """Return how many rows of a kind end within the policy's days of warning."""
    return sum(row["state"] == State.EXPIRING and row["kind"] == kind for row in rows)


def write_evidence(desk: Desk, digest: str, path: Path) -> str:
    """Write a file that an answer rests on to a new place, and return what it was called.

    Raise UsageProblem when no answer rests on it, when it was changed, or when something is there already.
    """
    plain = digest.removeprefix("sha256:").lower()
    file = History(desk.workspace.decisions.all()).files.get(plain)
    if file is None:
        raise UsageProblem(
            f"no answer rests on a file {digest}", "see its digest with: auditor attest show ID"
        )
    content = desk.workspace.decisions.file(plain)
    if content is None or hashlib.sha256(content).hexdigest() != plain:
        raise UsageProblem(f"the file {plain} was changed or removed", "see: auditor evidence verify")
    write_new(path, content)
    return file.name
