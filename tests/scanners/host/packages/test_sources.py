"""Where packages come from, in every form that sources are written in."""

from __future__ import annotations

import pytest

from auditor.model.facts import JSON
from scanners.host.packages.area import PACKAGES
from tests.scanners.host.recorded import facts_of, written


def sources(text: str, path: str, settings: str = "") -> list[tuple[JSON, JSON]]:
    report = written(
        "rpm-packages",
        deb_packages="apt|2|amd64|admin\n",
        apt_settings=settings,
        apt_sources=f"==> {path} <== read\n{text}\n",
    )
    found = facts_of(report, PACKAGES)["host.package_sources"]
    assert isinstance(found, list)
    return [(one["host"], one["signed"]) for one in found if isinstance(one, dict)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("deb http://deb.debian.org/debian bookworm main", [("deb.debian.org", True)]),
        ("deb [trusted=yes] http://x.example/ ./", [("x.example", False)]),
        ("deb [ arch=amd64 signed-by=/k.gpg ] https://x.example:8443/apt a b", [("x.example", True)]),
        ("deb [allow-insecure=yes] https://x.example a b", [("x.example", False)]),
        ("# deb http://x.example a b", []),
        ("deb-src http://x.example a b", []),
        ("deb file:///srv/mirror bookworm main", [("file:///srv/mirror", True)]),
        ("deb mirror://mirrors.ubuntu.com/mirrors.txt jammy main", [("mirrors.ubuntu.com", True)]),
        ("deb cdrom:[Debian_12]/ bookworm main", [("cdrom:[Debian_12]/", True)]),
    ],
)
def test_one_line(line: str, expected: list[tuple[str, bool]]) -> None:
    assert sources(line, "/etc/apt/sources.list") == expected


def test_stanzas() -> None:
    text = (
        "Types: deb deb-src\n# why\nURIs: http://deb.debian.org/debian\n https://mirror.example/debian\n"
        "Suites: bookworm\n\nTypes: deb\nURIs: http://off.example\nEnabled: no\n\n"
        "Types: deb\nURIs: http://x.example\nTrusted: yes\n"
    )
    expected = [("deb.debian.org", True), ("mirror.example", True), ("x.example", False)]
    assert sources(text, "/etc/apt/sources.list.d/a.sources") == expected


def test_a_setting_that_allows_unsigned_packages_holds_for_every_source() -> None:
    line = "deb http://deb.debian.org/debian bookworm main"
    settings = 'APT::Get::AllowUnauthenticated "true";\n'
    assert sources(line, "/etc/apt/sources.list", settings) == [("deb.debian.org", False)]


@pytest.mark.parametrize(
    ("main", "own", "expected"),
    [
        ("[main]\ngpgcheck=1\n", "", True),
        ("[main]\ngpgcheck=1\n", "gpgcheck=0\n", False),
        ("[main]\n", "", False),
        ("[main]\n", "gpgcheck = True\n", True),
    ],
)
def test_rpm_checks_signatures_where_it_is_told_to(main: str, own: str, expected: bool) -> None:
    text = f"==> /etc/dnf/dnf.conf <== read\n{main}\n"
    text += f"==> /etc/yum.repos.d/a.repo <== read\n[a]\nname=a\nbaseurl=https://a.example/x\n  https://b.example/x\n{own}\n"
    report = written("deb-packages", rpm_packages="a|0:1-1|noarch|x|GPL|1\n", rpm_sources=text)
    assert facts_of(report, PACKAGES)["host.package_sources"] == [
        {"host": host, "signed": expected, "file": "/etc/yum.repos.d/a.repo"}
        for host in ("a.example", "b.example")
    ]
