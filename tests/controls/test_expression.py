"""Expressions know three answers: true, false, and not decidable; our own mistakes are told apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controls.expression import ExpressionError, as_instant, referenced_names
from tests.controls.expressions import KNOWN, MINIMUM, compiled, outcome

WIB = timezone(timedelta(hours=7))
NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize("observed", [True, False])
def test_an_observed_fact_decides(observed: bool) -> None:
    assert outcome("tls.tls_1_0", {"tls.tls_1_0": observed}).value is observed
    assert outcome("!tls.tls_1_0", {"tls.tls_1_0": observed}).value is not observed


def test_a_missing_fact_is_undecided_and_named() -> None:
    answer = outcome("tls.tls_1_0 || tls.tls_1_1", {"tls.tls_1_1": False})
    assert answer.value is None
    assert answer.missing == ("tls.tls_1_0",)
    assert answer.error == ""


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("false && tls.tls_1_0", False),
        ("tls.tls_1_0 && false", False),
        ("true || tls.tls_1_0", True),
        ("tls.tls_1_0 || true", True),
        ("true && tls.tls_1_0", None),
        ("false || tls.tls_1_0", None),
        ("tls.spoken ? tls.tls_1_0 : true", None),
        ("[1, 2].all(n, n < 2 && tls.tls_1_0)", False),
        ("[1, 2].exists(n, n > 1 || tls.tls_1_0)", True),
    ],
)
def test_what_is_missing_is_absorbed_where_it_cannot_matter(source: str, value: bool | None) -> None:
    answer = outcome(source, {})
    assert answer.value is value
    assert ("tls.tls_1_0" in answer.missing) is (value is None)
    assert answer.error == ""


@pytest.mark.parametrize(
    ("bits", "value"), [(None, True), (2048, True), (4096, True), (2047, False), (0, False)]
)
def test_null_is_an_observation(bits: int | None, value: bool) -> None:
    source = "tls.dh_bits == null || tls.dh_bits >= param.minimum"
    assert outcome(source, {"tls.dh_bits": bits, "param.minimum": 2048}, [MINIMUM]).value is value
    assert outcome(source, {"param.minimum": 2048}, [MINIMUM]).value is None


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ("tls.dh_bits >= 2048", {"tls.dh_bits": None}),
        ("certificate.key_bits >= 2048", {"certificate.key_bits": None}),
        ("certificate.key_bits >= 2048", {"certificate.key_bits": "2048"}),
        ("certificate.key_bits >= 2048", {"certificate.key_bits": 10**30}),
        ("tls.tls_1_0", {"tls.tls_1_0": 1}),
        ("http.cookies.all(cookie, cookie.secure)", {"http.cookies": [{"name": "sid"}]}),
        ("ports.open.all(port, port > 1)", {"ports.open": [10**30]}),
        ('service.name == "ssh"', {"service.name": "\ud800"}),
        (
            'timestamp(certificate.not_after) > timestamp("2026-01-01T00:00:00Z")',
            {"certificate.not_after": "x"},
        ),
        ("1 / 0 == 1", {}),
    ],
)
def test_a_value_of_the_wrong_kind_is_our_mistake_and_no_verdict(source: str, values: dict[str, Any]) -> None:
    answer = outcome(source, values)
    assert answer.value is None
    assert answer.error


@pytest.mark.parametrize(
    "source",
    [
        "has(http.cookies)",
        "!has (tls.tls_1_0)",
        "http.cookies.all(cookie, has(cookie.secure))",
        'service.name == "x" || has(service.version)',
    ],
)
def test_no_expression_may_ask_whether_a_fact_is_missing(source: str) -> None:
    with pytest.raises(ExpressionError, match=r"has\(\) asks whether a fact is missing"):
        compiled(source)


def test_a_text_may_mention_has() -> None:
    assert outcome('service.name == "has(x)"', {"service.name": "has(x)"}).value is True


@pytest.mark.parametrize(
    ("source", "where", "what"),
    [
        ("certificate.key_bitz >= 2048", "1:12", "undeclared reference to 'certificate.key_bitz'"),
        ("tls.spoken\n  && tls.tls_1_4", "2:9", "undeclared reference to 'tls.tls_1_4'"),
        ("param.minimum > 1", "1:6", "undeclared reference to 'param.minimum'"),
        ("certificate.key_bits >= 2048.5", "1:22", "found no matching overload"),
        ('tls.tls_1_0 == "yes"', "1:13", "found no matching overload"),
        ("tls.tls_1_0 &&", "1:15", "Syntax error"),
    ],
)
def test_a_mistake_is_found_when_compiling_with_its_place(source: str, where: str, what: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        compiled(source)
    assert f"<input>:{where}: " in str(raised.value)
    assert what in str(raised.value)


@pytest.mark.parametrize("source", ["certificate.key_bits", "tls.cipher_suites", '"true"', "now"])
def test_an_expression_must_give_true_or_false(source: str) -> None:
    with pytest.raises(ExpressionError, match="not true or false"):
        compiled(source)


def test_loop_variables_are_no_facts() -> None:
    source = "http.cookies.all(cookie, cookie.secure == true)"
    expression = compiled(source)
    assert expression.names == ("http.cookies",)
    assert expression.evaluate({"http.cookies": []}).value is True
    assert expression.evaluate({"http.cookies": [{"secure": True}, {"secure": False}]}).value is False
    assert expression.evaluate({}).missing == ("http.cookies",)


def test_lists_are_compared_with_what_the_inventory_knows() -> None:
    source = "ports.open.all(port, port in server.approved_ports)"
    assert outcome(source, {"ports.open": [22, 443], "server.approved_ports": [22, 443]}).value is True
    assert outcome(source, {"ports.open": [22, 6379], "server.approved_ports": [22]}).value is False
    assert outcome(source, {"ports.open": [], "server.approved_ports": []}).value is True


@pytest.mark.parametrize(
    ("now", "value"),
    [
        (datetime(2026, 12, 1, tzinfo=UTC), True),
        (datetime(2026, 12, 1, 0, 0, 1, tzinfo=UTC), False),
        (datetime(2026, 12, 1, 7, 0, 0, tzinfo=WIB), True),
        (datetime(2026, 12, 1, 7, 0, 1, tzinfo=WIB), False),
    ],
)
def test_instants_are_compared_to_the_second_whatever_the_zone(now: datetime, value: bool) -> None:
    source = 'timestamp(certificate.not_after) - now >= duration("720h")'
    facts = {"certificate.not_after": "2026-12-31T00:00:00Z", "now": now}
    assert outcome(source, facts).value is value


def test_an_instant_needs_its_zone() -> None:
    assert as_instant("2026-11-01T07:00:00+07:00") == NOVEMBER
    with pytest.raises(ValueError, match="no time zone"):
        as_instant("2026-11-01T07:00:00")


def test_names_inside_texts_are_no_names() -> None:
    source = (
        'service.name == "tls.spoken" && now > timestamp("2026-01-01T00:00:00Z") || http.cookies.size() > 0'
    )
    assert referenced_names(source) == ("service.name", "now", "http.cookies")


BOOLEANS = ("tls.tls_1_0", "tls.tls_1_1", "tls.tls_1_2", "tls.tls_1_3")
FORMULAS = st.recursive(
    st.sampled_from(BOOLEANS),
    lambda inner: st.one_of(
        inner.map(lambda one: f"!({one})"),
        st.tuples(inner, st.sampled_from(("&&", "||")), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
    ),
    max_leaves=8,
)


@given(FORMULAS, st.fixed_dictionaries({name: st.sampled_from((True, False, None)) for name in BOOLEANS}))
def test_undecided_means_that_the_missing_could_turn_it(formula: str, seen: dict[str, bool | None]) -> None:
    """Taking facts away from any formula gives the same answer or none, never the other one."""
    expression = compiled(formula)
    known = {name: value for name, value in seen.items() if value is not None}
    complete = {name: bool(value) for name, value in seen.items()}
    answer = expression.evaluate(known)
    assert answer.error == ""
    assert answer.value in (None, expression.evaluate(complete).value)
    if not answer.missing:
        assert answer.value is not None


def test_every_fact_can_be_asked_by_its_name() -> None:
    for name in KNOWN:
        assert compiled(f"{name} == {name}").names == (name,)
