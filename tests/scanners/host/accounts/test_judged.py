"""What the checks of accounts say of recorded hosts, with what was written down about them."""

from __future__ import annotations

from auditor.model.facts import JSON
from auditor.model.verdict import Status
from controls.examples import judge_example
from scanners.host.areas import AREAS
from scanners.host.reading import read_facts
from tests.controls.catalogue import compiled_catalogue
from tests.scanners.host.recorded import recorded

NOW = "2026-11-22T10:30:00Z"
CHECKS = {one.check.id: one for one in compiled_catalogue() if one.check.id.startswith("accounts-")}


def account(name: str, kind: str = "personal", **more: JSON) -> JSON:
    """Return an entry of the register."""
    known: dict[str, JSON] = {
        "name": name,
        "person": f"pemegang {name}",
        "purpose": "tugas",
        "kind": kind,
        "administrator": False,
        "until": None,
        "tested": None,
        "from_hour": None,
        "to_hour": None,
    }
    return {**known, **more}


def judged(name: str, record: dict[str, JSON]) -> dict[str, Status]:
    """Return check → verdict about a recorded host."""
    report = recorded("accounts", name)
    facts = read_facts(report, [area for area in AREAS if area.name in ("system", "access", "accounts")])
    known = {**facts, **record, "now": NOW}
    return {key: judge_example(check, known).status for key, check in CHECKS.items()}


def fingerprints(name: str) -> list[JSON]:
    keys = read_facts(recorded("accounts", name), [one for one in AREAS if one.name == "accounts"])[
        "host.account_keys"
    ]
    assert isinstance(keys, list)
    return [one["fingerprint"] for one in keys if isinstance(one, dict)]


def register(name: str) -> dict[str, JSON]:
    """Return what the office of the hardened host wrote down."""
    supplier: dict[str, JSON] = {"until": "2027-01-31T16:59:59Z", "from_hour": 8, "to_hour": 17}
    return {
        "record.accounts": [
            account("audit", "service"),
            account("budi", administrator=True),
            account("siti", administrator=True),
            account("pemasok", "supplier", **supplier),
            account("darurat", "emergency", tested="2026-09-14T17:00:00Z"),
        ],
        "record.keys": fingerprints(name),
        "record.leavers": ["joko"],
    }


def test_a_hardened_host_passes_every_check() -> None:
    name = "debian-12-hardened"
    assert judged(name, register(name)) == dict.fromkeys(CHECKS, Status.PASS)


def test_a_broken_host_fails_where_it_is_broken() -> None:
    record: dict[str, JSON] = {
        "record.accounts": [
            account("joko", administrator=True),
            account("vendor", "supplier", until="2026-06-30T16:59:59Z", from_hour=8, to_hour=17),
        ],
        "record.keys": [],
        "record.leavers": ["admin"],
    }
    assert judged("ubuntu-22-broken", record) == dict.fromkeys(CHECKS, Status.FAIL)


def test_a_host_without_register_is_judged_where_it_speaks_for_itself() -> None:
    verdicts = judged("ubuntu-22-broken", {})
    unknown = {key for key, status in verdicts.items() if status is Status.UNKNOWN}
    assert unknown == {
        "accounts-administrators-approved",
        "accounts-leavers-removed",
        "accounts-people-known",
        "accounts-supplier-sessions-agreed",
        "accounts-suppliers-expire",
    }
    assert {verdicts[key] for key in verdicts.keys() - unknown} == {Status.FAIL}
