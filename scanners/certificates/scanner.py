"""Look at the certificates that one port serves for one server name."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from auditor.model.evidence import Failure, FailureKind, Observation, RawOutput
from auditor.model.facts import Facts
from auditor.model.plan import Task
from scanners.base import Limits, Pace
from scanners.certificates.facts import FACTS
from scanners.certificates.fetch import Fetched, fetch
from scanners.certificates.parse import MAXIMUM_CERTIFICATES, Chain, parse
from scanners.certificates.stores import load_store
from scanners.handshake.endpoint import (
    NETWORK_FAILURES,
    TLS_GONE,
    TOOL,
    TOOL_VERSION,
    Endpoint,
    asked_name,
    endpoints,
    tls_is_known,
)
from scanners.handshake.exchange import Line, failure_of

_NOT_SPOKEN: Facts = {"certificates.deployments": [], "certificates.spoken": False}


class CertificateScanner:
    """Finds the certificates of a port, one record for each key type, and judges what their bytes say."""

    name = "certificates"
    facts = FACTS

    def scan(self, task: Task, limits: Limits, pace: Pace) -> Observation:
        """Look at one port. Options: `starttls`, `probe` as for TLS, `trust_anchors` (path of a PEM file).

        `reference` (bool) lets sslyze collect the certificates too; where it gets others, none count.
        """
        anchors = task.options.get("trust_anchors")
        store = load_store(Path(str(anchors)) if anchors else None)
        facts: Facts = _NOT_SPOKEN
        failure: Failure | None = None
        chains: list[Chain] = []
        settings = _settings(task, store.description)
        for endpoint in endpoints(task, limits):
            found = _collect(Line.to(endpoint, limits, pace), bool(task.options.get("probe")))
            if isinstance(found, Failure):
                facts, failure = {}, found
                break
            if found is not None:
                chains, failure = found.chains, found.deadline
                facts = parse(chains, asked_name(task) or None, store, datetime.now(UTC))
                if chains and not failure and task.options.get("reference"):
                    settings |= _refer(endpoint, pace, chains)
                    facts = {} if settings["reference"]["disagreements"] else facts
                break
        return Observation(TOOL, TOOL_VERSION, settings, facts, failure, _raw(chains))


def _collect(line: Line, probe: bool) -> Fetched | Failure | None:
    """Return what was fetched, why nothing could be, or None where the port does not speak TLS."""
    known = tls_is_known(line.endpoint, probe)
    try:
        fetched = fetch(line)
    except OSError as error:
        if probe and line.connected and isinstance(error, TimeoutError):
            return None
        return failure_of(error)
    if fetched.shaken:
        return fetched
    if fetched.deadline:
        return fetched.deadline
    if fetched.plain:
        return TLS_GONE if known else None
    network = [failure for failure in fetched.failures if failure.kind in NETWORK_FAILURES]
    if network:
        return network[0]
    if not fetched.spoken:
        return TLS_GONE if known else None
    return Failure(FailureKind.PROTOCOL, "the port answers with TLS alerts but shows no certificate")


def _refer(endpoint: Endpoint, pace: Pace, chains: list[Chain]) -> dict[str, Any]:
    """Compare with sslyze, which is only loaded here, and return what to note about it."""
    from scanners.certificates.reference import SSLYZE_VERSION, ask_sslyze, disagreements

    theirs, failures = ask_sslyze(endpoint, pace)
    found = disagreements(chains, theirs) if theirs else []
    return {
        "sslyze": SSLYZE_VERSION,
        "reference": {
            "at": datetime.now(UTC).isoformat(),
            "disagreements": found,
            "not_compared": [] if theirs else failures,
        },
    }


def _settings(task: Task, store: str) -> dict[str, Any]:
    return {
        "starttls": task.options.get("starttls"),
        "probe": bool(task.options.get("probe")),
        "server_name": asked_name(task) or None,
        "trust_store": store,
    }


def _raw(chains: list[Chain]) -> tuple[RawOutput, ...]:
    return tuple(
        RawOutput(f"chain-{number}.pem", "application/pem-certificate-chain", _pem(chain))
        for number, chain in enumerate(chains, start=1)
    )


def _pem(chain: Chain) -> bytes:
    return "".join(
        ssl.DER_cert_to_PEM_cert(der) for der in chain.certificates[:MAXIMUM_CERTIFICATES]
    ).encode()
