"""Read which services, runtimes and tools are installed, and what the programs that listen are. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from auditor.model.facts import JSON
from scanners.host.packages.installed import Package, every_package, installed, is_rpm, upstream
from scanners.host.packages.updates import pending
from scanners.host.report import Reason, Report, Unread

_RUNTIMES: Mapping[str, str] = {
    "php": r"php(\d\.\d|\d)?-common|(rh-|ea-)?php\d\d-php-common",
    "python": r"python\d(\.\d+)?-minimal|python[23]?|python[23]\.?\d+|rh-python\d\d-python",
    "nodejs": r"nodejs",
    "java": r"openjdk-\d+-jre-headless|java-[0-9.]+-openjdk-headless|temurin-\d+-j(re|dk)",
    "tomcat": r"tomcat\d*",
    "mysql": r"mysql-server(-core)?-\d\.\d|mysql-community-server(-core)?|mysql-server",
    "mariadb": r"mariadb-server(-core)?(-\d+\.\d)?|MariaDB-server",
    "postgresql": r"postgresql-\d+(\.\d)?|postgresql\d*-server",
    "nginx": r"nginx(-core|-light|-full|-extras)?",
    "apache": r"apache2-bin|httpd(-core)?",
    "redis": r"redis-server|redis",
    "mongodb": r"mongodb-org-server|mongodb-server(-core)?",
}
"""Product of the support data → names of the packages that are it."""
_SERVICES: Mapping[str, str] = {
    "nginx": _RUNTIMES["nginx"],
    "apache": _RUNTIMES["apache"],
    "openssh": r"openssh-server",
    "postfix": r"postfix",
    "dovecot": r"dovecot-core|dovecot",
    "vsftpd": r"vsftpd",
    "redis": r"redis-server|redis|valkey-server|valkey",
    "postgresql": _RUNTIMES["postgresql"],
    "mariadb": rf"{_RUNTIMES['mariadb']}|{_RUNTIMES['mysql']}",
    "bind": r"bind9|bind",
    "memcached": r"memcached",
    "mongodb": _RUNTIMES["mongodb"],
    "samba": r"samba",
    "openldap": r"slapd|openldap-servers",
    "rsync": r"rsync",
    "php": _RUNTIMES["php"],
    "docker": r"docker\.io|docker-ce|docker|moby-engine|podman",
    "tomcat": _RUNTIMES["tomcat"],
    "node": _RUNTIMES["nodejs"],
    "java": _RUNTIMES["java"],
    "openssl": r"openssl(-libs)?|libssl\d[\d.]*(t64)?",
}
_ATTACK = re.compile(
    r"nmap|zenmap|masscan|hydra|medusa|ncrack|john|hashcat|sqlmap|nikto|metasploit-framework|aircrack-ng|ettercap-"
    r"(text-only|graphical)|dsniff|wireshark|bettercap|responder|exploitdb|wfuzz|dirb|gobuster|ffuf|crunch|patator"
    r"|thc-ipv6|yersinia|hping3|siege|slowhttptest|xmrig|cpuminer|minergate.*|proxychains4?|kali-.*|set|weevely"
)
_BUILD = re.compile(
    r"(gcc|g\+\+|clang|tcc)(-\d+(\.\d+)?)?|gcc-c\+\+|build-essential|make|golang(-\d\S*)?-go|golang|rustc|rust"
    r"|libc6-dev|glibc-devel|linux-headers-.*|kernel-devel|.*-source-devel"
)
_NONFREE_SECTION = re.compile(r"(non-free|non-free-firmware|restricted|multiverse)(/|$)")
_NONFREE_LICENCE = re.compile(
    r"proprietary|commercial|eula|non-?free|redistributable, no modification|freeware|all rights reserved",
    re.I,
)
RPM_CORE = (
    *(
        "openssh-server",
        "sudo",
        "coreutils",
        "coreutils-single",
        "glibc",
        "util-linux",
        "shadow-utils",
        "bash",
    ),
    *("procps-ng", "procps", "systemd", "pam", "nginx", "nginx-core", "httpd", "httpd-core", "vsftpd"),
    *("iproute", "net-tools"),
)
"""Packages whose files are compared: what shows who is there, lets in, and serves."""
_PROGRAM = re.compile(r"(/usr)?/(s?bin|lib(32|64|x32)?|libexec)/")


def runtimes(report: Report) -> JSON:
    """Return the runtimes, web servers and databases, packaged or not."""
    found: list[JSON] = []
    for product, one in _matching(report, _RUNTIMES):
        version = upstream(one.version)
        # Debian's php-common, 2:93, is not of a version of PHP.
        if product != "php" or "." in version:
            found.append(_runtime(product, version, one.name, one.distribution))
    for line in report.lines("packages-runtimes"):
        product, version, path = line.split("|", 2)
        found.append(_runtime(product, version, path, False))
    return found


def _runtime(product: str, version: str, source: str, distribution: bool) -> JSON:
    # Java 8 calls itself 1.8.0.
    plain = re.sub(r"^1\.(?=[5-8]\.)", "", version) if product == "java" else version
    return {"product": product, "version": plain, "source": source, "distribution": distribution}


def _matching(report: Report, kinds: Mapping[str, str]) -> Iterator[tuple[str, Package]]:
    for name, one in sorted(installed(report).items()):
        for kind, pattern in kinds.items():
            if re.fullmatch(pattern, name):
                yield kind, one


def service_packages(report: Report) -> JSON:
    """Return the packages of the software that is installed; raise Unread where pending updates are."""
    waiting = pending(report)
    names = (
        {one["package"] for one in waiting if isinstance(one, dict)} if isinstance(waiting, list) else set()
    )
    # Libraries are not listed there, but servers show their version.
    present = {*report.lines("software"), "openssl"}
    return [
        {
            "software": software,
            "package": one.name,
            "version": one.version,
            "distribution": one.distribution,
            "security_pending": one.name in names,
        }
        for software, one in _matching(report, _SERVICES)
        if software in present
    ]


def listening_programs(report: Report) -> JSON:
    """Return file and package of every program that listens."""
    if report.section("packages-programs").exit_code == 77:
        raise Unread(Reason.NEEDS_ROOT, "packages-programs")
    rows = [line.split("|") for line in report.lines("packages-programs")]
    if report.section("packages-programs").exit_code == 127:
        raise Unread(Reason.TOOL_MISSING, "ss")
    paths = [row[1] for row in rows if row[0] == "path"]
    owner = _rpm_owners(rows) if is_rpm(report) else _deb_owners(rows)
    found: list[JSON] = []
    for path in paths:
        plain = path.removesuffix(" (deleted)")
        package = next((owner[one] for one in _aliases(plain) if one in owner), None)
        found.append({"program": plain, "package": package, "replaced": plain != path})
    return found


def _aliases(path: str) -> tuple[str, ...]:
    """Return the names of one file where /bin and /lib are links into /usr."""
    return (path, path.removeprefix("/usr"), f"/usr{path}")


def _deb_owners(rows: list[list[str]]) -> dict[str, str]:
    return {row[2]: row[1].partition(":")[0] for row in rows if row[0] == "owned"}


def _rpm_owners(rows: list[list[str]]) -> dict[str, str]:
    """Pair the answers of `rpm -qf` with what was asked, in order; raise ValueError where they do not."""
    asked = [row[1] for row in rows if row[0] == "asked"]
    answers = [row for row in rows if row[0] not in ("path", "asked")]
    if len(answers) != len(asked):
        raise ValueError("a file of two packages, or none")
    pairs = zip(asked, answers, strict=True)
    return {path: row[1] for path, row in pairs if row[0] == "answer"}


def attack_tools(report: Report) -> JSON:
    """Return attack and mining tools: packages, and files that no package brought."""
    named = [name for name in installed(report) if _ATTACK.fullmatch(name)]
    return [*sorted(named), *sorted(report.lines("packages-tools"))]


def build_tools(report: Report) -> JSON:
    """Return compilers and development packages."""
    named = [name for name in installed(report) if _BUILD.fullmatch(name)]
    return [*sorted(named), *sorted(report.lines("packages-compilers"))]


def nonfree_packages(report: Report) -> JSON:
    """Return the packages whose section or licence says that they are not free."""
    kind = _NONFREE_LICENCE.search if is_rpm(report) else _NONFREE_SECTION.match
    return [*sorted({one.name for one in every_package(report) if kind(one.licence)})]


def verified(report: Report) -> JSON:
    """Return the packages whose files were compared."""
    if is_rpm(report):
        absent = set(re.findall(r"package (\S+) is not installed", report.text("rpm-verify")))
        return [*sorted(set(RPM_CORE) - absent)]
    return [*report.lines("deb-verify")[0].removeprefix("packages:").split()]


def changed(report: Report) -> JSON:
    """Return programs and libraries whose content differs from the package's, or that are gone.

    Configuration files and documentation do not count; raise Unread where a file could not be read.
    """
    found: list[str] = []
    for line in _verification(report):
        match = re.match(r"(\S{8,9}|missing)\s+(?:[cdglr]\s+)?(/\S.*)$", line)
        if match is None or re.match(r"\S+\s+[cdglr]\s", line) or not _PROGRAM.match(match[2]):
            continue
        path = re.sub(r" \((Permission denied|No such file or directory)\)$", "", match[2])
        if "ermission denied" in line:
            raise Unread(Reason.NEEDS_ROOT, path)
        if match[1] == "missing" or "5" in match[1]:
            found.append(path)
    return [*sorted(found)]


def _verification(report: Report) -> list[str]:
    if is_rpm(report):
        return report.lines("rpm-verify")
    head, *lines = report.lines("deb-verify")
    if not head.startswith("packages:"):
        raise ValueError("no list of packages")
    return lines
