"""What real servers said is read as it was reviewed, in as many connections as are promised."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanners.conformance import nonconforming
from scanners.services import identify as identifying
from scanners.services.facts import FACTS
from scanners.services.identify import identify
from tests.scanners.services.played import FIXTURES, context_of, playing_dialer, read

RECORDINGS = sorted(FIXTURES.glob("*.json"))
VOCABULARY = {spec.name: spec for spec in FACTS}
CONNECTIONS = {
    # A second connection for a second question that the first one cannot carry.
    "dns-53": 2,
    "dns-closed-53": 2,
    "dns-transfer-53": 2,
    "ftp-21": 2,
    "ftp-strict-21": 3,
    "nfs-111": 2,
    "rsync-873": 2,
    "smb-445": 2,
    "smb-old-139": 2,
    "smb-old-445": 2,
    # Two for the open proxy, which only consent allows.
    "etcd-2379": 3,
    "proxy-3128": 3,
    "proxy-open-3128": 3,
    "web-80": 3,
}
"""Connections per port; every other recording took one."""
UNSURE = ("service.", "dns.transfer")
"""What later answers make better known."""


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Recorded servers that wait for us need not be listened to for long."""
    monkeypatch.setattr(identifying, "_EXPECTED_SILENCE_SECONDS", 0.02)


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_a_recorded_server_gives_its_reviewed_facts(path: Path) -> None:
    recording = read(path)
    dialer = playing_dialer(recording)
    found = identify(context_of(dialer))
    assert found.facts == recording.facts
    assert nonconforming(found.facts, VOCABULARY) == []
    assert found.connections == CONNECTIONS.get(path.stem, 1)


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_a_server_that_falls_silent_takes_back_nothing_and_invents_nothing(path: Path) -> None:
    recording = read(path)
    for length in range(len(recording.connections[0])):
        cut = read(path)
        cut.connections = [recording.connections[0][:length]]
        facts = identify(context_of(playing_dialer(cut))).facts
        kept = {
            name: value for name, value in facts.items() if not name.startswith(("service.", "dns.transfer"))
        }
        assert kept.items() <= recording.facts.items()
        assert facts["service.name"] in (None, recording.facts["service.name"])


def test_the_recordings_hold_the_good_and_the_bad_of_each_kind() -> None:
    seen: dict[str, set[object]] = {}
    for path in RECORDINGS:
        for name, value in read(path).facts.items():
            if isinstance(value, bool):
                seen.setdefault(name, set()).add(value)
    both = {
        *("redis.unauthenticated", "mysql.unauthenticated", "postgresql.trust", "dns.transfer_allowed"),
        *("smb.smb1", "smb.signing_required", "vnc.no_authentication", "ftp.anonymous_login"),
        *("smtp.open_relay", "smtp.auth_before_tls", "imap.login_before_tls", "pop3.login_before_tls"),
        *("proxy.open", "mysql.tls"),
    }
    assert {name for name in both if seen.get(name) != {True, False}} == set()
