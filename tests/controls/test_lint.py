"""Every rule of the catalogue holds for every check, and a check that breaks one is caught by its rule."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import controls.lint
from auditor.model.check import ControlLinks, Direction, Example, Parameter
from auditor.model.document import DocumentError
from controls.lint import lint
from controls.loading import CATALOGUE, load_catalogue
from tests.controls.catalogue import changed, problems_of, shipped
from tests.controls.expressions import KNOWN

PLAIN = "tls-1-0-refused"
WITH_PARAMETER = "tls-dh-group-strong"
SUBJECT_ADDRESS = "network-ports-approved"


def test_the_shipped_catalogue_breaks_no_rule() -> None:
    assert lint(shipped().checks, shipped().frameworks, KNOWN) == ()


def links(implements: tuple[str, ...], related: tuple[str, ...] = ()) -> dict[str, ControlLinks]:
    return {**shipped().checks[PLAIN].controls, "2022": ControlLinks(implements, related)}


def minimum(default: int) -> tuple[Parameter, ...]:
    return (Parameter("minimum_bits", default, 2048, Direction.MINIMUM, "bit"),)


UNUSED = (*minimum(2048), Parameter("spare", 1, 1, Direction.MINIMUM, "bit"))
BROKEN: list[tuple[str, str, dict[str, Any]]] = [
    ("control-exists", PLAIN, {"controls": links(("A.8.99",))}),
    ("control-exists", PLAIN, {"controls": links(("A.8.24",), ("A.14.1.2",))}),
    ("control-once", PLAIN, {"controls": links(("A.8.24",), ("A.8.24",))}),
    ("placeholder", PLAIN, {"observed": {"en": "{tls.tls_1_o}", "id": "-"}}),
    ("placeholder", PLAIN, {"expected": {"en": "-", "id": "{param.minimum_bits}"}}),
    ("fact-visible", PLAIN, {"passes": "!tls.tls_1_0 && ports.open.size() > 0"}),
    ("fact-visible", PLAIN, {"applies": "ssh.strict_key_exchange"}),
    ("fact-visible", PLAIN, {"observed": {"en": "{certificate.subject}", "id": "-"}}),
    ("fact-visible", SUBJECT_ADDRESS, {"applies": 'service.name == "ssh"'}),
    ("parameter-used", WITH_PARAMETER, {"parameters": UNUSED}),
    ("parameter-default", WITH_PARAMETER, {"parameters": minimum(1024)}),
    ("expression", PLAIN, {"passes": "!tls.tls_1_O"}),
    ("expression", PLAIN, {"applies": "tls.cipher_suites"}),
    ("expression", PLAIN, {"passes": "has(tls.tls_1_0)"}),
    ("example-present", PLAIN, {"examples": {"PASS": (Example("good", {"tls.tls_1_0": False}),)}}),
    ("example-present", PLAIN, {"examples": {"FAIL": (Example("bad", {"tls.tls_1_0": True}),)}}),
    ("example-verdict", PLAIN, {"passes": "tls.tls_1_0"}),
    ("example-verdict", PLAIN, {"applies": "tls.spoken"}),
    ("example-verdict", PLAIN, {"applies": "false"}),
]


@pytest.mark.parametrize(("rule", "check", "changes"), BROKEN)
def test_a_broken_check_is_caught_by_its_rule(rule: str, check: str, changes: dict[str, Any]) -> None:
    problems = problems_of(changed(check, **changes))
    assert rule in {problem.rule for problem in problems}
    assert all(problem.check == check and problem.message for problem in problems)


def test_every_rule_has_a_check_that_breaks_it() -> None:
    source = Path(controls.lint.__file__).read_text(encoding="utf-8")
    assert set(re.findall(r'yield "([a-z-]+)"', source)) == {rule for rule, _, _ in BROKEN}


def test_a_written_reason_stands_in_for_an_example() -> None:
    examples = {"PASS": (Example("good", {"tls.tls_1_0": False}),)}
    check = changed(PLAIN, examples=examples, no_example={"fail": "no such server can be built any more"})
    assert problems_of(check) == ()


SHAPES = [
    ("severity: high", "severity: severe", "severity must be"),
    ("severity: high\n", "", "severity is missing"),
    ("consent: false", "consent: no", "consent must be true or false"),
    ("effort_hours: 0.5", "effort_hours: 0", "effort_hours must be more than 0"),
    ("effort_hours: 0.5", "effort_hours: 0.5\nrank: 1", 'unknown key "rank"'),
    (
        "implements: [A.10.1.1, A.13.1.2, A.14.1.2]",
        "implements: [A.5.1.1, A.5.1.2, A.6.1.1, A.6.1.2]",
        "at most 3",
    ),
    ("implements: [A.10.1.1, A.13.1.2, A.14.1.2]", "implements: [ISO]", "an entry of implements"),
    (
        "title: {en: TLS 1.0 is refused, id: TLS 1.0 ditolak}",
        "title: {en: TLS 1.0 is refused}",
        "id is missing",
    ),
    ("subject: tls", "subject: tls\nsubject: ssh", "duplicate key"),
    ("subject: tls", "subject: &kind tls", "anchor"),
    ("id: tls-1-0-refused", "id: tls-1-0-denied", "name the file tls-1-0-denied.yaml"),
]


@pytest.mark.parametrize(("written", "instead", "told"), SHAPES)
def test_a_malformed_check_file_is_refused_with_its_place(
    tmp_path: Path, written: str, instead: str, told: str
) -> None:
    text = (CATALOGUE / "checks/tls/tls-1-0-refused.yaml").read_text(encoding="utf-8")
    assert written in text
    folder = small_catalogue(tmp_path, text.replace(written, instead, 1))
    with pytest.raises(DocumentError) as raised:
        load_catalogue(folder)
    assert told in str(raised.value)
    assert all(problem.line > 0 for problem in raised.value.problems)


def test_one_id_names_one_check(tmp_path: Path) -> None:
    text = (CATALOGUE / "checks/tls/tls-1-0-refused.yaml").read_text(encoding="utf-8")
    folder = small_catalogue(tmp_path, text)
    copy = folder / "checks/again/tls-1-0-refused.yaml"
    copy.parent.mkdir()
    copy.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError, match="a second check with the id tls-1-0-refused"):
        load_catalogue(folder)


def test_the_digest_follows_every_byte_of_every_file(tmp_path: Path) -> None:
    text = (CATALOGUE / "checks/tls/tls-1-0-refused.yaml").read_text(encoding="utf-8")
    folder = small_catalogue(tmp_path, text)
    before = load_catalogue(folder).digest
    assert load_catalogue(folder).digest == before
    file = folder / "checks/tls/tls-1-0-refused.yaml"
    file.write_text(text + "# reviewed\n", encoding="utf-8")
    assert load_catalogue(folder).digest != before
    file.write_text(text, encoding="utf-8")
    file.rename(folder / "checks/tls-1-0-refused.yaml")
    assert load_catalogue(folder).digest != before


def small_catalogue(folder: Path, check: str) -> Path:
    """Write a catalogue with the shipped frameworks and one check."""
    (folder / "frameworks").mkdir()
    for file in (CATALOGUE / "frameworks").iterdir():
        (folder / "frameworks" / file.name).write_bytes(file.read_bytes())
    (folder / "checks/tls").mkdir(parents=True)
    (folder / "checks/tls/tls-1-0-refused.yaml").write_text(check, encoding="utf-8")
    return folder
