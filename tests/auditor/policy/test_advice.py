"""What a policy that weakens an audit is warned about, and how a check is told under it."""

from __future__ import annotations

from dataclasses import replace

from auditor.policy.advice import advise_on_checks
from auditor.policy.loading import load_policy
from auditor.usecases.control_detail import describe
from tests.controls.catalogue import shipped

CHECK = "certificate-key-strong"
(FIRST, *_) = shipped().checks[CHECK].parameters
CHOSEN = replace(
    load_policy(),
    parameters={CHECK: {FIRST.name: 1}},
    disabled_checks={"tls-1-0-refused": "Mesin lama sampai Desember"},
)


def test_the_shipped_policy_is_not_warned_about() -> None:
    assert list(advise_on_checks(load_policy(), shipped().checks)) == []


def test_what_weakens_an_audit_is_told() -> None:
    off, loose = advise_on_checks(CHOSEN, shipped().checks)
    assert off.startswith("the policy switches tls-1-0-refused off (Mesin lama sampai Desember)")
    assert loose.startswith(f"the policy sets {FIRST.name} of {CHECK} to 1, looser than the {FIRST.loosest} ")


def test_a_check_is_told_as_the_policy_has_it() -> None:
    told = describe(shipped(), CHECK, "", "id", CHOSEN)["parameters"][0]
    assert told.startswith(f"{FIRST.name}: 1 ")
    assert told.endswith(f"(default {FIRST.default}, loosest {FIRST.loosest}, looser than tolerated)")
    off = describe(shipped(), "tls-1-0-refused", "", "id", CHOSEN)
    assert off["switched off"] == "Mesin lama sampai Desember"
    assert "switched off" not in describe(shipped(), CHECK, "", "id", CHOSEN)
