"""Read whether Redis, MongoDB and memcached ask for a password. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.databases.installed import where_installed
from scanners.host.report import Reason, Report, Unread

_LOOPBACK = re.compile(r"(127\.[\d.]+|::1|\[::1\]|localhost)(:\d+)?")


def _redis_open(report: Report) -> JSON:
    files = report.files("databases-stores")
    own = {path: text for path, text in files.items() if re.search(r"/(redis|valkey)[^/]*\.conf$", path)}
    own = {path: text for path, text in own.items() if "sentinel" not in posixpath.basename(path)}
    if not own:
        raise Unread(Reason.NOT_UNDERSTOOD, "no redis.conf in the usual places")
    # A file that another one includes is no server of its own.
    included = {path for text in own.values() for path in _values(text, "include")}
    return [path for path in own if path not in included and _is_redis_open(own[path], files)]


def _is_redis_open(text: str, files: Mapping[str, str]) -> bool:
    for path in _values(text, "include"):
        if path not in files:
            raise Unread(Reason.NOT_UNDERSTOOD, f"includes {path}")
        text += "\n" + files[path]
    lists = _values(text, "aclfile")
    if lists and lists[-1] not in files:
        raise Unread(Reason.NOT_UNDERSTOOD, f"accounts in {lists[-1]}")
    # With a list of accounts requirepass counts for nothing (Redis documentation, ACL).
    accounts = _values(files[lists[-1]] if lists else text, "user")
    default = [account for account in accounts if account.split()[0] == "default"]
    if default:
        return _lets_in(default[-1].split()[1:])
    return bool(lists) or _values(text, "requirepass")[-1:] != ["set"]


def _lets_in(words: list[str]) -> bool:
    on, free = False, False
    for word in words:
        match word:
            case "on":
                on = True
            case "off" | "reset":
                on, free = False, False
            case "nopass":
                free = True
            case "resetpass" | "password":
                free = False
    return on and free


def _values(text: str, key: str) -> list[str]:
    return re.findall(rf"^{re.escape(key)} +[\"']?(.*?)[\"']?$", text, re.MULTILINE)


def _mongodb_open(report: Report) -> JSON:
    files = {path: text for path, text in report.files("databases-stores").items() if "/mongod" in path}
    started = [line for line in report.optional_lines("databases-processes") if "mongod" in line.split()[0]]
    if not files and not started:
        raise Unread(Reason.NOT_UNDERSTOOD, "no mongod.conf in the usual places")
    asked = any(re.search(r" --(auth|keyFile)\b", line) for line in started)
    return [] if asked else [path for path, text in files.items() if not _asks_mongodb(text)]


def _asks_mongodb(text: str) -> bool:
    if re.search(r"^transitiontoauth: *true", text, re.MULTILINE | re.IGNORECASE):
        return False
    return bool(
        re.search(r"^authorization: *[\"']?enabled", text, re.MULTILINE | re.IGNORECASE)
        or re.search(r"^(auth=true|keyfile: set)", text, re.MULTILINE)
    )


def _memcached_open(report: Report) -> JSON:
    started = [
        line for line in report.optional_lines("databases-processes") if "memcached" in line.split()[0]
    ]
    files = {
        p: t for p, t in report.files("databases-stores").items() if "memcached" in posixpath.basename(p)
    }
    if started:
        return ["memcached"] if any(_is_memcached_open(line) for line in started) else []
    if not files:
        raise Unread(Reason.NOT_UNDERSTOOD, "neither settings nor a running memcached")
    return [path for path, text in files.items() if _is_memcached_open(text.replace("\n", " "))]


def _is_memcached_open(words: str) -> bool:
    if re.search(r"(?:^|[\s\"'])(-S\b|-Y|--enable-sasl|--auth-file|-s\s*/|--unix-socket)", words):
        return False
    heard = re.findall(r"(?:^|[\s\"'])(?:-l|--listen)[\s=]*([^\s\"']+)", words)
    addresses = [one for text in heard for one in text.split(",")]
    return not addresses or any(not _LOOPBACK.fullmatch(one) for one in addresses)


READERS: dict[str, Reader] = {
    "host.redis_open": where_installed("redis", _redis_open, []),
    "host.mongodb_open": where_installed("mongodb", _mongodb_open, []),
    "host.memcached_open": where_installed("memcached", _memcached_open, []),
}
