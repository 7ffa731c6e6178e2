"""Every hostile server gives facts or a named failure: in time, within memory, and never by a fault."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from auditor.model.evidence import FailureKind, Observation
from auditor.model.facts import JSON
from auditor.model.plan import Task
from scanners.base import Limits
from scanners.registry import NAMES
from scanners.runner import Done, Job, Runner
from scanners.workers import Workers
from tests.hostile.behaviour import Behaviour
from tests.hostile.measured import PEAK
from tests.hostile.servers import BEHAVIOURS, ROOT, standing

_LIMITS = Limits(
    connections_per_second=10_000.0,
    parallel_connections=4,
    packets_per_second=10_000,
    timeout_seconds=4.0,
    connect_timeout_seconds=1.0,
)
_GRACE_SECONDS = 20.0
"""Beyond their time before a scanner counts as stuck: all of them share few processors here."""
_PARALLEL = 40
_MAXIMUM_KILOBYTES = 400_000
_ASKED = [
    (name, scanner)
    for name, behaviour in BEHAVIOURS.items()
    for scanner in behaviour.scanners
    if scanner in NAMES
]
_ADDRESSES = {name: f"127.41.{n // 250}.{n % 250 + 1}" for n, name in enumerate(BEHAVIOURS)}
Seen = Mapping[tuple[str, str], Observation]


def _options(behaviour: Behaviour, scanner: str, address: str, port: int) -> dict[str, JSON]:
    """Return the options of a task about one server."""
    starttls = behaviour.starttls
    match scanner:
        case "tls" | "certificates":
            return {
                "starttls": starttls,
                "probe": behaviour.family == "tcp",
                "consent": [],
                "trust_anchors": None,
            }
        case "http":
            return {"tls": True if behaviour.family in ("tls", "certificates") else None, "seen": False}
        case "ssh":
            return {"spacing_seconds": 0.0}
        case "services":
            return {"ports": [port], "versions": False, "consent": [], "domains": ["contoh.test"]}
        case "dns":
            names: dict[str, JSON] = {
                "names": ["www.contoh.test"],
                "addresses": [address],
                "reachable": [address],
            }
            return {"resolvers": [f"{address}:{port}"], "mail": True, "dkim_selectors": ["default"], **names}
        case _:
            return {"consent": []}


def _job(name: str, scanner: str, port: int) -> Job:
    address = _ADDRESSES[name]
    options = _options(BEHAVIOURS[name], scanner, address, port)
    # DNS is asked about a domain, at the address of its resolver.
    return Job(
        Task(
            scanner,
            name,
            "o",
            "" if scanner == "dns" else address,
            0 if scanner == "services" else port,
            "contoh.test",
            options=options,
        ),
        _LIMITS,
    )


@pytest.fixture(scope="module")
def seen(monkeypatch_module: pytest.MonkeyPatch) -> Seen:
    """Scan every server, many at a time."""
    observations: dict[tuple[str, str], Observation] = {}

    def collect(done: Done) -> Iterable[Job]:
        observations[done.job.task.server, done.job.task.scanner] = done.observation
        return ()

    with standing([(name, address, 0) for name, address in _ADDRESSES.items()]) as listening:
        ports = dict(zip(_ADDRESSES, listening, strict=True))
        jobs = [_job(name, scanner, ports[name]) for name, scanner in _ASKED]
        workers = Workers(_GRACE_SECONDS, "tests.hostile.measured")
        assert Runner(_PARALLEL, lambda: False, workers).run(jobs, collect)
    return observations


@pytest.fixture(scope="module")
def monkeypatch_module() -> Iterable[pytest.MonkeyPatch]:
    """Let worker processes find the tests' modules."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        yield patch


@pytest.mark.parametrize(("name", "scanner"), _ASKED, ids=lambda value: value.replace(" ", "-"))
def test_a_hostile_server_gives_facts_or_a_named_failure(name: str, scanner: str, seen: Seen) -> None:
    observation = seen[name, scanner]
    failure = observation.failure
    assert failure is None or failure.kind is not FailureKind.INTERNAL, failure
    # The runner's own word: the scanner had to be killed.
    assert observation.tool != "auditor", failure
    assert observation.facts or failure
    peak = observation.settings[PEAK]
    assert isinstance(peak, int)
    assert peak < _MAXIMUM_KILOBYTES


def test_there_are_many_behaviours_and_no_scanner_is_left_out() -> None:
    assert len(BEHAVIOURS) >= 250
    tried = {scanner for _, scanner in _ASKED}
    # Hosts that misbehave inside a session stand in tests/scanners/host/test_connection.py.
    assert tried >= set(NAMES) - {"ports", "hosts", "host"}
