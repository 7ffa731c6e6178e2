"""Read which packages are installed, of either family. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scanners.host.report import Reason, Report, Unread

_OTHER_MAKERS = re.compile(
    # What other makers write into the versions of their packages for Debian and Ubuntu.
    r"sury|\+debian[0-9]+~|nodesource|pgdg|\+maria~|~ppa|ppa[0-9]|-1(debian|ubuntu)[0-9]|rl[0-9]+~"
    r"|~(jessie|stretch|buster|bullseye|bookworm|trixie|trusty|xenial|bionic|focal|jammy|noble)[0-9]*$"
)
_DISTRIBUTORS = (
    *("red hat", "centos", "rocky", "almalinux", "oracle america", "scientific linux"),
    *("resf", "cloudlinux os", "debian", "ubuntu"),
)
"""How the vendor of a package begins that the distribution itself made."""
_DEB_WORKING = re.compile(
    r"^(mongodb-org|mysql-community|docker-ce|elasticsearch|grafana|gitlab|zabbix-release)"
)


@dataclass(frozen=True, slots=True)
class Package:
    """One installed package; `licence` is the section on Debian, the licence tag on RHEL."""

    name: str
    version: str
    architecture: str
    licence: str
    distribution: bool
    """Its maker is the distribution, as far as version or vendor tell."""
    installed_at: int = 0


def is_rpm(report: Report) -> bool:
    """Return whether packages are rpm's; raise Unread where neither manager told."""
    if report.optional("deb-packages") is not None:
        return False
    if report.optional("rpm-packages") is not None:
        return True
    raise Unread(Reason.TOOL_MISSING, "neither dpkg nor rpm")


def installed(report: Report) -> dict[str, Package]:
    """Return name → package; of several versions the last listed. Raise Unread."""
    found = {one.name: one for one in every_package(report)}
    if not found:
        raise ValueError("no package in the list")
    return found


def every_package(report: Report) -> Iterator[Package]:
    """Yield every installed package, kernels and architectures of one name each; raise Unread."""
    rpm = is_rpm(report)
    for line in report.lines("rpm-packages" if rpm else "deb-packages"):
        parts = line.split("|")
        yield _from_rpm(*parts) if rpm else _from_deb(*_four(parts))


def _four(parts: list[str]) -> tuple[str, str, str, str]:
    name, version, architecture, section = parts
    return name, version, architecture, section


def _from_deb(name: str, version: str, architecture: str, section: str) -> Package:
    other = _OTHER_MAKERS.search(version) or _DEB_WORKING.match(name)
    return Package(name, version, architecture, section, not other)


def _from_rpm(*parts: str) -> Package:
    name, version, architecture, vendor, licence, *rest, at = parts
    # A licence may hold the sign between the fields.
    own = vendor.lower().startswith(_DISTRIBUTORS)
    return Package(
        name, version.replace("(none):", "0:"), architecture, "|".join([licence, *rest]), own, int(at)
    )


def upstream(version: str) -> str:
    """Return the maker's own version of a package's: 1.22.1 of 1:1.22.1-9+deb12u2."""
    plain = version.partition(":")[2] or version
    return re.split(r"[-+~]", plain, maxsplit=1)[0]
