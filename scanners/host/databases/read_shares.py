"""Read how Samba and NFS share files. Pure."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.databases.installed import where_installed
from scanners.host.report import Report, Unread

_YES = frozenset({"yes", "true", "1"})
_EVERYBODY = frozenset({"*", "", "0.0.0.0/0", "::/0", "0.0.0.0/0.0.0.0"})


@dataclass(frozen=True, slots=True)
class Export:
    """One directory for one client."""

    path: str
    client: str
    options: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return it as exports(5) writes it."""
        return f"{self.path} {self.client or '*'}({','.join(self.options)})"


def _samba(report: Report) -> dict[str, dict[str, str]]:
    """Return section → settings as Samba itself understands its file; raise Unread, ValueError."""
    found: dict[str, dict[str, str]] = {}
    section: dict[str, str] = {}
    for line in report.lines("databases-samba"):
        if line.startswith("["):
            section = found.setdefault(line.strip("[]").lower(), {})
        else:
            name, _, value = line.partition(" =")
            section[name.strip()] = value.strip()
    if "global" not in found:
        raise ValueError("Samba does not accept its own file")
    return found


def _guest_shares(report: Report) -> JSON:
    sections = _samba(report)
    default = sections["global"]
    return [
        name
        for name, share in sections.items()
        if name != "global"
        and share.get("available", "yes").lower() in _YES
        and share.get("guest ok", default.get("guest ok", "no")).lower() in _YES
    ]


def _minimum_protocol(report: Report) -> JSON:
    settings = _samba(report)["global"]
    return (settings.get("server min protocol") or settings["min protocol"]).upper()


def _signing_required(report: Report) -> JSON:
    settings = _samba(report)["global"]
    required = ("mandatory", "required", "force", "forced", "enforced")
    encrypted = settings.get("server smb encrypt", settings.get("smb encrypt", ""))
    controller = "domain controller" in settings.get("server role", "")
    signing = settings["server signing"].lower()
    # A domain controller signs unless it is told otherwise.
    return signing in required or encrypted.lower() in required or (controller and signing == "default")


def exports(report: Report) -> list[Export]:
    """Return what is shared over NFS (exports(5)); raise Unread, ValueError."""
    text = "\n".join(report.files("databases-exports").values())
    return [one for line in text.replace("\\\n", " ").splitlines() for one in _exported(line)]


def _exported(line: str) -> Iterator[Export]:
    words = shlex.split(line, comments=True)
    if not words:
        return
    path, *clients = words
    common: tuple[str, ...] = ()
    if not clients:
        yield Export(path, "", ())
    for word in clients:
        if word.startswith("-"):
            common = tuple(word[1:].split(","))
            continue
        match = re.fullmatch(r"([^()]*)(?:\(([^()]*)\))?", word)
        if match is None:
            raise ValueError("a client that is not understood")
        own = tuple(one for one in (match[2] or "").split(",") if one)
        yield Export(path, match[1], (*common, *own))


def _open_exports(report: Report) -> JSON:
    return [one.text for one in exports(report) if _is_open(one)]


def _is_open(export: Export) -> bool:
    # The last word counts: options of a client come behind those for all.
    squash = [one for one in export.options if one in ("root_squash", "no_root_squash", "all_squash")]
    wild = export.client in _EVERYBODY or any(sign in export.client for sign in "*?[")
    return wild or squash[-1:] == ["no_root_squash"]


def _nfs_versions(report: Report) -> JSON:
    words = (report.optional("databases-nfs-versions") or "").split()
    return [word[1:] for word in words if word.startswith("+")]


def _shares(report: Report) -> JSON:
    """Tell that something is shared where Samba is there or a directory is exported."""
    found = ["samba"] if "samba" in report.lines("software") else []
    try:
        exported = exports(report)
    except Unread:
        if found:
            return [*found]
        raise
    return [*found, "nfs"] if exported else [*found]


READERS: dict[str, Reader] = {
    "host.file_shares": _shares,
    "host.samba_guest_shares": where_installed("samba", _guest_shares, []),
    "host.samba_minimum_protocol": where_installed("samba", _minimum_protocol, None),
    "host.samba_signing_required": where_installed("samba", _signing_required, None),
    "host.nfs_open_exports": _open_exports,
    "host.nfs_versions": _nfs_versions,
}
