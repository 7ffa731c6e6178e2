"""What parent and worker say to each other: one JSON object per line, of a closed shape. Never pickle."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict, replace
from math import isfinite
from typing import Any, TypeVar

from auditor.model.evidence import Failure, FailureKind, Observation, RawOutput
from auditor.model.inventory import Fragility
from auditor.model.plan import Task
from scanners.base import Limits

MAXIMUM_RAW_BYTES = 20_000_000
_OBSERVATION_KEYS = frozenset({"tool", "tool_version", "settings", "facts", "failure", "raw"})
T = TypeVar("T")


class WireError(ValueError):
    """A line that is not what the other side should say."""


def encode_job(tasks: Sequence[Task], limits: Limits, secret: bytes = b"") -> bytes:
    """Return the line that orders tasks which are measured together; one is a group too."""
    told = base64.b64encode(secret).decode()
    return _line({"tasks": [_encoded_task(task) for task in tasks], "limits": asdict(limits), "secret": told})


def decode_job(line: bytes) -> tuple[tuple[Task, ...], Limits, bytes]:
    """Read the line that orders tasks, what they may take and what to log in with; raise WireError."""
    try:
        content = _content(line, {"tasks", "limits", "secret"})
        tasks = tuple(_decoded_task(_typed(task, dict)) for task in _typed(content["tasks"], list))
        if not tasks:
            raise ValueError("it has no task")
        secret = base64.b64decode(_typed(content["secret"], str), validate=True)
        return tasks, Limits(**content["limits"]), secret
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise WireError(f"not a job: {error}") from None


def encode_observations(observations: Sequence[Observation]) -> bytes:
    """Return the line that reports a job's observations; raw outputs beyond the size limit are cut.

    The limit is that of the whole line: no observation can take the share of another.
    """
    share = MAXIMUM_RAW_BYTES // max(1, len(observations))
    return _line({"observations": [_encoded(observation, share) for observation in observations]})


def decode_observations(line: bytes, expected: int) -> tuple[Observation, ...]:
    """Read the line that reports as many observations as tasks were ordered; raise WireError."""
    try:
        observations = _typed(_content(line, {"observations"})["observations"], list)
        if len(observations) != expected:
            raise ValueError(f"{len(observations)} instead of {expected}")
        return tuple(_decoded(_typed(one, dict)) for one in observations)
    except (ValueError, TypeError, RecursionError) as error:
        raise WireError(f"not the observations of a job: {error}") from None


def _encoded_task(task: Task) -> dict[str, Any]:
    return {**asdict(replace(task, options={})), "options": dict(task.options)}


def _decoded_task(content: dict[str, Any]) -> Task:
    return Task(**{**content, "fragility": Fragility(content["fragility"])})


def _encoded(observation: Observation, left: int) -> dict[str, Any]:
    raw = []
    for one in observation.raw:
        content = one.content[:left]
        left -= len(content)
        raw.append([one.name, one.media_type, base64.b64encode(content).decode()])
    failure = observation.failure
    return {
        "tool": observation.tool,
        "tool_version": observation.tool_version,
        "settings": observation.settings,
        "facts": observation.facts,
        "failure": [failure.kind.value, failure.detail] if failure else None,
        "raw": raw,
    }


def _decoded(content: dict[str, Any]) -> Observation:
    _closed(content, _OBSERVATION_KEYS)
    return Observation(
        tool=_typed(content["tool"], str),
        tool_version=_typed(content["tool_version"], str),
        settings=_typed(content["settings"], dict),
        facts=_typed(content["facts"], dict),
        failure=None if content["failure"] is None else _failure(*content["failure"]),
        raw=tuple(_raw(*one) for one in _typed(content["raw"], list)),
    )


def _failure(kind: object, detail: object) -> Failure:
    return Failure(FailureKind(_typed(kind, str)), _typed(detail, str))


def _raw(name: object, media_type: object, text: object) -> RawOutput:
    content = base64.b64decode(_typed(text, str), validate=True)
    return RawOutput(_typed(name, str), _typed(media_type, str), content)


def _content(line: bytes, keys: Set[str]) -> dict[str, Any]:
    content = _typed(json.loads(line, parse_constant=_no_number, parse_float=_finite), dict)
    return _closed(content, keys)


def _closed(content: dict[str, Any], keys: Set[str]) -> dict[str, Any]:
    if set(content) != keys:
        raise ValueError(f"its parts are {', '.join(content)[:100]}")
    return content


def _typed(value: object, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"{type(value).__name__} in the place of {kind.__name__}")
    return value


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number")


def _finite(text: str) -> float:
    number = float(text)
    return number if isfinite(number) else _no_number(text)


def _line(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, allow_nan=False).encode() + b"\n"
