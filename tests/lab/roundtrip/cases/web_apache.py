"""Sites on Apache."""

from __future__ import annotations

from tests.lab.roundtrip.model import Case
from tests.lab.roundtrip.moved import MOVED, copied
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

_FIRST_COPY = 201


def _case(number: int, check: str) -> Case:
    server = copied(_SERVER, _FIRST_COPY + number)
    return Case(check, server, {"apache": apache(443)}, port=443)


CASES: tuple[Case, ...] = (
    *(_case(number, check) for number, check in enumerate(_ENCRYPTED)),
    Case("http-redirects-to-https", copied(_SERVER, 213), {"apache": apache(80, replace=True)}, port=80),
    Case("http-default-page-absent", copied(_SERVER, 214), {"apache": apache(80, replace=True)}, port=80),
    Case(
        "certificate-not-self-signed",
        _SERVER,
        {"apache": for_apache(443, _NAME)},
        ("any", "apache"),
        443,
        _NAME,
    ),
)
