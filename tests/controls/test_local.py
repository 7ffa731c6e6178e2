"""Checks of an organisation's own keep the rules of shipped ones, and judge and count beside them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from auditor.model.document import DocumentError
from auditor.model.subject import Subject, SubjectKind
from auditor.model.verdict import Status
from auditor.policy.loading import load_policy
from auditor.usecases.inputs import catalogue_for, load_inputs
from controls.examples import EXAMPLE_DAY
from controls.judge import compile_check, judge_all
from controls.lint_rules import RULES
from controls.loading_local import add_local_checks
from controls.subjects import Measured
from tests.auditor.cli.world import write_files
from tests.controls.broken_files import BROKEN
from tests.controls.catalogue import shipped
from tests.controls.expressions import KNOWN

GOOD = (BROKEN / "id-local.yaml").read_text(encoding="utf-8")
"""A check that breaks no rule but that of the shipped ids."""
NAME = "local-sample-refused"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one sound check, two folders deep."""
    place = tmp_path / "my-checks" / "tls" / "old"
    place.mkdir(parents=True)
    (place / f"{NAME}.yaml").write_text(GOOD, encoding="utf-8")
    return tmp_path / "my-checks"


def messages(folder: Path) -> list[str]:
    """Return what is wrong with the checks of a folder."""
    with pytest.raises(DocumentError) as raised:
        add_local_checks(shipped(), folder, KNOWN)
    return [str(problem).replace(f"{folder}/", "") for problem in raised.value.problems]


def test_a_sound_check_is_added_at_any_depth_and_judges(folder: Path) -> None:
    both = add_local_checks(shipped(), folder, KNOWN)
    assert set(both.checks) - set(shipped().checks) == {NAME}
    assert list(both.checks) == sorted(both.checks)
    assert both.frameworks == shipped().frameworks
    facts = {"tls.tls_1_0": True, "tls.dh_bits": 4096}
    subject = Subject(SubjectKind.TLS, "situs", "10.0.0.1", 443)
    compiled = [compile_check(both.checks[name], KNOWN) for name in (NAME, "tls-1-0-refused")]
    verdicts = judge_all(compiled, [Measured(subject, "dinkes", facts)], EXAMPLE_DAY)
    assert {one.check: one.status for one in verdicts} == {NAME: Status.FAIL, "tls-1-0-refused": Status.FAIL}


def test_the_digest_covers_every_byte_and_name_of_a_local_file(folder: Path) -> None:
    before = add_local_checks(shipped(), folder, KNOWN).digest
    assert before != shipped().digest
    file = folder / "tls" / "old" / f"{NAME}.yaml"
    file.write_text(GOOD + "# reviewed\n", encoding="utf-8")
    reviewed = add_local_checks(shipped(), folder, KNOWN).digest
    file.rename(folder / file.name)
    moved = add_local_checks(shipped(), folder, KNOWN).digest
    assert len({before, reviewed, moved}) == 3
    assert add_local_checks(shipped(), folder, KNOWN).digest == moved
    elsewhere = folder.rename(folder.with_name("our-checks"))
    assert add_local_checks(shipped(), elsewhere, KNOWN).digest == moved


def test_an_empty_folder_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Pemeriksaan kami\n", encoding="utf-8")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "broken.yaml").write_text("][", encoding="utf-8")
    assert add_local_checks(shipped(), tmp_path, KNOWN) == shipped()


ABOUT_CHECKS = [
    rule
    for rule in RULES
    if (BROKEN / f"{rule}.yaml").read_text(encoding="utf-8").startswith("# checks/")
    and rule not in ("file-place", "id-local", "id-unique", "file-name", "id-form")
]


@pytest.mark.parametrize("rule", ABOUT_CHECKS)
def test_a_local_check_keeps_the_rules_of_shipped_ones(rule: str, tmp_path: Path) -> None:
    text = (BROKEN / f"{rule}.yaml").read_text(encoding="utf-8")
    text = text.replace("id: tls-sample-refused\n", f"id: {NAME}\n")
    (tmp_path / f"{NAME}.yaml").write_text(text, encoding="utf-8")
    for message in messages(tmp_path):
        assert message.startswith(f"{NAME}.yaml:")
        assert message.endswith(f"({rule})")


def test_an_id_is_local_and_names_its_file(folder: Path) -> None:
    place = folder / "tls"
    (place / "tls-1-0-refused.yaml").write_text(
        GOOD.replace(f"id: {NAME}", "id: tls-1-0-refused"), encoding="utf-8"
    )
    (place / f"{NAME}.yaml").write_text(GOOD, encoding="utf-8")
    (place / "local-other-refused.yaml").write_text(
        GOOD.replace(f"id: {NAME}", "id: local-sample"), encoding="utf-8"
    )
    found = messages(folder)
    broken = ["file-name", "id-form", "id-local", "id-unique", "id-unique"]
    assert sorted(message.rpartition("(")[2].rstrip(")") for message in found) == broken
    assert any("write local-tls-1-0-refused" in message for message in found)


def test_files_that_would_not_be_read_are_told(folder: Path) -> None:
    (folder / "local-a-refused.yml").write_text(GOOD, encoding="utf-8")
    (folder / "local-b-refused.YAML").write_text(GOOD, encoding="utf-8")
    assert messages(folder) == [
        "local-a-refused.yml: is not read; name it local-a-refused.yaml",
        "local-b-refused.YAML: is not read; name it local-b-refused.yaml",
    ]


@pytest.mark.parametrize("sticky", [0, 0o1000])
def test_what_others_may_write_or_add_is_refused(folder: Path, sticky: int) -> None:
    file = folder / "tls" / "old" / f"{NAME}.yaml"
    file.chmod(0o666)
    (folder / "tls").chmod(0o777 | sticky)
    found = messages(folder)
    assert len(found) == 2
    assert all("everyone on this machine may" in message for message in found)


def test_a_pipe_is_no_check(folder: Path) -> None:
    os.mkfifo(folder / "local-pipe-refused.yaml")
    assert messages(folder) == [
        "local-pipe-refused.yaml: not a regular file (a pipe, socket or device); save it as a file first"
    ]


def test_links_to_folders_are_not_followed(folder: Path) -> None:
    (folder / "again").symlink_to(folder)
    assert set(add_local_checks(shipped(), folder, KNOWN).checks) - set(shipped().checks) == {NAME}


def test_a_policy_names_the_folder_from_where_it_lies(folder: Path) -> None:
    policy = folder.parent / "policies.yaml"
    policy.write_text("local_checks: my-checks\n", encoding="utf-8")
    loaded = load_policy(policy)
    assert loaded.local_checks == str(folder)
    assert NAME in catalogue_for(loaded).checks
    assert catalogue_for(load_policy()).digest == shipped().digest


def test_a_folder_that_is_gone_is_told_of_a_stored_run(folder: Path) -> None:
    policy = folder.parent / "policies.yaml"
    policy.write_text("local_checks: my-checks\n", encoding="utf-8")
    loaded = load_policy(policy)
    folder.rename(folder.with_name("gone"))
    with pytest.raises(DocumentError, match="my-checks: cannot be read: No such file or directory"):
        catalogue_for(loaded)


def test_an_audit_knows_local_checks_and_their_parameters(folder: Path) -> None:
    root = folder.parent
    write_files(root, {"situs": "127.30.1.1"})
    policy = root / "policies.yaml"
    chosen = f"local_checks: my-checks\nchecks:\n  {NAME}: {{parameters: {{minimum_bits: 3072}}}}\n"
    policy.write_text(chosen, encoding="utf-8")
    inputs = load_inputs(root / "inventory.yaml", policy)
    assert NAME in inputs.catalogue.checks
    assert inputs.policy.parameters[NAME] == {"minimum_bits": 3072}
    policy.write_text(chosen.replace("minimum_bits", "minimum_bit"), encoding="utf-8")
    with pytest.raises(DocumentError, match='did you mean "minimum_bits"'):
        load_inputs(root / "inventory.yaml", policy)


def test_everything_wrong_is_told_at_once(folder: Path) -> None:
    root = folder.parent
    write_files(root, {"situs": "127.30.1.1"})
    (folder / "local-other-refused.yaml").write_text("id: local-other-refused\n", encoding="utf-8")
    policy = root / "policies.yaml"
    text = f"local_checks: my-checks\nlanguage: en-GB\nchecks: {{{NAME}: {{disabled: Diganti}}}}\n"
    policy.write_text(text, encoding="utf-8")
    inventory = root / "inventory.yaml"
    inventory.write_text(inventory.read_text(encoding="utf-8").replace("zone: dmz", "zone: dmx"), "utf-8")
    with pytest.raises(DocumentError) as raised:
        load_inputs(inventory, policy)
    files = {Path(problem.file).name for problem in raised.value.problems}
    assert files == {"inventory.yaml", "policies.yaml", "local-other-refused.yaml"}
    assert "no check" not in str(raised.value)
