"""Read what new passwords must be, how they are kept, and when wrong ones lock. Pure."""

from __future__ import annotations

import re

from auditor.model.facts import JSON
from scanners.host.access.sshd import effective, matches
from scanners.host.accounts.listed import (
    accounts,
    login_settings,
    password_state,
    passwords,
)
from scanners.host.accounts.pam import Rule, has_service, settings, stack
from scanners.host.report import Reason, Report, Unread
from scanners.host.system.read import os_release

_QUALITY = ("/etc/security/pwquality.conf.d/", "/etc/security/pwquality.conf")
"""The main file goes last: what it sets wins (libpwquality, pwquality_read_config)."""
_CREDITS = ("dcredit", "ucredit", "lcredit", "ocredit")
_WITHOUT_CREDITS = {"debian": 10, "ubuntu": 18, "fedora": 28}
"""First release with libpwquality 1.4, which gives no credit by itself; 8 of those that follow RHEL."""
_SHORTEST_OF_UNIX = 6
"""What pam_unix accepts where no other module looks at a password (pam_unix(8), minlen)."""
_METHODS = {
    "$1": "md5",
    "$md5": "sun-md5",
    "$2": "bcrypt",
    "$2a": "bcrypt",
    "$2b": "bcrypt",
    "$2x": "bcrypt",
    "$2y": "bcrypt",
    "$3": "nt",
    "$5": "sha256",
    "$6": "sha512",
    "$7": "scrypt",
    "$gy": "gost-yescrypt",
    "$y": "yescrypt",
    "$sha1": "sha1",
    "_": "bsdi-des",
    "des": "des",
}
"""Prefix of a hash → its method (crypt(5))."""
_OPTIONS = {
    "blowfish": "bcrypt",
    **{one: one for one in ("md5", "bigcrypt", "sha256", "sha512", "yescrypt")},
    "gost_yescrypt": "gost-yescrypt",
}
"""Options of pam_unix that choose the method."""
_TALLIES = ("pam_tally2", "pam_tally")
_DEFAULT_DENY = 3
"""Of pam_faillock, where nothing is set (faillock.conf(5))."""
_DEFAULT_REMEMBERED = 10
"""Of pam_pwhistory (pam_pwhistory(8))."""


def _of_new(report: Report) -> list[Rule]:
    """Return what PAM asks when a password is changed; raise Unread. Not every release has passwd's own."""
    services = ("passwd", "common-password", "system-auth")
    return stack(report, next((one for one in services if has_service(report, one)), "passwd"), "password")


def _asked(report: Report, *modules: str) -> Rule | None:
    """Return the rule of the first of these modules that may refuse a new password."""
    return next((rule for rule in _of_new(report) if rule.module in modules and rule.refuses), None)


def _unix(report: Report) -> list[Rule]:
    return [rule for rule in _of_new(report) if rule.module == "pam_unix"]


def _quality(report: Report) -> Rule | None:
    rule = _asked(report, "pam_pwquality", "pam_cracklib", "pam_passwdqc")
    if rule is not None and rule.module == "pam_passwdqc":
        raise Unread(Reason.NOT_UNDERSTOOD, "pam_passwdqc decides on new passwords")
    if rule is not None and _setting(report, rule, "enforcing", "1") == "0":
        return None
    return rule


def _setting(report: Report, rule: Rule, name: str, default: str) -> str:
    """Return a setting of the module that looks at new passwords; its arguments go before the files."""
    told = rule.value(name)
    if told is None and rule.module == "pam_pwquality":
        told = settings(report, *_QUALITY).get(name)
    return default if told is None else told


def shortest(report: Report) -> int:
    """Return the fewest characters of a new password, credits for kinds of characters taken off."""
    rule = _quality(report)
    if rule is None:
        told = [rule.value("minlen") for rule in _unix(report)]
        return min((int(one or _SHORTEST_OF_UNIX) for one in told), default=_SHORTEST_OF_UNIX)
    old = rule.module == "pam_cracklib" or _is_before_pwquality_1_4(report)
    credit = "1" if old else "0"
    credits_given = (int(_setting(report, rule, name, credit)) for name in _CREDITS)
    length = int(_setting(report, rule, "minlen", "9" if old else "8"))
    return max(_SHORTEST_OF_UNIX, length - sum(max(0, one) for one in credits_given))


def _is_before_pwquality_1_4(report: Report) -> bool:
    """Return whether the release has a library that gives a credit for each kind of character by itself."""
    release = os_release(report)
    version = re.match(r"\d+", release.get("VERSION_ID", ""))
    # A rolling release has no number.
    return version is not None and int(version[0]) < _WITHOUT_CREDITS.get(release["ID"], 8)


def dictionary(report: Report) -> bool:
    """Return whether words of a dictionary are refused."""
    rule = _quality(report)
    if rule is None:
        return False
    return rule.module == "pam_cracklib" or int(_setting(report, rule, "dictcheck", "1")) != 0


def methods_of_new(report: Report) -> list[str]:
    """Return how new passwords are hashed: by PAM, and by the programs that read login.defs."""
    named = login_settings(report).get("ENCRYPT_METHOD", "").lower().replace("_", "-")
    # Before 2010 login.defs had another setting for it.
    by_defs = named or ("md5" if login_settings(report).get("MD5_CRYPT_ENAB") == "yes" else "des")
    chosen = [_OPTIONS[one] for rule in _unix(report) for one in rule.arguments if one in _OPTIONS]
    return sorted({by_defs, *chosen})


def methods_in_use(report: Report) -> list[JSON]:
    """Return account and method of every password that is kept, locked ones too."""
    kept = passwords(report)
    found: list[JSON] = [
        {"account": one.account, "method": _METHODS.get(one.method, "unknown")}
        for one in kept.values()
        if one.method
    ]
    in_passwd = [one.name for one in accounts(report) if one.kept == "hash"]
    return [*found, *({"account": name, "method": "unknown"} for name in in_passwd)]


def remembered(report: Report) -> int:
    """Return how many old passwords are refused."""
    history = _asked(report, "pam_pwhistory")
    by_unix = max((int(rule.value("remember") or 0) for rule in _unix(report)), default=0)
    if history is None:
        return by_unix
    kept = settings(report, "/etc/security/pwhistory.conf").get("remember", str(_DEFAULT_REMEMBERED))
    return max(by_unix, int(history.value("remember") or kept))


def tries(report: Report) -> int | None:
    """Return how many wrong passwords lock an account, the most of SSH and console; None: never."""
    services = [one for one in ("sshd", "login") if has_service(report, one)]
    if not services:
        raise Unread(Reason.NOT_UNDERSTOOD, "no settings of PAM for sshd or login")
    found = [_tries(report, stack(report, service, "auth")) for service in services]
    if _sshd_passes_by_pam(report):
        return None
    numbers = [one for one in found if one is not None]
    return max(numbers) if len(numbers) == len(found) else None


def _sshd_passes_by_pam(report: Report) -> bool:
    """Return whether sshd itself looks at passwords, so that no module of PAM counts the wrong ones."""
    if report.optional("sshd-effective") is None:
        return False
    settings = effective(report)
    return settings.get("usepam", ("no",))[0].lower() == "no" and any(
        given.get("passwordauthentication", ("no",))[0].lower() == "yes"
        for given in (settings, *(block.settings for block in matches(report)))
    )


def _tries(report: Report, rules: list[Rule]) -> int | None:
    names = [rule.module for rule in rules]
    if "pam_unix" not in names:
        raise Unread(Reason.NOT_UNDERSTOOD, "pam_unix does not look at passwords")
    before, after = rules[: names.index("pam_unix")], rules[names.index("pam_unix") + 1 :]
    for tally in before:
        if tally.module in _TALLIES and tally.refuses:
            return int(tally.value("deny") or 0) or None
    if not any(rule.module == "pam_faillock" and "preauth" in rule.arguments for rule in before):
        return None
    for rule in after:
        if rule.module == "pam_faillock" and "authfail" in rule.arguments:
            kept = settings(report, "/etc/security/faillock.conf").get("deny", str(_DEFAULT_DENY))
            return int(rule.value("deny") or kept) or None
        if rule.module == "pam_deny" and rule.control == "requisite":
            return None
    return None


def days_of_new(report: Report) -> int:
    """Return after how many days a new password must be changed; 0: never."""
    days = int(login_settings(report).get("PASS_MAX_DAYS", "-1"))
    return days if 0 < days < 9999 else 0


def days(report: Report) -> list[JSON]:
    """Return account and maximum age in days, 0 for none, of every password that opens an account."""
    kept = passwords(report)
    return [
        {"account": one.name, "days": _limit(kept[one.name].maximum_days)}
        for one in accounts(report)
        if one.has_shell and one.name in kept and password_state(one, kept) == "set"
    ]


def _limit(days: int | None) -> int:
    return days if days is not None and 0 < days < 9999 else 0
