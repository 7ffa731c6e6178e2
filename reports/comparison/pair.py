"""Two audits in the words of one reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.model.comparison_report import ComparedAudits
from auditor.model.run import RunKind, RunStatus
from auditor.model.scorecard import ControlResult, Scorecard
from reports.errors import ReportError
from reports.view.context import Context, make_context
from reports.view.score import other_rules_warning
from reports.words import Words


@dataclass(frozen=True, slots=True)
class Pair:
    """Both audits. `opds` are compared, in the order of the later inventory; `whole` when all of them are."""

    before: Context
    after: Context
    opds: tuple[str, ...]
    whole: bool

    @property
    def words(self) -> Words:
        """Return the words of both."""
        return self.after.words

    @property
    def has_controls(self) -> bool:
        """Return whether both audits were judged against the edition of the comparison."""
        return self.after.edition in self.before.data.organization.controls

    def cards(self, opd_id: str) -> tuple[Scorecard | None, Scorecard | None]:
        """Return the card of an OPD ("" = the organisation) then and now; None where there is none."""
        if not opd_id:
            return self.before.data.organization, self.after.data.organization
        return self.before.data.scorecards.get(opd_id), self.after.data.scorecards.get(opd_id)


@dataclass(frozen=True, slots=True)
class ChangedControl:
    """A control whose status is another one now."""

    before: ControlResult
    after: ControlResult


def make_pair(compared: ComparedAudits, opds: tuple[str, ...], language: str, edition: str) -> Pair:
    """Return both audits in one language; raise ReportError for a language, edition or OPD without cards.

    `opds` empty: every OPD that one of both has a card of.
    """
    after = make_context(compared.after, language, edition)
    judged = compared.before.organization.controls
    before = make_context(compared.before, language, edition if edition in judged else next(iter(judged)))
    known = {**compared.before.scorecards, **compared.after.scorecards}
    unknown = [one for one in opds if one not in known]
    if unknown:
        raise ReportError(f"neither audit has a scorecard of {', '.join(unknown)}")
    registered = [opd.id for data in (compared.after, compared.before) for opd in data.inventory.opds]
    chosen = tuple(one for one in dict.fromkeys(registered) if one in known and one in (opds or known))
    return Pair(before, after, chosen, not opds)


def changed_controls(pair: Pair, opd_id: str) -> tuple[ChangedControl, ...]:
    """Return the controls of an OPD whose status is another one, in the order of the edition."""
    before, after = pair.cards(opd_id)
    if before is None or after is None or not pair.has_controls:
        return ()
    edition = pair.after.edition
    earlier = {one.control: one for one in before.controls[edition]}
    return tuple(
        ChangedControl(earlier[one.control], one)
        for one in after.controls[edition]
        if one.control in earlier and earlier[one.control].status is not one.status
    )


def not_comparable(pair: Pair) -> Iterator[str]:
    """Yield what keeps the two audits from being compared like with like, other rules first."""
    words, comparison = pair.words, pair.after.data.comparisons.get("")
    if comparison is not None and not comparison.same_rules:
        yield other_rules_warning(words)
    for context in (pair.before, pair.after):
        yield from _of_run(pair, context)
    if not pair.has_controls:
        yield words.say("The earlier audit was not judged against this edition: controls are not compared.")
    yield from _one_sided(pair)
    yield from _seen_once(pair)


def _of_run(pair: Pair, context: Context) -> Iterator[str]:
    run = context.data.run
    if run.status is RunStatus.STOPPED:
        yield pair.words.say("The audit %(run)s was stopped before its end.", run=run.id)
    if run.kind is RunKind.ADMISSION:
        yield pair.words.say("The audit %(run)s was made of single servers, for their admission.", run=run.id)


def _one_sided(pair: Pair) -> Iterator[str]:
    for opd_id in pair.opds:
        before, after = pair.cards(opd_id)
        if before is None or after is None:
            there, missing = (pair.after, pair.before) if before is None else (pair.before, pair.after)
            yield pair.words.say(
                "%(opd)s has no scorecard in the audit %(run)s.",
                opd=there.opd_label(opd_id),
                run=missing.data.run.id,
            )


def _seen_once(pair: Pair) -> Iterator[str]:
    """Yield which servers were measured in one of both audits alone, though both meant to."""
    measured = [_measured(pair, context) for context in (pair.before, pair.after)]
    both = set(measured[0]) & set(measured[1])
    for place, context in enumerate((pair.before, pair.after)):
        lost = [one for one in measured[1] if one in both and not measured[place][one]]
        named = [one for one in lost if measured[1 - place][one]]
        if named:
            yield pair.words.say(
                "Not measured in the audit %(run)s, and measured in the other: %(servers)s.",
                run=context.data.run.id,
                servers=pair.words.listed([context.server_label(one) for one in named]),
            )


def _measured(pair: Pair, context: Context) -> dict[str, bool]:
    """Return server → whether anything of it was measured, of the OPD that are compared."""
    cards = (context.data.scorecards.get(opd_id) for opd_id in pair.opds)
    return {one.server: one.measured for card in cards if card is not None for one in card.servers}
