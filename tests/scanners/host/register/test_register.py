"""What identifies a host and what its configuration comes to."""

from __future__ import annotations

import pytest

from auditor.model.facts import JSON
from scanners.host.register.area import REGISTER
from scanners.host.register.parts import PARTS, part_of
from scanners.host.report import Report, Section, State
from tests.scanners.host.packages.by_hand import with_dpkg
from tests.scanners.host.recorded import facts_of, recorded, written

SHA = "0" * 64
OTHER = "1" * 64


def fact(report: Report, name: str) -> JSON:
    return facts_of(report, REGISTER)[f"host.{name}"]


def configured(**changed: str) -> Report:
    sections = {
        "register_configuration": f"{SHA}  /etc/ssh/sshd_config\n{SHA}  /etc/passwd\n",
        "register_units": "systemd/system/multi-user.target.wants/ssh.service\n",
        "deb_packages": "apt|2|amd64|admin\n",
    }
    return with_dpkg({**sections, **changed})


def lines(report: Report) -> dict[str, str]:
    found = fact(report, "configuration")
    assert isinstance(found, list)
    return dict(str(line).split(" ") for line in found)


def test_a_recorded_debian() -> None:
    # The names of packages are what the area `packages` prints.
    packages = recorded("packages", "debian-12").sections["deb-packages"]
    report = Report({**recorded("register", "debian-12").sections, "deb-packages": packages})
    report = Report({**report.sections, "rpm-packages": Section("rpm-packages", State.ABSENT)})
    found = facts_of(report, REGISTER)
    assert found["host.unread"] == []
    assert {"accounts", "jobs", "login", "packages", "sshd", "sudo", "units"} <= set(lines(report))
    assert found["host.asset_tag"] == "KOM-2024-017"
    assert found["host.classification"] == "tinggi"
    assert found["host.configuration_keepers"] == ["etckeeper /etc/.etckeeper", "version control /etc/.git"]


def test_a_changed_file_changes_its_part_alone() -> None:
    before = lines(configured())
    text = f"{OTHER}  /etc/ssh/sshd_config\n{SHA}  /etc/passwd\n"
    after = lines(configured(register_configuration=text))
    assert {part for part in before if before[part] != after[part]} == {"sshd"}
    assert set(before) == {"accounts", "packages", "sshd", "units"}


def test_a_new_package_changes_the_packages_and_a_new_version_does_not() -> None:
    before = lines(configured())
    assert lines(configured(deb_packages="apt|3|amd64|admin\n")) == before
    assert lines(configured(deb_packages="apt|2|amd64|admin\nnmap|1|amd64|net\n")) != before


def test_without_root_there_is_no_configuration_to_compare() -> None:
    report = Report({**configured().sections, "register-configuration": Section("x", State.DENIED)})
    rows = facts_of(report, REGISTER)["host.unread"]
    assert isinstance(rows, list)
    assert {"fact": "host.configuration", "reason": "needs root", "detail": "register-configuration"} in rows


def test_every_file_of_a_part_belongs_to_it() -> None:
    assert all(part_of(f"{place}/x") == part for part, places in PARTS.items() for place in places)
    assert part_of("/etc/shadow") is None


@pytest.mark.parametrize(
    ("text", "model", "day", "tag"),
    [
        (
            "sys_vendor: HPE\nproduct_name: ProLiant DL380 Gen10\n"
            "bios_date: 03/20/2025\nchassis_asset_tag: A-17\n",
            "HPE ProLiant DL380 Gen10",
            "2025-03-20T00:00:00Z",
            "A-17",
        ),
        ("product_name: HPE ML30\nsys_vendor: HPE\n", "HPE ML30", None, None),
        (
            "product_name: System Product Name\nchassis_asset_tag: No Asset Tag\n",
            "System Product Name",
            None,
            None,
        ),
        ("product_name: To Be Filled By O.E.M.\nchassis_asset_tag:  \n", None, None, None),
        ("", None, None, None),
    ],
)
def test_hardware(text: str, model: str | None, day: str | None, tag: str | None) -> None:
    report = written(register_hardware=text, register_identity="")
    assert (fact(report, "hardware_model"), fact(report, "firmware_date"), fact(report, "asset_tag")) == (
        model,
        day,
        tag,
    )


@pytest.mark.parametrize(
    ("text", "expected"), [("7XK3M53\n", "7XK3M53"), ("Not Specified\n", None), ("0\n", None)]
)
def test_serial_number(text: str, expected: str | None) -> None:
    assert fact(written(register_serial=text), "hardware_serial") == expected


def test_no_serial_number_where_the_machine_has_none() -> None:
    gone = Report({"register-serial": Section("register-serial", State.RAN, b"", 1)})
    assert fact(gone, "hardware_serial") is None


def test_a_date_of_firmware_that_is_none_is_not_guessed() -> None:
    rows = facts_of(written(register_hardware="bios_date: 31/31/2025\n"), REGISTER)["host.unread"]
    assert isinstance(rows, list)
    assert any(one["fact"] == "host.firmware_date" for one in rows if isinstance(one, dict))
