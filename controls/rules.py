"""What the checks of an assessment meant, so that two assessments can be compared honestly. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from auditor.model.assessment import Rule
from auditor.model.check import Check
from auditor.model.facts import JSON
from auditor.model.policy import Policy


def rules_of(checks: Mapping[str, Check], policy: Policy) -> Mapping[str, Rule]:
    """Return check id → its meaning under a policy, in the order of the ids; switched-off checks are absent.

    The digest is that of the expressions, what they ask about, what a failure weighs, who answers for it, and
    the values of the parameters. Texts, examples, controls and remedies decide no verdict and do not count.
    """
    return {
        check.id: Rule(_digest(check, policy.parameters.get(check.id, {})), check.severity, check.layer)
        for check in sorted(checks.values(), key=lambda check: check.id)
        if check.id not in policy.disabled_checks
    }


def _digest(check: Check, chosen: Mapping[str, JSON]) -> str:
    meaning: JSON = {
        "applies": check.applies,
        "pass": check.passes,
        "subject": check.subject.value,
        "layer": check.layer.value,
        "severity": check.severity.value,
        "confidence": check.confidence.value,
        "consent": check.consent,
        "parameters": {one.name: _value(chosen.get(one.name, one.default)) for one in check.parameters},
    }
    canonical = json.dumps(meaning, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _value(value: JSON) -> JSON:
    """Return a value in one form: 30 and 30.0 are the same threshold."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
