"""Break, audit, remedy, verify, audit again; in waves with at most one case on each server."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from auditor.model.check import Check
from auditor.model.run import RunKind
from auditor.model.subject import Subject
from auditor.model.verdict import Status, Verdict
from auditor.store.workspace import open_workspace
from controls.loading import load_catalogue
from tests.lab.auditing import auditor, findings, place_arguments
from tests.lab.inventory import inventory_text
from tests.lab.lab import Lab
from tests.lab.model import LabError, LabServer, Service
from tests.lab.roundtrip.model import Case, Outcome, Remedied
from tests.lab.roundtrip.moved import moved

_TOGETHER = 40
"""Cases of one wave: more servers at once would keep each other waiting."""
_ASKS = "Petugas laboratorium"
Verdicts = Mapping[tuple[str, Subject], Verdict]


def waves(cases: Iterable[Case]) -> list[list[Case]]:
    """Part cases so that within a wave no server and no address stands twice, be it as companion."""
    found: list[tuple[set[str], list[Case]]] = []
    for case in cases:
        needed = {word for one in (case.server, *case.companions) for word in (one.id, one.address)}
        for busy, wave in found:
            if len(wave) < _TOGETHER and not busy & needed:
                busy |= needed
                wave.append(case)
                break
        else:
            found.append((set(needed), [case]))
    return [wave for _, wave in found]


@dataclass(slots=True)
class Wave:
    """Cases that are gone through together, in a folder of their own."""

    cases: list[Case]
    state: Path
    folder: Path
    checks: Mapping[str, Check]

    def outcomes(self) -> Iterator[Outcome]:
        """Go through it; yield an outcome per case."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        with Lab(self.state, self._broken()) as lab:
            versions = {(server, daemon): said for server, _, daemon, _, said in lab.status()}
            before = self._audited(lab, ())
        found = findings(self.folder / "audit-data")
        with self._remedied() as (lab, failures):
            placed = [case for case in self.cases if case.id not in failures]
            retested = self._verified(lab, placed, found)
            after = self._audited(lab, placed)
        for case in self.cases:
            daemon = next(iter((*case.edits, *case.removes)), "")
            said = versions.get((case.server.id, daemon), "")
            results = {retested.get(one["id"], "not asked") for one in found if _is_found(case, one)}
            yield judged(case, said, before, after, failures.get(case.id, ""), results)

    def _broken(self) -> tuple[LabServer, ...]:
        servers = [one for case in self.cases for one in (case.server, *case.companions)]
        return tuple({one.id: one for one in servers}.values())

    @contextmanager
    def _remedied(self) -> Iterator[tuple[Lab, dict[str, str]]]:
        """Bring the servers up with their remedies; leave out those that keep one from starting, with why."""
        failures: dict[str, str] = {}
        while True:
            kept = [case for case in self.cases if case.id not in failures]
            servers = {one.id: one for one in self._broken()}
            servers |= {case.server.id: remedied(case, self.checks[case.check]) for case in kept}
            lab = Lab(self.state, tuple(servers.values()))
            try:
                lab.up()
                break
            except LabError as error:
                lab.down()
                blamed = [
                    case
                    for case in kept
                    if re.search(rf"{case.server.id}/|{case.server.address} ", f"{error}")
                ]
                if not blamed:
                    raise
                failures |= {case.id: f"the server does not start with it: {_told(error)}" for case in blamed}
        try:
            yield lab, failures
        finally:
            lab.down()

    def _verified(
        self, lab: Lab, placed: Iterable[Case], found: Sequence[Mapping[str, Any]]
    ) -> Mapping[str, str]:
        """Have the findings of the cases measured again, alone; return finding id → what came of it."""
        cases = list(placed)
        wanted = [one["id"] for one in found if any(_is_found(case, one) for case in cases)]
        if not wanted:
            return {}
        arguments = self._arguments(lab, cases)
        done = auditor(
            *(
                "verify",
                *wanted,
                *arguments,
                "--by",
                _ASKS,
                "--reason",
                "Sudah diperbaiki",
                "--format",
                "json",
            )
        )
        if done.returncode not in (0, 1, 3):
            raise LabError(f"verify failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return {item["finding"]: item["result"] for item in json.loads(done.stdout)}

    def _arguments(self, lab: Lab, placed: Iterable[Case]) -> list[str]:
        """Write inventory and policy and return the options that name them."""
        lab.inventory.write_text(self._inventory(placed), encoding="utf-8")
        arguments = place_arguments(lab, self.folder)
        policy = self.folder / "policies.yaml"
        document = yaml.safe_load(moved(policy.read_text(encoding="utf-8")))
        document["retests"] = {"per_finding_per_day": 10, "per_opd_per_day": 200}
        policy.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
        return arguments

    def _audited(self, lab: Lab, placed: Iterable[Case]) -> Verdicts:
        """Audit the servers of this wave; return every verdict by check and subject."""
        arguments = self._arguments(lab, placed)
        done = auditor("audit", *arguments, "--reports", str(self.folder / "reports"))
        if done.returncode not in (0, 1, 3):
            raise LabError(f"the audit failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        workspace = open_workspace(self.folder / "audit-data")
        audits = [one for one in workspace.runs.all() if one.kind is RunKind.AUDIT]
        run = max(audits, key=lambda one: one.started_at)
        return {(one.check, one.subject): one for one in workspace.results.verdicts(run.id)}

    def _inventory(self, placed: Iterable[Case]) -> str:
        """Describe the broken servers, with what the placed remedies enter into the inventory."""
        document: dict[str, Any] = yaml.safe_load(moved(inventory_text(self._broken())))
        asks = any(case.asks_domains for case in self.cases)
        assignment = document["authorizations"][0]
        unwanted = {
            *(() if asks else ("dns",)),
            *(() if any(one.sweeps for one in self.cases) else ("hosts",)),
        }
        assignment["methods"] = [one for one in assignment["methods"] if one not in unwanted]
        assignment["domains"] = assignment["domains"] if asks else []
        if document["organization"]["centre"] not in [opd["id"] for opd in document["opds"]]:
            del document["organization"]["centre"]
        opened = {case.server.id: case.opens for case in self.cases}
        for opd in document["opds"]:
            opd["domains"] = opd.get("domains", []) if asks else []
            for server in opd["servers"]:
                added = [{"port": port, "name": name} for port, name in opened.get(server["id"], ())]
                if added:
                    server["services"] = [*server.get("services", []), *added]
        for case in placed:
            if case.records:
                texts = {one.software: one.config for one in self.checks[case.check].remediation}
                case.records(document, texts)
        return yaml.safe_dump(document, sort_keys=False, allow_unicode=True)


def _told(error: LabError) -> str:
    """Return what a daemon said last, in one line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    telling = [
        line for line in lines[1:] if re.search(r"emerg|fatal|error|invalid|unknown", line, re.IGNORECASE)
    ]
    return (telling or lines)[-1][:240]


def remedied(case: Case, check: Check) -> LabServer:
    """Return the server of a case with the remedies of the check put into its daemons."""
    texts = {one.software: one.config for one in check.remediation}
    steps = {one.software: one.steps["en"] for one in check.remediation}
    services = tuple(
        Remedied(one, case.edits[one.name], texts, steps, _ports(case, one))
        if one.name in case.edits
        else one
        for one in case.server.services
        if one.name not in case.removes
    )
    return replace(case.server, services=services)


def _ports(case: Case, service: Service) -> tuple[tuple[int, str], ...]:
    kept = tuple(pair for pair in service.ports if pair[0] not in case.closes)
    return (*kept, *case.opens) if service.name == next(iter(case.edits)) else kept


def judged(
    case: Case, program: str, before: Verdicts, after: Verdicts, failure: str, retested: Set[str]
) -> Outcome:
    """Return what came of a case; `retested` is what measuring its findings again, alone, came to."""
    targets = [key for key in before if _is_target(case, *key)]
    found = [key for key in targets if before[key].status is Status.FAIL]
    own = [key for key in {**before, **after} if _is_near(case, key[1])]
    now = {key: after[key].status for key in own if key in after}
    then = {key: before[key].status for key in own if key in before}
    failing = {key for key, status in now.items() if status is Status.FAIL}
    broke = _checks(key for key in failing if then.get(key) is Status.PASS)
    left = {now[key] for key in found if key in now} - {Status.PASS, Status.NOT_APPLICABLE}
    problem = failure or _problem(bool(found), left, broke, retested)
    return Outcome(
        case.check,
        "+".join(case.used),
        program,
        proven=not problem,
        found=bool(found),
        problem=problem,
        broke=broke,
        also_closed=_checks(
            key
            for key, status in then.items()
            if status is Status.FAIL and key not in failing and key[0] != case.check
        ),
        appeared=_checks(key for key in failing if then.get(key) not in (Status.PASS, Status.FAIL)),
    )


def _problem(found: bool, left: Set[Status], broke: tuple[str, ...], retested: Set[str]) -> str:
    if not found:
        return "the audit did not find it"
    if retested != {"fixed"}:
        return f"measured again alone: {', '.join(sorted(retested))}"
    if left:
        return f"afterwards: {', '.join(sorted(left))}"
    return f"it breaks {', '.join(broke)}" if broke else ""


def _is_target(case: Case, check: str, subject: Subject) -> bool:
    return (
        check == case.check
        and _is_near(case, subject)
        and (not case.port or subject.port == case.port)
        and (not case.server_name or subject.server_name == case.server_name)
    )


def _is_found(case: Case, finding: Mapping[str, Any]) -> bool:
    """Say whether a listed finding is one of a case."""
    return (
        finding["check"] == case.check
        and finding["verdict"] == "FAIL"
        and finding["server"] in (case.server.id, case.subject)
        and (not case.port or finding["port"] == case.port)
        and (not case.server_name or finding["server_name"] == case.server_name)
    )


def _is_near(case: Case, subject: Subject) -> bool:
    return subject.server in (case.server.id, case.subject)


def _checks(keys: Iterable[tuple[str, Subject]]) -> tuple[str, ...]:
    return tuple(sorted({check for check, _ in keys}))


@cache
def catalogue() -> Mapping[str, Check]:
    """Return the shipped checks."""
    return load_catalogue().checks
