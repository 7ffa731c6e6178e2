"""Load everything an audit is made from, with every problem of every file at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from auditor.inventory.loading import load_inventory
from auditor.model.check import Check
from auditor.model.document import DocumentError, Problem
from auditor.model.facts import FactSpec
from auditor.model.inventory import Inventory
from auditor.model.policy import Policy
from auditor.policy.loading import load_policy
from controls.judge import CompiledCheck, compile_check
from controls.loading import Catalogue, load_catalogue
from controls.vocabulary import vocabulary_of
from scanners.registry import VOCABULARY


@dataclass(frozen=True, slots=True)
class Inputs:
    """Inventory, policy and catalogue, checked against each other."""

    inventory: Inventory
    policy: Policy
    catalogue: Catalogue


def load_inputs(inventory: Path, policy: Path | None) -> Inputs:
    """Load the files of an audit; raise DocumentError with the problems of all of them."""
    catalogue = load_catalogue()
    consent = frozenset(check.id for check in catalogue.checks.values() if check.consent)
    parameters = {check.id: {p.name: p for p in check.parameters} for check in catalogue.checks.values()}
    problems: list[Problem] = []
    loaded_inventory: Inventory | None = None
    loaded_policy: Policy | None = None
    try:
        loaded_policy = load_policy(
            policy, check_parameters=parameters, known_checks=frozenset(catalogue.checks)
        )
    except DocumentError as error:
        problems.extend(error.problems)
    try:
        # Without a policy no role can be called unknown.
        roles = loaded_policy.role_services if loaded_policy else None
        loaded_inventory = load_inventory(inventory, consent, roles)
    except DocumentError as error:
        problems.extend(error.problems)
    if loaded_inventory is None or loaded_policy is None:
        raise DocumentError(problems)
    return Inputs(loaded_inventory, loaded_policy, catalogue)


def vocabulary() -> Mapping[str, FactSpec]:
    """Return every fact an expression may ask, by name."""
    return vocabulary_of(VOCABULARY)


def compiled_checks(checks: Mapping[str, Check], policy: Policy) -> tuple[CompiledCheck, ...]:
    """Return the checks that the policy does not switch off, with its parameter values."""
    known = vocabulary()
    return tuple(
        compile_check(check, known, policy.parameters.get(check.id))
        for check in checks.values()
        if check.id not in policy.disabled_checks
    )
