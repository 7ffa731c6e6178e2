"""Find the decisions of people that a result names, as they stood on the day of the audit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from auditor.model.attestation import Applicability, Attestation
from auditor.model.scorecard import Applied, Attested
from auditor.model.waiver import Waiver
from auditor.model.waiver_standing import in_force
from reports.view.context import Context
from reports.view.exceptions import touches


@dataclass(frozen=True, slots=True)
class Sources:
    """The last word under every id until the local day on which the audit began."""

    day: date
    attestations: Mapping[str, Attestation]
    applicabilities: Mapping[str, Applicability]
    places: Mapping[tuple[str, str, str], Applicability]
    """Edition, control, OPD → the last decision about whether the control applies."""

    def given(self, attested: Attested | None) -> tuple[Attestation, ...]:
        """Return the answers that a combined answer was made of, in its order."""
        ids = attested.ids if attested else ()
        return tuple(self.attestations[name] for name in ids if name in self.attestations)

    def decided(self, applied: Applied | None) -> Applicability | None:
        """Return the decision that a result names."""
        return self.applicabilities.get(applied.id) if applied else None

    def ended(self, edition: str, control: str, opd: str) -> Applicability | None:
        """Return the last decision about a control that no longer holds, the OPD's own first."""
        found = (self.places.get((edition, control, place)) for place in (opd, ""))
        return next((one for one in found if one is not None and one.valid_until < self.day), None)


def sources(context: Context) -> Sources:
    """Return the decisions behind the results of a run."""
    day, decisions = context.words.local_day(context.data.run.started_at), context.data.decisions
    # Sorting keeps the order of the log among decisions of one day, so that the last word counts.
    given = sorted((a for a in decisions.attestations if a.attested_on <= day), key=lambda a: a.attested_on)
    decided = sorted(
        (a for a in decisions.applicabilities if a.decided_on <= day), key=lambda a: a.decided_on
    )
    return Sources(
        day,
        {one.id: one for one in given},
        {one.id: one for one in decided},
        {(one.edition, one.control, one.opd): one for one in decided},
    )


def waivers_in_force(context: Context, day: date, opd_id: str | None) -> tuple[Waiver, ...]:
    """Return the exceptions that hold on a day and reach an OPD, or anything at all for None; by id."""
    carried = {finding.waiver for finding in context.findings(opd_id)}
    held = sorted(
        (w for w in context.data.waivers.values() if in_force(w, day)), key=lambda waiver: waiver.id
    )
    return tuple(w for w in held if opd_id is None or w.id in carried or touches(context, w, opd_id))
