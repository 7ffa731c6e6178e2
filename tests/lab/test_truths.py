"""The main promise: on servers whose faults are known beforehand, nothing is missed and nothing invented."""

from __future__ import annotations

import pytest

from tests.lab.auditing import findings
from tests.lab.conftest import AuditedLab
from tests.lab.fleet import DOMAINS, ZONES

pytestmark = pytest.mark.lab


def _found(audited: AuditedLab) -> set[tuple[str, str, int, str]]:
    return {
        (one["check"], one["server"], one["port"], one["server_name"])
        for one in findings(audited.workspace)
        if one["verdict"] == "FAIL"
    }


def _either_way(audited: AuditedLab) -> set[tuple[str, str, int, str]]:
    return {
        (truth.check, server.id, truth.port, truth.server_name)
        for server in audited.lab.fleet
        for truth in server.depends_on_packages
    }


def _known(audited: AuditedLab) -> set[tuple[str, str, int, str]]:
    return (
        {
            (truth.check, server.id, truth.port, truth.server_name)
            for server in audited.lab.fleet
            for truth in (*server.truths, *server.remarks)
        }
        | {(check, domain.name, 0, domain.name) for domain in DOMAINS for check in domain.fails}
        | {(check, f"zone:{zone.id}", 0, zone.network) for zone in ZONES for check in zone.fails}
    )


def test_nothing_is_missed(audited_lab: AuditedLab) -> None:
    assert _known(audited_lab) - _found(audited_lab) == set()


def test_nothing_is_invented(audited_lab: AuditedLab) -> None:
    assert _found(audited_lab) - _known(audited_lab) - _either_way(audited_lab) == set()


def test_compliant_servers_have_nothing_above_informational(audited_lab: AuditedLab) -> None:
    compliant = {server.id for server in audited_lab.lab.fleet if server.compliant}
    assert len(compliant) >= 8
    grave = [
        one
        for one in findings(audited_lab.workspace)
        if one["server"] in compliant and one["severity"] != "info"
    ]
    assert grave == []


def test_an_audit_with_high_findings_ends_with_exit_code_1(audited_lab: AuditedLab) -> None:
    assert audited_lab.exit_code == 1
