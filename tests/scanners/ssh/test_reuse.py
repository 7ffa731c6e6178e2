"""An unchanged server is asked less: what an earlier measurement may still tell, and when it may not."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from auditor.model.facts import JSON, Facts
from scanners.ssh.facts import GREETING_FACTS, OFFER_FACTS, SESSION_FACTS
from scanners.ssh.reuse import Reused, reused
from tests.scanners.ssh.test_scanner import ECDSA, ED25519, Run, real_server

MEASURED_AT = "2026-10-01T03:00:00+00:00"
NOW: Facts = {
    "ssh.protocol": "2.0",
    "ssh.software": "OpenSSH_9.2p1",
    "ssh.comment": "Debian-2",
    "ssh.key_exchange": ["curve25519-sha256"],
    "ssh.host_key_algorithms": ["ssh-ed25519"],
    "ssh.ciphers": ["aes128-ctr"],
    "ssh.macs": ["hmac-sha2-256"],
    "ssh.compression": ["none"],
    "ssh.strict_key_exchange": True,
}
LEARNT: Facts = {
    "ssh.host_keys": [{"type": "ed25519", "bits": 256, "sha256": "x"}],
}


def before(facts: Facts = NOW, learnt: Facts = LEARNT) -> dict[str, JSON]:
    """Return the option `previous` that such an earlier measurement makes."""
    return {
        "measured_at": MEASURED_AT,
        "compared": {name: facts[name] for name in (*GREETING_FACTS, *OFFER_FACTS)},
        "facts": dict(learnt),
    }


def test_an_unchanged_server_keeps_every_costly_fact() -> None:
    assert reused(before(), NOW) == Reused(MEASURED_AT, LEARNT)
    assert set(LEARNT) == set(SESSION_FACTS)


@pytest.mark.parametrize("name", [*GREETING_FACTS, *OFFER_FACTS])
def test_any_change_of_greeting_or_offer_takes_nothing(name: str) -> None:
    changed: JSON = "changed" if isinstance(NOW[name], str) else []
    assert reused(before(), {**NOW, name: changed}).facts == {}
    assert reused(before(), {key: value for key, value in NOW.items() if key != name}).facts == {}


def test_only_the_costly_facts_are_taken() -> None:
    learnt = {**LEARNT, "ssh.software": "Another_1", "tls.spoken": True}
    assert reused(before(learnt=learnt), NOW).facts == LEARNT


@pytest.mark.parametrize(
    "previous",
    [
        None,
        "text",
        [],
        {},
        {**before(), "facts": None},
        {**before(), "measured_at": 3},
        {**before(), "compared": []},
        {**before(), "compared": {}},
    ],
)
def test_what_is_no_earlier_measurement_gives_nothing(previous: JSON) -> None:
    assert reused(previous, NOW).facts == {}


def test_a_second_look_at_an_unchanged_server_asks_for_no_host_key() -> None:
    first, second = Run(), Run()
    with real_server([ED25519, ECDSA], banner="Resmi") as (port, _):
        seen = first.scan(port)
        again = second.scan(port, previous=before(seen.facts, seen.facts))
    assert again.facts == seen.facts
    assert again.failure is None
    assert (first.paces, second.paces) == (4, 2)
    taken = again.settings["reused"]
    assert isinstance(taken, Mapping)
    assert taken == {"measured_at": MEASURED_AT, "facts": sorted(SESSION_FACTS)}
    assert "host-keys" not in [raw.name for raw in again.raw]


def test_the_ways_to_log_in_are_asked_every_time() -> None:
    with real_server([ED25519]) as (port, _):
        seen = Run().scan(port)
        learnt = {**seen.facts, "ssh.authentication_methods": ["none"]}
        again = Run().scan(port, previous=before(seen.facts, learnt))
    assert again.facts["ssh.authentication_methods"] == seen.facts["ssh.authentication_methods"]


def test_what_was_not_learnt_before_is_asked_now() -> None:
    run = Run()
    with real_server([ED25519]) as (port, _):
        seen = run.scan(port)
        learnt = {name: seen.facts[name] for name in SESSION_FACTS if name != "ssh.host_keys"}
        later = Run()
        again = later.scan(port, previous=before(seen.facts, learnt))
    assert again.facts == seen.facts
    assert later.paces == 3
    assert "reused" not in again.settings


def test_a_server_whose_offer_changed_is_measured_anew() -> None:
    with real_server([ED25519]) as (port, _):
        seen = Run().scan(port)
    run = Run()
    with real_server([ED25519, ECDSA]) as (port, _):
        again = run.scan(port, previous=before(seen.facts, seen.facts))
    assert len(list(again.facts["ssh.host_keys"])) == 2  # type: ignore[arg-type]
    assert "reused" not in again.settings
    assert run.paces == 4
