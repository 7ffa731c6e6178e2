"""Mail and name servers."""

from __future__ import annotations

from tests.lab.roundtrip.model import Case
from tests.lab.roundtrip.moved import MOVED, copied, copied_name
from tests.lab.roundtrip.placers import bind
from tests.lab.roundtrip.placers.lines import keyed
from tests.lab.roundtrip.placers.mail import main_cf, master_cf
from tests.lab.roundtrip.placers.new_certificates import for_dovecot, for_postfix

_PERMITS, _STAFF = MOVED["dpmptsp-mail-01"], MOVED["bkpsdm-mail-01"]
_NAME = "mail.dpmptsp.lab.test"
_NAMES = (MOVED["diskominfo-dns-01"], MOVED["diskominfo-dns-02"])
_DOVECOT = keyed("dovecot.conf", "dovecot", r"\s*=\s*")

CASES: tuple[Case, ...] = (
    Case("smtp-starttls-offered", _PERMITS, {"postfix": main_cf}, port=25),
    Case("smtp-login-encrypted", _PERMITS, {"postfix": main_cf}),
    Case("smtp-version-hidden", _PERMITS, {"postfix": main_cf}),
    Case(
        "mail-implicit-tls-offered", _PERMITS, {"postfix": master_cf}, port=587, opens=((465, "smtps"),)
    ),
    Case("imap-login-encrypted", _PERMITS, {"dovecot": _DOVECOT}, port=143),
    Case("pop3-login-encrypted", copied(_PERMITS, 216), {"dovecot": _DOVECOT}, port=110),
    Case("certificate-trusted", _PERMITS, {"postfix": for_postfix(_NAME)}, ("any", "postfix"), 587, _NAME),
    Case(
        "certificate-trusted", copied(_PERMITS, 217), {"dovecot": for_dovecot(copied_name(_NAME, 217))},
        ("any", "dovecot"), 993, copied_name(_NAME, 217),
    ),
    Case("smtp-relay-refused", _STAFF, {"postfix": main_cf}),
    Case("smtp-address-probing-refused", _STAFF, {"postfix": main_cf}),
    Case("dns-recursion-refused", MOVED["diskominfo-dns-02"], {"bind": bind.options}, port=53),
    Case("dns-version-hidden", MOVED["diskominfo-dns-02"], {"bind": bind.options}, port=53),
    Case("dns-transfer-refused", MOVED["dpmptsp-dns-01"], {"bind": bind.options}, port=53,
        companions=_NAMES, asks_domains=True),
)  # fmt: skip
