"""What parent and worker say to each other arrives as it was said, and nothing else is believed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.evidence import Failure, FailureKind, Observation, RawOutput
from auditor.model.inventory import Fragility
from auditor.model.plan import Task
from scanners.base import Limits
from scanners.wire import (
    MAXIMUM_RAW_BYTES,
    WireError,
    decode_job,
    decode_observations,
    encode_job,
    encode_observations,
)

TEXT = st.text(max_size=20)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | NUMBER | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=8,
)
OBJECT = st.dictionaries(TEXT, VALUE, max_size=4)
TASK = st.builds(
    Task,
    scanner=TEXT,
    server=TEXT,
    opd=TEXT,
    address=TEXT,
    port=st.integers(),
    server_name=TEXT,
    authorization=TEXT,
    fragility=st.sampled_from(Fragility),
    options=OBJECT,
)
LIMITS = st.builds(
    Limits,
    connections_per_second=NUMBER,
    parallel_connections=st.integers(),
    packets_per_second=st.integers(),
    timeout_seconds=NUMBER,
    connect_timeout_seconds=NUMBER,
    response_bytes=st.integers(),
)
RAW = st.builds(RawOutput, TEXT, TEXT, st.binary(max_size=40))
OBSERVATION = st.builds(
    Observation,
    tool=TEXT,
    tool_version=TEXT,
    settings=OBJECT,
    facts=OBJECT,
    failure=st.none() | st.builds(Failure, st.sampled_from(FailureKind), TEXT),
    raw=st.lists(RAW, max_size=3).map(tuple),
)

SAMPLE_JOB = json.loads(encode_job([Task("ports", "s", "o", "127.0.0.1")], Limits(5, 2, 50, 900)))
SAMPLE_OBSERVATION = json.loads(
    encode_observations(
        [
            Observation(
                "nmap",
                "7.93",
                {"ports": "80"},
                {"ports.open": [80]},
                None,
                (RawOutput("x", "text/plain", b"y"),),
            )
        ]
    )
)["observations"][0]
NOT_JSON = [
    b"",
    b"\n",
    b"{",
    b"\xff\xfe\n",
    b"nul\x00l",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"1" * 10_000,
    b"1e999",
    b"NaN",
]


def reported(observation: Any) -> bytes:
    """Return the line that reports one observation, given as JSON."""
    return json.dumps({"observations": [observation]}).encode()


def decode_one(line: bytes) -> Observation:
    """Return the one observation that a line reports."""
    return decode_observations(line, 1)[0]


@given(st.lists(TASK, min_size=1, max_size=3), LIMITS, st.binary())
def test_a_job_arrives_as_it_was_ordered(tasks: list[Task], limits: Limits, secret: bytes) -> None:
    line = encode_job(tasks, limits, secret)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert decode_job(line) == (tuple(tasks), limits, secret)


@given(st.lists(OBSERVATION, max_size=3))
def test_observations_arrive_as_they_were_made(observations: list[Observation]) -> None:
    line = encode_observations(observations)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert decode_observations(line, len(observations)) == tuple(observations)


@pytest.mark.parametrize("expected", [0, 1, 3])
def test_more_or_fewer_observations_than_tasks_are_refused(expected: int) -> None:
    line = encode_observations([Observation("t", "1", {})] * 2)
    with pytest.raises(WireError):
        decode_observations(line, expected)


def test_a_job_without_a_task_is_refused() -> None:
    with pytest.raises(WireError):
        decode_job(encode_job([], Limits(5, 2, 50, 900)))


def test_what_one_observation_carries_takes_nothing_from_the_others() -> None:
    greedy = Observation("t", "1", {}, raw=(RawOutput("all", "text/plain", b"x" * MAXIMUM_RAW_BYTES),))
    modest = Observation("t", "1", {}, raw=(RawOutput("little", "text/plain", b"y" * 100),))
    seen = decode_observations(encode_observations([greedy, modest]), 2)
    assert len(seen[0].raw[0].content) == MAXIMUM_RAW_BYTES // 2
    assert seen[1] == modest


def test_raw_outputs_beyond_the_limit_are_cut_and_nothing_else_is() -> None:
    big = RawOutput("big", "text/plain", b"x" * (MAXIMUM_RAW_BYTES - 3))
    small = RawOutput("small", "text/plain", b"abcdef")
    seen = decode_one(encode_observations([Observation("t", "1", {}, {"a": 1}, None, (big, small))]))
    assert seen.raw == (big, RawOutput("small", "text/plain", b"abc"))
    assert seen.facts == {"a": 1}


@given(st.binary(max_size=60) | VALUE.map(lambda value: json.dumps(value).encode()))
def test_garbage_is_refused_by_name(line: bytes) -> None:
    for decode in (decode_job, decode_one):
        with pytest.raises(WireError):
            decode(line)


@pytest.mark.parametrize("line", NOT_JSON, ids=lambda line: repr(line[:8]))
def test_what_is_not_json_is_refused_by_name(line: bytes) -> None:
    for decode in (decode_job, decode_one):
        with pytest.raises(WireError):
            decode(line)


@given(st.sampled_from(sorted(SAMPLE_OBSERVATION)), VALUE)
def test_an_observation_with_a_wrong_part_is_refused_or_whole(key: str, value: Any) -> None:
    line = reported({**SAMPLE_OBSERVATION, key: value})
    try:
        seen = decode_one(line)
    except WireError:
        return
    assert isinstance(seen.tool, str)
    assert isinstance(seen.tool_version, str)
    assert isinstance(seen.settings, dict)
    assert isinstance(seen.facts, dict)
    assert all(isinstance(raw.name, str) and isinstance(raw.content, bytes) for raw in seen.raw)
    assert decode_one(encode_observations([seen])) == seen


@given(st.sampled_from(("task", "limits")), TEXT, VALUE)
def test_a_job_with_an_unknown_key_is_refused(part: str, key: str, value: Any) -> None:
    job = json.loads(json.dumps(SAMPLE_JOB))
    changed = job["limits"] if part == "limits" else job["tasks"][0]
    if key in changed:
        return
    changed[key] = value
    with pytest.raises(WireError):
        decode_job(json.dumps(job).encode())


@pytest.mark.parametrize("key", sorted(SAMPLE_OBSERVATION))
def test_an_observation_without_a_part_is_refused(key: str) -> None:
    content = {name: value for name, value in SAMPLE_OBSERVATION.items() if name != key}
    with pytest.raises(WireError):
        decode_one(reported(content))


def test_an_observation_with_an_unknown_part_is_refused() -> None:
    with pytest.raises(WireError):
        decode_one(reported({**SAMPLE_OBSERVATION, "extra": 1}))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("facts", [["ports.open", [80]]]),
        ("settings", ["ab"]),
        ("tool", None),
        ("failure", ["no such kind", "x"]),
        ("failure", ["timeout"]),
        ("raw", [["name", "text/plain", "not base64!"]]),
        ("raw", [[1, "text/plain", "eA=="]]),
        ("raw", [["name", "text/plain"]]),
    ],
)
def test_parts_of_another_shape_are_refused(key: str, value: Any) -> None:
    with pytest.raises(WireError):
        decode_one(reported({**SAMPLE_OBSERVATION, key: value}))


def test_a_number_that_json_does_not_know_is_refused() -> None:
    line = reported({**SAMPLE_OBSERVATION, "facts": {"x": float("nan")}})
    with pytest.raises(WireError):
        decode_one(line)
