"""Read a page with a login form, and the other forms beside it. Pure; never raises."""

from __future__ import annotations

import re

from scanners.http.message import Response
from scanners.http.page import Form, Page

_HUMAN_CHECK = re.compile(
    r"(?i)g-recaptcha|recaptcha/(?:api|enterprise)|hcaptcha|cf-turnstile|turnstile/v0|captcha|altcha|friendly-challenge"
    r"|(?:name|id)=[\"'](?:otp|totp|kode_otp|two_factor|mfa)"
)
_ADVERTISED = re.compile(
    r"(?i)(?:default|bawaan|awal|standar) (?:password|kata sandi|sandi|username|user|login)"
    r"|(?:password|kata sandi|sandi|username) (?:default|bawaan|awal|standar)(?:nya)?\b"
    r"|(?:password|kata sandi|sandi)(?:nya)?[^.\n]{0,40}\b(?:tanggal lahir|tgl\.? ?lahir|ddmmyyyy|NIP|NIK)\b"
    r"|(?:user(?:name)?|login)\s{0,3}[:=]\s{0,3}\w{2,30}[\s,/|;]{1,10}"
    r"(?:dan |and )?pass(?:word)?\s{0,3}[:=]\s{0,3}\S{2,30}"
)
_NOT_ADVERTISED = re.compile(
    r"(?i)(?:ganti|ubah|jangan|tidak boleh|dilarang|change|never|do not|harus diganti|segera)[^.\n]{0,60}\Z"
)
_TOKEN = re.compile(
    r"csrf|xsrf|token|nonce|authenticity|requestverification|form_build_id|sesskey|\A[0-9a-f]{32}\Z|captcha|_key\Z|\A__viewstate"
)
_TOKEN_META = ("csrf-token", "csrf_token", "_csrf", "x-csrf-token")
_FOREIGN_TO_OWNER = ("wp-login.php", "wp-comments-post.php")
"""Forms of WordPress itself, which no owner of a site can change."""
_TEXT_MAX = 100_000
_BEFORE = 80
_FORMS_MAX = 20
_ACTION_MAX = 120


def has_login(page: Page) -> bool:
    """Return whether the page shows a form with a password field."""
    return any(form.password for form in page.forms)


def is_guarded(page: Page, html: str) -> bool:
    """Return whether a human check or a second factor stands in the form."""
    return bool(_HUMAN_CHECK.search(html[:_TEXT_MAX])) or any(
        _HUMAN_CHECK.search(source[:_ACTION_MAX]) for source in page.resources
    )


def is_stored(response: Response) -> bool:
    """Return whether caches may keep this answer: no-store is missing (RFC 9111, section 5.2.2.5)."""
    directives = {part.strip().lower() for part in (response.joined("cache-control") or "").split(",")}
    return "no-store" not in directives


def advertises_password(page: Page) -> bool:
    """Return whether the page names a default password, or the pattern that passwords are made of."""
    shown = "\n".join(
        [page.text[:_TEXT_MAX], *(field.hints for form in page.forms[:_FORMS_MAX] for field in form.fields)]
    )
    return any(
        not _NOT_ADVERTISED.search(shown[max(0, match.start() - _BEFORE) : match.start()])
        for match in _ADVERTISED.finditer(shown)
    )


def changing_forms(page: Page, path: str) -> dict[str, bool]:
    """Return the posted forms, as `page → action`, and whether each carries an anti-forgery token."""
    page_token = any(name in page.meta for name in _TOKEN_META)
    forms: dict[str, bool] = {}
    for form in page.forms[:_FORMS_MAX]:
        action = form.action.partition("?")[0][:_ACTION_MAX]
        if form.method == "post" and not action.endswith(_FOREIGN_TO_OWNER):
            key = f"{path} → {action or path}"
            forms[key] = forms.get(key, True) and (page_token or _has_token(form))
    return forms


def _has_token(form: Form) -> bool:
    return any(field.kind == "hidden" and _TOKEN.search(field.name) for field in form.fields)
