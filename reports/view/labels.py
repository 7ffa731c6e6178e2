"""The words for everything that has a fixed list of values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from auditor.model.check import Confidence, Severity
from auditor.model.evidence import FailureKind
from auditor.model.finding import FindingStatus
from auditor.model.framework import MachineCoverage
from auditor.model.inventory import Category, Layer, Responsible
from auditor.model.movement import Cause
from auditor.model.plan import SkipReason
from auditor.model.retest import RetestResult
from auditor.model.scorecard import ControlStatus
from auditor.model.verdict import Status
from reports.view.details import reason_words
from reports.visible import shown
from reports.words import LANGUAGES, N_, Words, translations


@dataclass(frozen=True, slots=True)
class Badge:
    """A value with its word; `kind` chooses shape and colour, and is never shown."""

    kind: str
    label: str


SEVERITIES = {
    Severity.CRITICAL: N_("Critical"),
    Severity.HIGH: N_("High"),
    Severity.MEDIUM: N_("Medium"),
    Severity.LOW: N_("Low"),
    Severity.INFO: N_("Information"),
}
CONTROL_STATUSES = {
    ControlStatus.CONFORMS: N_("Conforms"),
    ControlStatus.PARTIAL: N_("Partly conforms"),
    ControlStatus.DOES_NOT_CONFORM: N_("Does not conform"),
    ControlStatus.NOT_APPLICABLE: N_("Not applicable"),
    ControlStatus.NOT_ASSESSED: N_("Not yet assessed"),
    ControlStatus.NOT_EXAMINED: N_("Could not be examined"),
    ControlStatus.WAIVED: N_("Excepted"),
}
FINDING_STATUSES = {
    FindingStatus.NEW: N_("New"),
    FindingStatus.OPEN: N_("Open"),
    FindingStatus.ACKNOWLEDGED: N_("Being dealt with"),
    FindingStatus.REOPENED: N_("Reopened"),
    FindingStatus.FLAPPING: N_("Comes and goes"),
    FindingStatus.WAIVED: N_("Accepted risk"),
    FindingStatus.FIXED: N_("Closed, verified by measurement"),
    FindingStatus.NOT_MEASURED: N_("Open, not measured again"),
    FindingStatus.OUT_OF_SCOPE: N_("Closed without being fixed: not audited any more"),
}
RETESTS = {
    RetestResult.FAILING: ("does-not-conform", N_("Still fails")),
    RetestResult.NOT_MEASURABLE: ("not-examined", N_("Could not be measured again")),
    RetestResult.FIXED: ("fixed", N_("Fixed, proven by measurement")),
}
"""Result → kind and word, in the order in which they are told."""
VERDICTS = {
    Status.PASS: N_("passed"),
    Status.FAIL: N_("failed"),
    Status.NOT_APPLICABLE: N_("not relevant"),
    Status.UNKNOWN: N_("could not be judged"),
    Status.ERROR: N_("failed to be examined"),
}
CONFIDENCES = {
    Confidence.MEASURED: N_("measured directly"),
    Confidence.INFERRED: N_("inferred from what the server says"),
}
MACHINE_COVERAGES = {
    MachineCoverage.TECHNICAL: N_("scan settles it"),
    MachineCoverage.PARTIAL: N_("scan settles a part"),
    MachineCoverage.SUPPORTING: N_("scan only supports"),
    MachineCoverage.ATTESTATION: N_("needs attestation"),
}
CATEGORIES = {
    Category.RENDAH: N_("low category"),
    Category.TINGGI: N_("high category"),
    Category.STRATEGIS: N_("strategic category"),
}
LAYER_CAUSES = {
    Layer.ROOM: N_("What the server room provides"),
    Layer.HYPERVISOR: N_("Settings of the virtualisation"),
    Layer.NETWORK: N_("What the network or its firewall lets through"),
    Layer.HOST: N_("Settings or packages of the operating system"),
    Layer.APPLICATION: N_("Settings of the service or code of the application"),
    Layer.ACCOUNTS: N_("Accounts and their rights"),
    Layer.CERTIFICATE: N_("The certificate that is installed"),
}
"""Where the cause of a failing check lies, as far as measuring can tell."""
SIDES = {
    Responsible.OPD: N_("OPD"),
    Responsible.CENTRE: N_("IT centre"),
}
CAUSES = {
    Cause.POSTURE: (
        N_("Better or worse"),
        N_("What was judged in both audits passes that failed, or fails that passed."),
    ),
    Cause.SCOPE: (
        N_("Other servers"),
        N_(
            "Servers came, went or were taken out of service (retired), or what is registered of them or "
            "chosen for them changed: category, owner, who answers, names, services, zone."
        ),
    ),
    Cause.COVERAGE: (
        N_("More or less seen"),
        N_("Something could be judged that could not before, or the other way round."),
    ),
    Cause.EXCEPTIONS: (
        N_("Exceptions"),
        N_("Accepted risks began or ended; this never moves the score without exceptions."),
    ),
    Cause.RULE_PACK: (
        N_("Other rules"),
        N_("Checks, their parameters or weights changed; that is no progress and no setback."),
    ),
}
"""Cause → its name and what it means."""
FAILURES = {
    FailureKind.TIMEOUT: N_("no answer in time"),
    FailureKind.REFUSED: N_("connection refused"),
    FailureKind.UNREACHABLE: N_("cannot be reached"),
    FailureKind.RESET: N_("connection broken off"),
    FailureKind.PROTOCOL: N_("unexpected answer"),
    FailureKind.TOOL_MISSING: N_("a tool is not installed"),
    FailureKind.TOOL_FAILED: N_("the tool failed"),
    FailureKind.STOPPED: N_("stopped before it was measured"),
    FailureKind.NO_CREDENTIAL: N_("no key to log in with"),
    FailureKind.HOST_KEY_CHANGED: N_(
        "the server shows another host key than the pinned one; nothing was offered to it"
    ),
    FailureKind.LOGIN_REFUSED: N_("the login was refused"),
    FailureKind.NO_EVIDENCE: N_("the report proves nothing"),
    FailureKind.BLACKOUT: N_("must not be measured at that time"),
    FailureKind.INTERNAL: N_("a fault of the auditor"),
}
SKIPS = {
    SkipReason.NO_AUTHORIZATION: N_("no letter of assignment covers this address"),
    SkipReason.NOT_YET_VALID: N_("the letter of assignment is not valid yet"),
    SkipReason.EXPIRED: N_("the letter of assignment has expired"),
    SkipReason.EXCLUDED: N_("the letter of assignment excludes this address"),
    SkipReason.METHOD: N_("the letter of assignment does not allow this method"),
    SkipReason.UNRESOLVED: N_("the name does not resolve"),
    SkipReason.FORBIDDEN: N_("an address that is never measured"),
    SkipReason.TOO_LARGE: N_("a network too large to search"),
    SkipReason.NOT_SELECTED: N_("not selected for this audit"),
}
METHODS = {
    "": N_("everything"),
    "ports": N_("open ports"),
    "services": N_("services"),
    "udp": N_("questions over UDP"),
    "tls": N_("TLS settings"),
    "certificates": N_("certificates"),
    "ssh": N_("SSH settings"),
    "http": N_("web settings"),
    "dns": N_("DNS records"),
    "hosts": N_("search for unregistered servers"),
    "host": N_("inside of the server"),
}
SOFTWARE = {
    "any": N_("any software"),
    "system": N_("operating system"),
}
PRODUCTS = {
    "nginx": "nginx",
    "apache": "Apache",
    "openssh": "OpenSSH",
    "postfix": "Postfix",
    "dovecot": "Dovecot",
    "vsftpd": "vsftpd",
    "redis": "Redis",
    "postgresql": "PostgreSQL",
    "mariadb": "MariaDB/MySQL",
    "bind": "BIND",
    "memcached": "memcached",
    "mongodb": "MongoDB",
    "samba": "Samba",
    "openldap": "OpenLDAP",
    "rsync": "rsync",
    "php": "PHP",
    "docker": "Docker, Podman",
    "debian": "Debian, Ubuntu",
    "rhel": "RHEL, CentOS, Rocky, Alma",
}
# By type first: members of different enumerations are equal when their texts are.
_BADGES: Mapping[type[StrEnum], Mapping[StrEnum, str]] = {
    Severity: dict(SEVERITIES.items()),
    ControlStatus: dict(CONTROL_STATUSES.items()),
    FindingStatus: dict(FINDING_STATUSES.items()),
}


def badge(words: Words, value: StrEnum) -> Badge:
    """Return the word and kind of a severity, control status or finding status."""
    return Badge(value.value.replace("_", "-"), words.say(_BADGES[type(value)][value]))


def not_met(words: Words, title: str) -> str:
    """Name a finding: the title of its check alone tells what would be right."""
    return words.say("Not met: %(check)s", check=title)


def excepted(words: Words, title: str) -> str:
    """Say what need not hold: the title of a check alone tells what would be right; empty is every check."""
    return words.say("Need not hold: %(check)s", check=title or words.say("every check"))


def method_label(words: Words, what: str) -> str:
    """Name what was not measured: a scanner (`tls`), with its port if it has one (`tls 443`)."""
    scanner, _, port = what.partition(" ")
    if scanner not in METHODS:
        return shown(what)
    label = words.say(METHODS[scanner])
    return words.say("%(method)s, port %(port)s", method=label, port=shown(port)) if port else label


def software_label(words: Words, software: str) -> str:
    """Name the software that a remedy is for."""
    return words.say(SOFTWARE[software]) if software in SOFTWARE else PRODUCTS.get(software, shown(software))


def reason_label(words: Words, reason: str) -> str:
    """Word a stored reason, whatever language it was stored in; one that is not known stays as it is."""
    for label, texts in _REASONS:
        for text in texts:
            detail = reason.removeprefix(text)
            if detail != reason and (not detail or detail.startswith((":", " ("))):
                return shown(reason_words(words, words.say(label), detail))
    return shown(reason)


def is_left_out(reason: str) -> bool:
    """Return whether a stored reason says that something was never asked: not allowed, or no way in."""
    return any(reason.startswith(text) for label, texts in _REASONS if label in _LEFT_OUT for text in texts)


def _stored_as(kind: str, label: str) -> tuple[str, tuple[str, ...]]:
    return label, (kind, *(translations(language).gettext(label) for language in LANGUAGES))


_INSIDE = (
    (
        "no way in",
        N_("no access to the inside of this server is set up; 'auditor host-access' prints what it takes"),
    ),
)
_REASONS = tuple(
    _stored_as(kind, label)
    for kind, label in [*FAILURES.items(), *SKIPS.items(), ("not measured", N_("not measured")), *_INSIDE]
)
_LEFT_OUT = frozenset({SKIPS[SkipReason.METHOD], _INSIDE[0][1]})
