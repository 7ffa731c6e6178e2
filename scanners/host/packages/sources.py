"""Read where packages come from, and whether their signatures are checked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.model.facts import JSON
from scanners.host.packages.installed import is_rpm
from scanners.host.report import Report

_ONE_LINE = re.compile(r"^deb(-src)?\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+\S+")
_TRUE = ("yes", "true", "1", "on", "enable")


def sources(report: Report) -> JSON:
    """Return every source that packages are installed from."""
    found = _rpm_sources(report) if is_rpm(report) else _deb_sources(report)
    told = {(host, signed, file) for host, signed, file in found}
    return [{"host": host, "signed": signed, "file": file} for host, signed, file in sorted(told)]


def _deb_sources(report: Report) -> Iterator[tuple[str, bool, str]]:
    settings = report.text("apt-settings")
    unchecked = re.search(
        r'^(APT::Get::AllowUnauthenticated|Acquire::AllowInsecureRepositories) "(1|true|yes)";',
        settings,
        re.M,
    )
    for path, text in report.files("apt-sources").items():
        listed = _stanzas(text) if path.endswith(".sources") else _lines(text)
        for address, trusted in listed:
            yield _host(address), not trusted and not unchecked, path


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    for line in text.splitlines():
        found = _ONE_LINE.match(line.strip())
        if found and not found[1]:
            options = (found[2] or "").lower()
            yield found[3], bool(re.search(r"(trusted|allow-insecure)\s*=\s*(yes|true|1)", options))


def _stanzas(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the addresses of deb822 stanzas (sources.list(5)), without those that are not enabled."""
    for stanza in re.split(r"\n\s*\n", re.sub(r"^#.*\n?", "", text, flags=re.MULTILINE)):
        joined = re.sub(r"\n[ \t]+", " ", stanza)
        fields = {key.lower(): value.strip() for key, value in re.findall(r"^([\w-]+):(.*)$", joined, re.M)}
        if fields.get("enabled", "yes").lower() not in _TRUE or "deb" not in fields.get("types", "").split():
            continue
        trusted = any(fields.get(key, "").lower() in _TRUE for key in ("trusted", "allow-insecure"))
        for address in fields.get("uris", "").split():
            yield address, trusted


def _rpm_sources(report: Report) -> Iterator[tuple[str, bool, str]]:
    files = report.files("rpm-sources")
    fallback = _main(files).get("gpgcheck", "0")
    for path, _, options in _repositories(files):
        if options.get("enabled", "1").lower() not in _TRUE:
            continue
        signed = options.get("gpgcheck", fallback).lower() in _TRUE
        for key in ("baseurl", "mirrorlist", "metalink"):
            for address in re.split(r"[\s,]+", options.get(key, "")):
                if address:
                    yield _host(address), signed, path


def enabled_repositories(report: Report) -> set[str]:
    """Return the ids of the enabled repositories of rpm."""
    return {
        name.split("/")[0]
        for _, name, options in _repositories(report.files("rpm-sources"))
        if options.get("enabled", "1").lower() in _TRUE
    }


def _repositories(files: dict[str, str]) -> Iterator[tuple[str, str, dict[str, str]]]:
    for path, text in files.items():
        if path.endswith(".repo"):
            for name, options in _sections(text):
                if name != "main":
                    yield path, name, options


def _main(files: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in ("/etc/yum.conf", "/etc/dnf/dnf.conf"):
        found |= dict(_sections(files.get(path, ""))).get("main", {})
    return found


def _sections(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield name and options of an INI file; a line that begins with a blank goes on with the one before."""
    parts = re.split(r"^\[([^\]\n]+)\].*$", re.sub(r"^\s*[#;].*$", "", text, flags=re.MULTILINE), flags=re.M)
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        joined = re.sub(r"\n[ \t]+", " ", body)
        yield (
            name,
            {key.lower(): value.strip() for key, value in re.findall(r"^(\w+)\s*=(.*)$", joined, re.M)},
        )


def _host(address: str) -> str:
    """Return the name of the host, or the path of a local source."""
    found = re.match(r"(?:tor\+)?[a-z+]+://([^/:@\s]+)", address)
    if found:
        return found[1].lower()
    mirror = re.match(r"mirror(?:\+\w+)?:(\S+)", address)
    return (mirror[1] if mirror else address)[:200]
