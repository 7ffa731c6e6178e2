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
from auditor.policy.local_checks import find_local_checks
from auditor.policy.zones import unknown_agencies, unknown_zones
from controls.judge import CompiledCheck, compile_check
from controls.loading import Catalogue, load_catalogue
from controls.loading_local import add_local_checks
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
    problems: list[Problem] = []
    catalogue, whole = _catalogue(policy, problems)
    loaded_policy = _policy(policy, catalogue if whole else None, problems)
    loaded_inventory: Inventory | None = None
    consent = frozenset(check.id for check in catalogue.checks.values() if check.consent)
    try:
        # Without the local checks no consent can be called unknown.
        named = consent if whole else None
        # Without a policy no role can be called unknown.
        roles = loaded_policy.role_services if loaded_policy else None
        loaded_inventory = load_inventory(inventory, named, roles)
        if loaded_policy:
            problems.extend(unknown_zones(policy, [zone.id for zone in loaded_inventory.zones]))
            opds = [opd.id for opd in loaded_inventory.opds]
            servers = [server.id for server in loaded_inventory.servers()]
            problems.extend(unknown_agencies(policy, opds, servers))
    except DocumentError as error:
        problems.extend(error.problems)
    if problems or loaded_inventory is None or loaded_policy is None:
        raise DocumentError(problems)
    return Inputs(loaded_inventory, loaded_policy, catalogue)


def catalogue_for(policy: Policy) -> Catalogue:
    """Return the shipped catalogue with the local checks that a policy names, now as when a run was stored.

    Raise DocumentError when their folder is gone or one of them breaks a rule.
    """
    return _with_local_checks(policy.local_checks)


def _with_local_checks(folder: str) -> Catalogue:
    catalogue = load_catalogue()
    return add_local_checks(catalogue, Path(folder), vocabulary()) if folder else catalogue


def _catalogue(policy: Path | None, problems: list[Problem]) -> tuple[Catalogue, bool]:
    """Return the catalogue and whether it is whole: without local checks when one of them breaks a rule."""
    try:
        return _with_local_checks(find_local_checks(policy)), True
    except DocumentError as error:
        problems.extend(error.problems)
        return load_catalogue(), False


def _policy(path: Path | None, catalogue: Catalogue | None, problems: list[Problem]) -> Policy | None:
    """Return the policy; without a catalogue, choices for single checks are compared with nothing."""
    checks = catalogue.checks if catalogue else {}
    parameters = {check.id: {p.name: p for p in check.parameters} for check in checks.values()}
    try:
        if catalogue is None:
            return load_policy(path)
        return load_policy(path, check_parameters=parameters, known_checks=frozenset(checks))
    except DocumentError as error:
        problems.extend(error.problems)
        return None


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
