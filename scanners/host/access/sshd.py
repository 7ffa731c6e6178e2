"""Read sshd's settings as they are in force, and the Match blocks that make exceptions of them. Pure."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.report import Reason, Report, Unread

Settings = Mapping[str, tuple[str, ...]]
"""Keyword in small letters → its values, one for each line that names it."""

_MAIN = "/etc/ssh/sshd_config"
_FOLDER = "/etc/ssh"
_SEEN = f"{_MAIN}.d/"
"""Below it every file was printed."""
_ALGORITHMS = "/etc/crypto-policies/back-ends/opensshserver.config"
"""An Include that holds algorithms alone."""
_RENAMED = {
    "challengeresponseauthentication": "kbdinteractiveauthentication",
    "skeyauthentication": "kbdinteractiveauthentication",
    "pubkeyacceptedkeytypes": "pubkeyacceptedalgorithms",
}
_SECOND_FACTORS = re.compile(
    r"pam_(google_authenticator|oath|duo|u2f|yubico|privacyidea|radius|otpw|totp|rsa_securid|securid|sss_gss)\b"
)


@dataclass(frozen=True, slots=True)
class Match:
    """One Match block: for whom, and what it sets."""

    criteria: str
    settings: dict[str, tuple[str, ...]] = field(default_factory=dict)


def effective(report: Report) -> Settings:
    """Return the settings that sshd -T names (sshd(8)), with those of its command line; raise Unread."""
    section = report.section("sshd-effective")
    text = report.text("sshd-effective")
    if section.exit_code != 0 or "permitrootlogin" not in text:
        raise Unread(Reason.NOT_UNDERSTOOD, f"sshd -T ended with status {section.exit_code}")
    found: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        keyword, _, value = line.strip().partition(" ")
        if keyword:
            found[keyword.lower()] = (*found.get(keyword.lower(), ()), value.strip())
    return {**found, **_of_command_line(report)}


def _of_command_line(report: Report) -> dict[str, tuple[str, ...]]:
    """Return what the running sshd was started with: it goes before every file."""
    found: dict[str, tuple[str, ...]] = {}
    for line in report.optional_lines("sshd-running"):
        match = re.match(r"(?:sshd: )?\S*/sshd\b(.*)", line)
        if match is None:
            continue
        for option, value in _options(re.sub(r"\[listener\].*", "", match[1]).split()):
            if option == "-f" and value != _MAIN:
                raise Unread(Reason.NOT_UNDERSTOOD, f"an sshd runs with settings of its own: {value}")
            if option == "-p":
                found["port"] = (*found.get("port", ()), value)
            if option == "-o":
                keyword, _, told = value.replace("=", " ", 1).partition(" ")
                found.setdefault(keyword.lower(), (told.strip(),))
    return found


def _options(words: list[str]) -> Iterator[tuple[str, str]]:
    """Give the options that take a value; it stands in the same word or in the next."""
    rest = iter(words)
    for word in rest:
        if word[:2] in ("-o", "-f", "-p"):
            yield word[:2], word[2:] or next(rest, "")


def one(report: Report, keyword: str) -> str:
    """Return the value of a setting that stands once; raise LookupError where this release has none."""
    return effective(report)[keyword][0]


def matches(report: Report) -> list[Match]:
    """Return the Match blocks of every file that sshd reads; raise Unread where one may be missing."""
    files: dict[str, list[str]] = {}
    for line in report.lines("sshd-files"):
        name, _, setting = line.partition(":")
        files.setdefault(name, []).append(setting)
    if not files:
        raise Unread(Reason.NOT_UNDERSTOOD, "no file of settings")
    found: list[Match] = []
    patterns: list[str] = []
    waiting, read = [_MAIN], set[str]()
    while waiting:
        path = waiting.pop(0)
        read.add(path)
        blocks, included = _blocks(files.get(path, []))
        found.extend(blocks)
        patterns.extend(included)
        waiting = [one for one in files if one not in read and any(_is_read(one, glob) for glob in patterns)]
    return found


def _blocks(lines: list[str]) -> tuple[list[Match], list[str]]:
    """Return the Match blocks of one file and the files that it includes, as patterns; raise Unread."""
    found: list[Match] = []
    included: list[str] = []
    for line in lines:
        keyword, values = _setting(line)
        if keyword == "match":
            found.append(Match(" ".join(values)))
        elif keyword == "include":
            paths = [one if one.startswith("/") else f"{_FOLDER}/{one}" for one in values]
            if found or not all(one.startswith(_SEEN) or one == _ALGORITHMS for one in paths):
                raise Unread(Reason.NOT_UNDERSTOOD, f"settings of another file: {' '.join(values)}")
            included.extend(paths)
        elif found and keyword:
            # The first value that sshd reads is the one that holds.
            found[-1].settings.setdefault(keyword, (" ".join(values),))
    return found, included


def _is_read(path: str, pattern: str) -> bool:
    """Return whether a pattern of Include names a file (glob(7)): no sign stands for / or a first dot."""
    names, globs = path.split("/"), re.sub("/+", "/", pattern).split("/")
    return len(names) == len(globs) and all(
        fnmatchcase(name, glob) and (not name.startswith(".") or glob.startswith("."))
        for name, glob in zip(names, globs, strict=True)
    )


def _setting(line: str) -> tuple[str, list[str]]:
    """Return keyword and values of one line (sshd_config(5)): `Keyword value` or `Keyword=value`."""
    keyword, _, rest = re.sub(r"^\s*(\w+)\s*=?\s*", r"\1 ", line, count=1).partition(" ")
    if not keyword or keyword.startswith("#"):
        return "", []
    try:
        values = shlex.split(rest, comments=True)
    except ValueError:
        values = rest.split()
    name = keyword.lower()
    return _RENAMED.get(name, name), values


def _password_alone(settings: Settings, second_factor: bool) -> bool:
    """Return whether something that is only known opens an account, without a key or a second factor."""
    pam = _yes(settings, "usepam")
    if second_factor and pam:
        return False
    asked = _yes(settings, "kbdinteractiveauthentication", "challengeresponseauthentication") and pam
    offered = {
        *(("password",) if settings["passwordauthentication"][0].lower() == "yes" else ()),
        *(("keyboard-interactive",) if asked else ()),
    }
    lists = " ".join(settings.get("authenticationmethods", ("any",))).split()
    if not lists or "any" in lists:
        return bool(offered)
    return any({step.partition(":")[0] for step in one.split(",")} <= offered for one in lists)


def _yes(settings: Settings, *names: str) -> bool:
    return any(settings.get(name, ("no",))[0].lower() == "yes" for name in names)


def _second_factor(report: Report) -> bool:
    """Return whether PAM asks everybody for a second factor before it lets sshd open a session."""
    for line in report.optional_lines("sshd-pam"):
        if re.match(r"-?auth\s", line) is None:
            continue
        if re.match(r"-?auth\s+(required|requisite)\s", line) and _SECOND_FACTORS.search(line):
            return "nullok" not in line
        # A line that may end the stack, or jump over what follows, lets the second factor be passed by.
        if re.search(r"auth\s+(sufficient|include)\s|success=(\d|done|ok)", line):
            return False
    return False


def _alone(report: Report) -> JSON:
    return _password_alone(effective(report), _second_factor(report))


def _alone_for(report: Report) -> JSON:
    settings, second = effective(report), _second_factor(report)
    return [
        block.criteria for block in matches(report) if _password_alone({**settings, **block.settings}, second)
    ]


def _permit_root(report: Report) -> JSON:
    value = one(report, "permitrootlogin").lower()
    return "prohibit-password" if value == "without-password" else value


def _records(report: Report) -> JSON:
    return [
        {"criteria": block.criteria, "setting": name, "value": value.lower()}
        for block in matches(report)
        for name, (value, *_) in block.settings.items()
    ]


def _allowed(report: Report) -> JSON:
    settings = effective(report)
    return [
        f"{kind}:{name}"
        for kind, keyword in (("user", "allowusers"), ("group", "allowgroups"))
        for line in settings.get(keyword, ())
        for name in line.split()
    ]


_FORWARDING = {
    "tcp": "allowtcpforwarding",
    "unix": "allowstreamlocalforwarding",
    "agent": "allowagentforwarding",
    "x11": "x11forwarding",
    "tunnel": "permittunnel",
    "gateway": "gatewayports",
}


def _forwarding(report: Report) -> JSON:
    settings = effective(report)
    if _yes(settings, "disableforwarding"):
        return []
    return [
        kind
        for kind, keyword in _FORWARDING.items()
        if settings.get(keyword, ("no",))[0].lower() not in ("no", "none")
    ]


def _startups(report: Report) -> JSON:
    """Return after how many connections without login all others are refused (start:rate:full)."""
    return int(one(report, "maxstartups").split(":")[-1])


def _unresponsive(report: Report) -> JSON:
    """Return after how many seconds a silent connection is cut; 0 is never, as a count of 0 is since 8.2."""
    return int(one(report, "clientaliveinterval")) * int(one(report, "clientalivecountmax"))


_METHODS = {
    "publickey": ("pubkeyauthentication",),
    "password": ("passwordauthentication",),
    "keyboard-interactive": ("kbdinteractiveauthentication", "challengeresponseauthentication"),
    "hostbased": ("hostbasedauthentication",),
    "gssapi-with-mic": ("gssapiauthentication",),
    "gssapi-keyex": ("gssapikeyexchange", "gssapiauthentication"),
}


def _authentication(report: Report) -> JSON:
    settings = effective(report)
    return [method for method, keywords in _METHODS.items() if _yes(settings, *keywords)]


def _ports(report: Report) -> JSON:
    settings = effective(report)
    addresses = [
        int(match[1])
        for value in settings.get("listenaddress", ())
        if (match := re.search(r"(?:\]|^[^\[\]:]*):(\d+)$", value))
    ]
    return [*sorted({*addresses} or {int(value) for value in settings["port"]})]


def _algorithms(keyword: str) -> Reader:
    """Read algorithms; where no running sshd is seen, its command line may name others (RHEL 8 does so)."""

    def read(report: Report) -> JSON:
        if not report.optional_lines("sshd-running"):
            raise Unread(Reason.NOT_UNDERSTOOD, "no running sshd was seen")
        value = one(report, keyword)
        if not re.fullmatch(r"[\w@.,+/-]+", value) or value[0] in "+-^":
            raise Unread(Reason.NOT_UNDERSTOOD, f"{keyword} {value[:60]}")
        return [*value.split(",")]

    return read


def _whole(keyword: str) -> Reader:
    return lambda report: int(one(report, keyword))


def _is(keyword: str, wanted: str = "yes") -> Reader:
    return lambda report: one(report, keyword).lower() == wanted


READERS: dict[str, Reader] = {
    "host.sshd_permit_root_login": _permit_root,
    "host.sshd_password_alone": _alone,
    "host.sshd_password_alone_for": _alone_for,
    "host.sshd_authentication": _authentication,
    "host.sshd_permit_empty_passwords": _is("permitemptypasswords"),
    "host.sshd_max_auth_tries": _whole("maxauthtries"),
    "host.sshd_login_grace_seconds": _whole("logingracetime"),
    "host.sshd_max_startups": _startups,
    "host.sshd_allowed": _allowed,
    "host.sshd_unresponsive_seconds": _unresponsive,
    "host.sshd_host_based": _is("hostbasedauthentication"),
    # OpenSSH 8.2 and later also know shosts-only.
    "host.sshd_ignores_rhosts": _is("ignorerhosts"),
    "host.sshd_forwarding": _forwarding,
    "host.sshd_user_environment": lambda report: one(report, "permituserenvironment").lower() != "no",
    "host.sshd_log_level": lambda report: one(report, "loglevel").upper(),
    "host.sshd_ports": _ports,
    "host.sshd_match": _records,
    "host.sshd_ciphers": _algorithms("ciphers"),
    "host.sshd_macs": _algorithms("macs"),
    "host.sshd_kex": _algorithms("kexalgorithms"),
    "host.sshd_host_key_algorithms": _algorithms("hostkeyalgorithms"),
}
