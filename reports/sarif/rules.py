"""The checks as rules of SARIF, in both languages, and the controls that they implement as taxonomies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from auditor.model.check import Check, Remedy, Severity
from auditor.model.facts import JSON
from auditor.model.finding import Finding
from reports.sarif.texts import filled, guid, text
from reports.view.context import Context
from reports.view.identity import tools_used
from reports.view.labels import not_met, software_label
from reports.visible import shown, shown_block
from reports.words import LANGUAGES, Words

LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
# The lower end of the band that tools sort by (CVSS 3.1, 5): a place in a list, not a measurement.
_BANDS = {
    Severity.CRITICAL: "9.0",
    Severity.HIGH: "7.0",
    Severity.MEDIUM: "4.0",
    Severity.LOW: "0.1",
    Severity.INFO: "0.0",
}


def rules_used(findings: Iterable[Finding]) -> Mapping[str, int]:
    """Return check → its place among the rules, for every check that a finding is about."""
    return {check: place for place, check in enumerate(sorted({one.check for one in findings}))}


def driver(context: Context, checks: Iterable[str]) -> dict[str, JSON]:
    """Return the auditor with its rules, in the language of the report."""
    return {
        "name": "Tilik",
        "guid": guid("tool", "tilik"),
        "version": shown(context.data.run.provenance.auditor),
        "language": context.words.language,
        "rules": [_rule(context, one, context.data.checks.get(one)) for one in checks],
        "supportedTaxonomies": [
            {"name": _taxonomy(edition), "guid": guid("taxonomy", edition)} for edition in _editions(context)
        ],
    }


def _rule(context: Context, check_id: str, check: Check | None) -> dict[str, JSON]:
    if check is None:
        return {"id": shown(check_id), "guid": guid("rule", check_id)}
    return {
        "id": shown(check.id),
        "guid": guid("rule", check.id),
        **_texts(context.words, check),
        "defaultConfiguration": {"level": LEVELS[check.severity]},
        "relationships": [
            {
                "target": {"id": control, "toolComponent": {"name": _taxonomy(edition), "index": place}},
                "kinds": ["relevant"],
            }
            for place, edition in enumerate(_editions(context))
            if edition in check.controls
            for control in check.controls[edition].implements
        ],
        "properties": {
            "severity": check.severity.value,
            "confidence": check.confidence.value,
            "security-severity": _BANDS[check.severity],
            "tags": ["security", check.severity.value, check.layer.value],
        },
    }


def _texts(words: Words, check: Check) -> dict[str, JSON]:
    parts = [words.of(check.why).strip(), *(_remedy(words, one) for one in check.remediation)]
    return {
        "shortDescription": text(not_met(words, words.of(check.title))),
        "fullDescription": text(words.of(check.why)),
        "help": {"text": "\n\n".join(shown_block(part) for part in parts if part) or "–"},
    }


def _remedy(words: Words, remedy: Remedy) -> str:
    head = f"{software_label(words, remedy.software)}: {words.of(remedy.steps).strip()}"
    return "\n\n".join(filter(None, (head, remedy.config.strip("\n"), remedy.verify.strip("\n"))))


def translation(context: Context, checks: Iterable[str]) -> dict[str, JSON]:
    """Return the texts of the rules in the language that the report is not in."""
    (other,) = (language for language in LANGUAGES if language != context.words.language)
    words = Words(other, context.words.timezone)
    known = (context.data.checks.get(one) for one in checks)
    return {
        "name": "Tilik",
        "guid": guid("translation", other),
        "language": other,
        "translationMetadata": {"name": f"Tilik ({other})"},
        "associatedComponent": {"name": "Tilik", "guid": guid("tool", "tilik")},
        "rules": [{"id": shown(one.id), **_texts(words, one)} for one in known if one is not None],
    }


def taxonomies(context: Context) -> list[JSON]:
    """Return every edition with its controls: numbers and short titles, nothing of the standard's text."""
    return [
        {
            "name": _taxonomy(edition),
            "guid": guid("taxonomy", edition),
            "organization": "ISO/IEC",
            "shortDescription": text(context.words.of(context.data.frameworks[edition].title)),
            "taxa": [
                {"id": one.id, "shortDescription": text(context.words.of(one.title))}
                for one in context.data.frameworks[edition].controls
            ],
        }
        for edition in _editions(context)
    ]


def _editions(context: Context) -> tuple[str, ...]:
    return tuple(sorted(context.data.frameworks))


def _taxonomy(edition: str) -> str:
    return f"ISO/IEC 27001:{edition}"


def extensions(context: Context) -> list[JSON]:
    """Return the tools that the auditor used, with their versions."""
    return [
        filled({"name": shown(name), "version": shown(version)})
        for name, version in tools_used(context.data).items()
    ]
