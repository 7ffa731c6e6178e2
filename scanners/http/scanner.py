"""Measure one web site: about eighty small requests over as few connections as the server allows.

Nothing is taken over from an earlier measurement; scanners.http.facts.SWEEP_FACTS says why.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

from auditor.model.evidence import Failure, FailureKind, Observation
from auditor.model.facts import FactSpec
from auditor.model.plan import Task
from scanners.base import Limits, Pace
from scanners.dialling import Deadline, Dialer, Wait, failure_kind
from scanners.http.client import CRAWLER_AGENT, USER_AGENT, Client
from scanners.http.facts import FACTS
from scanners.http.message import AnswerError, ClosedError, NotHttpError, Response, Site, TlsAlertError
from scanners.http.paths import PATHS
from scanners.http.record import mask_facts, raw_outputs
from scanners.http.survey import Survey

_PLAIN_TO_TLS = (b"HTTP request was sent to HTTPS", b"plain HTTP to an SSL", b"HTTP request to an HTTPS")
"""What nginx, Apache and Go answer to plain HTTP on a port that speaks TLS."""
_GONE = Failure(FailureKind.PROTOCOL, "the port scan met HTTP here, and now the answer to GET / is none")
_SITE_SECONDS_MAX = 120.0
_REQUESTS_MAX = 75
"""A site takes no longer than this, whatever the task is allowed: many sites may stand at one address."""
_EXCHANGE_SHARE = 0.25
"""Part of the wall clock that one exchange may take, so that one stuck path does not take all."""


class HttpScanner:
    """Observe headers, page, methods and what is served by mistake.

    Option `tls`: true or false as the port scan found it; null tries plain HTTP first. Option `seen`: the
    port scan met HTTP here, so whoever hangs up on the auditor does not count as having no web server.
    """

    def __init__(self, wait: Wait = time.sleep) -> None:
        """`wait` keeps the gaps between requests."""
        self._wait = wait
        self.name = "http"
        self.facts: tuple[FactSpec, ...] = FACTS

    def scan(self, task: Task, limits: Limits, pace: Pace) -> Observation:
        """Measure one port; what could not be learnt stays missing."""
        hint = task.options.get("tls")
        # A slow budget is no fault of the site: every request may need a connection of its own.
        patience = max(_SITE_SECONDS_MAX, _REQUESTS_MAX / limits.connections_per_second)
        seconds = min(limits.timeout_seconds, patience)
        dialer = Dialer(task.address, task.port, limits, pace, Deadline.after(seconds), wait=self._wait)
        schemes = ("http", "https") if hint is None else ("https" if hint else "http",)
        clients = [
            Client(
                Site(scheme, task.server_name or task.address, task.port),
                task.server_name,
                dialer,
                seconds * _EXCHANGE_SHARE,
            )
            for scheme in schemes
        ]
        try:
            survey, body = _survey(
                clients, limits.response_bytes, _missing_path(task), bool(task.options.get("seen"))
            )
        finally:
            for client in clients:
                client.close()
        return Observation(
            tool="h11",
            tool_version=version("h11"),
            settings={
                "tls": hint,
                "user_agent": USER_AGENT,
                "crawler_agent": CRAWLER_AGENT,
                "paths": len(PATHS),
                "requests": len(survey.exchanges),
                "connections": dialer.opened,
            },
            facts={name: mask_facts(value) for name, value in survey.facts.items()},
            failure=survey.failure,
            raw=raw_outputs(survey.exchanges, body),
        )


@dataclass(frozen=True, slots=True)
class _Root:
    """What became of GET /: an answer, a failure, or neither when the port does not speak HTTP."""

    client: Client
    response: Response | None = None
    failure: Failure | None = None
    perhaps_tls: bool = False
    """Going by the answer to plain HTTP, the port may speak TLS."""


def _survey(
    clients: Sequence[Client], response_bytes: int, missing_path: str, seen: bool
) -> tuple[Survey, bytes | None]:
    """Return what was learnt, and the body of GET /."""
    root = _ask_root(clients[0], response_bytes)
    if len(clients) > 1 and root.perhaps_tls:
        over_tls = _ask_root(clients[1], response_bytes)
        no_tls = over_tls.failure is not None and over_tls.failure.kind is FailureKind.PROTOCOL
        root = root if no_tls else over_tls
    survey = Survey(root.client, lambda: _nameless(root.client), failure=root.failure)
    if root.response is not None:
        survey.measure(root.response, missing_path)
    elif root.failure is None and seen:
        survey.failure = _GONE
    elif root.failure is None:
        survey.facts["http.spoken"] = False
    return survey, None if root.response is None else root.response.body


def _nameless(client: Client) -> Client:
    """Return a client that names no host in TLS; plain HTTP names none anyway, and keeps its connection."""
    if client.site.scheme == "http":
        return client
    return Client(
        client.site,
        "",
        client.dialer,
        client.exchange_timeout_seconds,
        legacy=client.legacy,
        may_turn_legacy=False,
    )


def _ask_root(client: Client, response_bytes: int) -> _Root:
    try:
        response = client.ask("GET", "/", body_bytes=response_bytes)
    except NotHttpError as error:
        return _Root(client, perhaps_tls=isinstance(error, ClosedError | TlsAlertError))
    except AnswerError as error:
        return _Root(client, failure=Failure(FailureKind.PROTOCOL, str(error)))
    except OSError as error:
        kind = failure_kind(error)
        failure = Failure(kind, f"GET /: {error}")
        return _Root(client, failure=failure, perhaps_tls=kind is FailureKind.RESET)
    complains = response.status == 400 and any(text in response.body for text in _PLAIN_TO_TLS)
    return _Root(client, response, perhaps_tls=complains)


def _missing_path(task: Task) -> str:
    """Return a path that nobody uses, the same in every run."""
    return "/tilik-" + hashlib.sha256(task.id.encode()).hexdigest()[:20]
