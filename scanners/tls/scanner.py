"""Measure how one port speaks TLS."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from auditor.model.evidence import Failure, FailureKind, Observation, RawOutput
from auditor.model.facts import JSON
from auditor.model.plan import Task
from scanners.base import Limits, Pace
from scanners.handshake.endpoint import TOOL, TOOL_VERSION, Endpoint, asked_name, endpoints
from scanners.handshake.exchange import Line
from scanners.tls.compare import disagreements
from scanners.tls.contact import survey
from scanners.tls.facts import FACTS, SESSION_FACTS
from scanners.tls.parse import VERSIONS, parse
from scanners.tls.reuse import Earlier, reference_wanted

_CONSENT = {
    "tls-heartbleed-absent": "heartbleed",
    "tls-ccs-injection-absent": "openssl_ccs_injection",
    "tls-robot-absent": "robot",
}
"""sslyze's tests that imitate an attack, by the check that the authorization has to name."""
_SESSION_COMMANDS = {"tls.client_renegotiation": "session_renegotiation", "tls.early_data": "early_data"}


class TlsScanner:
    """Finds versions, cipher suites, groups and the weaknesses of the handshake."""

    name = "tls"
    facts = FACTS

    def scan(self, task: Task, limits: Limits, pace: Pace) -> Observation:
        """Measure one port. Options: `starttls` (name or null), `probe`, `plain` (bool), `consent` (ids).

        `server_name` as an option is the name to send where the task is about the port as a whole.
        `previous` tells what an earlier audit found: `measured_at`, `reference_at`, `compared` (the handshake
        facts), `facts` (the session facts, taken over while the handshake facts are the same). `reference`
        (bool) asks everything again with sslyze; so does a change on a server where that was done before.
        """
        document: dict[str, Any] = {}
        failure: Failure | None = None
        asked = task.options.get("consent")
        consent = [check for check in _CONSENT if isinstance(asked, list) and check in asked]
        settings: dict[str, JSON] = {
            "starttls": task.options.get("starttls"),
            "probe": bool(task.options.get("probe")),
            "server_name": asked_name(task) or None,
            "consent": [*consent],
            "parallel_connections": limits.parallel_connections,
        }
        for endpoint in endpoints(task, limits):
            line = Line.to(endpoint, limits, pace)
            document, failure = survey(
                line, limits.parallel_connections, bool(settings["probe"]), bool(task.options.get("plain"))
            )
            if failure or document.get("spoken"):
                break
        facts = dict(parse(document))
        if failure is None and facts.get("tls.spoken"):
            document["consent"] = consent
            whole = _Whole(task, endpoint, limits, pace, document, settings)
            facts, failure = whole.measure(facts)
        return Observation(TOOL, TOOL_VERSION, settings, facts, failure, _raw(document))


class _Whole:
    """What follows the survey and takes whole handshakes; adds to the document and to the settings."""

    def __init__(
        self,
        task: Task,
        endpoint: Endpoint,
        limits: Limits,
        pace: Pace,
        document: dict[str, Any],
        settings: dict[str, JSON],
    ) -> None:
        self._task, self._endpoint, self._limits, self._pace = task, endpoint, limits, pace
        self._document, self._settings = document, settings
        self._earlier = Earlier.of(task)

    def measure(self, facts: dict[str, JSON]) -> tuple[dict[str, JSON], Failure | None]:
        """Return the surveyed facts with those of sessions, less those that sslyze contradicts."""
        kept = self._earlier.kept(facts) if self._earlier else {}
        if self._earlier and kept:
            self._settings["reused"] = {"measured_at": self._earlier.measured_at, "facts": sorted(kept)}
        wanted = [_SESSION_COMMANDS[name] for name in SESSION_FACTS if name not in {*facts, *kept}]
        wanted += [_CONSENT[check] for check in self._document["consent"]]
        in_time = self._sessions(wanted) if wanted else True
        facts = {**parse(self._document), **kept}
        if reference_wanted(self._task, self._earlier, facts):
            facts = self._refer(facts)
        elif self._earlier and self._earlier.reference_at:
            self._settings["reference"] = {"at": self._earlier.reference_at}
        late = Failure(FailureKind.TIMEOUT, "the time allowed for this port was used up")
        return facts, None if in_time else late

    @property
    def _accepted(self) -> dict[str, list[str]]:
        """Return the names of accepted suites by version, versions without one left out."""
        commands: Mapping[str, Any] = self._document["commands"]
        suites = {name: commands.get(name, {}).get("result", {}).get("accepted", ()) for name in VERSIONS}
        return {name: [suite["name"] for suite in accepted] for name, accepted in suites.items() if accepted}

    def _sessions(self, wanted: list[str]) -> bool:
        """Measure with sslyze, which is only loaded here; return whether there was time enough."""
        from scanners.tls.sessions import SSLYZE_VERSION, measure_sessions

        self._settings["sslyze"] = SSLYZE_VERSION

        attempts, late = measure_sessions(
            self._endpoint, self._pace, self._limits.parallel_connections, self._accepted, wanted
        )
        self._document["commands"].update(attempts)
        return not late

    def _refer(self, facts: dict[str, JSON]) -> dict[str, JSON]:
        """Let sslyze measure everything, and return the facts that it does not contradict."""
        from scanners.tls.reference import SSLYZE_VERSION, ask_sslyze

        self._settings["sslyze"] = SSLYZE_VERSION

        groups = self._document["commands"].get(
            "groups_1_3" if "tls_1_3" in self._accepted else "groups_older"
        )
        theirs, failures = ask_sslyze(
            self._endpoint,
            self._pace,
            self._limits.parallel_connections,
            self._accepted,
            _sslyze_can_ask_for_curves(self._accepted),
        )
        found = disagreements(facts, (groups or {}).get("result") or {"accepted": []}, theirs)
        self._document["reference"] = {"found": theirs, "failures": failures, "disagreements": found}
        self._settings["reference"] = {
            "at": datetime.now(UTC).isoformat(),
            "disagreements": found,
            "not_compared": sorted(failures),
        }
        contradicted = {str(one["fact"]) for one in found if isinstance(one, Mapping)}
        return {name: value for name, value in facts.items() if name not in contradicted}


def _sslyze_can_ask_for_curves(accepted: Mapping[str, list[str]]) -> bool:
    """Say whether sslyze's offers of curves fit: it asks the best version, with authenticated encryption."""
    if "tls_1_3" in accepted:
        return True
    best = next((accepted[version] for version in reversed(VERSIONS) if version in accepted), [])
    return any(name.startswith("TLS_ECDHE_") and "_NULL_" not in name for name in best)


def _raw(document: Mapping[str, Any]) -> tuple[RawOutput, ...]:
    if not document:
        return ()
    content = json.dumps(document, indent=1, sort_keys=True).encode()
    return (RawOutput("tls.json", "application/json", content),)
