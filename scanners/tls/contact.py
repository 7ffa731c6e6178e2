"""Find out whether a port speaks TLS, and survey it if so: the document that facts are derived from."""

from __future__ import annotations

from typing import Any

from auditor.model.evidence import Failure, FailureKind
from scanners.handshake.endpoint import NETWORK_FAILURES, TLS_GONE, DeadlineReached, tls_is_known
from scanners.handshake.exchange import CLOSED, Line, NotTls, Refusal, failure_of
from scanners.tls.interview import Interview
from scanners.tls.survey import Survey

_OUT_OF_TIME = Failure(FailureKind.TIMEOUT, "the time allowed for this port was used up")
_SILENT = Failure(FailureKind.TIMEOUT, "the port stays silent after a ClientHello")
_REFUSES_ALL = Failure(FailureKind.PROTOCOL, "the port answers with TLS alerts but accepts no handshake")
_FELL_SILENT = Failure(FailureKind.RESET, "the port stopped answering in the middle of the survey")


def survey(
    line: Line, parallel_connections: int, probe: bool, plain: bool = False
) -> tuple[dict[str, Any], Failure | None]:
    """Return the document of one survey, and the failure where it could not be made or was cut short.

    In a `probe`, silence and another protocol are how many other services answer; where TLS is known to be
    spoken they are failures. `plain` says that the port was heard speaking another protocol: then hanging up
    on a ClientHello is an answer, whatever it does to the next ones.
    """
    endpoint = line.endpoint
    interview = Interview.over(line)
    document: dict[str, Any] = {
        "starttls": endpoint.starttls,
        "spoken": False,
        "features": {},
        "commands": {},
    }
    try:
        first = interview.contact()
    except NotTls as error:
        document["contact"] = f"plain: {error}"
        return ({}, TLS_GONE) if tls_is_known(endpoint, probe) else (document, None)
    except DeadlineReached as error:
        return {}, failure_of(error)
    except OSError as error:
        if not line.connected or not (plain or isinstance(error, TimeoutError)):
            return {}, failure_of(error)
        document["contact"] = "silent"
        return (document, None) if probe else ({}, _SILENT)
    hung_up = first == Refusal(CLOSED)
    document["contact"] = "closed" if hung_up else "tls"
    findings = Survey(interview, parallel_connections)
    findings.run(first)
    document["spoken"] = not hung_up or findings.accepts_any
    document["commands"] = {**findings.versions, **findings.others}
    document["features"] = findings.features()
    if plain and not document["spoken"]:
        return document, None
    return _judged(document, findings, tls_is_known(endpoint, probe))


def _judged(document: dict[str, Any], findings: Survey, known: bool) -> tuple[dict[str, Any], Failure | None]:
    """Return the document with the failure, if any; no document where it is unknown what the port speaks."""
    failed = [attempt for attempt in document["commands"].values() if "failure" in attempt]
    network = next((one for one in failed if FailureKind(one["failure"]) in NETWORK_FAILURES), None)
    if findings.deadline_reached:
        return (document if document["spoken"] else {}), _OUT_OF_TIME
    if findings.accepts_any:
        control = document["commands"].get("control")
        return document, None if control in (None, {"result": True}) else _FELL_SILENT
    if network is not None:
        failure = Failure(FailureKind(network["failure"]), network["detail"])
        return (document if document["spoken"] else {}), failure
    if document["spoken"]:
        return document, _REFUSES_ALL
    return ({}, TLS_GONE) if known else (document, None)
