"""Whole conversations with a port: greetings and the answers to every question that may follow."""

from __future__ import annotations

import json

from fuzz.played import CONNECTION, PART, dialer
from fuzz.target import TESTS, Target, choose
from scanners.conformance import nonconforming
from scanners.services.context import Context
from scanners.services.facts import FACTS
from scanners.services.identify import identify

PORTS = (
    *(21, 22, 23, 25, 53, 80, 110, 111, 139, 143, 389, 443, 445, 587, 636, 853, 873, 993, 1080, 1433, 2049),
    *(2375, 2379, 3128, 3306, 3389, 5432, 5900, 6000, 6379, 8009, 11211, 12345, 27017),
)
_CONSENT = frozenset({"smtp-relay-refused", "smtp-abuse-mailbox-accepted", "network-open-proxy-absent"})
_VOCABULARY = {spec.name: spec for spec in FACTS}


def _conversation(data: bytes) -> None:
    which, rest = choose(data, PORTS)
    context = Context(
        dialer(rest, PORTS[which]), "mail.lab.test", _CONSENT, ("contohkab.lab.test",), (PORTS[which],)
    )
    found = identify(context)
    assert nonconforming(found.facts, _VOCABULARY) == []


def _seeds() -> list[bytes]:
    seeds = []
    for path in sorted((TESTS / "fixtures" / "services").glob("*.json")):
        recorded = json.loads(path.read_text(encoding="utf-8"))
        if recorded["port"] in PORTS:
            said = [
                PART.join(bytes.fromhex(data) for who, data in script if who == "server")
                for script in recorded["connections"]
            ]
            seeds.append(bytes((PORTS.index(recorded["port"]),)) + CONNECTION.join(said))
    return seeds


TARGETS = (Target("services", _conversation, (), _seeds),)
