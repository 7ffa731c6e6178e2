"""Many subjects judged at once: alike where they show the same, and never mixed up."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from auditor.model.facts import JSON, Facts
from auditor.model.subject import Subject, SubjectKind
from controls.examples import EXAMPLE_DAY
from controls.judge import CompiledCheck, compile_check, judge, judge_all
from controls.subjects import Measured
from tests.controls.catalogue import shipped
from tests.controls.expressions import KNOWN

CHECKS = [
    compile_check(shipped().checks[name], KNOWN)
    for name in ("tls-1-0-refused", "tls-dh-group-strong", "tls-curve-strong", "tls-1-2-offered")
]
ODD: list[JSON] = [True, False, 1, 0, 1.0, "True", "1", None, [], ["1"], [1], {"a": 1}, 1024, 4096, "x25519"]
"""Values that look alike in one way or another, some of no type that the fact can have."""
FACTS: st.SearchStrategy[Facts] = st.dictionaries(
    st.sampled_from(sorted({name for one in CHECKS for name in one.names if name in KNOWN})),
    st.sampled_from(ODD),
)


@given(st.lists(FACTS, min_size=1, max_size=12))
def test_many_are_judged_as_each_would_be_alone(shown: list[Facts]) -> None:
    subjects = [
        Measured(Subject(SubjectKind.TLS, "bkd-web-01", "10.0.0.1", 443 + number), "bkd", facts, (number,))
        for number, facts in enumerate(shown)
    ]
    alone = [judge(check, one, EXAMPLE_DAY) for check in sorted(CHECKS, key=check_id) for one in subjects]
    assert list(judge_all(CHECKS, subjects, EXAMPLE_DAY)) == alone


def check_id(compiled: CompiledCheck) -> str:
    return compiled.check.id


def test_the_day_counts_for_each_judging_anew() -> None:
    """Nothing is remembered from one audit to the next."""
    check = compile_check(shipped().checks["certificate-valid-now"], KNOWN)
    subject = Subject(SubjectKind.CERTIFICATE, "bkd-web-01", "10.0.0.1", 443)
    facts: Facts = {
        "certificate.not_before": (EXAMPLE_DAY - timedelta(days=1)).isoformat(),
        "certificate.not_after": (EXAMPLE_DAY + timedelta(days=1)).isoformat(),
    }
    measured = Measured(subject, "bkd", facts)
    statuses = [
        judge_all([check], [measured], EXAMPLE_DAY + timedelta(days=days))[0].status.value
        for days in (0, 2, 0)
    ]
    assert statuses == ["PASS", "FAIL", "PASS"]
