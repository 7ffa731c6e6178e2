"""Facts derived from recorded scans, whole and with parts missing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.handshake.exchange import CLOSED
from scanners.tls.facts import FACTS
from scanners.tls.parse import VERSIONS, parse
from tests.scanners.tls.record import FIXTURES, SERVERS

FAILED = {"failure": "timeout", "detail": "TlsHandshakeTimedOut"}


def recorded(name: str) -> dict[str, Any]:
    """Return the document stored for a server."""
    document: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
    return document


def without(document: dict[str, Any], *commands: str) -> dict[str, Any]:
    """Return the document with these commands failed."""
    return {**document, "commands": {**document["commands"], **dict.fromkeys(commands, FAILED)}}


@pytest.mark.parametrize("name", SERVERS)
def test_a_recorded_scan_gives_the_reviewed_facts(name: str) -> None:
    expected = json.loads((FIXTURES / f"{name}.facts.json").read_text(encoding="utf-8"))
    assert parse(recorded(name)) == expected


@pytest.mark.parametrize("name", SERVERS)
def test_every_fact_is_in_the_vocabulary(name: str) -> None:
    assert set(parse(recorded(name))) <= {spec.name for spec in FACTS}


@given(st.sampled_from(sorted(SERVERS)), st.data())
def test_losing_commands_only_loses_facts(name: str, data: st.DataObject) -> None:
    document = recorded(name)
    lost = data.draw(st.sets(st.sampled_from(sorted(document["commands"]))))
    whole = parse(document)
    assert parse(without(document, *lost)).items() <= whole.items()


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"spoken": None},
        {"spoken": "yes"},
        {"spoken": True},
        {"spoken": True, "commands": None},
        {"spoken": True, "starttls": None, "commands": dict.fromkeys(VERSIONS, FAILED)},
    ],
)
def test_a_truncated_document_claims_nothing(document: dict[str, Any]) -> None:
    assert set(parse(document)) <= {"tls.spoken", "tls.starttls"}


def test_a_port_without_tls_has_one_fact() -> None:
    assert parse({**recorded("modern"), "spoken": False}) == {"tls.spoken": False}


def test_a_server_that_refuses_every_handshake_says_nothing_about_versions() -> None:
    refused = {"result": {"accepted": [], "offered": 5, "refusals": ["unrecognized name"]}}
    document = {"spoken": True, "starttls": None, "commands": dict.fromkeys(VERSIONS, refused)}
    assert parse(document) == {"tls.spoken": True, "tls.starttls": None}


def test_one_version_that_timed_out_leaves_the_list_of_suites_unknown() -> None:
    facts = parse(without(recorded("modern"), "tls_1_0"))
    assert "tls.tls_1_0" not in facts
    assert "tls.cipher_suites" not in facts
    assert facts["tls.tls_1_2"] is True


def test_a_dh_suite_without_its_key_leaves_the_size_unknown() -> None:
    document = recorded("old")
    for suite in document["commands"]["tls_1_0"]["result"]["accepted"]:
        if suite["name"].startswith("TLS_DHE_"):
            suite["dh_bits"] = None
    assert "tls.dh_bits" not in parse(document)


def test_the_smallest_dh_group_counts() -> None:
    document = recorded("old")
    accepted = document["commands"]["tls_1_0"]["result"]["accepted"]
    next(suite for suite in accepted if suite["name"].startswith("TLS_DHE_"))["dh_bits"] = 512
    assert parse(document)["tls.dh_bits"] == 512


def test_no_curve_is_used_where_no_suite_uses_one() -> None:
    document = recorded("old")
    result = document["commands"]["tls_1_0"]["result"]
    result["accepted"] = [suite for suite in result["accepted"] if "ECDH" not in suite["name"]]
    assert parse(without(document, "groups_older"))["tls.groups"] == []
    assert "tls.groups" not in parse(without(recorded("old"), "groups_older"))


def test_hanging_up_is_a_refusal_only_while_the_server_still_talks() -> None:
    document = recorded("modern")
    document["commands"]["tls_1_0"]["result"]["refusals"] = [CLOSED]
    assert parse(document)["tls.tls_1_0"] is False
    document["commands"]["control"] = {"result": True}
    assert parse(document)["tls.tls_1_0"] is False
    for control in ({"result": False}, FAILED):
        document["commands"]["control"] = control
        facts = parse(document)
        assert "tls.tls_1_0" not in facts
        assert "tls.cipher_suites" not in facts
        assert facts["tls.tls_1_2"] is True


def test_tests_without_consent_are_not_reported_even_if_recorded() -> None:
    facts = parse({**recorded("modern"), "consent": []})
    assert not {"tls.heartbleed", "tls.ccs_injection", "tls.robot"} & set(facts)


def test_robot_is_unknown_where_rsa_suites_are_accepted_but_could_not_be_asked() -> None:
    document = recorded("old")
    document["commands"]["robot"] = {"result": {"robot_result": "NOT_VULNERABLE_RSA_NOT_SUPPORTED"}}
    assert "tls.robot" not in parse(document)
    document["commands"]["robot"] = {"result": {"robot_result": "UNKNOWN_INCONSISTENT_RESULTS"}}
    assert "tls.robot" not in parse(document)
    document["commands"]["robot"] = {"result": {"robot_result": "VULNERABLE_WEAK_ORACLE"}}
    assert parse(document)["tls.robot"] is True
