"""The files that an organisation starts with."""

from __future__ import annotations

from importlib import resources

from auditor.documents.schema import schema_text
from auditor.policy.schema import policy_schema


def starting_files() -> dict[str, str]:
    """Return file name → text: a commented policies.yaml that loads, and its schema for editors."""
    template = resources.files("auditor.policy") / "templates" / "policies.yaml"
    return {
        "policies.yaml": template.read_text(encoding="utf-8"),
        "policy.schema.json": schema_text(policy_schema()),
    }
