"""Look at a host of the lab as an audit does, and judge what it shows."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from auditor.inventory.record_shape import RecordShape, record_facts
from auditor.model.check import Check
from auditor.model.facts import Facts
from auditor.model.subject import Subject, SubjectKind
from auditor.model.verdict import Verdict
from auditor.usecases.inputs import vocabulary
from controls.derive import derive
from controls.judge import compile_check, judge_all
from controls.loading import load_pack
from controls.subjects import Measured
from scanners.host.areas import AREAS
from scanners.host.connection import run_over_ssh
from scanners.host.reading import read_facts
from scanners.host.report import Report, parse_report
from scanners.host.script import collection_script
from tests.lab.hosts.fleet.parts import APPROVED
from tests.lab.hosts.lab import HostLab
from tests.lab.hosts.model import Host
from tests.lab.model import LabError

_COLLECTION_SECONDS = 120
_CONNECT_SECONDS = 10
FROM_OUTSIDE = frozenset(
    (
        *("listening-ports-known-inside", "listening-ports-reachable", "sshd-offers-in-force"),
        *("time-error-small", "lynis-packages-sound", "lynis-warnings-absent", "openscap-rules-pass"),
    )
)
"""Checks that need more than a look at the inside: what is seen from outside, or an imported report."""
_TIMEZONE = "Asia/Jakarta"


@dataclass(frozen=True, slots=True)
class Look:
    """What one collection brought, and what it took."""

    report: Report
    facts: Facts
    seconds: float
    processor_seconds: float
    """Of the host: everything that ran on it meanwhile."""


def look_at(lab: HostLab, host: Host) -> Look:
    """Collect over SSH as the audit's account; raise LabError when that fails."""
    nonce = secrets.token_hex(16)
    script = collection_script(AREAS, nonce, sudo=True, consent=host.consent)
    machine, login = lab.machine(host), lab.keys.login(host)
    used, begun = machine.processor_seconds(), time.monotonic()
    output = run_over_ssh(login, script, _COLLECTION_SECONDS, _CONNECT_SECONDS)
    seconds, used = time.monotonic() - begun, machine.processor_seconds() - used
    if output.failure is not None:
        raise LabError(
            f"{host.id}: {output.failure.kind.value} {output.failure.detail}; read its console.log"
        )
    report = parse_report(output.content, nonce)
    return Look(report, read_facts(report, AREAS), seconds, used)


def run_as_audit(lab: HostLab, host: Host, script: str) -> str:
    """Return what a script prints that is sent as the collection is; raise LabError when that fails."""
    output = run_over_ssh(lab.keys.login(host), script, _COLLECTION_SECONDS, _CONNECT_SECONDS)
    if output.failure is not None:
        raise LabError(f"{host.id}: {output.failure.kind.value} {output.failure.detail}")
    return output.content.decode()


def record_of(lab: HostLab, host: Host) -> Mapping[str, Any]:
    """Return what the inventory says under `record:`, with the keys of this lab and the accepted baseline."""
    record = {**host.record}
    if host.registered_keys:
        record["keys"] = [lab.keys.fingerprint(name) for name in host.registered_keys]
    if host.has_baseline:
        record["baseline"] = accepted_baseline(lab, host)
    return record


def accepted_baseline(lab: HostLab, host: Host) -> list[str]:
    """Return the configuration that a first look at a host found since it was brought up."""
    kept = lab.machine(host).directory / f"baseline-{lab.init(host)}.json"
    if not kept.exists():
        kept.write_text(json.dumps(look_at(lab, host).facts["host.configuration"]))
    lines: list[str] = json.loads(kept.read_text())
    return lines


def known_facts(lab: HostLab, host: Host) -> Facts:
    """Return what an inventory and a policy say about a host."""
    record = RecordShape.model_validate_json(json.dumps(record_of(lab, host)))
    return {
        "server.roles": [*host.roles],
        "server.zone": host.zone,
        "server.zone_public": False,
        "server.category": host.category,
        "server.hostnames": [],
        "server.approved_ports": [22],
        "server.status": "active",
        "vantage.zone": "",
        "vantage.public": False,
        "vantage.inside": True,
        **record_facts(record, host.leavers, _TIMEZONE),
        **APPROVED,
    }


def judged(
    lab: HostLab, host: Host, facts: Facts, checks: Iterable[Check], now: datetime
) -> tuple[Verdict, ...]:
    """Return the verdicts of the checks about the inside of a host."""
    subject = Subject(SubjectKind.HOST, host.id, host.address)
    consent = frozenset(host.consent)
    measured = Measured(subject, host.opd, {**known_facts(lab, host), **facts}, consent=consent)
    known = vocabulary()
    compiled = [compile_check(check, known) for check in checks if check.subject is SubjectKind.HOST]
    return judge_all(compiled, derive((measured,), {host.address}, load_pack(), now), now)
