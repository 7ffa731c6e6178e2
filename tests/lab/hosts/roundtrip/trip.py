"""One round trip: a check fails on a host, its own remedy is put in force there, and it passes."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from auditor.model.check import Check, Remedy
from auditor.model.document import DocumentError
from auditor.model.facts import Facts
from auditor.model.verdict import Status
from tests.lab.hosts.auditing import judged, look_at, record_of
from tests.lab.hosts.lab import HostLab
from tests.lab.hosts.model import Host
from tests.lab.hosts.roundtrip.adapted import NOT_TRIED, SOFTWARE, adapted
from tests.lab.hosts.roundtrip.model import Adapted
from tests.lab.hosts.roundtrip.places import put_in_force, run_as_person
from tests.lab.hosts.roundtrip.remedy import Command, deeds, named
from tests.lab.model import LabError

_LOGIN_SECONDS = 15.0
_POLL_SECONDS = 1.0
_PROSE = "Its remedy is prose: what to change depends on what is found."
_CLOSED_BEFORE = "It closed before its remedy could be put in force."
_CLOSED = (Status.PASS, Status.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one remedy; `problem` is empty when it is proven."""

    check: str
    host: str
    release: str
    software: str
    problem: str = ""
    broke: tuple[str, ...] = ()
    """Checks that passed before and fail now."""
    also_closed: tuple[str, ...] = ()
    """Other checks that failed before and do not any more."""

    @property
    def proven(self) -> bool:
        """Say whether the finding closed and nothing else opened."""
        return not self.problem and not self.broke


@dataclass(frozen=True, slots=True)
class Seen:
    """One look at a host: what is written of it, what it showed, and how that was judged."""

    host: Host
    facts: Facts
    statuses: Mapping[str, Status]


class ShutOutError(LabError):
    """A remedy took the audit's own way in; the host has to be brought up anew."""


def see(lab: HostLab, host: Host, checks: Mapping[str, Check]) -> Seen:
    """Look at a host now."""
    facts = look_at(lab, host).facts
    verdicts = judged(lab, host, facts, checks.values(), datetime.now(UTC))
    return Seen(host, facts, {one.check: one.status for one in verdicts})


def trip(lab: HostLab, before: Seen, check: Check, checks: Mapping[str, Check]) -> tuple[Result, Seen]:
    """Return what came of a check's remedy, and the host as it is afterwards.

    Raise ShutOutError when the audit cannot log in any more.
    """
    host = before.host
    fitted = adapted(check.id, host.id)
    remedies = _remedies(check, fitted, SOFTWARE[host.id])
    result = Result(check.id, host.id, host.release.id, "+".join(one.software for one in remedies))
    reason = NOT_TRIED.get(f"{check.id}@{host.id}", NOT_TRIED.get(check.id, ""))
    if reason or not any(one.config.strip() for one in remedies):
        return replace(result, problem=reason or _PROSE), before
    record: dict[str, Any] = json.loads(json.dumps(dict(record_of(lab, host))))
    try:
        before = _made_ready(lab, before, check.id, fitted, checks)
        if before.statuses[check.id] is not Status.FAIL:
            return replace(result, problem=_CLOSED_BEFORE), before
        for remedy in remedies:
            _apply(lab, before, fitted, remedy, record)
    except (LabError, DocumentError, ValueError) as error:
        failed = replace(result, problem=f"a command of it failed: {_short(error)}")
        return failed, _see_again(lab, host, checks)
    noted = replace(host, record=record, registered_keys=(), has_baseline=False)
    try:
        after = _see_again(lab, noted, checks)
    except ValueError as error:
        return replace(result, problem=f"what it says of the inventory is refused: {_short(error)}"), before
    return _compared(result, before, after), after


def _made_ready(lab: HostLab, before: Seen, check: str, fitted: Adapted, checks: Mapping[str, Check]) -> Seen:
    """Make what the remedy takes for granted, and look again: the check must fail with it too."""
    closed = before.statuses[check] is not Status.FAIL
    script = "\n".join((fitted.ready, fitted.breaks if closed else "")).strip()
    if not script:
        return before
    host = before.host
    run_as_person(lab.machine(host), lab.init(host), Command(script), _kept(lab, host))
    return see(lab, host, checks)


def _apply(lab: HostLab, before: Seen, fitted: Adapted, remedy: Remedy, record: dict[str, Any]) -> None:
    host = before.host
    done = deeds(named(remedy.config, fitted.names, before.facts), fitted.place)
    put_in_force(lab.machine(host), lab.init(host), done, record, _kept(lab, host), fitted.reader)


def _see_again(lab: HostLab, host: Host, checks: Mapping[str, Check]) -> Seen:
    """Look at a host whose sshd may still be reading its settings; raise ShutOutError when that fails."""
    deadline = time.monotonic() + _LOGIN_SECONDS
    while True:
        try:
            return see(lab, host, checks)
        except LabError as error:
            if time.monotonic() > deadline:
                raise ShutOutError(f"it shut the audit out: {_short(error)}") from error
            time.sleep(_POLL_SECONDS)


def _compared(result: Result, before: Seen, after: Seen) -> Result:
    was, now = before.statuses, after.statuses
    broke = {one for one in now if now[one] is Status.FAIL and was.get(one) in _CLOSED}
    closed = {one for one in now if now[one] in _CLOSED and was.get(one) is Status.FAIL} - {result.check}
    problem = "" if now[result.check] in _CLOSED else f"still {now[result.check].value}"
    return replace(result, problem=problem, broke=tuple(sorted(broke)), also_closed=tuple(sorted(closed)))


def _remedies(check: Check, fitted: Adapted, present: tuple[str, ...]) -> tuple[Remedy, ...]:
    """Return the remedies for the software of a host; what is for any software only where nothing else is."""
    by_software = {one.software: one for one in check.remediation}
    wanted = fitted.software or tuple(name for name in present if name in by_software) or ("any",)
    return tuple(by_software[name] for name in wanted if name in by_software)


def _kept(lab: HostLab, host: Host) -> Path:
    return lab.state_dir / "archives" / host.release.id


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[-200:]
