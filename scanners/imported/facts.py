"""What reports of Lynis and OpenSCAP are read into; nmap's become facts of our own port scan."""

from __future__ import annotations

from auditor.model.facts import FactSpec, FactType

LYNIS_FACTS = (
    FactSpec("lynis.imported", FactType.BOOL, "a report of Lynis was handed in for this audit"),
    FactSpec("lynis.hostname", FactType.STRING, "name that the host had for itself"),
    FactSpec("lynis.version", FactType.STRING, "version of Lynis"),
    FactSpec("lynis.hardening_index", FactType.INT, "Lynis' own index, 0 to 100"),
    FactSpec("lynis.tests_executed", FactType.STRINGS, "tests that ran, by their ids"),
    FactSpec("lynis.tests_skipped", FactType.STRINGS, "tests that did not run, by their ids"),
    FactSpec("lynis.warnings", FactType.RECORDS, "what Lynis warns of", record=("test", "text")),
    FactSpec("lynis.suggestions", FactType.RECORDS, "what Lynis suggests", record=("test", "text")),
    FactSpec(
        "lynis.vulnerable_packages",
        FactType.STRINGS,
        "packages with a pending security update; missing where Lynis had nothing to look with",
    ),
)
OPENSCAP_FACTS = (
    FactSpec("openscap.imported", FactType.BOOL, "an XCCDF or ARF report was handed in for this audit"),
    FactSpec("openscap.target", FactType.STRING, "name that the host had for itself"),
    FactSpec("openscap.benchmark", FactType.STRING, "content that was evaluated"),
    FactSpec("openscap.profile", FactType.STRING, "profile that chose the rules; empty for none"),
    FactSpec("openscap.evaluated", FactType.INT, "rules that passed or failed"),
    FactSpec("openscap.not_applicable", FactType.INT, "rules that are for another system"),
    FactSpec("openscap.not_checked", FactType.INT, "rules that no machine can evaluate"),
    FactSpec("openscap.errors", FactType.STRINGS, "rules whose evaluation failed"),
    FactSpec(
        "openscap.failed",
        FactType.RECORDS,
        "rules that failed; missing where the report proves nothing",
        record=("rule", "severity", "title"),
    ),
    FactSpec("openscap.failed_rules", FactType.STRINGS, "names of the rules that failed"),
    FactSpec(
        "openscap.references",
        FactType.RECORDS,
        "controls of ISO/IEC 27001:2013 that the content itself names for its rules; a hint, never a verdict",
        record=("rule", "controls", "result", "strength"),
    ),
)
IMPORTED_FACTS = (*LYNIS_FACTS, *OPENSCAP_FACTS)
