"""The finding object that other systems read."""

from __future__ import annotations

import json
from dataclasses import replace

from reports.findings import KEYS, finding_record
from tests.reports.organisation import digest
from tests.reports.sample import report_data

CONTRACT = """id, check, severity, confidence, status, verdict, opd, responsible, server, address, port,
protocol, server_name, title, observed, expected, controls, remediation, first_seen, last_seen, opened_at,
days_open, fixed_at, due, overdue, acknowledgement, waiver, retest, evidence"""


def test_a_record_has_exactly_the_keys_of_the_contract() -> None:
    data = report_data()
    for finding in data.findings:
        record = finding_record(finding, data, "id")
        assert tuple(record) == KEYS == tuple(key.strip() for key in CONTRACT.split(","))
        assert json.loads(json.dumps(record)) == record


def test_a_record_says_where_when_and_on_what_evidence() -> None:
    data = report_data()
    record = finding_record(data.findings[0], data, "id")
    assert record["address"] == "127.20.1.13"
    assert record["port"] == 6379
    assert record["title"] == "Redis meminta kata sandi"
    assert record["due"] == "2026-09-30"
    assert record["last_seen"] == "2026-10-05T01:30:00Z"
    assert record["waiver"] is None
    assert record["controls"] == {"2013": ["A.9.4.2", "A.13.1.2"], "2022": ["A.8.5", "A.8.21"]}
    assert record["evidence"] == [
        {"sequence": 5, "hash": digest("row 5"), "scanner": "ports", "started_at": "2026-10-05T01:35:00Z"}
    ]
    assert finding_record(data.findings[0], data, "en")["title"] == "Redis asks for a password"


def test_evidence_that_is_not_at_hand_is_named_and_left_open() -> None:
    data = report_data()
    record = finding_record(replace(data.findings[0], evidence=(999,)), data, "id")
    assert record["evidence"] == [{"sequence": 999, "hash": None, "scanner": None, "started_at": None}]
