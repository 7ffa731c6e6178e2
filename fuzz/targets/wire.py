"""Lines between the program and its workers: a worker may have been taken over by a server."""

from __future__ import annotations

from auditor.model.evidence import Failure, FailureKind, Observation, RawOutput
from auditor.model.plan import Task
from fuzz.target import Target
from scanners.base import Limits
from scanners.wire import (
    WireError,
    decode_job,
    decode_observations,
    encode_job,
    encode_observations,
)

_TASK = Task("tls", "web-01", "dinkes", "127.0.0.1", 443, "web.lab.test", options={"starttls": None})
_SEEN = Observation(
    "nmap",
    "7.93",
    {"a": 1},
    {"ports.open": [80]},
    Failure(FailureKind.TIMEOUT, "x"),
    (RawOutput("a", "b", b"c"),),
)


def _observations(data: bytes) -> None:
    for observation in decode_observations(data, 1):
        encode_observations([observation])


def _job(data: bytes) -> None:
    tasks, limits, secret = decode_job(data)
    encode_job(tasks, limits, secret)


TARGETS = (
    Target("wire-observations", _observations, (WireError,), lambda: [encode_observations([_SEEN])]),
    Target("wire-job", _job, (WireError,), lambda: [encode_job([_TASK], Limits(1, 1, 1, 1.0))]),
)
