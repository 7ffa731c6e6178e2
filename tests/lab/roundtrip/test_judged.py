"""What counts as proven."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.model.subject import Subject, SubjectKind
from auditor.model.verdict import Status, Verdict
from tests.lab.roundtrip.model import Bed, Case
from tests.lab.roundtrip.moved import MOVED
from tests.lab.roundtrip.running import Verdicts, judged

_SERVER = MOVED["dinkes-web-01"]


def _nothing(bed: Bed) -> None:
    del bed


_CASE = Case("http-hsts-long", _SERVER, {"nginx": _nothing}, port=443)
_SITE = Subject(SubjectKind.HTTP, _SERVER.id, _SERVER.address, 443, server_name="dinkes.lab.test")


def _verdicts(**statuses: Status) -> Verdicts:
    found = {}
    for name, status in statuses.items():
        check = name.replace("_", "-")
        found[check, _SITE] = Verdict(check, _SITE, status)
    return found


def test_a_finding_that_passes_afterwards_is_proven() -> None:
    before = _verdicts(http_hsts_long=Status.FAIL, http_csp_strict=Status.FAIL, tls_aead_only=Status.PASS)
    after = _verdicts(http_hsts_long=Status.PASS, http_csp_strict=Status.PASS, tls_aead_only=Status.PASS)
    outcome = judged(_CASE, "nginx 1", before, after, "", {"fixed"})
    assert outcome.proven
    assert outcome.also_closed == ("http-csp-strict",)
    assert outcome.broke == ()


def test_a_finding_whose_place_is_gone_is_proven_only_where_measuring_again_says_so() -> None:
    before = _verdicts(http_hsts_long=Status.FAIL)
    assert judged(_CASE, "", before, {}, "", {"fixed"}).proven
    assert not judged(_CASE, "", before, {}, "", {"not_measurable"}).proven


@pytest.mark.parametrize("status", [Status.FAIL, Status.UNKNOWN, Status.ERROR])
def test_a_finding_that_does_not_pass_afterwards_is_not_proven(status: Status) -> None:
    before, after = _verdicts(http_hsts_long=Status.FAIL), _verdicts(http_hsts_long=status)
    outcome = judged(_CASE, "", before, after, "", {"fixed"})
    assert (outcome.proven, outcome.problem) == (False, f"afterwards: {status}")


def test_what_passed_before_must_not_fail_and_what_is_new_is_told() -> None:
    before = _verdicts(http_hsts_long=Status.FAIL, http_csp_strict=Status.PASS)
    after = _verdicts(http_hsts_long=Status.PASS, http_csp_strict=Status.FAIL, tls_aead_only=Status.FAIL)
    outcome = judged(_CASE, "", before, after, "", {"fixed"})
    assert not outcome.proven
    assert outcome.broke == ("http-csp-strict",)
    assert outcome.appeared == ("tls-aead-only",)


def test_nothing_is_proven_where_nothing_was_found_or_the_server_did_not_start() -> None:
    passing, failing = _verdicts(http_hsts_long=Status.PASS), _verdicts(http_hsts_long=Status.FAIL)
    assert judged(_CASE, "", passing, passing, "", {"fixed"}).problem == "the audit did not find it"
    assert judged(_CASE, "", failing, passing, "does not start", {"fixed"}).problem == "does not start"


def test_a_finding_at_another_port_is_not_the_one_of_the_case() -> None:
    other = replace(_SITE, port=8443)
    before = {("http-hsts-long", other): Verdict("http-hsts-long", other, Status.FAIL)}
    assert not judged(_CASE, "", before, {}, "", {"fixed"}).found
