"""Read which private keys lie open, from their names, owners and modes alone. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.files.walk import Found, walk
from scanners.host.report import Report

_KEY = re.compile(
    r"(ssh_host_.*_key|id_(rsa|dsa|ecdsa|ed25519)|.*\.key|.*privkey.*\.pem|.*[-_]key\.pem|key\.pem|.*\.(p12|pfx))"
)
_KEY_PLACE = re.compile(r"/etc/(ssl|pki/.+)/private/.+")
_PUBLIC = re.compile(r"K.+\+\d{3}\+\d{5}\.key|root\.key|trusted-key\.key|.*\.(crt|cer|csr|pub|txt|conf|cnf)")
"""Public keys and trust anchors of DNSSEC end in .key too."""
_NO_KEY_PLACE = re.compile(
    r"/(node_modules|site-packages|dist-packages|vendor|gems|tests?|testdata|fixtures|examples?)/"
    r"|^/etc/(apt|pki/rpm-gpg)/"
)
"""What packages of programmers bring along for their tests, and keys that check packages."""
_SHARED_GROUPS = frozenset({"users", "staff", "games", "nogroup", "nobody", "adm"})
_FIRST_PERSON = 1000
"""Numbers of accounts and groups of people begin here (500 before RHEL 7)."""


def is_key(path: str) -> bool:
    """Return whether a file is a private key, going by its name and place."""
    name = path.rpartition("/")[2]
    if _PUBLIC.fullmatch(name) or _NO_KEY_PLACE.search(path):
        return False
    return bool(_KEY.fullmatch(name) or _KEY_PLACE.fullmatch(path))


def _is_open(key: Found, directories: Iterable[Found]) -> bool:
    """Return whether anybody but root, its owner and a group of a service may read or change it."""
    if key.is_unowned or (key.path.startswith("/etc/") and key.uid >= _FIRST_PERSON):
        return True
    closed = [one for one in directories if key.path.startswith(f"{one.path}/")]
    if key.mode & 0o007:
        # Others stop at a closed directory; whoever is in its group may pass, and is then one of them.
        return all(one.mode & 0o010 and _is_shared(one) for one in closed)
    if not key.mode & 0o070 or not all(one.mode & 0o010 for one in closed):
        return False
    return bool(key.mode & 0o020) or _is_shared(key)


def _is_shared(one: Found) -> bool:
    """Return whether its group is made of people rather than of a service."""
    if one.group in _SHARED_GROUPS:
        return True
    return one.gid >= _FIRST_PERSON and one.group != one.owner


def _open(report: Report) -> JSON:
    told = walk(report)
    directories = [one for one in told.found if one.kind == "d" and not one.mode & 0o001 and one.path != "/"]
    keys = [one for one in told.found if one.kind == "f" and is_key(one.path)]
    return [*told.offenders([one.shown for one in keys if _is_open(one, directories)])]


def _count(report: Report) -> JSON:
    return sum(one.kind == "f" and is_key(one.path) for one in walk(report).whole())


READERS: dict[str, Reader] = {"host.file_keys_open": _open, "host.file_keys": _count}
