"""attest set|withdraw|list|show|evidence|export|import|schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditor.cli.options import (
    INVENTORY,
    WORKSPACE,
    EditionOption,
    FormatOption,
    InventoryOption,
    LanguageOption,
    OpdOption,
    PolicyOption,
    WorkspaceOption,
    chosen_policy,
)
from auditor.cli.output import Format, print_json, print_listing, say, warn

if TYPE_CHECKING:
    from auditor.model.problem import Problem
    from auditor.usecases.attest import Taken
    from auditor.usecases.waive import Desk

OneOpd = Annotated[str, typer.Option("--opd", help="The OPD it is about.")]
Organization = Annotated[bool, typer.Option("--organization", help="It is about the whole organisation.")]
Name = Annotated[str, typer.Option("--by", help="Who says so, in their own name.")]
Identity = Annotated[str, typer.Argument(help="Id of an answer (A-…) or of a decision (S-…).")]
Output = Annotated[Path, typer.Option("--output", "-o", help="New file to write.")]

_OPTIONS = {
    "attested_by": "by",
    "attested_on": "on",
    "valid_until": "until",
    "references": "reference",
}
"""Key of an entry → the option that it comes from, where it is another."""


def register(app: typer.Typer) -> None:
    """Add these commands."""
    attest = typer.Typer(help="What people answer for, with evidence and an end.", no_args_is_help=True)
    attest.command("set")(set_answer)
    attest.command("withdraw")(withdraw)
    attest.command("list")(list_answers)
    attest.command("show")(show)
    attest.command("evidence")(evidence)
    attest.command("export")(export)
    attest.command("import")(import_answers)
    attest.command("schema")(schema)
    app.add_typer(attest, name="attest")


def set_answer(
    control: Annotated[str, typer.Argument(help="A control such as A.5.1.")],
    answer: Annotated[
        str, typer.Option("--answer", help="conforms, partial or does-not-conform; Indonesian words too.")
    ],
    justification: Annotated[str, typer.Option("--justification", help="What the answer rests on.")],
    by: Name,
    opd: OneOpd = "",
    organization: Organization = False,
    edition: EditionOption = "",
    aspect: Annotated[
        str, typer.Option("--aspect", help="whole, design, implementation or effectiveness.")
    ] = "whole",
    reference: Annotated[
        list[str] | None, typer.Option("--reference", help="A paper kept elsewhere; may be repeated.")
    ] = None,
    evidence: Annotated[
        list[str] | None, typer.Option("--evidence", help="A file to keep with it; may be repeated.")
    ] = None,
    on: Annotated[str, typer.Option("--on", help="Day of the answer, such as 2026-11-30; today.")] = "",
    until: Annotated[str, typer.Option("--until", help="Its last day; as late as the policy allows.")] = "",
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Answer for a control. A later answer takes the place of this one; a measurement stays what it is."""
    from auditor.usecases.attest import take_in
    from auditor.usecases.attest_rulebook import Entry
    from auditor.usecases.handed_in import Shelf, named_files

    desk = _desk(inventory, policy, workspace)
    texts = {
        "edition": edition or desk.inputs.policy.default_edition,
        "opd": _opd(opd, organization),
        "control": control,
        _answer_key(aspect): answer,
        "justification": justification.strip(),
        "attested_by": by.strip(),
        "attested_on": on,
        "valid_until": until,
    }
    lists = {"references": tuple(reference or ()), "evidence": tuple(evidence or ())}
    shelf = Shelf(named_files(desk.inputs.policy.attestations.evidence_bytes))
    taken = take_in([Entry(texts, lists, _option_problem)], desk, shelf, "--evidence")
    for one in taken.answers:
        say(f"{one.id}: {one.control}, {one.answer.value}, until {one.valid_until}")
    _say_taken(taken)


def withdraw(
    name: Identity,
    by: Name,
    reason: Annotated[str, typer.Option("--reason", help="Why it does not hold any more.")],
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """End an answer, or a decision about applicability, from today on. It stays in the history."""
    from auditor.usecases.attest import withdraw as end

    ended = end(_desk(inventory, policy, workspace), name, by, reason)
    say(f"Withdrawn: {name}, {ended.content.control}. Next: auditor assess")


def list_answers(
    opd: OpdOption = None,
    control: Annotated[list[str] | None, typer.Option("--control", help="Only this control.")] = None,
    edition: Annotated[list[str] | None, typer.Option("--edition", help="Only 2013 or 2022.")] = None,
    state: Annotated[
        list[str] | None,
        typer.Option(
            "--state",
            help="Only in_force, expiring, expired, superseded or withdrawn; the first three by default.",
        ),
    ] = None,
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
    form: FormatOption = Format.TABLE,
) -> None:
    """List answers and decisions on applicability, those that end first on top.

    An OPD of * is the whole organisation.
    """
    from auditor.usecases.attest_listing import ANSWER, APPLICABILITY, Wanted, count_ending, given_rows

    desk = _desk(inventory, policy, workspace)
    rows = given_rows(desk, Wanted(opd or (), control or (), edition or (), state or ()))
    columns = (
        "id",
        "kind",
        "edition",
        "control",
        "opd",
        "aspect",
        "answer",
        "by",
        "valid_until",
        "days_left",
        "state",
    )
    nothing = "No answer and no decision on applicability. Begin with: auditor attest export"
    print_listing(rows, columns, form, nothing)
    days = desk.inputs.policy.attestations.warn_days
    for kind, called in ((ANSWER, "answer"), (APPLICABILITY, "decision")):
        ending = count_ending(rows, kind)
        if ending:
            warn(f"{_count(ending, called)} will end within {days} days; ask again before that")


def show(
    name: Identity,
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show an answer or a decision with everything that was said in its place before, oldest first."""
    from auditor.usecases.attest_listing import history_rows

    told = history_rows(_desk(inventory, policy, workspace), name)
    if form is Format.JSON:
        print_json(told)
        return
    rows = [
        {"entry": one["entry"], "field": key, "value": value}
        for one in told
        for key, cell in one.items()
        if key != "entry"
        for value in _lines(cell)
    ]
    print_listing(rows, ("entry", "field", "value"), form, "")


def _lines(cell: Any) -> list[str]:
    if isinstance(cell, list):
        return [
            f"sha256:{one['digest']} {one['name']}" if isinstance(one, dict) else str(one) for one in cell
        ]
    return str(cell).splitlines() or [""]


def evidence(
    digest: Annotated[str, typer.Argument(help="SHA-256 of the file, as shown by: auditor attest show.")],
    output: Output,
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Write a file that an answer rests on, exactly as it was handed in. Never overwrites."""
    from auditor.usecases.attest_listing import write_evidence

    name = write_evidence(_desk(inventory, policy, workspace), digest, output)
    say(f"wrote {output}, which was called {name}")


def export(
    output: Output,
    opd: OneOpd = "",
    organization: Organization = False,
    edition: EditionOption = "",
    language: LanguageOption = "",
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Write a questionnaire (.xlsx or .yaml) with what is known filled in. Never overwrites."""
    from auditor.usecases.questionnaire import Subject, make_questionnaire
    from auditor.usecases.questionnaire_exchange import hand_out
    from auditor.usecases.reporting import refuse_wrong_choices

    desk = _desk(inventory, policy, workspace)
    asked = _known_opd(desk, _opd(opd, organization))
    refuse_wrong_choices(desk.inputs.catalogue.frameworks, language, edition)
    subject = Subject(edition or desk.inputs.policy.default_edition, asked)
    made = make_questionnaire(desk, subject, language or desk.inputs.policy.language)
    hand_out(made, output)
    say(f"wrote {output} with {_count(len(made.rows), 'row')}")
    if made.ending:
        warn(f"{_count(made.ending, 'answer')} ended or will end soon; they are marked in the notes")
    say(f"Next: have it filled in, then: auditor attest import {output}")


def import_answers(
    file: Annotated[Path, typer.Argument(help="A filled-in questionnaire (.xlsx or .yaml).")],
    inventory: InventoryOption = INVENTORY,
    policy: PolicyOption = None,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Take in a filled-in questionnaire with the evidence files beside it: all of it, or nothing."""
    from auditor.usecases.questionnaire_exchange import bring_in

    _say_taken(bring_in(_desk(inventory, policy, workspace), file))


def schema() -> None:
    """Print the JSON Schema of a questionnaire in YAML, for editors."""
    from auditor.usecases.questionnaire_read import questionnaire_schema

    print_json(questionnaire_schema())


def _desk(inventory: Path, policy: Path | None, workspace: Path) -> Desk:
    from auditor.store.workspace import open_workspace
    from auditor.usecases.inputs import load_inputs
    from auditor.usecases.waive import make_desk

    inputs = load_inputs(inventory, chosen_policy(policy))
    return make_desk(open_workspace(workspace), inputs)


def _opd(opd: str, organization: bool) -> str:
    from auditor.usecases.attest_words import EVERYBODY
    from auditor.usecases.errors import UsageProblem

    if bool(opd) == organization:
        raise UsageProblem("say whom it is about", "give either --opd OPD or --organization")
    return EVERYBODY if organization else opd


def _known_opd(desk: Desk, opd: str) -> str:
    """Return the OPD as it is stored; raise UsageProblem when it is not registered."""
    from auditor.usecases.attest_words import EVERYBODY
    from auditor.usecases.errors import UsageProblem

    registered = [one.id for one in desk.inputs.inventory.opds]
    if opd not in (EVERYBODY, *registered):
        raise UsageProblem(f"there is no OPD {opd}", f"choose, for example, of: {', '.join(registered[:5])}")
    return "" if opd == EVERYBODY else opd


def _answer_key(aspect: str) -> str:
    from auditor.usecases.attest_words import ANSWER_KEYS
    from auditor.usecases.errors import UsageProblem

    keys = {one.value: key for key, one in ANSWER_KEYS.items()}
    if aspect not in keys:
        raise UsageProblem(f"there is no aspect {aspect}", f"choose of: {', '.join(keys)}")
    return keys[aspect]


def _option_problem(key: str, message: str) -> Problem:
    from auditor.model.problem import Problem
    from auditor.usecases.attest_words import ANSWER_KEYS

    if key == "control":
        return Problem("CONTROL", 0, 0, message)
    option = "answer" if key in ANSWER_KEYS else _OPTIONS.get(key, key)
    return Problem(f"--{option}", 0, 0, message)


def _say_taken(taken: Taken) -> None:
    if taken.nothing:
        say("Nothing is new; nothing was changed.")
        return
    parts = (
        _count(len(taken.answers), "answer"),
        _count(len(taken.decisions), "decision") + " on applicability",
        _count(taken.files, "file"),
    )
    say(f"Taken in: {', '.join(parts)}.")
    say("Next, judge again: auditor assess. Audits of earlier days keep their numbers.")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
