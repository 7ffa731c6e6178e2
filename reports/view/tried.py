"""Whether texts of the catalogue were tried on real servers, looked up once for a whole list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from auditor.model.check import Check, Remedy
from auditor.model.report import ReportData
from reports.view.context import Context
from reports.view.labels import Badge, software_label
from reports.visible import shown


@dataclass(frozen=True, slots=True)
class Tried:
    """What round trips came to. `texts` is by software and text, `checks` by check and software."""

    texts: Mapping[tuple[str, str], tuple[str, ...]]
    checks: Mapping[str, Mapping[str, tuple[str, ...]]]
    closed: Mapping[tuple[str, str], frozenset[str]]
    """Check and software → the checks whose findings its text closed beside."""

    def badge(self, context: Context, check: str, remedy: Remedy) -> Badge:
        """Word on what a text was proven: `proven`, or `untried` with the reason."""
        words, own = context.words, self.checks.get(check, {})
        if on := own.get(remedy.software):
            return Badge("proven", words.say("Proven on %(what)s", what=words.listed(list(on))))
        if on := self.texts.get((remedy.software, remedy.config.strip())):
            told = words.say("Proven on %(what)s against another finding", what=words.listed(list(on)))
            return Badge("proven", told)
        if named := [one for one in own if one not in ("any", "system")]:
            what = words.listed([software_label(words, one) for one in named])
            return Badge("untried", words.say("Not tried in the lab; the text for %(what)s was", what=what))
        if reason := context.data.not_proven.get(check):
            why = shown(words.of(reason))
            return Badge("untried", words.say("Not tried in the lab: %(why)s", why=why))
        return Badge("untried", words.say("Not tried in the lab: none of its servers has this fault"))


def tried_texts(data: ReportData) -> Tried:
    """Return what is known of every text of the catalogue."""
    texts: dict[tuple[str, str], list[str]] = defaultdict(list)
    checks: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    closed: dict[tuple[str, str], frozenset[str]] = defaultdict(frozenset)
    for proof in data.proofs:
        for software in proof.software.split(", "):
            checks[proof.check][software].append(proof.version)
            closed[proof.check, software] |= frozenset(proof.closes_beside)
            if text := _text(data.checks.get(proof.check), software):
                texts[software, text].append(proof.version)
    return Tried(
        {key: tuple(dict.fromkeys(on)) for key, on in texts.items()},
        {
            check: {one: tuple(dict.fromkeys(on)) for one, on in found.items()}
            for check, found in checks.items()
        },
        dict(closed),
    )


def _text(check: Check | None, software: str) -> str:
    remedies = check.remediation if check else ()
    return next((one.config.strip() for one in remedies if one.software == software), "")
