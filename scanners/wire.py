"""What parent and worker say to each other: one JSON object per line, of a closed shape. Never pickle."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from auditor.model.evidence import Failure, FailureKind, Observation, RawOutput
from auditor.model.inventory import Fragility
from auditor.model.plan import Task
from scanners.base import Limits

MAXIMUM_RAW_BYTES = 20_000_000


class WireError(ValueError):
    """A line that is not what the other side should say."""


def encode_job(task: Task, limits: Limits) -> bytes:
    """Return the line that orders one task."""
    return _line({"task": {**asdict(task), "options": dict(task.options)}, "limits": asdict(limits)})


def decode_job(line: bytes) -> tuple[Task, Limits]:
    """Read the line that orders one task; raise WireError."""
    try:
        content = json.loads(line)
        task = content["task"]
        return Task(**{**task, "fragility": Fragility(task["fragility"])}), Limits(**content["limits"])
    except (ValueError, KeyError, TypeError) as error:
        raise WireError(f"not a job: {error}") from None


def encode_observation(observation: Observation) -> bytes:
    """Return the line that reports an observation; raw outputs beyond the size limit are cut."""
    left, raw = MAXIMUM_RAW_BYTES, []
    for one in observation.raw:
        content = one.content[:left]
        left -= len(content)
        raw.append([one.name, one.media_type, base64.b64encode(content).decode()])
    failure = observation.failure
    return _line(
        {
            "tool": observation.tool,
            "tool_version": observation.tool_version,
            "settings": observation.settings,
            "facts": observation.facts,
            "failure": [failure.kind.value, failure.detail] if failure else None,
            "raw": raw,
        }
    )


def decode_observation(line: bytes) -> Observation:
    """Read the line that reports an observation; raise WireError."""
    try:
        content: Mapping[str, Any] = json.loads(line)
        failure = content["failure"]
        return Observation(
            tool=str(content["tool"]),
            tool_version=str(content["tool_version"]),
            settings=dict(content["settings"]),
            facts=dict(content["facts"]),
            failure=Failure(FailureKind(failure[0]), str(failure[1])) if failure else None,
            raw=tuple(RawOutput(n, media, base64.b64decode(text)) for n, media, text in content["raw"]),
        )
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise WireError(f"not an observation: {error}") from None


def _line(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, allow_nan=False).encode() + b"\n"
