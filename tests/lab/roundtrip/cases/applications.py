"""Applications: PHP, cookies, and what stands in pages."""

from __future__ import annotations

from tests.lab.roundtrip.application import NAME, SERVER
from tests.lab.roundtrip.model import Case, Edit
from tests.lab.roundtrip.moved import MOVED
from tests.lab.roundtrip.placers import pages
from tests.lab.roundtrip.placers.nginx import nginx
from tests.lab.roundtrip.placers.php import php_forgotten, php_ini

_LETTERS = MOVED["bkpsdm-surat-01"]
_COOKIES = ("http-cookie-secure", "http-cookie-http-only", "http-cookie-same-site")


def _page(check: str, server: str, edit: Edit, software: str = "any") -> Case:
    return Case(check, MOVED[server], {"nginx": edit}, (software,), port=443)


CASES: tuple[Case, ...] = (
    *(Case(check, SERVER, {"php": php_ini}, port=443, server_name=NAME) for check in _COOKIES),
    *(Case(check, SERVER, {"nginx": nginx(443, NAME)}, port=443, server_name=NAME) for check in _COOKIES),
    Case("http-forms-protected", SERVER, {"php": php_ini}, port=443, server_name=NAME),
    Case("http-errors-generic", _LETTERS, {"php": php_ini}, port=8000),
    Case("http-version-hidden", _LETTERS, {"php": php_ini}, port=8000),
    Case("http-diagnostics-absent", _LETTERS, {"php": php_forgotten}, port=8000),
    _page("http-identity-numbers-absent", "bkpsdm-web-01", pages.pages(pages.masked)),
    _page("http-privacy-notice-linked", "bkpsdm-web-01", pages.pages(pages.noticed)),
    _page("http-scripts-pinned", "dpupr-api-01", pages.pages(pages.pinned)),
    _page("http-mixed-content-absent", "bapenda-pajak-01", pages.pages(pages.rewritten), "php"),
)
