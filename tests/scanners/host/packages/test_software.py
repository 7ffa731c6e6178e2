"""Services, runtimes, tools and changed files, from sections written by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model.facts import JSON
from scanners.host.packages.area import PACKAGES
from scanners.host.report import Report, Section, State
from tests.scanners.host.packages.by_hand import with_dpkg
from tests.scanners.host.recorded import facts_of, recorded, written


def debian(packages: str = "apt|2|amd64|admin\n", **sections: str) -> Report:
    return with_dpkg({"deb_packages": packages, **sections})


def fact(report: Report, name: str) -> JSON:
    return facts_of(report, PACKAGES)[f"host.{name}"]


def reason(report: Report, name: str) -> str:
    rows = facts_of(report, PACKAGES)["host.unread"]
    assert isinstance(rows, list)
    return next(str(one["reason"]) for one in rows if isinstance(one, dict) and one["fact"] == f"host.{name}")


@pytest.mark.parametrize(
    ("line", "product", "version", "own"),
    [
        ("php8.2-common|8.2.29-1~deb12u1|amd64|php", "php", "8.2.29", True),
        ("php8.3-common|8.3.14-1+0~20241121.28+debian12~1.gbp8e0d11|amd64|php", "php", "8.3.14", False),
        ("php8.3-common|8.3.14-1+ubuntu22.04.1+deb.sury.org+1|amd64|php", "php", "8.3.14", False),
        ("nodejs|20.20.2-1nodesource1|amd64|web", "nodejs", "20.20.2", False),
        ("postgresql-16|16.4-1.pgdg120+1|amd64|database", "postgresql", "16.4", False),
        ("mariadb-server|1:11.4.2+maria~deb12|amd64|database", "mariadb", "11.4.2", False),
        ("mysql-community-server|8.0.36-1debian12|amd64|database", "mysql", "8.0.36", False),
        ("nginx|1.26.1-1~bookworm|amd64|httpd", "nginx", "1.26.1", False),
        ("apache2-bin|2.4.62-1~deb12u2|amd64|httpd", "apache", "2.4.62", True),
        ("openjdk-17-jre-headless|17.0.15+6-1~deb12u1|amd64|java", "java", "17.0.15", True),
        ("python3.11-minimal|3.11.2-6+deb12u6|amd64|python", "python", "3.11.2", True),
    ],
)
def test_a_runtime_and_its_maker(line: str, product: str, version: str, own: bool) -> None:
    found = fact(debian(line + "\n", packages_runtimes=""), "runtimes")
    assert found == [
        {"product": product, "version": version, "source": line.split("|")[0], "distribution": own}
    ]


def test_a_runtime_that_no_package_brought() -> None:
    found = fact(
        debian(packages_runtimes="java|1.8.0.392|/opt/jdk8\nphp|7.4.33|/opt/lampp/bin/php\n"), "runtimes"
    )
    assert found == [
        {"product": "java", "version": "8.0.392", "source": "/opt/jdk8", "distribution": False},
        {"product": "php", "version": "7.4.33", "source": "/opt/lampp/bin/php", "distribution": False},
    ]


def test_the_number_of_a_package_that_is_no_version_of_php_is_passed_over() -> None:
    assert fact(debian("php-common|2:93|all|php\n", packages_runtimes=""), "runtimes") == []


def test_programs_that_listen_need_root() -> None:
    denied = Section("packages-programs", State.RAN, b"", 77)
    report = Report({**debian().sections, "packages-programs": denied})
    assert reason(report, "listening_programs") == "needs root"
    missing = Section("packages-programs", State.RAN, b"", 127)
    assert (
        reason(Report({**debian().sections, "packages-programs": missing}), "listening_programs")
        == "tool missing"
    )


def test_a_program_whose_file_was_replaced_and_one_behind_a_link() -> None:
    text = "path|/usr/sbin/nginx (deleted)\npath|/usr/lib/systemd/systemd-resolved\n"
    text += "owned|nginx:amd64|/usr/sbin/nginx\nowned|systemd-resolved|/lib/systemd/systemd-resolved\n"
    assert fact(debian(packages_programs=text), "listening_programs") == [
        {"program": "/usr/sbin/nginx", "package": "nginx", "replaced": True},
        {"program": "/usr/lib/systemd/systemd-resolved", "package": "systemd-resolved", "replaced": False},
    ]


def test_answers_of_rpm_that_do_not_pair_are_not_guessed() -> None:
    text = "path|/usr/sbin/a\nasked|/usr/sbin/a\nanswer|one\nanswer|two\n"
    report = written("deb-packages", rpm_packages="a|0:1-1|x86_64|x|GPL|1\n", packages_programs=text)
    assert reason(report, "listening_programs") == "not understood"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("", []),
        ("??5?????? c /etc/sudoers\n", []),
        ("??5??????   /usr/bin/sudo\n", ["/usr/bin/sudo"]),
        ("missing     /usr/share/doc/sudo/README.gz\n", []),
        ("missing     /usr/sbin/sshd\n", ["/usr/sbin/sshd"]),
        ("S.5....T.    /usr/lib64/libc.so.6\n", ["/usr/lib64/libc.so.6"]),
        (".......T.    /usr/bin/ls\n", []),
        ("missing   c /etc/ssh/sshd_config\n", []),
    ],
)
def test_changed_files(lines: str, expected: list[str]) -> None:
    assert fact(debian(deb_verify=f"packages: sudo\n{lines}"), "package_files_changed") == expected


def test_a_file_that_may_not_be_read_is_not_called_unchanged() -> None:
    text = "packages: sudo\nmissing     /usr/lib/sudo/x (Permission denied)\n"
    assert reason(debian(deb_verify=text), "package_files_changed") == "needs root"


def test_tools_and_licences() -> None:
    packages = (
        "nmap|7.93|amd64|net\ngcc-12-base|12|amd64|libs\ngcc-12|12|amd64|devel\nfirmware-bnx2|2023|all|non-free-firmware/kernel\n"
        "unrar|1|amd64|multiverse/utils\nlibnonfree|1|amd64|libs\n"
    )
    report = debian(packages, packages_tools="/tmp/xmrig\n", packages_compilers="/usr/local/bin/gcc\n")
    assert fact(report, "attack_tools") == ["nmap", "/tmp/xmrig"]
    assert fact(report, "build_tools") == ["gcc-12", "/usr/local/bin/gcc"]
    assert fact(report, "nonfree_packages") == ["firmware-bnx2", "unrar"]


def test_a_walk_that_did_not_end_shows_no_unchanged_core() -> None:
    report = debian()
    for code in (124, 129, 137, 143):
        late = Section("packages-web-core", State.RAN, b"application|/var/www|wp\n", code, 1000)
        cut = Report({**report.sections, late.name: late})
        assert reason(cut, "core_files_newer") == "timeout"


def test_a_licence_may_hold_the_sign_between_the_fields() -> None:
    line = "x|0:1-1|noarch|Rocky Enterprise Software Foundation|GPL|Commercial|1700000000\n"
    assert fact(written("deb-packages", rpm_packages=line), "nonfree_packages") == ["x"]


NAMES = sorted(recorded("packages", "debian-12").sections)


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(NAMES), st.binary(max_size=300), max_size=8))
def test_no_bytes_raise(contents: dict[str, bytes]) -> None:
    real = recorded("packages", "debian-12").sections
    made = {name: Section(name, State.RAN, content) for name, content in contents.items()}
    assert "host.unread" in facts_of(Report({**real, **made}), PACKAGES)


@pytest.mark.parametrize("name", ["debian-12", "ubuntu-22.04", "rpm-rocky-9"])
def test_a_report_that_broke_off_gives_only_reasons(name: str) -> None:
    report = Report(dict(list(recorded("packages", name).sections.items())[:6]))
    found = facts_of(report, PACKAGES)
    rows = found.pop("host.unread")
    assert isinstance(rows, list)
    assert len(rows) + len(found) == len(PACKAGES.facts)
    assert {one["reason"] for one in rows if isinstance(one, dict)} <= {"broken off", "tool missing"}
