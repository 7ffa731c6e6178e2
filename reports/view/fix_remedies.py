"""How one change is made: the text for the software found, whether it was tried, commands that check it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from auditor.model.check import Remedy
from reports.command_comments import in_language
from reports.remedies import remedies_for, verify_command
from reports.view.causes import Work
from reports.view.context import Context
from reports.view.labels import Badge, software_label
from reports.view.tried import Tried

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


def remedy_views(context: Context, work: Work, tried: Tried) -> tuple[RemedyView, ...]:
    """Return the texts for the software found, of the check whose text is followed."""
    findings = [finding for finding in work.findings if finding.check == work.lead.check]
    offered = {one.software: one for finding in findings for one in remedies_for(finding, context.data)}
    return _checked_once(tuple(_view(context, work, one, tried) for one in offered.values()))


def _checked_once(views: tuple[RemedyView, ...]) -> tuple[RemedyView, ...]:
    """Leave commands that are the same for every text beside the last one alone."""
    if len({one.verify for one in views}) > 1:
        return views
    return (*(replace(one, verify=(), more="") for one in views[:-1]), *views[-1:])


def _view(context: Context, work: Work, remedy: Remedy, tried: Tried) -> RemedyView:
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
        proof=tried.badge(context, work.lead.check, remedy),
    )


def _commands(context: Context, work: Work, remedy: Remedy) -> Iterable[str]:
    """Yield how to check every finding of the change that the same software answers for."""
    for finding in work.findings:
        own = remedies_for(finding, context.data)
        same = [one for one in own if one.software == remedy.software]
        if command := next((verify_command(one, finding, context.data) for one in same), ""):
            yield command
