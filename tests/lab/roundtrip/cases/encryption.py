"""TLS of every software that has a setting for it."""

from __future__ import annotations

from collections.abc import Mapping

from tests.lab.roundtrip.broken import ODD_SITE, OLD_SITE, WEAK_TLS
from tests.lab.roundtrip.model import Case, Edit
from tests.lab.roundtrip.placers import databases, mail
from tests.lab.roundtrip.placers.apache import apache
from tests.lab.roundtrip.placers.directory import slapd
from tests.lab.roundtrip.placers.lines import keyed
from tests.lab.roundtrip.placers.nginx import nginx
from tests.lab.roundtrip.placers.openssl import openssl_defaults

_PLACERS: Mapping[str, tuple[int, Edit]] = {
    "apache": (443, apache(443)),
    "postfix": (465, mail.main_cf),
    "dovecot": (993, keyed("dovecot.conf", "dovecot", r"\s*=\s*")),
    "vsftpd": (21, keyed("vsftpd.conf", "vsftpd", "=")),
    "postgresql": (5432, databases.postgresql),
    "mariadb": (3306, keyed("my.cnf", "mariadb", r"\s*=\s*")),
    "openldap": (389, slapd),
}
_CHECKS = ("tls-1-0-refused", "tls-1-1-refused", "tls-forward-secrecy-only", "tls-aead-only")
_NOT_SHOWN = (
    ("tls-1-1-refused", "vsftpd"),  # vsftpd 3.0.3 has no setting for it: the text points to openssl.cnf
    ("tls-1-0-refused", "mariadb"),  # OpenSSL 3 lets MariaDB offer neither, whatever it is told
    ("tls-1-1-refused", "mariadb"),
)
_OLD_CIPHERS = ("tls-rc4-refused", "tls-64-bit-block-ciphers-refused")


def _case(check: str, software: str) -> Case:
    port, edit = _PLACERS[software]
    return Case(check, WEAK_TLS[software], {software: edit}, port=port)


CASES: tuple[Case, ...] = (
    *(
        _case(check, software)
        for check in _CHECKS
        for software in _PLACERS
        if (check, software) not in _NOT_SHOWN
    ),
    *(_case(check, "openldap") for check in _OLD_CIPHERS),
    *(
        Case(check, WEAK_TLS["vsftpd"], {"vsftpd": openssl_defaults}, ("system",), port=21)
        for check in ("tls-1-0-refused", "tls-1-1-refused")
    ),
    *(
        Case(check, ODD_SITE, {"nginx": nginx(9443)}, port=9443)
        for check in ("tls-1-3-offered", "tls-unauthenticated-ciphers-refused", "tls-curve-strong")
    ),
    Case("tls-1-2-offered", OLD_SITE, {"nginx": nginx(443)}, port=443),
)
