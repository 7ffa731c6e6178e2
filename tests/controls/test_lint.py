"""The shipped files keep every rule, and for every rule there is a file that breaks it and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from controls.lint import lint
from controls.lint_checks import SOFTWARE
from controls.lint_rules import RULES
from controls.loading import CATALOGUE, written_files
from reports.remedies import SOFTWARE as RECOGNISED
from tests.controls.broken_files import BROKEN, place_of, problems_of
from tests.controls.expressions import KNOWN

PLAIN = "checks/tls/tls-1-0-refused.yaml"
PARAMETER = "checks/tls/tls-dh-group-strong.yaml"
ADDRESS = "checks/network/network-ports-approved.yaml"


def test_the_shipped_files_break_no_rule() -> None:
    assert lint(written_files(), KNOWN) == ()


def test_every_rule_has_a_file_that_breaks_it() -> None:
    assert sorted(path.name for path in BROKEN.iterdir()) == sorted(f"{rule}.yaml" for rule in RULES)


@pytest.mark.parametrize("rule", RULES)
def test_a_broken_file_breaks_its_rule_and_no_other(rule: str) -> None:
    text = (BROKEN / f"{rule}.yaml").read_text(encoding="utf-8")
    problems = problems_of(place_of(text), text)
    assert {problem.rule for problem in problems} == {rule}, problems
    for problem in problems:
        assert problem.where.line > 0
        assert problem.where.column > 0
        assert problem.where.message.strip()
        assert problem.located().message.endswith(f"({rule})")


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_says_in_one_line_what_it_demands(rule: str) -> None:
    assert RULES[rule].endswith(".")
    assert len(RULES[rule].splitlines()) == 1


CHANGED = [
    ("control-exists", PLAIN, "implements: [A.8.24, A.8.21, A.8.26]", "implements: [A.14.1.2]"),
    ("control-once", PLAIN, "implements: [A.8.24, A.8.21, A.8.26]", "implements: [A.8.24, A.8.24]"),
    ("placeholder", PLAIN, "{en: TLS 1.0 refused", "{en: '{param.minimum_bits}'"),
    ("fact-visible", PLAIN, 'applies: "true"', "applies: ssh.strict_key_exchange"),
    ("fact-visible", PLAIN, "{en: TLS 1.0 refused", "{en: '{certificate.subject}'"),
    ("fact-visible", ADDRESS, "{ports.open}", "{service.name}"),
    ("expression", PLAIN, 'applies: "true"', "applies: tls.cipher_suites"),
    ("expression", PLAIN, 'pass: "!tls.tls_1_0"', 'pass: "has(tls.tls_1_0)"'),
    ("expression", PLAIN, 'pass: "!tls.tls_1_0"', 'pass: "!tls.tls_1_0 &&"'),
    ("example-verdict", PLAIN, 'applies: "true"', "applies: tls.spoken"),
    ("example-verdict", PLAIN, 'applies: "true"', 'applies: "false"'),
    ("example-fact", PLAIN, "{tls.tls_1_0: false}", "{tls.tls_1_0: false, tls.tls_1_o: true}"),
    ("example-fact", PLAIN, "{tls.tls_1_0: false}", "{tls.tls_1_0: null}"),
    ("example-fact", PLAIN, "{tls.tls_1_0: false}", "{tls.tls_1_0: false, now: yesterday}"),
    ("example-reason", PLAIN, "no_example: {}", "no_example: {pass: There is none that could be built.}"),
    ("parameter-kind", PARAMETER, "default: 2048, loosest: 2048", "default: null, loosest: null"),
    ("parameter-kind", PARAMETER, "default: 2048, loosest: 2048", "default: [1, two], loosest: [1]"),
    ("text-present", PARAMETER, "unit: bit", 'unit: " "'),
    ("remedy-verify", PLAIN, "{address}:{port}", "{address}:{PORT}"),
    ("key-order", PARAMETER, "default: 2048, loosest: 2048", "loosest: 2048, default: 2048"),
]


@pytest.mark.parametrize(("rule", "place", "written", "instead"), CHANGED)
def test_a_change_of_a_shipped_check_is_caught_where_it_was_made(
    rule: str, place: str, written: str, instead: str
) -> None:
    text = (CATALOGUE / place).read_text(encoding="utf-8")
    assert written in text
    broken = [one for one in problems_of(place, text.replace(written, instead, 1)) if one.rule != "id-unique"]
    assert rule in {problem.rule for problem in broken}


def test_problems_come_in_the_order_of_the_file() -> None:
    text = (CATALOGUE / PLAIN).read_text(encoding="utf-8")
    text = text.replace("RFC 8996", '" "').replace("TLS 1.0 is refused", '" "').replace("{address}", "{host}")
    lines = [one.where.line for one in problems_of(PLAIN, text)]
    assert len(lines) > 3
    assert lines == sorted(lines)


def test_a_written_reason_stands_in_for_an_example() -> None:
    text = (BROKEN / "example-reason.yaml").read_text(encoding="utf-8")
    reason = "no_example: {fail: no such server can be built any more}"
    assert problems_of(place_of(text), text.replace("no_example: {fail: none}", reason)) == ()


def test_a_list_may_be_compared_with_an_empty_limit() -> None:
    text = (BROKEN / "parameter-kind.yaml").read_text(encoding="utf-8")
    text = text.replace("default: 2048, loosest: low", "default: [name], loosest: []")
    text = text.replace("tls.dh_bits >= param.minimum_bits", "param.minimum_bits.size() > 0")
    assert problems_of(place_of(text), text) == ()


def test_an_undecided_question_keeps_the_rules_too() -> None:
    texts = "title: {en: a, id: a}, reason: {en: b, id: c}, instead: {en: d, id: e}"
    text = f"version: 1\nentries:\n  - {{id: tls-1-0-refused, {texts}}}\n"
    found = problems_of("not-automated-more.yaml", text)
    assert {one.rule for one in found} == {"id-unique", "text-translated"}


def test_software_of_remedies_is_what_reports_recognise() -> None:
    of_hosts = {"docker", "debian", "rhel"}  # told by the host itself
    assert {*RECOGNISED, *of_hosts, "system", "any"} == SOFTWARE


def test_a_folder_without_files_breaks_no_rule(tmp_path: Path) -> None:
    assert lint(written_files(tmp_path), KNOWN) == ()
