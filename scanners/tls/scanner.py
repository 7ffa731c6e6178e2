"""Measure how one port speaks TLS."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from sslyze.plugins.scan_commands import ScanCommand
from sslyze.server_connectivity import ClientAuthRequirementEnum, TlsVersionEnum

from auditor.model.evidence import Failure, FailureKind, Observation, RawOutput
from auditor.model.facts import JSON
from auditor.model.plan import Task
from scanners.base import Limits, Pace
from scanners.sslyze_engine import (
    NETWORK_FAILURES,
    TLS_GONE,
    TOOL,
    TOOL_VERSION,
    Contact,
    Endpoint,
    asked_name,
    endpoints,
    first_contact,
    polite_engine,
    tls_is_known,
)
from scanners.tls.commands import Attempt, KnownServer, Worker
from scanners.tls.facts import FACTS
from scanners.tls.offers import accepted_curves, accepted_suites
from scanners.tls.parse import VERSIONS, parse
from scanners.tls.probes import early_data, fallback_refused

_CONSENT = {
    "tls-heartbleed-absent": ScanCommand.HEARTBLEED,
    "tls-ccs-injection-absent": ScanCommand.OPENSSL_CCS_INJECTION,
    "tls-robot-absent": ScanCommand.ROBOT,
}
"""Tests that imitate an attack, by the check that the authorization has to name."""

Suites = Mapping[TlsVersionEnum, Sequence[str]]


class TlsScanner:
    """Finds versions, cipher suites, groups and the weaknesses of the handshake."""

    name = "tls"
    facts = FACTS

    def scan(self, task: Task, limits: Limits, pace: Pace) -> Observation:
        """Measure one port. Options: `starttls` (name or null), `probe` (bool), `consent` (check ids).

        `server_name` as an option is the name to send where the task is about the port as a whole.
        """
        consent = task.options.get("consent")
        settings: dict[str, JSON] = {
            "starttls": task.options.get("starttls"),
            "probe": bool(task.options.get("probe")),
            "server_name": asked_name(task) or None,
            "consent": [check for check in _CONSENT if isinstance(consent, list) and check in consent],
            "parallel_connections": limits.parallel_connections,
        }
        document: dict[str, Any] = {}
        failure: Failure | None = None
        for endpoint in endpoints(task, limits):
            document, failure = _measure(endpoint, limits, pace, settings)
            if failure or document.get("spoken"):
                break
        return Observation(
            tool=TOOL,
            tool_version=TOOL_VERSION,
            settings=settings,
            facts=parse(document),
            failure=failure,
            raw=(RawOutput("sslyze.json", "application/json", _bytes(document)),) if document else (),
        )


def _bytes(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, indent=1, sort_keys=True).encode()


def _measure(
    endpoint: Endpoint, limits: Limits, pace: Pace, settings: Mapping[str, JSON]
) -> tuple[dict[str, Any], Failure | None]:
    """Return the document of one scan, and the failure where it could not be made or was cut short."""
    contact = first_contact(endpoint, pace, bool(settings["probe"]))
    if isinstance(contact, Failure):
        return {}, contact
    document: dict[str, Any] = {
        "engine": f"{TOOL} {TOOL_VERSION}",
        "starttls": endpoint.starttls,
        "consent": settings["consent"],
        "contact": contact.value,
        "spoken": False,
        "commands": {},
    }
    if contact in (Contact.PLAIN, Contact.SILENT):
        return document, None
    with polite_engine(endpoint, pace):
        scan = _Scan(endpoint, Worker(limits.parallel_connections))
        document["commands"] = scan.run(cast("list[str]", settings["consent"]))
    document["spoken"] = contact is Contact.TLS or bool(scan.suites)
    if document["spoken"]:
        return document, scan.failure
    if scan.failure and scan.failure.kind in NETWORK_FAILURES:
        return {}, scan.failure
    if tls_is_known(endpoint, bool(settings["probe"])):
        return {}, TLS_GONE
    return document, None


class _Scan:
    """One scan of a port: attempts by command, and the suites accepted so far."""

    def __init__(self, endpoint: Endpoint, worker: Worker) -> None:
        self._endpoint = endpoint
        self._worker = worker
        self._attempts: dict[str, Attempt] = {}
        self.suites: Suites = {}

    def run(self, consent: Sequence[str]) -> dict[str, Attempt]:
        """Return every attempt. What depends on accepted suites is left out where there are none."""
        try:
            self._find_suites()
            if self.suites:
                self._find_groups()
                self._probe_sessions()
                self._run_commands(consent)
        finally:
            self._worker.close()
        return self._attempts

    @property
    def failure(self) -> Failure | None:
        """Return why the scan as a whole is not complete; single commands only lack their own facts."""
        if self._worker.deadline_reached:
            return Failure(FailureKind.TIMEOUT, "the time allowed for this port was used up")
        if self.suites:
            return None
        for attempt in self._attempts.values():
            if "failure" in attempt:
                return Failure(FailureKind(str(attempt["failure"])), str(attempt["detail"]))
        return Failure(FailureKind.PROTOCOL, "the port answers with TLS alerts but accepts no handshake")

    def _find_suites(self) -> None:
        futures = {
            version: self._worker.start(accepted_suites, self._endpoint, TlsVersionEnum[version.upper()])
            for version in reversed(VERSIONS)
        }
        for version, future in futures.items():
            self._attempts[version] = self._worker.finish(future)
        self.suites = {
            TlsVersionEnum[version.upper()]: names
            for version in VERSIONS
            if (names := _accepted_names(self._attempts[version]))
        }

    def _find_groups(self) -> None:
        """Ask for curves in TLS 1.3 and in the best older version that uses them."""
        versions = [TlsVersionEnum.TLS_1_3] if TlsVersionEnum.TLS_1_3 in self.suites else []
        curve_suites = {
            version: [name for name in names if name.startswith(("ECDHE-", "AECDH-"))]
            for version, names in self.suites.items()
        }
        versions += sorted(
            (version for version, names in curve_suites.items() if names), key=lambda version: -version.value
        )[:1]
        if not versions:
            return
        attempts = [
            self._worker.finish(future)
            for future in [
                self._worker.start(
                    accepted_curves, self._endpoint, version, curve_suites[version] or self.suites[version]
                )
                for version in versions
            ]
        ]
        self._attempts["groups"] = _union(attempts)

    def _probe_sessions(self) -> None:
        if TlsVersionEnum.TLS_1_3 in self.suites:
            future = self._worker.start(early_data, self._endpoint)
            self._attempts["early_data"] = self._worker.finish(future)
        named = sorted((v for v in self.suites if v != TlsVersionEnum.SSL_2_0), key=lambda v: v.value)
        if len(named) > 1:
            second_best = named[-2]
            future = self._worker.start(
                fallback_refused, self._endpoint, second_best, self.suites[second_best]
            )
            self._attempts["fallback_scsv"] = self._worker.finish(future)

    def _run_commands(self, consent: Sequence[str]) -> None:
        """Run sslyze's commands in the best version before TLS 1.3, of which alone they can say something.

        Told that a server speaks TLS 1.3, sslyze would infer the answer instead.
        """
        older = [
            v for v in self.suites if TlsVersionEnum.SSL_2_0.value < v.value < TlsVersionEnum.TLS_1_3.value
        ]
        if not older:
            return
        best = max(older, key=lambda version: version.value)
        for command in (
            ScanCommand.TLS_COMPRESSION,
            ScanCommand.SESSION_RENEGOTIATION,
            ScanCommand.TLS_EXTENDED_MASTER_SECRET,
            *(_CONSENT[check] for check in consent),
        ):
            info = self._endpoint.server_info(best, ClientAuthRequirementEnum.OPTIONAL)
            server = KnownServer(
                info.server_location, info.network_configuration, info.tls_probing_result, self.suites
            )
            self._attempts[command.value] = self._worker.command(command, server)


def _accepted_names(attempt: Attempt) -> list[str]:
    result = cast("dict[str, Any]", attempt.get("result") or {})
    return [suite["openssl_name"] for suite in result.get("accepted", ())]


def _union(attempts: Sequence[Attempt]) -> Attempt:
    """Return the curves of all attempts together, or the first attempt that failed."""
    for attempt in attempts:
        if "failure" in attempt:
            return attempt
    results = [cast("dict[str, Any]", attempt["result"]) for attempt in attempts]
    accepted = {name for result in results for name in result["accepted"]}
    return {"result": {"accepted": sorted(accepted), "versions": cast(JSON, results)}}
