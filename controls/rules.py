"""The rules as they were: what a verdict depends on beside evidence. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from auditor.model.assessment import Rule
from auditor.model.check import Check
from auditor.model.policy import Policy


def rules_of(checks: Mapping[str, Check], policy: Policy) -> dict[str, Rule]:
    """Return check id → rule, of the checks that a policy does not switch off."""
    return {
        name: Rule(_digest(check, policy), check.severity, check.layer)
        for name, check in checks.items()
        if name not in policy.disabled_checks
    }


def _digest(check: Check, policy: Policy) -> str:
    """Return SHA-256 over what decides a verdict; texts and remedies do not."""
    chosen = policy.parameters.get(check.id, {})
    meaning = {
        "applies": check.applies,
        "pass": check.passes,
        "subject": check.subject.value,
        "consent": check.consent,
        "confidence": check.confidence.value,
        "parameters": {one.name: chosen.get(one.name, one.default) for one in check.parameters},
    }
    text = json.dumps(meaning, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
