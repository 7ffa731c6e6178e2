"""What a banner shows decides how long its software is supported; what it hides decides nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.facts import JSON, FactType
from controls.loading import load_pack
from controls.software import SOFTWARE_FACTS, software_facts

PACK = load_pack()
NOW = datetime(2026, 11, 22, tzinfo=UTC)
SERVICES = Path(__file__).parents[1] / "fixtures" / "services"
NO_SITE = {"http.server": None, "http.powered_by": None, "http.cms": None, "http.cms_version": None}


def service(product: str | None, version: str | None = None, **more: Any) -> dict[str, JSON]:
    record = {"service.product": product, "service.version": version, "service.cpe": []}
    return {**record, **{name.replace("_", ".", 1): value for name, value in more.items()}}


def site(
    server: str | None, powered: str | None = None, cms: str | None = None, version: str | None = None
) -> Any:
    found = {"http.server": server, "http.powered_by": powered, "http.cms": cms, "http.cms_version": version}
    return {**service(None), **found}


def facts(record: dict[str, JSON]) -> dict[str, Any]:
    return dict(software_facts(record, PACK, NOW))


@pytest.mark.parametrize(
    ("product", "version", "name", "branch", "day"),
    [
        ("nginx", "1.27.4", "nginx", "1.27", "2025-06-24"),
        ("PostgreSQL DB", "9.6.24", "PostgreSQL", "9.6", "2021-11-11"),
        ("PostgreSQL DB", "13.4", "PostgreSQL", "13", "2025-11-13"),
        ("Apache httpd", "2.2.34", "Apache HTTP Server", "2.2", "2017-07-11"),
        ("Apache Tomcat", "8.5.31", "Apache Tomcat", "8.5", "2024-03-31"),
        ("Microsoft IIS httpd", "7.5", "Microsoft IIS", "7.5", "2020-01-14"),
        ("Microsoft SQL Server 2014", "12.00.6024.00", "Microsoft SQL Server", "12.0", "2024-07-09"),
        ("ISC BIND", "9.11.36", "BIND 9", None, "2024-03-31"),
        ("Elasticsearch REST API", "1.4.2", "Elasticsearch", None, "2022-02-10"),
        ("Samba smbd", "4.9.5", "Samba", "4.9", "2020-03-03"),
    ],
)
def test_an_old_version_has_an_end(
    product: str, version: str, name: str, branch: str | None, day: str
) -> None:
    found = facts(service(product, version))
    assert (found["software.name"], found["software.version"]) == (name, version)
    assert (found["software.branch"], found["software.end_of_life"]) == (branch, f"{day}T23:59:59Z")
    assert found["software.distribution"] is None


def test_a_supported_version_has_no_end_yet() -> None:
    assert facts(service("nginx", "1.29.5"))["software.end_of_life"] is None
    assert facts(service("OpenSSH", "9.9p1"))["software.end_of_life"] is None


@pytest.mark.parametrize("version", ["1.99.0", "7"])
def test_a_version_newer_than_the_pack_is_not_judged(version: str) -> None:
    found = facts(service("nginx", version))
    assert found["software.version"] == version
    assert "software.end_of_life" not in found


@pytest.mark.parametrize(
    ("product", "version", "distribution", "day"),
    [
        ("OpenSSH", "9.2p1 Debian 2+deb12u3", "debian 12", "2028-06-30"),
        ("OpenSSH", "7.4p1 Debian 10+deb9u7", "debian 9", "2022-07-01"),
        ("OpenSSH", "8.9p1 Ubuntu 3ubuntu0.10", "ubuntu 22.04", "2027-04-01"),
        ("MySQL", "5.7.42-0ubuntu0.18.04.1", "ubuntu 18.04", "2023-05-31"),
        ("MySQL", "5.5.5-10.3.39-MariaDB-0+deb10u1", "debian 10", "2024-06-30"),
        ("nginx", "1.22.1", "debian 12", "2028-06-30"),
        ("Redis key-value store", "7.0.15", "debian 12", "2028-06-30"),
    ],
)
def test_a_distribution_decides_over_its_packages(
    product: str, version: str, distribution: str, day: str
) -> None:
    found = facts(service(product, version))
    assert (found["software.distribution"], found["software.end_of_life"]) == (
        distribution,
        f"{day}T23:59:59Z",
    )


def test_a_distribution_in_the_server_header_decides_over_all_it_names() -> None:
    found = facts(site("Apache/2.4.6 (CentOS) OpenSSL/1.0.1e-fips PHP/5.4.16"))
    assert found["software.components"] == ["Apache HTTP Server 2.4.6", "OpenSSL 1.0.1e-fips", "PHP 5.4.16"]
    assert (found["software.distribution"], found["software.flaws"]) == ("centos 7", [])
    assert found["software.end_of_life"] == "2024-06-30T23:59:59Z"


def test_a_distribution_whose_release_does_not_show_is_not_judged() -> None:
    found = facts(site("Apache/2.4.62 (Debian)"))
    assert (found["software.distribution"], found["software.flaws"]) == ("debian", [])
    assert "software.end_of_life" not in found


def test_a_marked_package_is_not_taken_for_one_of_debian() -> None:
    found = facts(site("nginx/1.18.0 (Ubuntu)"))
    assert found["software.distribution"] == "ubuntu"
    assert "software.end_of_life" not in found


@pytest.mark.parametrize(
    ("product", "version", "flaws"),
    [
        ("OpenSSH", "9.6p1", ["CVE-2024-6387"]),
        ("OpenSSH", "9.8p1", []),
        ("OpenSSH", "8.4p1", []),
        ("OpenSSH", "9.2p1 Debian 2+deb12u3", []),
        ("vsftpd", "2.3.4", ["CVE-2011-2523"]),
        ("vsftpd", "3.0.3", []),
        ("ProFTPD", "1.3.5", ["CVE-2015-3306"]),
        ("ProFTPD", "1.3.5b", []),
        ("ProFTPD", "1.3.3a", ["CVE-2010-4221"]),
        ("Apache httpd", "2.4.49", ["CVE-2021-41773", "CVE-2021-42013"]),
        ("Apache httpd", "2.4.50", ["CVE-2021-42013"]),
        ("Apache httpd", "2.4.51", []),
        ("Exim smtpd", "4.87", ["CVE-2018-6789", "CVE-2019-10149"]),
        ("Samba smbd", "4.6.3", ["CVE-2017-7494"]),
        ("Samba smbd", "4.5.16", []),
        ("MongoDB", "4.2.25", ["CVE-2025-14847"]),
        ("MongoDB", "7.0.28", []),
        ("Elasticsearch", "1.1.1", ["CVE-2014-3120", "CVE-2015-1427"]),
        ("MiniServ", "1.910", ["CVE-2019-15107"]),
    ],
)
def test_known_flaws_follow_the_version(product: str, version: str, flaws: list[str]) -> None:
    assert facts(service(product, version))["software.flaws"] == flaws


def test_the_worst_off_of_a_site_is_named_and_flaws_are_of_all() -> None:
    found = facts(site("nginx/1.29.5", "PHP/7.3.4", "WordPress", "6.9.1"))
    assert found["software.components"] == ["PHP 7.3.4", "WordPress 6.9.1", "nginx 1.29.5"]
    assert (found["software.name"], found["software.flaws"]) == ("PHP", ["CVE-2019-11043"])


@pytest.mark.parametrize("version", [None, "9.6.0 or later", "2.2.X - 2.3.X", "4.X"])
def test_a_hidden_or_guessed_version_decides_nothing(version: str | None) -> None:
    found = facts(service("PostgreSQL DB", version))
    assert (found["software.name"], found["software.version"]) == ("PostgreSQL", None)
    assert not {"software.end_of_life", "software.flaws", "software.branch"} & set(found)


@pytest.mark.parametrize("product", [None, "Contoso httpd", "Apache Tomcat/Coyote JSP engine", "nginxer"])
def test_unknown_software_has_no_name(product: str | None) -> None:
    found = facts(service(product, "1.1"))
    assert found["software.name"] is None
    assert not {"software.end_of_life", "software.flaws"} & set(found)


def test_a_cpe_name_tells_what_the_product_name_does_not() -> None:
    record = {**service("web server", "1.27.0"), "service.cpe": ["cpe:/a:igor_sysoev:nginx:1.27.0"]}
    assert facts(record)["software.name"] == "nginx"


def test_the_day_of_the_pack_is_that_of_the_dates_that_decided() -> None:
    assert facts(service("nginx", "1.27.4"))["software.pack_date"] == "2026-02-23T00:00:00Z"
    assert facts(service("OpenSSH", "9.2p1 Debian 2+deb12u3"))["software.pack_date"] == "2026-03-06T00:00:00Z"


HEADERS = ["nginx/1.18.0", "Apache/2.4.38 (Debian)", "Apache/2.4.6 (CentOS) PHP/5.4.16", "nginx", None]
RECORDS = st.fixed_dictionaries(
    {
        "service.product": st.sampled_from([None, "nginx", "Apache httpd", "odd"]),
        "service.version": st.sampled_from([None, "1.18.0", "2.4.38", "2.4.49", "9.2p1 Debian 2+deb12u3"]),
        "service.cpe": st.sampled_from([[], ["cpe:/a:igor_sysoev:nginx"]]),
        "http.server": st.sampled_from(HEADERS),
        "http.powered_by": st.sampled_from([None, "PHP/7.3.4", "PHP/8.4.1", "ASP.NET"]),
        "http.cms": st.sampled_from([None, "WordPress"]),
        "http.cms_version": st.sampled_from([None, "4.7.1", "6.9.1"]),
    }
)


@given(RECORDS, st.sets(st.sampled_from(["service.product", "service.version", "service.cpe", *NO_SITE])))
def test_a_lost_fact_only_takes_facts_away(record: dict[str, JSON], lost: set[str]) -> None:
    """So that a verdict can only become UNKNOWN."""
    rest = {name: value for name, value in record.items() if name not in lost}
    if not any(name.startswith("http.") for name in rest):
        return
    whole, left = facts(record), facts(rest)
    assert left == whole or left == {}


TEXT = st.none() | st.text(max_size=60) | st.from_regex(r"[A-Za-z]{2,9}/[0-9.]{1,9}( \([A-Za-z ]{1,9}\))?")


@given(TEXT, TEXT, TEXT, TEXT, st.lists(st.text(max_size=30), max_size=3))
def test_hostile_texts_give_facts_of_the_declared_types(
    product: str | None, version: str | None, server: str | None, powered: str | None, cpe: list[str]
) -> None:
    record = {**service(product, version), "service.cpe": cpe, **NO_SITE}
    found = facts({**record, "http.server": server, "http.powered_by": powered})
    declared = {spec.name: spec for spec in SOFTWARE_FACTS}
    for name, value in found.items():
        if value is None:
            assert declared[name].nullable
        elif declared[name].type is FactType.STRINGS:
            assert isinstance(value, list)
            assert all(isinstance(item, str) for item in value)
        else:
            assert isinstance(value, str)


def test_recorded_services_are_recognised() -> None:
    names = {}
    for path in sorted(SERVICES.glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))["facts"]
        if record.get("service.product"):
            names[record["service.product"]] = facts(record)["software.name"]
    assert {"nginx": "nginx", "Postfix smtpd": "Postfix", "ISC BIND": "BIND 9"}.items() <= names.items()
    assert names["Redis key-value store"] == "Redis"


@pytest.mark.parametrize(
    ("product", "version", "distribution"),
    [
        ("OpenSSH", "8.7", "rhel 9"),
        ("nginx", "1.20.1", "rhel 9"),
        ("PHP", "8.0.30", "rhel 9"),
        ("Squid http proxy", "5.7", "debian 12"),
    ],
)
def test_packages_of_distributions_that_do_not_name_themselves_are_not_blamed(
    product: str, version: str, distribution: str
) -> None:
    found = facts(service(product, version))
    assert (found["software.distribution"], found["software.flaws"]) == (distribution, [])
    assert str(found["software.end_of_life"]) > "2026-11"
