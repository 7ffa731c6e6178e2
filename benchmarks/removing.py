"""Judge a stored run again under damage, and compare what it came to with what it was."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from random import Random

from auditor.model.decision import Decisions
from auditor.model.evidence import Evidence
from auditor.model.run import AuditRun
from auditor.model.scorecard import Level, Scorecard
from auditor.model.subject import Subject
from auditor.model.verdict import Status, Verdict
from auditor.model.waiver import Waiver
from auditor.store.runs import RunInputs
from auditor.store.workspace import Workspace
from auditor.usecases.assess import decisions_of, judge_run, roll_up_rules, subjects_of
from auditor.usecases.calendar import local_day
from auditor.usecases.inputs import catalogue_for, compiled_checks
from benchmarks.damage import Damaged, damaged
from benchmarks.made_up_decisions import made_up
from benchmarks.remembered import Remembered
from controls.judge import CompiledCheck, judge_all
from controls.loading import Catalogue
from controls.responsibility import owning_opd
from controls.rollup import Rules, Waived, scorecards
from controls.subjects import Measured
from controls.waivers import waiver_for
from tests.auditor.usecases.judging import only_became_unknown
from tests.controls.fleets import GOODNESS, levels_of, quality

_SHARED = ("certificate.key_shared_with", "certificate.wildcard_servers", "ssh.host_key_shared_with")
"""Facts that can say less when evidence of another server is lost (docs/architecture.md)."""
_DECISION_SETS = 12
_COMPARED_WHOLE = 100
Judgements = Mapping[Subject, tuple[Verdict, ...]]


@dataclass(frozen=True, slots=True)
class Tried:
    """What some damages came to."""

    counted: Counter[str]
    violations: list[str]


@dataclass(frozen=True, slots=True)
class _Whole:
    """The run as it was, with one set of decisions."""

    decisions: Decisions
    rules: Rules
    cards: Mapping[str, Scorecard] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Removals:
    """A stored run, judged whole."""

    run: AuditRun
    inputs: RunInputs
    catalogue: Catalogue
    evidence: Mapping[str, Evidence]
    by_kind: Mapping[str, tuple[CompiledCheck, ...]]
    measured: Mapping[Subject, Measured]
    judged: Judgements
    wholes: list[_Whole] = field(default_factory=list)

    @classmethod
    def of(cls, workspace: Workspace, run_id: str = "") -> Removals:
        """Load a run (the newest when none is named) and judge it; raise LookupError when there is none."""
        runs = [run for run in workspace.runs.all() if run_id in ("", run.id)]
        if not runs:
            raise LookupError("no such run in this workspace")
        run = max(runs, key=lambda one: one.started_at)
        inputs = workspace.runs.inputs(run.id)
        catalogue = catalogue_for(inputs.policy)
        # A second look corrects what the first one found; what is taken away here is what was found.
        evidence = {key: one for key, one in workspace.evidence.of_run(run.id).items() if one.task.look == 1}
        return cls.judged_whole(run, inputs, catalogue, evidence, decisions_of(workspace))

    @classmethod
    def judged_whole(
        cls,
        run: AuditRun,
        inputs: RunInputs,
        catalogue: Catalogue,
        evidence: Mapping[str, Evidence],
        decisions: Decisions,
    ) -> Removals:
        """Judge a run with the decisions that were made, and with some that are made up."""
        by_kind: dict[str, list[CompiledCheck]] = defaultdict(list)
        for compiled in compiled_checks(catalogue.checks, inputs.policy):
            by_kind[compiled.check.subject].append(compiled)
        kinds = {kind: tuple(checks) for kind, checks in by_kind.items()}
        bare = cls(run, inputs, catalogue, evidence, kinds, {}, {})
        found = {one.subject: one for one in bare._subjects(evidence)}
        judged = {subject: bare._judge(one) for subject, one in found.items()}
        whole = replace(bare, measured=found, judged=judged)
        for number in range(_DECISION_SETS):
            chosen = decisions if number == 0 else made_up(run, inputs, catalogue, whole.verdicts(), number)
            rules = roll_up_rules(run, inputs, catalogue, chosen)
            bare_whole = _Whole(chosen, replace(rules, answers=Remembered(rules.answers)))
            whole.wholes.append(replace(bare_whole, cards=whole.cards(judged, evidence, bare_whole)))
        return whole

    def verdicts(self) -> tuple[Verdict, ...]:
        """Return every verdict of the run as it was."""
        return _flat(self.judged)

    def tried(self, numbers: Iterable[int]) -> Tried:
        """Damage the run once for each number, and return what came of it."""
        counted: Counter[str] = Counter()
        violations: list[str] = []
        for number in numbers:
            random = Random(number)
            damage = damaged(self.evidence, random)
            found = list(self._violations(number, damage, self.wholes[number % len(self.wholes)], counted))
            violations += [f"damage {number}: {one} [{damage.told[:500]}]" for one in found[:3]]
        return Tried(counted, violations)

    def _violations(
        self, number: int, damage: Damaged, whole: _Whole, counted: Counter[str]
    ) -> Iterator[str]:
        measured = {one.subject: one for one in self._subjects(damage.rows)}
        judged = {subject: self._again(subject, one) for subject, one in measured.items()}
        changed = [subject for subject, one in judged.items() if self.judged.get(subject) is not one]
        gone = [subject for subject in self.judged if subject not in judged]
        judged, excused = self._excused(judged, damage)
        counted["shared facts that another server's loss hid"] += excused
        places = {(one.server, one.address) for one in (*changed, *gone)}
        before, after = _at(self.judged, places), _at(judged, places)
        counted["verdicts lost"] += _unknown(after) - _unknown(before)
        if not only_became_unknown(before, after):
            yield f"a verdict became something else than UNKNOWN: {_first_other(before, after)}"
        cards = self.cards(judged, damage.rows, whole)
        yield from better_cards(whole.cards, cards)
        if number % _COMPARED_WHOLE == 0 and not excused:
            counted["compared with judge_run"] += 1
            again = judge_run(self.run, self.inputs, self.catalogue, damage.rows, whole.decisions)
            if again.scorecards != cards or set(map(_short, again.verdicts)) != set(
                map(_short, _flat(judged))
            ):
                yield "judge_run comes to something else than this benchmark"

    def _subjects(self, rows: Mapping[str, Evidence]) -> tuple[Measured, ...]:
        return subjects_of(self.inputs, rows, self.catalogue.pack, self.run.started_at)

    def _judge(self, measured: Measured) -> tuple[Verdict, ...]:
        checks = self.by_kind.get(measured.subject.kind, ())
        return judge_all(checks, (measured,), self.run.started_at)

    def _again(self, subject: Subject, measured: Measured) -> tuple[Verdict, ...]:
        same = subject in self.judged and self.measured[subject] == measured
        return self.judged[subject] if same else self._judge(measured)

    def _excused(self, judged: Judgements, damage: Damaged) -> tuple[Judgements, int]:
        """Give back the failures that rest on what is shared with a server of which evidence is missing.

        This is the one exception: that two servers share a key shows only while both were measured.
        """
        kept = dict(judged)
        excused = 0
        for subject, verdicts in judged.items():
            before = self.judged.get(subject)
            if before is None or before is verdicts or damage.servers <= {subject.server}:
                continue
            pairs = [(one, self._is_shared(one, now)) for one, now in zip(before, verdicts, strict=True)]
            excused += sum(shared for _, shared in pairs)
            kept[subject] = tuple(
                one if shared else now for (one, shared), now in zip(pairs, verdicts, strict=True)
            )
        return kept, excused

    def _is_shared(self, before: Verdict, after: Verdict) -> bool:
        if before.status is not Status.FAIL or after.status is not Status.PASS:
            return False
        checks = self.by_kind[before.subject.kind]
        compiled = next(one for one in checks if one.check.id == before.check)
        return bool({*compiled.applies.names, *compiled.passes.names} & {*_SHARED})

    def cards(
        self, judged: Judgements, rows: Mapping[str, Evidence], whole: _Whole
    ) -> Mapping[str, Scorecard]:
        """Return every card, as `judge_run` makes them."""
        inventory = self.inputs.inventory
        verdicts = _flat(judged)
        servers = [inventory.server(server_id) for server_id in self.run.scope]
        measured = frozenset(one.task.server for one in rows.values() if one.facts)
        waived = self._waived(verdicts, whole.decisions)
        return scorecards(servers, verdicts, whole.rules, waived, measured)

    def _waived(self, verdicts: Iterable[Verdict], decisions: Decisions) -> Waived:
        inventory = self.inputs.inventory
        day = local_day(self.run.started_at, inventory.organization)
        by_check: dict[str, list[Waiver]] = defaultdict(list)
        for accepted in decisions.waivers:
            by_check[accepted.check].append(accepted)
        found: dict[tuple[str, str], str] = {}
        for one in verdicts:
            if one.status is Status.FAIL and one.check in by_check:
                server = inventory.server(one.subject.server)
                opd = owning_opd(self.catalogue.checks[one.check].layer, one.subject, server)
                waiver = waiver_for(one, opd, by_check[one.check], day)
                if waiver is not None:
                    found[one.check, one.subject.key] = waiver.id
        return Waived(found)


def better_cards(before: Mapping[str, Scorecard], after: Mapping[str, Scorecard]) -> Iterator[str]:
    """Tell what looks better on some cards than before: a level, or the status of a control."""
    if before.keys() != after.keys():
        yield "a card came or went"
        return
    for opd, card in after.items():
        for (name, earlier), later in zip(
            levels_of(before[opd]).items(), levels_of(card).values(), strict=True
        ):
            if _is_better(earlier, later):
                yield f"{opd or 'organisation'}: {name} is better"
        for edition, results in card.controls.items():
            for was, now in zip(before[opd].controls[edition], results, strict=True):
                told = (now.status, was.status), (now.measured, was.measured)
                if any(GOODNESS[one] > GOODNESS[other] for one, other in told):
                    yield f"{opd or 'organisation'}: {edition} {now.control} {was.status} → {now.status}"


def _is_better(before: Level, after: Level) -> bool:
    if before == after:
        return False
    return (
        after.score.floor > before.score.floor
        or after.with_waivers.floor > before.with_waivers.floor
        or after.score.coverage > before.score.coverage
        or quality(after) > quality(before)
        or quality(after, with_waivers=True) > quality(before, with_waivers=True)
    )


def _first_other(before: Iterable[Verdict], after: Iterable[Verdict]) -> str:
    """Name a verdict that changed to something else, as far as its subject was there before."""
    known = {(one.check, one.subject): one.status for one in before}
    return next(
        (
            f"{one.check} {one.subject.key} {known.get((one.check, one.subject))} → {one.status}"
            for one in after
            if one.status not in (Status.UNKNOWN, known.get((one.check, one.subject)))
        ),
        "one that is gone",
    )


def _flat(judged: Judgements) -> tuple[Verdict, ...]:
    return tuple(verdict for verdicts in judged.values() for verdict in verdicts)


def _at(judged: Judgements, places: set[tuple[str, str]]) -> tuple[Verdict, ...]:
    return tuple(
        verdict
        for subject, verdicts in judged.items()
        if (subject.server, subject.address) in places
        for verdict in verdicts
    )


def _unknown(verdicts: Iterable[Verdict]) -> int:
    return sum(one.status is Status.UNKNOWN for one in verdicts)


def _short(verdict: Verdict) -> tuple[str, Subject, Status]:
    return verdict.check, verdict.subject, verdict.status
