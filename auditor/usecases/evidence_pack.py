"""Hand out what a scorecard rests on: one sealed file that a reader can verify without us."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from importlib import resources
from pathlib import Path
from typing import Any

from auditor.model.run import AuditRun, RunKind
from auditor.store.disclosure import Disclosure
from auditor.store.pack_verifier import Pack, PackError, Problem, problems, summary
from auditor.store.pack_writer import PackTooLargeError, PackWriter
from auditor.store.runs import RunInputs
from auditor.store.workspace import Workspace
from auditor.usecases.errors import UsageProblem, choices_near
from auditor.usecases.inputs import catalogue_for
from auditor.usecases.integrity import readable_problems
from auditor.usecases.pack_contents import (
    is_told,
    write_catalogue,
    write_decisions,
    write_evidence,
    write_retests,
    write_run,
)
from auditor.usecases.reporting import judged_run, refuse_wrong_choices, report_data
from reports.formats.base import RenderedFile
from reports.pack import README, readme
from reports.registry import render_all
from reports.words import Words

VERIFIER = "verify.py"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a pack shall hold. Empty: of every OPD, of the newest judged audit, in the policy's language."""

    opd: str = ""
    run: str = ""
    first: date | None = None
    last: date | None = None
    """Local days of the organisation, inclusive, on which runs began."""
    formats: tuple[str, ...] = ("html", "json", "csv")
    language: str = ""
    edition: str = ""
    damaged: bool = False
    """Whether what does not verify is sealed all the same, with what is wrong told in the pack."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A pack that was written."""

    path: Path
    size_bytes: int
    sha256: str
    audits: int
    retests: int
    rows: int
    withheld: int
    public_key: str
    verifier: str
    """SHA-256 of the verifier in it."""


def export_pack(workspace: Workspace, asked: Asked, target: Path, now: datetime) -> Exported:
    """Write a pack, readable by its owner only, under its name only once it is whole.

    What is stored is verified first: a seal of ours must not stand on what was changed. Raise UsageProblem,
    or ReportError for cards that there are none of, and leave nothing behind.
    """
    if target.exists():
        raise UsageProblem(f"{target} is there already", "name another file")
    runs = _runs(workspace, asked)
    told = [one for one in runs if is_told(workspace, one, asked.opd)]
    sources = _Sources(workspace, Disclosure(workspace.engine), asked, runs, told, _damage(workspace, asked))
    cards = _cards(sources)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            about = _write(PackWriter(file), sources, cards, now)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except PackTooLargeError:
        raise UsageProblem(
            "a pack holds up to 4 GiB and 65,000 files, and this would be more",
            "choose one OPD with --opd, or fewer days with --from and --to",
        ) from None
    finally:
        part.unlink(missing_ok=True)
    return Exported(
        path=target,
        size_bytes=target.stat().st_size,
        sha256=_digest(target),
        audits=sum(one.kind is not RunKind.RETEST for one in told),
        retests=sum(one.kind is RunKind.RETEST for one in told),
        rows=about["evidence"]["rows"],
        withheld=about["evidence"]["withheld"],
        public_key=workspace.public_key,
        verifier=hashlib.sha256(verifier_source()).hexdigest(),
    )


@dataclass(frozen=True, slots=True)
class _Sources:
    """What a pack is made of: `runs` of the period, and `told` those of them that it may tell of."""

    workspace: Workspace
    disclosure: Disclosure
    asked: Asked
    runs: Sequence[AuditRun]
    told: Sequence[AuditRun]
    damage: tuple[str, ...]

    @property
    def newest(self) -> AuditRun:
        """Return the audit whose cards are in it."""
        return _newest(self.told)

    @property
    def inputs(self) -> RunInputs:
        """Return what that audit was made from."""
        return self.workspace.runs.inputs(self.newest.id)

    @property
    def language(self) -> str:
        """Return the language of cards and instructions."""
        return self.asked.language or self.inputs.policy.language


def _damage(workspace: Workspace, asked: Asked) -> tuple[str, ...]:
    """Return what is wrong with what is stored; raise UsageProblem unless it shall be sealed as it is."""
    found = tuple(f"{one.sequence}: {one.problem}" for one in readable_problems(workspace))
    if found and not asked.damaged:
        raise UsageProblem(
            f"what is stored does not verify, in {len(found)} places, the first: {found[0]}",
            "see all of it with: auditor evidence verify; seal it as it is, with that told in it: --damaged",
        )
    return found


def _write(
    writer: PackWriter, sources: _Sources, cards: tuple[RenderedFile, ...], now: datetime
) -> dict[str, Any]:
    workspace, disclosure, asked = sources.workspace, sources.disclosure, sources.asked
    inventory, policy = sources.inputs.inventory, sources.inputs.policy
    catalogue = catalogue_for(policy)
    words = Words(sources.language, inventory.organization.timezone)
    opd = inventory.opd(asked.opd).name if asked.opd else ""
    writer.add(README[sources.language], readme(words, inventory.organization.name, opd, now).encode())
    writer.add(VERIFIER, verifier_source())
    for file in cards:
        writer.add(f"cards/{file.name}", file.content)
    named, rows = [], set[int]()
    for run in sources.told:
        one, own = write_run(writer, workspace, disclosure, run, asked.opd, catalogue)
        named.append(one)
        rows |= own
    write_catalogue(writer, catalogue)
    ids = [run.id for run in sources.told]
    evidence = write_evidence(writer, workspace, disclosure, ids, rows if asked.opd else None)
    if not evidence.last:
        raise UsageProblem(
            "the evidence of these runs was never signed", f"sign it: auditor assess {sources.newest.id}"
        )
    write_decisions(writer, workspace, disclosure, asked.opd)
    write_retests(writer, disclosure, sources.told)
    about: dict[str, Any] = {
        "organization": inventory.organization.name,
        "opd": asked.opd,
        "opd_name": opd,
        "classification": policy.classification,
        "from": words.local_day(sources.told[0].started_at).isoformat(),
        "to": words.local_day(sources.told[-1].started_at).isoformat(),
        "made_at": now.isoformat(),
        "public_key": workspace.public_key,
        "runs": named,
        "evidence": asdict(evidence),
        "problems": list(sources.damage),
        "retests_left_out": len(sources.runs) - len(sources.told),
    }
    writer.finish(about, workspace.signer)
    return about


def _cards(sources: _Sources) -> tuple[RenderedFile, ...]:
    policy, asked = sources.inputs.policy, sources.asked
    catalogue = catalogue_for(policy)
    refuse_wrong_choices(catalogue.frameworks, asked.language, asked.edition)
    data = report_data(sources.workspace, sources.newest, catalogue)
    edition = asked.edition or policy.default_edition
    return render_all(data, asked.formats, asked.opd or None, sources.language, edition)


def _runs(workspace: Workspace, asked: Asked) -> list[AuditRun]:
    """Return the runs of a pack, oldest first, at least one of them a judged audit."""
    if asked.first is None and asked.last is None:
        chosen = [judged_run(workspace, asked.run)]
    elif asked.run:
        raise UsageProblem("a pack is of one audit or of a period", "leave out --run, or --from and --to")
    else:
        chosen = [one for one in workspace.runs.all() if _is_within(workspace, one, asked)]
    judged = [one for one in chosen if workspace.results.scorecards(one.id)]
    if not judged:
        raise UsageProblem("no audit of this period was judged", "see what there is: auditor runs")
    inventory = workspace.runs.inputs(judged[-1].id).inventory
    known = [one.id for one in inventory.opds]
    if asked.opd and asked.opd not in known:
        raise UsageProblem(f"there is no OPD {asked.opd}", choices_near(asked.opd, known))
    if asked.opd and asked.opd not in workspace.results.scorecards(_newest(judged).id):
        raise UsageProblem(
            f"the audit {_newest(judged).id} has no scorecard of {asked.opd}", "see: auditor runs"
        )
    return [one for one in chosen if one in judged or one.kind is RunKind.RETEST]


def _is_within(workspace: Workspace, run: AuditRun, asked: Asked) -> bool:
    zone = workspace.runs.inputs(run.id).inventory.organization.timezone
    day = Words("en", zone).local_day(run.started_at)
    return (asked.first or day) <= day <= (asked.last or day)


def _newest(runs: Sequence[AuditRun]) -> AuditRun:
    """Return the newest audit; one for an admission only where there is no other."""
    audits = [one for one in runs if one.kind is RunKind.AUDIT]
    return (audits or [one for one in runs if one.kind is not RunKind.RETEST])[-1]


def verifier_source() -> bytes:
    """Return the program that verifies packs, as it goes into each of them."""
    return resources.files("auditor.store").joinpath("pack_verifier.py").read_bytes()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying a pack came to: what is wrong with it, or what it holds."""

    problems: tuple[str, ...]
    summary: tuple[str, ...]


def verify_pack(path: Path, key: str = "") -> Verified:
    """Verify a pack as the program inside it does; raise UsageProblem when there is no such file."""
    try:
        with path.open("rb") as file:
            pack = Pack(file)
            found = tuple(one.told("en") for one in problems(pack, key))
            return Verified(found, () if found else tuple(summary(pack, "en", bool(key))))
    except PackError as error:
        return Verified((Problem(error.key, error.values).told("en"),), ())
    except OSError as error:
        raise UsageProblem(f"cannot read {path}: {error.strerror}", "check the path") from None
