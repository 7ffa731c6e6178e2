"""Hand out what a scorecard rests on: one sealed file that a reader can verify without us."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from importlib import resources
from pathlib import Path
from typing import Any

from auditor.model.policy import Policy
from auditor.model.run import AuditRun, RunKind
from auditor.store.disclosure import Disclosure
from auditor.store.pack_verifier import Pack, PackError, Problem, problems, summary
from auditor.store.pack_writer import PackTooLargeError, PackWriter
from auditor.store.workspace import Workspace
from auditor.usecases.errors import UsageProblem, choices_near
from auditor.usecases.inputs import catalogue_for
from auditor.usecases.pack_contents import (
    write_catalogue,
    write_decisions,
    write_evidence,
    write_retests,
    write_run,
)
from auditor.usecases.reporting import judged_run, report_data
from controls.loading import Catalogue
from reports.pack import README, readme
from reports.registry import render_all
from reports.words import Words

VERIFIER = "verify.py"
_MASK = 0o600


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


@dataclass(frozen=True, slots=True)
class Exported:
    """A pack that was written."""

    path: Path
    size_bytes: int
    sha256: str
    runs: int
    rows: int
    withheld: int
    public_key: str
    verifier: str
    """SHA-256 of the verifier in it."""


def export_pack(workspace: Workspace, asked: Asked, target: Path, now: datetime) -> Exported:
    """Write a pack, readable by its owner only, under its name only once it is whole; raise UsageProblem."""
    if target.exists():
        raise UsageProblem(f"{target} is there already", "name another file")
    runs = _runs(workspace, asked)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    part = target.with_name(f".{target.name}.part")
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, _MASK)
    try:
        with os.fdopen(descriptor, "wb") as file:
            about = _write(PackWriter(file), workspace, asked, runs, now)
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
        runs=len(runs),
        rows=about["evidence"]["rows"],
        withheld=about["evidence"]["withheld"],
        public_key=workspace.public_key,
        verifier=hashlib.sha256(verifier_source()).hexdigest(),
    )


def _write(
    writer: PackWriter, workspace: Workspace, asked: Asked, runs: Sequence[AuditRun], now: datetime
) -> dict[str, Any]:
    disclosure, newest = Disclosure(workspace.engine), _newest(runs)
    inputs = workspace.runs.inputs(newest.id)
    catalogue = catalogue_for(inputs.policy)
    language = asked.language or inputs.policy.language
    words = Words(language, inputs.inventory.organization.timezone)
    opd = inputs.inventory.opd(asked.opd).name if asked.opd else ""
    writer.add(README[language], readme(words, inputs.inventory.organization.name, opd, now).encode())
    writer.add(VERIFIER, verifier_source())
    _write_cards(writer, workspace, catalogue, asked, newest, inputs.policy)
    named, rows = [], set[int]()
    for run in runs:
        one, own = write_run(writer, workspace, disclosure, run, asked.opd, catalogue)
        named.append(one)
        rows |= own
    write_catalogue(writer, catalogue)
    ids = [run.id for run in runs]
    evidence = write_evidence(writer, workspace, disclosure, ids, rows if asked.opd else None)
    if not evidence.last:
        raise UsageProblem(
            "the evidence of these runs was never signed", f"sign it: auditor assess {newest.id}"
        )
    write_decisions(writer, workspace, disclosure, asked.opd)
    about: dict[str, Any] = {
        "organization": inputs.inventory.organization.name,
        "opd": asked.opd,
        "opd_name": opd,
        "classification": inputs.policy.classification,
        "from": words.local_day(runs[0].started_at).isoformat(),
        "to": words.local_day(runs[-1].started_at).isoformat(),
        "made_at": now.isoformat(),
        "public_key": workspace.public_key,
        "runs": named,
        "evidence": asdict(evidence),
        "retests_left_out": write_retests(writer, workspace, disclosure, runs, asked.opd),
    }
    writer.finish(about, workspace.signer)
    return about


def _write_cards(
    writer: PackWriter,
    workspace: Workspace,
    catalogue: Catalogue,
    asked: Asked,
    run: AuditRun,
    policy: Policy,
) -> None:
    data = report_data(workspace, run, catalogue)
    language, edition = asked.language or policy.language, asked.edition or policy.default_edition
    for file in render_all(data, asked.formats, asked.opd or None, language, edition):
        writer.add(f"cards/{file.name}", file.content)


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
