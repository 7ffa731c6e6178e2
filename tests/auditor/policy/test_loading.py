"""policies.yaml over the shipped default."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.check import Severity
from auditor.model.document import DocumentError, parse_document
from auditor.model.inventory import Category, Fragility, Layer, Responsible
from auditor.model.policy import AttestationRules, WaiverRules, Width
from auditor.policy.loading import default_policy, load_policy, overlay
from auditor.policy.zones import unknown_zones
from tests.auditor.malformed import CHECK_PARAMETERS
from tests.auditor.policy.certificates import authority

SHIPPED_WIDTHS = (Width.SERVER, Width.SERVER, Width.OPD, Width.OPD, Width.OPD)


def write(folder: Path, text: str) -> Path:
    path = folder / "policies.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_default() -> None:
    policy = load_policy()
    assert policy.editions == ("2013", "2022")
    assert policy.default_edition == "2022"
    assert [policy.weights[severity] for severity in Severity] == [10, 6, 3, 1, 0]
    assert [policy.criticality[category] for category in Category] == [1, 2, 3]
    assert [(band.letter, band.minimum) for band in policy.grading.bands] == [
        ("A", 90),
        ("B", 75),
        ("C", 60),
        ("D", 40),
        ("E", 0),
    ]
    assert policy.grading.caps == {Severity.CRITICAL: "D", Severity.HIGH: "B"}
    assert policy.grading.coverage_floor == 80
    assert [policy.deadline_days[severity] for severity in Severity] == [3, 14, 30, 90, 365]
    assert policy.responsible[Layer.HOST] is Responsible.CENTRE
    assert policy.responsible[Layer.CERTIFICATE] is Responsible.OPD
    assert policy.responsible[Layer.ROOM] is policy.responsible[Layer.HYPERVISOR] is Responsible.CENTRE
    assert policy.responsible[Layer.ACCOUNTS] is Responsible.OPD
    assert policy.waivers == WaiverRules(180, 14, dict(zip(Severity, SHIPPED_WIDTHS, strict=True)))
    assert policy.attestations == AttestationRules(365, 30, 10 * 1024 * 1024)
    assert policy.budgets[Fragility.FRAGILE].connections_per_second == 0.5
    assert {515, 9100, 9107, 502}.isdisjoint({80, 443} | policy.role_services["web"])
    assert {9100, 9101, 9107, 515, 102, 502, 1911, 2404, 4911, 20000, 44818} <= policy.ports.never
    assert (443, 445) in policy.ports.ranges


def test_a_policy_from_before_the_newer_layers_keeps_its_choices(tmp_path: Path) -> None:
    older = "responsible: {network: opd, host: opd, application: centre, certificate: centre}\n"
    chosen = load_policy(write(tmp_path, older)).responsible
    shipped = load_policy().responsible
    assert [layer for layer in Layer if chosen[layer] is shipped[layer]] == [
        Layer.ROOM,
        Layer.HYPERVISOR,
        Layer.ACCOUNTS,
    ]


def test_rules_for_waivers_and_answers(tmp_path: Path) -> None:
    text = "waivers: {maximum_days: 90, widest: {critical: endpoint, medium: server}}\n"
    text += "attestations: {warn_days: 0, evidence_bytes: 1000}\n"
    policy = load_policy(write(tmp_path, text))
    assert (policy.waivers.maximum_days, policy.waivers.warn_days) == (90, 14)
    assert [policy.waivers.widest[severity] for severity in Severity] == [
        *(Width.ENDPOINT, Width.SERVER, Width.SERVER, Width.OPD, Width.OPD)
    ]
    assert policy.attestations == AttestationRules(365, 0, 1000)


@given(st.lists(st.sampled_from(Width), min_size=len(Severity), max_size=len(Severity)))
def test_a_worse_severity_is_never_waived_wider(widths: list[Width]) -> None:
    widest = dict(zip(Severity, widths, strict=True))
    text = (
        "waivers: {widest: {" + ", ".join(f"{severity}: {widest[severity]}" for severity in Severity) + "}}"
    )
    order = list(Width)
    narrowing = widths == sorted(widths, key=order.index)
    with TemporaryDirectory() as folder:
        path = write(Path(folder), text)
        try:
            accepted = load_policy(path).waivers.widest
        except DocumentError as error:
            assert not narrowing
            assert all("reaches wider" in problem.message for problem in error.problems)
        else:
            assert narrowing
            assert accepted == widest


def test_zones_are_those_of_the_inventory(tmp_path: Path) -> None:
    (tmp_path / "own.pem").write_bytes(authority("Satu"))
    path = write(tmp_path, "reachable_from:\n  lan: [22]\n  dmx: [443]\ntrust_anchors:\n  luar: own.pem\n")
    load_policy(path)
    assert [str(problem) for problem in unknown_zones(path, ["dmz", "lan"])] == [
        f'{path}:3:3: reachable_from: unknown zone "dmx"; did you mean "dmz"?',
        f'{path}:5:3: trust_anchors: unknown zone "luar"; the zones of the inventory are dmz, lan',
    ]
    assert unknown_zones(path, ["dmx", "lan", "luar"]) == ()
    assert unknown_zones(write(tmp_path, ""), ["lan"]) == unknown_zones(None, []) == ()


def test_every_key_of_the_default_is_commented() -> None:
    document = parse_document(default_policy(), "policies.yaml")
    lines = document.text.splitlines()
    for path, (line, _) in document.keys.items():
        inside_list = any(isinstance(step, int) for step in path)
        above = lines[line - 2].strip() if line > 1 else ""
        assert inside_list or "# " in lines[line - 1] or above.startswith("# "), f"{path} has no comment"


def test_keys_that_are_written_replace_those_of_the_default(tmp_path: Path) -> None:
    text = 'weights: {high: 7}\nroles: {web: [8080], "proxy": ["3128-3130"]}\ngrading: {caps: {high: null}}\n'
    policy = load_policy(write(tmp_path, text))
    default = load_policy()
    assert policy.weights == {**default.weights, Severity.HIGH: 7}
    assert policy.role_services["web"] == {8080}
    assert policy.role_services["proxy"] == {3128, 3129, 3130}
    assert policy.role_services["mail"] == default.role_services["mail"]
    assert policy.grading.caps == {Severity.CRITICAL: "D"}
    assert policy.digest != default.digest


@pytest.mark.parametrize("text", ["", "# nothing\n", "version: 1\n", "ranking: true\nweights: {high: 6}\n"])
def test_a_file_that_changes_nothing_is_the_default(tmp_path: Path, text: str) -> None:
    assert load_policy(write(tmp_path, text)) == load_policy()


def test_choices_for_checks(tmp_path: Path) -> None:
    text = "checks:\n  certificate-not-expiring: {parameters: {minimum_days: 5}}\n"
    text += "  tls-1-0-refused: {disabled: Mesin lama sampai Desember}\n"
    policy = load_policy(write(tmp_path, text), check_parameters=CHECK_PARAMETERS)
    assert policy.parameters == {"certificate-not-expiring": {"minimum_days": 5}}
    assert policy.disabled_checks == {"tls-1-0-refused": "Mesin lama sampai Desember"}


@pytest.mark.parametrize(
    "written", ["false", '"false"', "null", "true", "tidak", "no", '"-"', '""', "1", '"...................."']
)
def test_a_check_is_not_switched_off_without_a_reason(tmp_path: Path, written: str) -> None:
    path = write(tmp_path, f"checks: {{tls-1-0-refused: {{disabled: {written}}}}}\n")
    with pytest.raises(DocumentError) as caught:
        load_policy(path, check_parameters=CHECK_PARAMETERS)
    assert "remove the key to keep the check on" in caught.value.problems[0].message
    assert "in quotes" not in caught.value.problems[0].message


def test_an_unknown_key_of_a_check_is_told_with_those_there_are(tmp_path: Path) -> None:
    path = write(tmp_path, "checks: {tls-1-0-refused: {off: false}}\n")
    with pytest.raises(DocumentError) as caught:
        load_policy(path, check_parameters=CHECK_PARAMETERS)
    said = caught.value.problems[0].message
    assert said == 'unknown key "off"; the keys known here are disabled, parameters'
    path = write(tmp_path, "checks: {tls-1-0-refused: {enabled: false}}\n")
    with pytest.raises(DocumentError, match='unknown key "enabled"; did you mean "disabled"'):
        load_policy(path, check_parameters=CHECK_PARAMETERS)


def test_checks_are_not_compared_when_the_catalogue_is_not_known(tmp_path: Path) -> None:
    path = write(tmp_path, "checks: {anything: {parameters: {any: 1}}}\n")
    assert load_policy(path).parameters == {"anything": {"any": 1}}
    with pytest.raises(DocumentError, match='1:10: no check "anything"'):
        load_policy(path, known_checks={"tls-1-0-refused"})


def test_trust_anchors_are_found_from_the_folder_of_the_policy(tmp_path: Path) -> None:
    (tmp_path / "ca").mkdir()
    (tmp_path / "ca" / "own.pem").write_bytes(authority("Satu"))
    path = write(tmp_path, "trust_anchors: {lan: ca/own.pem}\n")
    first = load_policy(path)
    assert first.trust_anchors == {"lan": str(tmp_path / "ca" / "own.pem")}
    (tmp_path / "ca" / "own.pem").write_bytes(authority("Dua"))
    assert load_policy(path).digest != first.digest


def test_the_digest_does_not_depend_on_the_folder(tmp_path: Path) -> None:
    content = authority("Satu")
    digests = set()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "own.pem").write_bytes(content)
        digests.add(load_policy(write(tmp_path / name, "trust_anchors: {lan: own.pem}\n")).digest)
    assert len(digests) == 1


def test_missing_file_names_the_command_that_writes_one(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"no such file; .*'auditor init'"):
        load_policy(tmp_path / "policies.yaml")


TREES = st.recursive(
    st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=2),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
)


@given(TREES, TREES)
def test_overlaying_changes_only_what_is_written(below: object, above: object) -> None:
    merged = overlay(below, above)  # type: ignore[arg-type]
    assert overlay(merged, above) == merged  # type: ignore[arg-type]
    if isinstance(below, dict) and isinstance(above, dict):
        assert isinstance(merged, dict)
        assert set(merged) == set(below) | set(above)
        assert all(merged[key] == below[key] for key in set(below) - set(above))
    else:
        assert merged == above
