"""The first text of a new check: every key in its place, with what a person has to fill in."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping

from auditor.model.check import Severity
from auditor.model.facts import FactSpec
from auditor.model.inventory import Layer
from auditor.model.subject import SubjectKind
from controls.lint_expressions import VISIBLE, is_visible

_LAYERS = {
    SubjectKind.ADDRESS: Layer.NETWORK,
    SubjectKind.SERVICE: Layer.HOST,
    SubjectKind.TLS: Layer.APPLICATION,
    SubjectKind.CERTIFICATE: Layer.CERTIFICATE,
    SubjectKind.SSH: Layer.HOST,
    SubjectKind.HTTP: Layer.APPLICATION,
    SubjectKind.DOMAIN: Layer.HOST,
    SubjectKind.NETWORK: Layer.NETWORK,
    SubjectKind.HOST: Layer.HOST,
}
"""Who usually answers for a kind of subject."""

_TEXT = """\
# A check: one question that measured facts answer. Replace everything in angle brackets, then hold it against
# the rules:  auditor controls lint FOLDER
# Satu pertanyaan yang dijawab dari hasil pengukuran. Ganti semua isian di dalam kurung sudut.
id: {id}
# What is true when the check passes, in one line.
title:
  en: "<fill in: what must be so, for example: The status page is not public>"
  id: "<isi: keadaan yang diharapkan>"
severity: {severity} # critical, high, medium, low or info
confidence: measured # measured: the facts prove it; inferred: they suggest it
subject: {subject}
layer: {layer} # who answers for it is looked up by layer: {layers}
# true: judged only where the authorization names this id.
consent: false
# Both are CEL (https://cel.dev): "applies" says where the question makes sense, "pass" what must hold there.
# A fact that was not measured gives UNKNOWN by itself. Guard one that may be null: fact != null && ...
# What the inventory knows may be asked too, such as server.zone_public or server.roles.
applies: "true"
pass: "<fill in: an expression over the facts below>"
# Facts about this subject:
{facts}
# A threshold that a policy may change is asked for as param.minimum_days:
#   minimum_days: {{default: 30, loosest: 14, direction: minimum, unit: day}}
parameters: {{}}
# What was measured and what is wanted; {{fact.name}} and {{param.name}} are filled in.
observed:
  en: "<fill in: for example Status: {{{fact}}}>"
  id: "<isi: misalnya Status: {{{fact}}}>"
expected:
  en: "<fill in>"
  id: "<isi>"
# At most three controls that it implements, the best fit; others are related: auditor controls list
controls:
  "2013": {{implements: ["<fill in: such as A.13.1.1>"], related: []}}
  "2022": {{implements: ["<fill in: such as A.8.20>"], related: []}}
# Where the demand is written: a standard, a manual, a rule of your own organisation.
references:
  - {{source: "<fill in>", section: ""}}
# One to three sentences for the person who has to correct it.
why:
  en: "<fill in: what can happen>"
  id: "<isi: akibat yang dapat terjadi>"
# One entry for each software; "any" fits all. {{address}}, {{port}} and {{server_name}} are filled in.
remediation:
  - software: any
    steps:
      en: "<fill in: what to change>"
      id: "<isi: yang perlu diubah>"
    verify: "<fill in: a command that shows the correction>"
# Hours that one server takes.
effort_hours: 1
# Facts with the verdict that they must give: at least one that passes and one that fails.
examples:
  pass:
    - {{note: "<fill in: what is good about it>", facts: {{{fact}: "<fill in>"}}}}
  fail:
    - {{note: "<fill in: what is wrong with it>", facts: {{{fact}: "<fill in>"}}}}
  not_applicable: []
no_example: {{}}
"""


def skeleton(name: str, subject: SubjectKind, severity: Severity, vocabulary: Mapping[str, FactSpec]) -> str:
    """Return the text of a new check file, with the facts that it can ask."""
    first, *others = VISIBLE.get(subject, ("service",))
    facts = [one for space in (first, *others) for one in vocabulary.values() if _namespace(one) == space]
    return _TEXT.format(
        id=name,
        severity=severity.value,
        subject=subject.value,
        layer=_LAYERS[subject].value,
        layers=", ".join(Layer),
        facts="\n".join((*_fact_lines(facts), *_protocol_lines(subject, vocabulary))),
        fact=facts[0].name,
    )


def _namespace(spec: FactSpec) -> str:
    return spec.name.partition(".")[0]


def _fact_lines(facts: Iterable[FactSpec]) -> Iterator[str]:
    for spec in facts:
        kind = f"{spec.type} or null" if spec.nullable else str(spec.type)
        yield f"#   {spec.name} ({kind}): {' '.join(spec.meaning.split())}"


def _protocol_lines(subject: SubjectKind, vocabulary: Mapping[str, FactSpec]) -> Iterator[str]:
    """Yield where more is found about a service: the facts of all its protocols would be too many to list."""
    if subject is SubjectKind.SERVICE:
        spaces = sorted({_namespace(spec) for spec in vocabulary.values()})
        shown = [space for space in spaces if is_visible(subject, space) and space not in _LISTED]
        yield "# And where the service speaks the protocol, as the shipped checks of it show:"
        yield from (f"#   {line}" for line in textwrap.wrap(", ".join(f"{one}.*" for one in shown), 100))


_LISTED = ("service", "server", "vantage")
