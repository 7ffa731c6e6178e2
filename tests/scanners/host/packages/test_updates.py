"""Pending updates, the age of lists, automatic updates and restarts, from sections written by hand."""

from __future__ import annotations

import pytest

from auditor.model.facts import JSON
from scanners.host.packages.area import PACKAGES
from scanners.host.report import Report
from tests.scanners.host.packages.by_hand import with_dpkg, with_rpm
from tests.scanners.host.recorded import facts_of

LIST = "/var/lib/apt/lists/"
DEBIAN = f"file: {LIST}deb.debian.org_debian-security_dists_bookworm-security_InRelease\nDate: {{}}\n"
FRESH = "Sat, 21 Nov 2026 00:53:02 UTC"
RPM_SOURCES = "==> /etc/yum.repos.d/a.repo <== read\n[baseos]\nbaseurl=https://dl.example.org\ngpgcheck=1\n"
CACHE = "/var/cache/dnf/baseos-672761604cb3dbd6/repodata"


def debian(**changed: str) -> Report:
    sections = {
        "deb_packages": "openssl|3.0.15-1~deb12u1|amd64|utils\nlibssl3|3.0.15-1~deb12u1|amd64|libs\n",
        "deb_releases": DEBIAN.format(FRESH),
        "deb_candidates": "openssl|3.0.17-1~deb12u3|amd64|x\nlibssl3|3.0.15-1~deb12u1|amd64|x\n",
        "deb_history": "",
        "os_release": 'ID=debian\nVERSION_ID="12"\n',
        "clock": "2026-11-22T10:00:00Z\n",
        "installed": "0\n",
    }
    return with_dpkg({**sections, **changed})


def rpm(**changed: str) -> Report:
    sections = {
        "rpm_packages": "openssl|1:3.0.7-27.el9|x86_64|Red Hat, Inc.|ASL 2.0|1700000000\n",
        "rpm_caches": f"refreshed|1795255582|{CACHE}\nadvisories|1|{CACHE}\n",
        "rpm_advisories": f"repository|{CACHE}\n"
        "update|RLSA-1|2026-11-01|Moderate||openssl|1:3.0.7-28.el9|x86_64\n"
        "update|RLSA-2|2026-11-10|Important||openssl|1:3.0.7-29.el9|x86_64\n",
        "rpm_sources": RPM_SOURCES,
        "dnf_modules": "",
    }
    return with_rpm({**sections, **changed})


def fact(report: Report, name: str) -> JSON:
    return facts_of(report, PACKAGES)[f"host.{name}"]


def unread(report: Report, name: str) -> str:
    rows = facts_of(report, PACKAGES)["host.unread"]
    assert isinstance(rows, list)
    return next(str(one["reason"]) for one in rows if isinstance(one, dict) and one["fact"] == f"host.{name}")


def test_waiting_counts_from_the_last_complete_upgrade() -> None:
    report = debian(deb_history="2026-09-01T02:00:00\n2026-10-16T23:03:57\n")
    assert fact(report, "package_security_pending") == [
        {
            "package": "openssl",
            "installed": "3.0.15-1~deb12u1",
            "available": "3.0.17-1~deb12u3",
            "severity": None,
            "since": "2026-10-16T23:03:57Z",
        }
    ]


def test_waiting_counts_from_the_installation_or_is_not_told() -> None:
    installed = fact(debian(installed="1795255582\n"), "package_security_pending")
    assert isinstance(installed, list)
    assert isinstance(installed[0], dict)
    assert installed[0]["since"] == "2026-11-21T10:06:22Z"
    unknown = fact(debian(), "package_security_pending")
    assert isinstance(unknown, list)
    assert isinstance(unknown[0], dict)
    assert unknown[0]["since"] is None


def test_a_history_that_may_not_be_read_is_no_missing_history() -> None:
    assert unread(debian(deb_history="denied\n"), "package_security_pending") == "needs root"
    assert unread(debian(deb_history="denied\n"), "package_upgraded_at") == "needs root"


def test_without_lists_of_security_updates_nothing_is_said_about_pending_ones() -> None:
    report = debian(deb_releases="")
    assert fact(report, "package_lists_at") is None
    assert unread(report, "package_security_pending") == "not understood"


def test_a_list_that_cannot_be_unpacked_is_not_taken_for_an_empty_one() -> None:
    report = debian(deb_candidates=f"unread|{LIST}x_main_binary-amd64_Packages.lz4\n")
    assert unread(report, "package_security_pending") == "tool missing"
    assert unread(report, "service_packages") == "tool missing"


def test_the_oldest_source_tells_the_age_of_the_lists() -> None:
    other = DEBIAN.replace("deb.debian.org", "mirror.example.org").format("Fri, 21 Aug 2026 00:00:00 UTC")
    assert (
        fact(debian(deb_releases=DEBIAN.format(FRESH) + other), "package_lists_at") == "2026-08-21T00:00:00Z"
    )


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        # The free suite of 18.04 stands still since 2023; the extended one goes on.
        ("18.04", "2026-11-21T00:53:02Z"),
        # A mirror of 24.04 that stands still does not hide behind a fresh extended suite.
        ("24.04", "2023-05-31T00:00:00Z"),
    ],
)
def test_extended_support_counts_after_the_free_one(version: str, expected: str) -> None:
    own = f"file: {LIST}archive.ubuntu.com_ubuntu_dists_x-security_InRelease\n"
    own += "Date: Wed, 31 May 2023 00:00:00 UTC\n"
    extended = f"file: {LIST}esm.ubuntu.com_infra_ubuntu_dists_x-infra-security_InRelease\nDate: {FRESH}\n"
    release = f'ID=ubuntu\nVERSION_ID="{version}"\n'
    assert fact(debian(deb_releases=own + extended, os_release=release), "package_lists_at") == expected


def test_an_advisory_tells_since_when_and_the_newest_version_counts() -> None:
    assert fact(rpm(), "package_security_pending") == [
        {
            "package": "openssl",
            "installed": "1:3.0.7-27.el9",
            "available": "1:3.0.7-29.el9",
            "severity": "moderate",
            "since": "2026-11-01T00:00:00Z",
        }
    ]


def test_a_critical_advisory_decides_about_severity_and_day() -> None:
    text = f"repository|{CACHE}\nupdate|A|2026-10-01|Low||openssl|1:3.0.7-28.el9|x86_64\n"
    text += "update|B|2026-11-12|Critical||openssl|1:3.0.7-29.el9|x86_64\n"
    found = fact(rpm(rpm_advisories=text), "package_security_pending")
    assert isinstance(found, list)
    assert isinstance(found[0], dict)
    assert (found[0]["severity"], found[0]["since"]) == ("critical", "2026-11-12T00:00:00Z")


def test_repositories_without_advisories_or_disabled_ones_tell_nothing() -> None:
    bare = rpm(rpm_caches=f"refreshed|1795255582|{CACHE}\n")
    assert unread(bare, "package_security_pending") == "not understood"
    assert unread(bare, "package_lists_at") == "not understood"
    disabled = rpm(rpm_sources=f"{RPM_SOURCES}enabled=0\n")
    assert unread(disabled, "package_security_pending") == "not understood"
    assert unread(rpm(rpm_caches="denied|0|/var/cache/dnf\n"), "package_lists_at") == "needs root"
    assert fact(rpm(rpm_caches=""), "package_lists_at") is None


def test_advisories_that_cannot_be_unpacked_are_not_taken_for_none() -> None:
    assert unread(rpm(rpm_advisories=f"unread|{CACHE}\n"), "package_security_pending") == "tool missing"


UNATTENDED = (
    'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n'
    'Unattended-Upgrade::Origins-Pattern:: "origin=Debian,label=Debian-Security";\n'
)
BROUGHT = "unattended-upgrades|2.9|all|admin\n"
TIMER = "systemd\nenabled apt-daily.timer\nenabled apt-daily-upgrade.timer\n"


@pytest.mark.parametrize(
    ("settings", "units", "packages", "expected"),
    [
        (UNATTENDED, TIMER, BROUGHT, True),
        (UNATTENDED, "enabled cron.daily/apt\n", BROUGHT, True),
        (UNATTENDED, TIMER, "apt|2.6|amd64|admin\n", False),
        (UNATTENDED, "systemd\nmasked apt-daily-upgrade.timer\n", BROUGHT, False),
        (UNATTENDED.replace('Upgrade "1"', 'Upgrade "0"'), TIMER, BROUGHT, False),
        (UNATTENDED.replace('Lists "1"', 'Lists "0"'), TIMER, BROUGHT, False),
        (UNATTENDED + 'APT::Periodic::Enable "0";\n', TIMER, BROUGHT, False),
        (UNATTENDED.replace("ecurity", "table"), TIMER, BROUGHT, False),
        ("", TIMER, BROUGHT, False),
    ],
)
def test_automatic_updates_of_apt(settings: str, units: str, packages: str, expected: bool) -> None:
    report = debian(apt_settings=settings, upgrade_units=units, deb_packages=packages)
    assert fact(report, "updates_automatic") is expected


@pytest.mark.parametrize(
    ("units", "settings", "expected"),
    [
        ("enabled dnf-automatic-install.timer\n", "", True),
        (
            "enabled dnf-automatic.timer\n",
            "==> /etc/dnf/automatic.conf <== read\napply_updates = yes\n",
            True,
        ),
        (
            "enabled dnf-automatic.timer\n",
            "==> /etc/dnf/automatic.conf <== read\napply_updates = no\n",
            False,
        ),
        ("enabled yum-cron.service\n", "==> /etc/yum/yum-cron.conf <== read\napply_updates = yes\n", True),
        ("systemd\n", "==> /etc/dnf/automatic.conf <== read\napply_updates = yes\n", False),
    ],
)
def test_automatic_updates_of_dnf_and_yum(units: str, settings: str, expected: bool) -> None:
    assert fact(rpm(upgrade_units=units, dnf_automatic=settings), "updates_automatic") is expected


@pytest.mark.parametrize(
    ("running", "lines", "since", "newest"),
    [
        ("6.1.0-25-amd64", "kernel|1700000000|/boot/vmlinuz-6.1.0-25-amd64\n", None, "6.1.0-25-amd64"),
        (
            "6.1.0-25-amd64",
            "kernel|1700000000|/boot/vmlinuz-6.1.0-25-amd64\nkernel|1795255582|/boot/vmlinuz-6.1.0-29-amd64\n",
            "2026-11-21T10:06:22Z",
            "6.1.0-29-amd64",
        ),
        ("6.1.0-25-amd64", "kernel|1|/boot/vmlinuz-6.1.0-29-cloud-amd64\n", None, None),
        (
            "4.18.0-477.27.1.el8_8.x86_64",
            "kernel|1795255582|/boot/vmlinuz-4.18.0-513.5.1.el8_9.x86_64\n"
            "kernel|1|/boot/vmlinuz-0-rescue-0123456789abcdef\n",
            "2026-11-21T10:06:22Z",
            "4.18.0-513.5.1.el8_9.x86_64",
        ),
        ("5.15.0-91-generic", "required|1795255582|/run/reboot-required\n", "2026-11-21T10:06:22Z", None),
        ("5.15.0-91-generic", "", None, None),
    ],
)
def test_restart(running: str, lines: str, since: str | None, newest: str | None) -> None:
    report = debian(kernel=f"Linux {running} x86_64\n", packages_restart=lines)
    assert fact(report, "restart_pending_since") == since
    assert fact(report, "kernel_installed") == newest


def test_extended_support_is_what_the_host_proves() -> None:
    attached = '{"attached": true, "services": [{"name": "esm-apps", "status": "enabled"}, %s]}'
    enabled = '{"name": "esm-infra", "entitled": "yes", "status": "enabled"}'
    assert fact(debian(ubuntu_pro=attached % enabled), "support_extension") == "ubuntu-esm"
    assert (
        fact(debian(ubuntu_pro=attached % enabled.replace('"enabled"', '"disabled"')), "support_extension")
        is None
    )
    assert fact(debian(ubuntu_pro='{"attached": false, "services": []}'), "support_extension") is None
    elts = f"file: {LIST}deb.freexian.com_extended-lts_dists_buster-lts_InRelease\nDate: {FRESH}\n"
    assert fact(debian(deb_releases=elts), "support_extension") == "debian-elts"
    assert unread(debian(ubuntu_pro="{broken"), "support_extension") == "not understood"
