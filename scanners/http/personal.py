"""Find what a page gives away about citizens, and what it asks of them. Pure; never raises.

Of identity numbers only a count leaves this module, never a digit.
"""

from __future__ import annotations

import re

from scanners.http.page import Form, Page

_NUMBER = re.compile(r"(?<![\d.,/=-])([0-9]{16})(?![\d/]|[.,-]\d)")
_PROVINCES = frozenset(
    [
        *range(11, 20),
        21,
        *range(31, 37),
        *range(51, 54),
        *range(61, 66),
        *range(71, 77),
        81,
        82,
        *range(91, 98),
    ]
)
"""First two digits of region codes (Kepmendagri on codes of government regions)."""
_DAYS_OF_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FEMALE_DAY_OFFSET = 40
_ASKED_FOR = {
    "nik": re.compile(r"(?<![a-z])(?:nik|no_?ktp|nomor_?ktp|no_?kk)(?![a-z])|induk kependudukan"),
    "name": re.compile(r"(?<![a-z])(?:nama|name|nama_?lengkap|full_?name|first_?name|your-name)(?![a-z])"),
    "phone": re.compile(
        r"(?<![a-z])(?:telp|telepon|telpon|phone|hp|no_?hp|handphone|whatsapp|no_?wa|mobile)(?![a-z])"
    ),
    "email": re.compile(r"(?<![a-z])(?:e-?mail|surel)(?![a-z])"),
}
_KINDS = {"email": "email", "tel": "phone"}
_SEARCH = re.compile(r"(?<![a-z])(?:s|q|search|cari|keyword|kata_?kunci)(?![a-z])")
_UNASKED = frozenset({"hidden", "submit", "button", "image", "reset"})
_NOTICE = re.compile(
    r"(?i)privasi|privacy|per?lindungan[\s_+-]{0,3}data|data[\s_+-]{0,3}protection|pemrosesan[\s_+-]{0,3}data"
)
_FREE_MAIL = re.compile(
    r"(?i)@((?:gmail|googlemail|yahoo|ymail|rocketmail|hotmail|outlook|live|icloud|aol|gmx|protonmail|zohomail)\.com"
    r"|yahoo\.co\.id|hotmail\.co\.id|outlook\.co\.id|proton\.me|gmx\.net|mail\.ru|yandex\.com)(?![\w-]|\.[a-z0-9])"
)


def identity_numbers(text: str) -> frozenset[int]:
    """Return a fingerprint of each distinct unmasked NIK or KK; the numbers cannot be read off it."""
    return frozenset(hash(match[1]) for match in _NUMBER.finditer(text) if _plausible(match[1]))


def _plausible(number: str) -> bool:
    """Return whether province, regency, district, day, month and serial are possible."""
    province, regency, district = int(number[:2]), int(number[2:4]), int(number[4:6])
    day, month, serial = int(number[6:8]), int(number[8:10]), int(number[12:])
    day -= _FEMALE_DAY_OFFSET if day > _FEMALE_DAY_OFFSET else 0
    return (
        province in _PROVINCES
        and 1 <= regency <= 79
        and 1 <= district <= 70
        and 1 <= month <= 12
        and 1 <= day <= _DAYS_OF_MONTH[month - 1]
        and serial > 0
    )


def asks_for_personal_data(page: Page) -> list[str]:
    """Return what forms of this page ask of visitors, sorted: email, name, nik, phone."""
    return sorted({kind for form in page.forms if not _is_login(form) for kind in _asked(form)})


def links_privacy_notice(page: Page) -> bool:
    """Return whether the page links to a privacy notice."""
    return any(_NOTICE.search(f"{link.address} {link.text}"[:600]) for link in page.anchors)


def free_mail_domains(page: Page) -> list[str]:
    """Return the free mail services that addresses on this page belong to, sorted; not the addresses."""
    shown = "\n".join(
        [page.text, *(link.address for link in page.anchors if link.address[:7].lower() == "mailto:")]
    )
    return sorted({match[1].lower() for match in _FREE_MAIL.finditer(shown)})


def _is_login(form: Form) -> bool:
    """A login asks for a known account, and a search for words; neither collects."""
    shown = [field for field in form.fields if field.kind not in _UNASKED]
    asked = [field for field in shown if field.kind not in ("password", "checkbox")]
    searches = len(shown) == 1 and bool(_SEARCH.search(shown[0].hints))
    return searches or (form.password and len(asked) <= 2)


def _asked(form: Form) -> set[str]:
    found: set[str] = set()
    for field in form.fields:
        if field.kind in _UNASKED:
            continue
        if field.kind in _KINDS:
            found.add(_KINDS[field.kind])
        found.update(kind for kind, pattern in _ASKED_FOR.items() if pattern.search(field.hints))
    return found
