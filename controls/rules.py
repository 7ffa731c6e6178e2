"""What the checks of an assessment meant, so that two assessments can be compared honestly. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from auditor.model.assessment import Rule
from auditor.model.check import Check
from auditor.model.facts import JSON
from auditor.model.policy import Policy
from controls.expression import referenced_names

_OF_THE_PACK = (
    *("software.", "http.cms_end_of_life", "host.support_ends", "host.runtimes_unsupported"),
    "host.library_flaws",
)
"""Facts that are derived from the pack of supported software and known flaws."""
_DECLARED = ("server.", "vantage.", "record.")
"""Facts that the inventory and the policy declare."""
_OF_THE_ANCHORS = ("certificate.",)
"""Facts that are measured with the organisation's own certification authorities."""


def rules_of(checks: Mapping[str, Check], policy: Policy, pack: str = "") -> Mapping[str, Rule]:
    """Return check id → its meaning under a policy, in the order of the ids; switched-off checks are absent.

    The digest is that of the expressions, what they ask about, what a failure weighs, who answers for it, the
    values of the parameters, and what the facts asked for rest on: the software pack, of which `pack` is the
    digest, the policy's trust anchors, and what it approves. Texts, examples, controls and remedies decide
    no verdict and do not count.
    """
    return {
        check.id: Rule(_digest(check, policy, pack), check.severity, check.layer, _declared(check))
        for check in sorted(checks.values(), key=lambda check: check.id)
        if check.id not in policy.disabled_checks
    }


def _digest(check: Check, policy: Policy, pack: str) -> str:
    chosen = policy.parameters.get(check.id, {})
    meaning: dict[str, JSON] = {
        "applies": check.applies,
        "pass": check.passes,
        "subject": check.subject.value,
        "layer": check.layer.value,
        "severity": check.severity.value,
        "confidence": check.confidence.value,
        "consent": check.consent,
        "parameters": {one.name: _value(chosen.get(one.name, one.default)) for one in check.parameters},
    }
    asked = _asked(check)
    # What is empty is left out: it changes nothing, and rules recorded without it stay the same.
    if pack and any(name.startswith(_OF_THE_PACK) for name in asked):
        meaning["pack"] = pack
    if policy.trust_anchors and any(name.startswith(_OF_THE_ANCHORS) for name in asked):
        meaning["trust_anchors"] = dict(policy.trust_anchors)
    approved = {name: policy.approved[name] for name in asked if name in policy.approved}
    if approved:
        meaning["approved"] = approved
    canonical = json.dumps(meaning, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _declared(check: Check) -> tuple[str, ...]:
    return tuple(name for name in _asked(check) if name.startswith(_DECLARED))


def _asked(check: Check) -> tuple[str, ...]:
    """Return the facts that a check's two expressions ask for, in order."""
    return tuple(sorted({*referenced_names(check.applies), *referenced_names(check.passes)}))


def _value(value: JSON) -> JSON:
    """Return a value in one form: 30 and 30.0 are the same threshold."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
