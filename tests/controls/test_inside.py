"""What the inside of a host makes of its release, its runtimes and what banners let suppose."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from auditor.model.facts import JSON, Facts
from controls.inside import INSIDE_FACTS, corrected, release_facts
from controls.loading import load_pack
from controls.software import SOFTWARE_FACTS, software_facts

PACK = load_pack()
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def host(os_id: str, version: str, name: str = "", extension: str | None = None, **more: JSON) -> Facts:
    facts: dict[str, JSON] = {
        "host.os_id": os_id,
        "host.os_version": version,
        "host.os_name": name,
        "host.support_extension": extension,
    }
    return {**facts, **{f"host.{key}": value for key, value in more.items()}}


@pytest.mark.parametrize(
    ("system", "ends"),
    [
        (host("debian", "8"), "2020-06-30"),
        (host("debian", "9"), "2022-07-01"),
        (host("debian", "10"), "2024-06-30"),
        (host("debian", "12"), "2028-06-30"),
        (host("debian", "13"), "2030-06-30"),
        (host("debian", "10", extension="debian-elts"), "2029-06-30"),
        (host("ubuntu", "14.04"), "2019-04-02"),
        (host("ubuntu", "20.04"), "2025-05-31"),
        (host("ubuntu", "20.04", extension="ubuntu-esm"), "2030-04-02"),
        (host("ubuntu", "24.04"), "2029-05-31"),
        (host("centos", "6.10"), "2020-11-30"),
        (host("centos", "7", "CentOS Linux 7 (Core)"), "2024-06-30"),
        (host("centos", "8", "CentOS Linux 8"), "2021-12-31"),
        (host("centos", "8", "CentOS Stream 8"), "2024-05-31"),
        (host("centos", "9", "CentOS Stream 9"), "2027-05-31"),
        (host("rhel", "6.10"), "2020-11-30"),
        (host("rhel", "9.4"), "2032-05-31"),
        (host("rocky", "8.10"), "2029-05-31"),
        (host("almalinux", "9.4"), "2032-05-31"),
        (host("ol", "7.9"), "2024-12-01"),
    ],
)
def test_support_of_a_release_ends(system: Facts, ends: str) -> None:
    assert release_facts(system, PACK, NOW)["host.support_ends"] == f"{ends}T23:59:59Z"


@pytest.mark.parametrize(
    "system",
    [
        host("debian", ""),
        host("debian", "99"),
        host("arch", ""),
        {"host.os_id": "debian", "host.os_version": "12"},
        {},
    ],
)
def test_a_release_that_is_not_known_is_not_judged(system: Facts) -> None:
    assert "host.support_ends" not in release_facts(system, PACK, NOW)


def test_an_extension_of_another_distribution_is_no_extension() -> None:
    found = release_facts(host("debian", "10", extension="ubuntu-esm"), PACK, NOW)
    assert found["host.support_ends"] == "2024-06-30T23:59:59Z"


def runtime(product: str, version: str, distribution: bool = False) -> dict[str, JSON]:
    return {"product": product, "version": version, "source": "x", "distribution": distribution}


@pytest.mark.parametrize(
    ("runtimes", "expected"),
    [
        ([], []),
        ([runtime("php", "5.6.40")], ["PHP 5.6.40 (x): 2018-12-31"]),
        ([runtime("php", "8.4.1"), runtime("python", "3.13.0"), runtime("java", "17.0.15")], []),
        # The distribution corrects its own package of an old branch.
        ([runtime("php", "7.4.33", True)], []),
        ([runtime("java", "8.0.392"), runtime("python", "2.7.18")], ["Python 2.7.18 (x): 2020-01-01"]),
        ([runtime("nodejs", "99.0")], None),
        ([runtime("nodejs", "99.0"), runtime("nodejs", "16.20")], ["Node.js 16.20 (x): 2023-09-11"]),
    ],
)
def test_runtimes(runtimes: list[JSON], expected: list[str] | None) -> None:
    found = release_facts(host("debian", "12", runtimes=runtimes), PACK, NOW)
    assert found.get("host.runtimes_unsupported") == expected


def test_a_package_of_a_distribution_out_of_support_is_out_of_it() -> None:
    found = release_facts(
        host("centos", "7", "CentOS Linux 7", runtimes=[runtime("php", "5.4.16", True)]), PACK, NOW
    )
    assert found["host.runtimes_unsupported"] == ["PHP 5.4.16 (x): 2024-06-30"]


@pytest.mark.parametrize(
    ("library", "version", "flaws"),
    [
        ("log4j-core", "2.14.1", ["CVE-2021-44228"]),
        ("log4j-core", "2.17.1", []),
        ("facade/ignition", "2.5.1", ["CVE-2021-3129"]),
        ("phpunit/phpunit", "5.6.2", ["CVE-2017-9841"]),
        ("phpunit/phpunit", "9.6.0", []),
        ("next", "15.1.0", ["CVE-2025-29927", "CVE-2025-55182"]),
        ("next", "15.5.7", []),
        ("react-server-dom-webpack", "19.1.1", ["CVE-2025-55182"]),
        ("unheard/of", "1.0", []),
    ],
)
def test_libraries(library: str, version: str, flaws: list[str]) -> None:
    rows = [{"library": library, "version": version, "file": "/f"}]
    found = release_facts(host("debian", "12", libraries=rows), PACK, NOW)
    assert found["host.library_flaws"] == [f"{library} {version}: {flaw} (/f)" for flaw in flaws]


def shown(product: str, version: str) -> Facts:
    record: dict[str, JSON] = {"service.product": product, "service.version": version, "service.cpe": []}
    return software_facts(record, PACK, NOW)


def inside(**changed: JSON) -> dict[str, Any]:
    facts: dict[str, JSON] = {
        "host.os_id": "ubuntu",
        "host.os_version": "22.04",
        "host.package_lists_at": "2026-11-21T00:53:02Z",
        "host.support_ends": "2027-04-01T23:59:59Z",
        "host.listening": [{"protocol": "tcp", "address": "0.0.0.0", "port": 22, "program": "sshd"}],
        "host.listening_programs": [
            {"program": "/usr/sbin/sshd", "package": "openssh-server", "replaced": False}
        ],
        "host.service_packages": [package()],
    }
    return {**facts, **{f"host.{name}": value for name, value in changed.items()}}


def package(**changed: JSON) -> dict[str, JSON]:
    return {
        "software": "openssh",
        "package": "openssh-server",
        "version": "1:8.9p1-3ubuntu0.13",
        "distribution": True,
        "security_pending": False,
        **changed,
    }


BANNER = shown("OpenSSH", "8.9p1")


def test_a_banner_lets_suppose_a_flaw_and_the_package_corrects_it() -> None:
    assert (BANNER["software.flaws"], BANNER["software.basis"]) == (["CVE-2024-6387"], "banner")
    found = corrected(BANNER, inside(), 22, PACK, NOW)
    assert found["software.flaws"] == []
    assert found["software.version"] == "1:8.9p1-3ubuntu0.13"
    assert found["software.end_of_life"] == "2027-04-01T23:59:59Z"
    assert found["software.distribution"] == "ubuntu 22.04"
    assert found["software.basis"] == "package"
    assert set(found) == {spec.name for spec in SOFTWARE_FACTS}


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"service_packages": [package(security_pending=True)]}, id="an update is pending"),
        pytest.param({"service_packages": [package(distribution=False)]}, id="another maker's package"),
        pytest.param({"service_packages": [package(version="1:9.6p1-3")]}, id="another version than shown"),
        pytest.param({"service_packages": []}, id="no package"),
        pytest.param({"package_lists_at": "2026-09-01T00:00:00Z"}, id="old lists"),
        pytest.param({"package_lists_at": "2027-09-01T00:00:00Z"}, id="lists of the future"),
        pytest.param({"package_lists_at": None}, id="no lists"),
        pytest.param({"support_ends": "2024-06-30T23:59:59Z"}, id="a release out of support"),
        pytest.param({"listening": []}, id="nothing listens there"),
        pytest.param(
            {"listening": [{"protocol": "tcp", "address": "::", "port": 22, "program": "docker-proxy"}]},
            id="a container listens",
        ),
        pytest.param(
            {"listening": [{"protocol": "tcp", "address": "::", "port": 22, "program": None}]},
            id="it is not known who listens",
        ),
        pytest.param(
            {"listening_programs": [{"program": "/usr/sbin/sshd", "package": "x", "replaced": True}]},
            id="the older file still runs",
        ),
        pytest.param(
            {"listening_programs": [{"program": "/opt/bin/sshd", "package": None, "replaced": False}]},
            id="no package owns the file",
        ),
    ],
)
def test_what_is_not_proven_is_left_as_it_was(changed: dict[str, JSON]) -> None:
    assert corrected(BANNER, inside(**changed), 22, PACK, NOW) == BANNER


@pytest.mark.parametrize("name", sorted(inside()))
def test_a_missing_fact_changes_nothing(name: str) -> None:
    facts = inside()
    del facts[name]
    found = corrected(BANNER, facts, 22, PACK, NOW)
    # Name and number of the release are shown only.
    assert found == BANNER or name in ("host.os_id", "host.os_version")


def test_every_software_shown_must_be_a_package_in_its_version() -> None:
    record: dict[str, JSON] = {
        "service.product": "Apache httpd",
        "service.version": "2.4.52",
        "service.cpe": [],
        "http.server": "Apache/2.4.52 (Ubuntu)",
        "http.powered_by": "PHP/8.1.2",
        "http.cms": None,
        "http.cms_version": None,
    }
    banner = software_facts(record, PACK, NOW)
    listening: list[JSON] = [{"protocol": "tcp6", "address": "::", "port": 80, "program": "apache2"}]
    programs: list[JSON] = [{"program": "/usr/sbin/apache2", "package": "apache2-bin", "replaced": False}]
    apache = package(software="apache", package="apache2-bin", version="2.4.52-1ubuntu4.16")
    php = package(software="php", package="php8.1-common", version="8.1.2-1ubuntu2.22")
    both = inside(listening=listening, listening_programs=programs, service_packages=[apache, php])
    found = corrected(banner, both, 80, PACK, NOW)
    assert found["software.basis"] == "package"
    other = inside(
        listening=listening,
        listening_programs=programs,
        service_packages=[apache, {**php, "version": "8.3.6-0ubuntu0.24.04.5"}],
    )
    assert corrected(banner, other, 80, PACK, NOW) == banner
    assert corrected(banner, both, 8080, PACK, NOW) == banner


def test_rhel_shows_its_ssh_without_the_last_part_of_the_version() -> None:
    facts = inside(
        os_id="rocky",
        os_version="9.6",
        support_ends="2032-05-31T23:59:59Z",
        service_packages=[package(version="0:8.7p1-43.el9")],
    )
    assert corrected(shown("OpenSSH", "8.7"), facts, 22, PACK, NOW)["software.basis"] == "package"


def test_what_hides_its_version_stays_as_it_is() -> None:
    hidden = shown("OpenSSH", "")
    assert corrected(hidden, inside(), 22, PACK, NOW) == hidden


def test_the_facts_are_those_declared() -> None:
    facts = {**host("debian", "12"), "host.runtimes": [], "host.libraries": []}
    assert set(release_facts(facts, PACK, NOW)) == {spec.name for spec in INSIDE_FACTS}
