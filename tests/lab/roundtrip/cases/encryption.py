"""TLS of every software that has a setting for it."""

from __future__ import annotations

from collections.abc import Mapping

from tests.lab.model import LabServer
from tests.lab.roundtrip.broken import ODD_SITE, OLD_SITE, WEAK_TLS
from tests.lab.roundtrip.model import Case, Edit
from tests.lab.roundtrip.moved import copied
from tests.lab.roundtrip.placers import databases, mail
from tests.lab.roundtrip.placers.apache import apache
from tests.lab.roundtrip.placers.directory import slapd
from tests.lab.roundtrip.placers.lines import keyed
from tests.lab.roundtrip.placers.nginx import nginx
from tests.lab.roundtrip.placers.openssl import openssl_defaults

_PLACERS: Mapping[str, tuple[int, Edit]] = {
    "apache": (443, apache(443)),
    "postfix": (587, mail.main_cf),
    "dovecot": (993, keyed("dovecot.conf", "dovecot", r"\s*=\s*")),
    "vsftpd": (21, keyed("vsftpd.conf", "vsftpd", "=")),
    "postgresql": (5432, databases.postgresql),
    "openldap": (389, slapd),
}
_CHECKS = ("tls-1-0-refused", "tls-1-1-refused", "tls-forward-secrecy-only", "tls-aead-only")
_NOT_SHOWN = (
    ("tls-forward-secrecy-only", "dovecot"),  # the scan sees fewer of its suites than it takes
    ("tls-1-1-refused", "vsftpd"),  # vsftpd 3.0.3 has no setting for it: the text points to openssl.cnf
)
_ODD_FAILS = ("tls-1-3-offered", "tls-unauthenticated-ciphers-refused", "tls-curve-strong")
_OLD_CIPHERS = ("tls-rc4-refused", "tls-64-bit-block-ciphers-refused")


def _twin(check: str, software: str) -> LabServer:
    """Return a server of its own for a check."""
    checks = (*_CHECKS, *_OLD_CIPHERS)
    number = 160 + len(checks) * list(_PLACERS).index(software) + checks.index(check)
    return copied(WEAK_TLS[software], number)


def _case(check: str, software: str) -> Case:
    port, edit = _PLACERS[software]
    return Case(check, _twin(check, software), {software: edit}, port=port)


CASES: tuple[Case, ...] = (
    *(
        _case(check, software)
        for check in _CHECKS
        for software in _PLACERS
        if (check, software) not in _NOT_SHOWN
    ),
    *(_case(check, "openldap") for check in _OLD_CIPHERS),
    *(
        Case(check, copied(WEAK_TLS["vsftpd"], number), {"vsftpd": openssl_defaults}, ("system",), port=21)
        for number, check in ((196, "tls-1-0-refused"), (197, "tls-1-1-refused"))
    ),
    *(
        Case(check, copied(ODD_SITE, 241 + number), {"nginx": nginx(9443)}, port=9443)
        for number, check in enumerate(_ODD_FAILS)
    ),
    Case("tls-1-2-offered", OLD_SITE, {"nginx": nginx(443)}, port=443),
)
