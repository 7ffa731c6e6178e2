"""Tell from the inside of a server what its packages make of releases, runtimes and banners. Pure.

What the host's own package manager says is measured; it beats what a banner lets suppose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from auditor.model.facts import JSON, Facts, FactSpec, FactType
from controls.software import supported_until
from controls.software_pack import Pack, Product
from controls.versions import is_within, numbers

INSIDE_FACTS = (
    FactSpec(
        "host.support_ends",
        FactType.STRING,
        "end of security support of the system's release, with the extension that the host proves, RFC 3339;"
        " null: supported, its end is not announced",
        True,
    ),
    FactSpec("host.support_pack_date", FactType.STRING, "newest day that the data on support knew of"),
    FactSpec(
        "host.runtimes_unsupported",
        FactType.STRINGS,
        "runtimes, web servers and databases whose branch is out of support, with the last day of it",
    ),
    FactSpec(
        "host.library_flaws",
        FactType.STRINGS,
        "libraries of applications in a version with a known exploited flaw, each with flaw and file",
    ),
)
"""Worked out from the facts of a host and the pack of supported software."""

_RELEASES: Mapping[str, str] = {
    "debian": "debian",
    "ubuntu": "ubuntu",
    "rhel": "rhel",
    "centos": "centos",
    "rocky": "rocky-linux",
    "almalinux": "almalinux",
    "ol": "oracle-linux",
}
"""ID of os-release → product of the pack."""
_LIBRARIES: Mapping[str, tuple[str, ...]] = {
    "phpunit/phpunit": ("phpunit",),
    "facade/ignition": ("ignition",),
    "laravel/framework": ("laravel",),
    "phpmailer/phpmailer": ("phpmailer",),
    "livewire/livewire": ("livewire",),
    "next": ("nextjs", "react-server"),
    "react-server-dom-webpack": ("react-server",),
    "react-server-dom-turbopack": ("react-server",),
    "react-server-dom-parcel": ("react-server",),
    "log4j-core": ("log4j",),
    "spring-beans": ("spring-beans",),
    "struts2-core": ("struts",),
}
_PROGRAMS: Mapping[str, tuple[str, ...]] = {
    "nginx": ("nginx",),
    "apache": ("apache2", "httpd"),
    "openssh": ("sshd",),
    "postfix": ("master", "smtpd"),
    "dovecot": ("dovecot", "imap-login", "pop3-login"),
    "vsftpd": ("vsftpd",),
    "redis": ("redis-server", "valkey-server"),
    "postgresql": ("postgres", "postmaster"),
    "mariadb": ("mariadbd", "mysqld"),
    "bind": ("named",),
    "memcached": ("memcached",),
    "mongodb": ("mongod",),
    "samba": ("smbd", "nmbd"),
}
"""Software → the programs that listen for it. What java or node listens for, no package tells."""
_SOFTWARE: Mapping[str, str] = {"mysql": "mariadb", "nodejs": "node"}
"""Product of the pack → software as the host names it, where the names differ."""
_FRESH = timedelta(days=7)
"""Lists of packages that are older say nothing about what is pending now."""
_LAST_SECOND = time(23, 59, 59)


def release_facts(host: Facts, pack: Pack, now: datetime) -> Facts:
    """Return the INSIDE_FACTS of one host; those are missing that its facts or the pack do not tell."""
    found: dict[str, JSON] = {}
    ends = _support_ends(host, pack)
    if ends is not None:
        found["host.support_ends"] = _moment(ends[0]) if ends[0] else None
        found["host.support_pack_date"] = datetime.combine(ends[1], time(), UTC).strftime(
            "%Y-%m-%dT%H:%M:%SZ"
        )
    unsupported = _unsupported(host, pack, now)
    if unsupported is not None:
        found["host.runtimes_unsupported"] = unsupported
    if isinstance(host.get("host.libraries"), Sequence):
        found["host.library_flaws"] = [*sorted(_library_flaws(_records(host, "host.libraries"), pack))]
    return found


def _support_ends(host: Facts, pack: Pack) -> tuple[date | None, date] | None:
    """Return the end of the release's support and the day of the data; None where that is not known."""
    name = _RELEASES.get(str(host.get("host.os_id")))
    version = host.get("host.os_version")
    if name is None or not isinstance(version, str) or "host.support_extension" not in host:
        return None
    if "stream" in str(host.get("host.os_name")).lower():
        name = "centos-stream"
    release = version if name == "ubuntu" else version.partition(".")[0]
    extended = {"ubuntu-esm": "ubuntu", "debian-elts": "debian"}.get(str(host["host.support_extension"]))
    products = [pack.products.get(name)]
    if extended == name:
        products.insert(0, pack.products.get(str(host["host.support_extension"])))
    for product in products:
        if product is not None and release in product.branches:
            return product.branches[release], product.as_of
    return None


def _moment(day: date) -> str:
    return datetime.combine(day, _LAST_SECOND, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _unsupported(host: Facts, pack: Pack, now: datetime) -> list[JSON] | None:
    """Return the runtimes out of support; None where one is not known and none is out of it.

    A package of the distribution is supported as long as the distribution is.
    """
    if not isinstance(host.get("host.runtimes"), Sequence):
        return None
    found: dict[str, None] = {}
    known = True
    distribution = _support_ends(host, pack)
    for one in _records(host, "host.runtimes"):
        product, version = pack.products.get(str(one.get("product"))), str(one.get("version"))
        if one.get("distribution") is True:
            end, told = distribution[0] if distribution else None, distribution is not None
        else:
            end, told = supported_until(product, version) if product else (None, False)
        known = known and told
        if end is not None and datetime.combine(end, _LAST_SECOND, UTC) < now:
            found[
                f"{product.name if product else one.get('product')} {version} ({one.get('source')}): {end}"
            ] = None
    return [*sorted(found)] if found or known else None


def _library_flaws(libraries: Iterable[Mapping[str, JSON]], pack: Pack) -> set[str]:
    return {
        f"{one.get('library')} {one.get('version')}: {flaw.id} ({one.get('file')})"
        for one in libraries
        for flaw in pack.flaws
        if flaw.product in _LIBRARIES.get(str(one.get("library")), ())
        and any(is_within(str(one.get("version")), *part) for part in flaw.affected)
    }


def corrected(software: Facts, host: Facts, port: int, pack: Pack, now: datetime) -> Facts:
    """Return the software.* facts of the service on a TCP port, corrected by its host's packages.

    `software` are those inferred from what the service shows; `host` are the host.* facts of the server, with
    those of `release_facts`. When a package of the distribution listens there, and every software shown is
    such a package in the very version shown, then lists that are fresh and name no security update of them
    prove that the known flaws are corrected, and the distribution's support counts. Otherwise, and where a
    fact is missing, `software` is returned as it is.
    """
    packages = _trusted_packages(host, now)
    name = _listening_software(host, port)
    if packages is None or name not in packages or "software.flaws" not in software:
        return software
    components = software.get("software.components")
    for text in components if isinstance(components, Sequence) and not isinstance(components, str) else ("",):
        product, version = _component(str(text), pack)
        if product is None or (version and _matching(packages, product, version) is None):
            return software
    product = next((one for one in pack.products.values() if one.name == software.get("software.name")), None)
    shown = str(software.get("software.version"))
    package = _matching(packages, product, shown) if product else None
    if package is None:
        return software
    return {
        **software,
        "software.version": package,
        "software.flaws": [],
        "software.end_of_life": host["host.support_ends"],
        "software.distribution": f"{host.get('host.os_id')} {host.get('host.os_version')}",
        "software.basis": "package",
    }


def _trusted_packages(host: Facts, now: datetime) -> Mapping[str, list[str]] | None:
    """Return software → versions of its packages, of those that the distribution keeps corrected.

    A software of which any package is pending, or another maker's, is left out. None: nothing can be trusted,
    because the lists are old, the release is out of support, or a fact is missing.
    """
    lists_at, ends = host.get("host.package_lists_at"), host.get("host.support_ends", "")
    if not isinstance(lists_at, str) or not abs(now - datetime.fromisoformat(lists_at)) <= _FRESH:
        return None
    if ends is not None and (not isinstance(ends, str) or not ends or datetime.fromisoformat(ends) < now):
        return None
    if not isinstance(host.get("host.service_packages"), Sequence):
        return None
    found: dict[str, list[str]] = {}
    spoilt: set[str] = set()
    for one in _records(host, "host.service_packages"):
        software = str(one.get("software"))
        found.setdefault(software, []).append(str(one.get("version")))
        if one.get("distribution") is not True or one.get("security_pending") is not False:
            spoilt.add(software)
    return {software: versions for software, versions in found.items() if software not in spoilt}


def _listening_software(host: Facts, port: int) -> str:
    """Return the software that listens on a TCP port; "" where it is not known, or runs an older file."""
    if not isinstance(host.get("host.listening_programs"), Sequence):
        return ""
    replaced = {
        str(one.get("program")).rpartition("/")[2]
        for one in _records(host, "host.listening_programs")
        if one.get("replaced") is not False or one.get("package") is None
    }
    programs = {
        str(one.get("program")).rpartition("/")[2]
        for one in _records(host, "host.listening")
        if one.get("port") == port and str(one.get("protocol")).startswith("tcp")
    }
    if not programs or programs & replaced:
        return ""
    found = {next((name for name, names in _PROGRAMS.items() if one in names), "") for one in programs}
    return found.pop() if len(found) == 1 else ""


def _component(text: str, pack: Pack) -> tuple[Product | None, str]:
    """Return product and version of `nginx 1.22.1`; the version is empty where none is shown."""
    products = [one for one in pack.products.values() if text == one.name or text.startswith(f"{one.name} ")]
    best = max(products, key=lambda one: len(one.name), default=None)
    return best, text[len(best.name) :].strip() if best else ""


def _matching(packages: Mapping[str, list[str]], product: Product, shown: str) -> str | None:
    """Return the version of the product's package that shows itself as `shown`, or None."""
    versions = packages.get(_SOFTWARE.get(product.id, product.id), [])
    return next((version for version in versions if _is_same(shown, version)), None)


def _is_same(shown: str, package: str) -> bool:
    """Return whether a package's version is the one shown: 9.2p1 of 1:9.2p1-2, 8.7 of 8.7p1-38.el9."""
    own = re.split(r"[-+~]", package.partition(":")[2] or package, maxsplit=1)[0]
    plain = re.split(r"[-+~]", shown, maxsplit=1)[0]
    return bool(numbers(plain)) and plain in (own, re.sub(r"p[0-9]+$", "", own))


def _records(host: Facts, name: str) -> list[Mapping[str, JSON]]:
    value = host.get(name)
    rows = value if isinstance(value, Sequence) and not isinstance(value, str) else ()
    return [one for one in rows if isinstance(one, Mapping)]
