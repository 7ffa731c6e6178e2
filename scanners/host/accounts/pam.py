"""Follow the modules that PAM asks for a service, through its includes. Pure. Source: pam.d(5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scanners.host.report import Reason, Report, Unread

_DEEPEST = 16
_LINE = re.compile(r"-?(auth|account|password|session)\s+(\[[^\]]*\]|\S+)\s+(\S+)\s*(.*)")
_ENFORCING = ("required", "requisite")


@dataclass(frozen=True, slots=True)
class Rule:
    """One module in the order in which PAM asks it."""

    control: str
    module: str
    """File name without folder and without `.so`."""
    arguments: tuple[str, ...]
    substack: str = ""
    """Name of the stack that a decision of this rule ends; empty for that of the service itself."""

    def value(self, name: str) -> str | None:
        """Return what an argument `name=value` says; None where it is not given. The last one holds."""
        found = [one.partition("=")[2] for one in self.arguments if one.startswith(f"{name}=")]
        return found[-1] if found else None

    @property
    def refuses(self) -> bool:
        """Return whether a refusal of this module makes the whole stack refuse."""
        if self.control in _ENFORCING:
            return True
        actions = dict(one.split("=", 1) for one in self.control.strip("[]").split() if "=" in one)
        return actions.get("default") in ("bad", "die")

    @property
    def after_success(self) -> int | None:
        """Return how many rules are jumped over when this one says yes; None where its stack ends then."""
        if self.control == "sufficient":
            return None
        told = re.search(r"\bsuccess=(\w+)", self.control)
        if told is None or not (told[1].isdigit() or told[1] in ("done", "die")):
            return 0
        return int(told[1]) if told[1].isdigit() else None


def certain(rules: list[Rule]) -> list[Rule]:
    """Return the rules that are asked where every rule before them says yes: what nobody passes by."""
    found, index = [], 0
    while index < len(rules):
        rule = rules[index]
        found.append(rule)
        jump = rule.after_success
        index += 1 + (jump or 0)
        if jump is None:
            if not rule.substack:
                break
            while index < len(rules) and rules[index].substack == rule.substack:
                index += 1
    return found


def stack(report: Report, service: str, kind: str) -> list[Rule]:
    """Return the rules of a service for auth, account, password or session; raise Unread.

    A file that an include names and that is not there makes the stack unknown.
    """
    files = report.files("accounts-pam")
    if f"/etc/pam.d/{service}" not in files:
        raise Unread(Reason.NOT_UNDERSTOOD, f"no settings of PAM for {service}")
    return [*_rules(files, service, kind, "", 0)]


def has_service(report: Report, service: str) -> bool:
    """Return whether PAM has settings of its own for a service; raise Unread."""
    return f"/etc/pam.d/{service}" in report.files("accounts-pam")


def _rules(files: Mapping[str, str], name: str, kind: str, within: str, depth: int) -> Iterator[Rule]:
    path = name if name.startswith("/") else f"/etc/pam.d/{name}"
    if path not in files or depth > _DEEPEST:
        raise Unread(Reason.NOT_UNDERSTOOD, f"{path} is included and was not read")
    for line in _lines(files[path]):
        if line.startswith("@include"):
            yield from _rules(files, line.split()[1], kind, within, depth + 1)
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"{path}: {line[:60]}")
        if match[1] != kind:
            continue
        if match[2] in ("include", "substack"):
            inner = match[3] if match[2] == "substack" else within
            yield from _rules(files, match[3], kind, inner, depth + 1)
        else:
            module = match[3].rpartition("/")[2].removesuffix(".so")
            yield Rule(match[2], module, tuple(match[4].split()), within)


def _lines(text: str) -> list[str]:
    joined = re.sub(r"\\\n", " ", text)
    return [line for raw in joined.splitlines() if (line := raw.partition("#")[0].strip())]


def settings(report: Report, *paths: str) -> dict[str, str]:
    """Return `name = value` of files below /etc/security, in this order; a word alone has the value "".

    Raise Unread. A path that ends with / stands for every file in it, sorted.
    """
    files = report.files("accounts-security")
    found: dict[str, str] = {}
    for path in paths:
        # `files` has the order of the shell's glob, which is sorted.
        for name in [one for one in files if one == path or (path.endswith("/") and one.startswith(path))]:
            for line in _lines(files[name]):
                keyword, _, value = line.partition("=")
                found[keyword.strip()] = value.strip()
    return found
