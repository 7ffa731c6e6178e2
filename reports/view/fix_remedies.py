"""How one change is made: the text for the software found, whether it was tried, commands that check it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from auditor.model.check import Remedy
from auditor.model.proof import Proof
from reports.command_comments import in_language
from reports.remedies import remedies_for, verify_command
from reports.view.causes import Work
from reports.view.context import Context
from reports.view.labels import Badge, software_label
from reports.visible import shown

_MOST_COMMANDS = 4
"""Commands beside one text; those for further places differ in the address only."""


@dataclass(frozen=True, slots=True)
class RemedyView:
    """One change for one software, with the commands that verify it; `more` counts those left out."""

    software: str
    steps: str
    config: str
    verify: tuple[str, ...]
    more: str
    proof: Badge
    """Whether the text was tried on a real server: `proven`, with what it was tried on, or `untried`."""


def remedy_views(context: Context, work: Work) -> tuple[RemedyView, ...]:
    """Return the texts for the software found, of the check whose text is followed."""
    findings = [finding for finding in work.findings if finding.check == work.lead.check]
    offered = {one.software: one for finding in findings for one in remedies_for(finding, context.data)}
    return _checked_once(tuple(_view(context, work, one) for one in offered.values()))


def _checked_once(views: tuple[RemedyView, ...]) -> tuple[RemedyView, ...]:
    """Leave commands that are the same for every text beside the last one alone."""
    if len({one.verify for one in views}) > 1:
        return views
    return (*(replace(one, verify=(), more="") for one in views[:-1]), *views[-1:])


def _view(context: Context, work: Work, remedy: Remedy) -> RemedyView:
    words = context.words
    commands = tuple(dict.fromkeys(_commands(context, work, remedy)))
    left = len(commands) - _MOST_COMMANDS
    return RemedyView(
        software=software_label(words, remedy.software),
        steps=words.of(remedy.steps).strip(),
        config=in_language(remedy.config.rstrip("\n"), words.language),
        verify=tuple(in_language(one, words.language) for one in commands[:_MOST_COMMANDS]),
        more=words.plural("and %(count)s command like these", "and %(count)s commands like these", left)
        if left > 0
        else "",
        proof=_proof(context, work, remedy),
    )


def _commands(context: Context, work: Work, remedy: Remedy) -> Iterable[str]:
    """Yield how to check every finding of the change that the same software answers for."""
    for finding in work.findings:
        own = remedies_for(finding, context.data)
        same = [one for one in own if one.software == remedy.software]
        if command := next((verify_command(one, finding, context.data) for one in same), ""):
            yield command


def _proof(context: Context, work: Work, remedy: Remedy) -> Badge:
    words, data, check = context.words, context.data, work.lead.check
    same = _with_this_text(context, work, remedy)
    here = [one.version for one in data.proofs if one.check in same and remedy.software in _software(one)]
    if here:
        return Badge("proven", words.say("Proven on %(what)s", what=words.listed(list(dict.fromkeys(here)))))
    if elsewhere := _others(context, [one for one in data.proofs if one.check == check]):
        return Badge("untried", words.say("Not tried in the lab; the text for %(what)s was", what=elsewhere))
    if check in data.not_proven:
        why = shown(words.of(data.not_proven[check]))
        return Badge("untried", words.say("Not tried in the lab: %(why)s", why=why))
    return Badge("untried", words.say("Not tried in the lab: none of its servers has this fault"))


def _with_this_text(context: Context, work: Work, remedy: Remedy) -> frozenset[str]:
    """Return the checks of the change that give the same text for the same software."""
    checks = (context.data.checks[one] for one in work.cause.checks if one in context.data.checks)
    text = remedy.software, remedy.config.strip()
    return frozenset(
        one.id
        for one in checks
        if one.id == work.lead.check
        or (text[1] and text in {(other.software, other.config.strip()) for other in one.remediation})
    )


def _software(proof: Proof) -> list[str]:
    return proof.software.split(", ")


def _others(context: Context, tried: Iterable[Proof]) -> str:
    named = [name for one in tried for name in _software(one) if name not in ("any", "system")]
    return context.words.listed([software_label(context.words, one) for one in dict.fromkeys(named)])
