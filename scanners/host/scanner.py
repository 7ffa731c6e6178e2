"""Collect what the inside of a server shows, over one SSH session or on this machine, and read it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import asyncssh

from auditor.model.evidence import Failure, FailureKind, Observation, RawOutput
from auditor.model.facts import JSON, Facts, FactSpec
from auditor.model.plan import Task
from scanners.base import Limits, Pace
from scanners.host.areas import AREAS, FACTS
from scanners.host.connection import COMMAND, Login, Output, run_over_ssh
from scanners.host.local import run_here
from scanners.host.reading import read_facts
from scanners.host.report import State, parse_report
from scanners.host.script import collection_script


class HostScanner:
    """One read-only script per host; what it prints is kept, and read into facts."""

    name = "host"
    facts: tuple[FactSpec, ...] = FACTS

    def scan(self, task: Task, limits: Limits, pace: Pace) -> Observation:  # noqa: ARG002 - no connection
        """Collect from this machine when `task.options` says `local`, else fail for want of a key."""
        if task.options.get("local") is True:
            nonce, script = _script(task)
            return _observation(task, run_here(script, limits.timeout_seconds), nonce)
        detail = str(task.options.get("problem") or "no private key was given")
        return _observation(task, Output(failure=Failure(FailureKind.NO_CREDENTIAL, detail)), "")

    def scan_as(self, task: Task, limits: Limits, pace: Pace, secret: bytes) -> Observation:
        """Log in with a private key and collect.

        `task.options`: `user`, `host_keys` (OpenSSH public key lines; at least one), `sudo`, `credential`.
        """
        host_keys = _texts(task.options.get("host_keys"))
        if not host_keys:
            failure = Failure(FailureKind.NO_CREDENTIAL, "the inventory names no host key of this server")
            return _observation(task, Output(failure=failure), "")
        nonce, script = _script(task)
        login = Login(task.address, task.port, str(task.options.get("user", "")), host_keys, secret)
        pace()
        try:
            output = run_over_ssh(login, script, limits.timeout_seconds, limits.connect_timeout_seconds)
        except ValueError as error:
            output = Output(failure=Failure(FailureKind.NO_CREDENTIAL, str(error)))
        return _observation(task, output, nonce)


def _script(task: Task) -> tuple[str, str]:
    nonce = secrets.token_hex(16)
    consent = _texts(task.options.get("consent"))
    return nonce, collection_script(AREAS, nonce, task.options.get("sudo") is True, consent)


def _texts(value: JSON) -> tuple[str, ...]:
    return (
        tuple(str(one) for one in value) if isinstance(value, Sequence) and not isinstance(value, str) else ()
    )


def _observation(task: Task, output: Output, nonce: str) -> Observation:
    settings: dict[str, JSON] = {
        "command": COMMAND,
        "areas": [area.name for area in AREAS],
        "sudo": task.options.get("sudo") is True,
        "marker": nonce,
        "host_key": output.host_key,
        "software": output.software,
    }
    facts: Facts = {}
    failure = output.failure
    if output.content:
        report = parse_report(output.content, nonce)
        facts = read_facts(report, AREAS) if report.sections else {}
        if failure is None and not any(one.state is State.RAN for one in report.sections.values()):
            failure = Failure(
                FailureKind.PROTOCOL, "the account runs no shell: nothing of the script came back"
            )
    elif failure is None:
        failure = Failure(FailureKind.PROTOCOL, "the account runs no shell: it printed nothing")
    raw = (RawOutput("collection.txt", "text/plain", output.content),) if output.content else ()
    return Observation("asyncssh", asyncssh.__version__, settings, facts, failure, raw)
