"""What is allowed in a policy but weakens what an audit says. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.model.check import Check
from auditor.model.facts import JSON
from auditor.model.policy import Policy
from controls.judge import is_looser


def advise_on_checks(policy: Policy, checks: Mapping[str, Check]) -> Iterator[str]:
    """Yield a line for each check that is switched off, and for each parameter looser than tolerated."""
    for name, reason in policy.disabled_checks.items():
        yield f"the policy switches {name} off ({reason}): nothing is judged by it"
    for name, values in policy.parameters.items():
        for parameter, value in loosened(checks[name], values).items():
            loosest = next(one.loosest for one in checks[name].parameters if one.name == parameter)
            yield (
                f"the policy sets {parameter} of {name} to {written(value)}, looser than the "
                f"{written(loosest)} tolerated: no control counts as conforming by it"
            )


def loosened(check: Check, values: Mapping[str, JSON]) -> dict[str, JSON]:
    """Return the values of a policy that are looser than a check tolerates, by parameter."""
    return {
        one.name: values[one.name]
        for one in check.parameters
        if one.name in values and is_looser(one, values[one.name])
    }


def written(value: JSON) -> str:
    """Return a value as people write it."""
    if isinstance(value, list):
        return ", ".join(written(one) for one in value) or "nothing"
    return str(value).lower() if isinstance(value, bool) else str(value)
