"""One check about one subject: a verdict always, with the reason when there is none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.model.check import Direction, Parameter
from auditor.model.evidence import Failure, FailureKind
from auditor.model.facts import JSON, Facts
from auditor.model.subject import Subject, SubjectKind
from auditor.model.verdict import Status, Verdict
from controls.examples import EXAMPLE_DAY
from controls.judge import compile_check, is_looser, judge, judge_all
from controls.reasons import FAILURES
from controls.subjects import Measured, Presence
from tests.controls.catalogue import changed, shipped
from tests.controls.expressions import KNOWN

SUBJECT = Subject(SubjectKind.TLS, "bkd-web-01", "10.0.0.1", 443)
BARE = Measured(SUBJECT, "bkd", {}, evidence=(7, 9))
DH = "tls-dh-group-strong"


def verdict(check: str, measured: Measured, **parameters: JSON) -> Verdict:
    return judge(compile_check(shipped().checks[check], KNOWN, parameters), measured, EXAMPLE_DAY)


def with_facts(facts: Facts) -> Measured:
    return replace(BARE, facts=facts)


@pytest.mark.parametrize(("accepted", "status"), [(True, Status.FAIL), (False, Status.PASS)])
def test_a_verdict_tells_what_was_observed_and_expected(accepted: bool, status: Status) -> None:
    found = verdict("tls-1-0-refused", with_facts({"tls.tls_1_0": accepted}))
    assert found.status is status
    assert found.observed["en"] == f"TLS 1.0 accepted: {'yes' if accepted else 'no'}"
    assert found.observed["id"] == f"TLS 1.0 diterima: {'ya' if accepted else 'tidak'}"
    assert found.expected["en"] == "TLS 1.0 refused"
    assert found.evidence == (7, 9)
    assert found.reason == {}


def test_a_missing_fact_is_named() -> None:
    found = verdict("tls-1-0-refused", BARE)
    assert found.status is Status.UNKNOWN
    assert found.reason == {"en": "not observed: tls.tls_1_0", "id": "tidak teramati: tls.tls_1_0"}
    assert found.observed == {}


@pytest.mark.parametrize("kind", FailureKind)
def test_a_failure_is_told_and_never_passes_or_fails(kind: FailureKind) -> None:
    failure = Failure(kind, "after 5 s")
    for measured in (replace(BARE, failures={"tls": failure}), replace(BARE, underlying=failure)):
        found = verdict("tls-1-0-refused", measured)
        assert found.status is Status.UNKNOWN
        assert found.reason == {language: f"{text} (after 5 s)" for language, text in FAILURES[kind].items()}


def test_the_failure_of_another_scanner_is_no_reason() -> None:
    found = verdict("tls-1-0-refused", replace(BARE, failures={"http": Failure(FailureKind.TIMEOUT, "")}))
    assert found.reason["en"] == "not observed: tls.tls_1_0"


def test_what_was_measured_before_a_failure_still_counts() -> None:
    measured = replace(BARE, facts={"tls.tls_1_0": True}, failures={"tls": Failure(FailureKind.TIMEOUT, "")})
    assert verdict("tls-1-0-refused", measured).status is Status.FAIL


def test_unknown_applicability_is_unknown() -> None:
    check = changed("tls-1-0-refused", applies="tls.tls_1_3")
    known = {"tls.tls_1_0": False}
    compiled = compile_check(check, KNOWN)
    assert judge(compiled, with_facts(known), EXAMPLE_DAY).status is Status.UNKNOWN
    for spoken, status in ((True, Status.PASS), (False, Status.NOT_APPLICABLE)):
        assert judge(compiled, with_facts({**known, "tls.tls_1_3": spoken}), EXAMPLE_DAY).status is status


def test_what_is_measured_to_be_absent_is_not_applicable() -> None:
    found = verdict("tls-1-0-refused", replace(BARE, presence=Presence.ABSENT))
    assert found.status is Status.NOT_APPLICABLE
    assert found.reason["id"]


def test_our_own_mistake_is_an_error_and_no_verdict() -> None:
    found = verdict("tls-1-0-refused", with_facts({"tls.tls_1_0": "yes"}))
    assert found.status is Status.ERROR
    assert "could not be evaluated" in found.reason["en"]


@pytest.mark.parametrize(
    ("chosen", "bits", "status", "loosened"),
    [
        (2048, 2048, Status.PASS, ()),
        (3072, 2048, Status.FAIL, ()),
        (1024, 1024, Status.PASS, ("minimum_bits",)),
        (1024, 512, Status.FAIL, ("minimum_bits",)),
    ],
)
def test_a_policy_looser_than_the_control_tolerates_is_told(
    chosen: int, bits: int, status: Status, loosened: tuple[str, ...]
) -> None:
    found = verdict(DH, with_facts({"tls.dh_bits": bits}), minimum_bits=chosen)
    assert found.status is status
    assert found.loosened == loosened
    assert f"{chosen} bit" in found.expected["en"]


@pytest.mark.parametrize(
    ("loosest", "direction", "value", "looser"),
    [
        (30, Direction.MINIMUM, 29, True),
        (30, Direction.MINIMUM, 30, False),
        (30, Direction.MINIMUM, 31, False),
        (398, Direction.MAXIMUM, 399, True),
        (398, Direction.MAXIMUM, 398, False),
        (["-cbc", "none"], Direction.MINIMUM, ["none"], True),
        (["-cbc", "none"], Direction.MINIMUM, ["none", "-cbc", "arcfour"], False),
        ("strict", Direction.MINIMUM, "lax", True),
        ("strict", Direction.MINIMUM, "strict", False),
    ],
)
def test_looser_is_beyond_what_the_control_tolerates(
    loosest: JSON, direction: Direction, value: JSON, looser: bool
) -> None:
    assert is_looser(Parameter("p", loosest, loosest, direction, "unit"), value) is looser


def test_intrusive_checks_are_judged_only_where_the_authorization_names_them() -> None:
    check = compile_check(shipped().checks["tls-heartbleed-absent"], KNOWN)
    allowed = replace(BARE, consent=frozenset({"tls-heartbleed-absent"}))
    other = replace(BARE, consent=frozenset({"tls-robot-absent"}))
    assert judge_all([check], [BARE, other], EXAMPLE_DAY) == ()
    assert [one.status for one in judge_all([check], [allowed], EXAMPLE_DAY)] == [Status.UNKNOWN]


def test_every_check_is_asked_about_every_subject_of_its_kind_and_no_other() -> None:
    ssh = replace(BARE, subject=replace(SUBJECT, kind=SubjectKind.SSH, port=22))
    second = replace(BARE, subject=replace(SUBJECT, port=8443))
    checks = [
        compile_check(shipped().checks[name], KNOWN) for name in ("tls-1-0-refused", DH, "ssh-macs-strong")
    ]
    found = judge_all(reversed(checks), [ssh, second, BARE], EXAMPLE_DAY)
    assert [(one.check, one.subject.port) for one in found] == [
        ("ssh-macs-strong", 22),
        ("tls-1-0-refused", 443),
        ("tls-1-0-refused", 8443),
        (DH, 443),
        (DH, 8443),
    ]
