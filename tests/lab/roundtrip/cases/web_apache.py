"""Sites on Apache."""

from __future__ import annotations

from tests.lab.roundtrip.model import Case
from tests.lab.roundtrip.moved import MOVED
from tests.lab.roundtrip.placers.apache import apache
from tests.lab.roundtrip.placers.new_certificates import for_apache

_SERVER, _NAME = MOVED["dpmptsp-web-01"], "dpmptsp.lab.test"
_ENCRYPTED = (
    "http-csp-strict",
    "http-framing-refused",
    "http-sniffing-refused",
    "http-referrer-limited",
    "http-permissions-limited",
    "http-hsts-long",
    "http-security-txt",
    "http-version-hidden",
    "http-errors-generic",
    "http-trace-refused",
    "http-methods-limited",
    "http-diagnostics-absent",
)

CASES: tuple[Case, ...] = (
    *(Case(check, _SERVER, {"apache": apache(443)}, port=443) for check in _ENCRYPTED),
    Case("http-redirects-to-https", _SERVER, {"apache": apache(80, replace=True)}, port=80),
    Case("http-default-page-absent", _SERVER, {"apache": apache(80, replace=True)}, port=80),
    Case(
        "certificate-not-self-signed",
        _SERVER,
        {"apache": for_apache(443, _NAME)},
        ("any", "apache"),
        443,
        _NAME,
    ),
)
