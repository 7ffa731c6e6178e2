"""Login forms: guarded or open, stored or not, with a hint or without, with a token or without."""

from __future__ import annotations

import pytest

from scanners.http.content import Seen, login_facts
from scanners.http.message import Response, Site

SITE = Site("https", "dinkes.contoh.go.id", 443)
LOGIN = "<form method=post action=/masuk><input name=user><input type=password name=p></form>"


def facts(html: str, *headers: tuple[str, str], path: str = "/login") -> dict[str, object]:
    return {**login_facts(SITE, [Seen.of(path, Response(200, "", headers, html.encode()))], True)}


def test_a_bare_login_is_open_stored_and_unprotected() -> None:
    seen = facts(LOGIN)
    assert seen["http.login_pages"] == seen["http.login_pages_unguarded"] == ["/login"]
    assert seen["http.login_pages_cacheable"] == ["/login"]
    assert seen["http.forms_without_token"] == ["/login → /masuk"]
    assert seen["http.default_password_pages"] == []


@pytest.mark.parametrize(
    "guard",
    [
        "<div class='g-recaptcha'></div>",
        "<script src='https://js.hcaptcha.com/1/api.js'></script>",
        "<div class=cf-turnstile>",
        "<input name=captcha_code>",
        "<input name='otp'>",
    ],
)
def test_a_human_check_or_second_factor_guards_it(guard: str) -> None:
    assert facts(LOGIN + guard)["http.login_pages_unguarded"] == []


@pytest.mark.parametrize(
    ("value", "stored"),
    [("no-store", False), ("private, NO-STORE, max-age=0", False), ("no-cache", True), ("private", True)],
)
def test_only_no_store_keeps_it_out_of_caches(value: str, stored: bool) -> None:
    assert bool(facts(LOGIN, ("cache-control", value))["http.login_pages_cacheable"]) is stored


@pytest.mark.parametrize(
    "hint",
    [
        "Password default: tanggal lahir",
        "Kata sandi awal adalah NIP",
        "password menggunakan tanggal lahir (ddmmyyyy)",
        "Username: admin Password: admin123",
    ],
)
def test_a_named_default_password_is_found(hint: str) -> None:
    assert facts(LOGIN + f"<p>{hint}</p>")["http.default_password_pages"] == ["/login"]


@pytest.mark.parametrize(
    "text",
    [
        "Segera ganti password default",
        "Lupa kata sandi?",
        "Masukkan NIP dan kata sandi",
        "Jangan gunakan kata sandi tanggal lahir",
        "Password: minimal 12 karakter",
    ],
)
def test_advice_against_it_is_not_taken_for_one(text: str) -> None:
    assert facts(LOGIN + f"<p>{text}</p>")["http.default_password_pages"] == []


@pytest.mark.parametrize(
    "token",
    [
        "<form method=POST action=/x><input type=hidden name=_token value=a></form>",
        "<form method=post action=/x><input type=hidden name=csrf_test_name></form>",
        "<form method=post action=/x><input type=hidden name=0123456789abcdef0123456789abcdef></form>",
        "<meta name=csrf-token content=a><form method=post action=/x></form>",
        "<form method=post action='/wp-comments-post.php'></form>",
        "<form action=/cari></form>",
    ],
)
def test_forms_with_a_token_or_without_need_of_one(token: str) -> None:
    assert facts(token)["http.forms_without_token"] == []


def test_one_open_form_of_two_with_the_same_target_counts() -> None:
    with_token = "<form method=post action=/x><input type=hidden name=_token></form>"
    two = with_token + "<form method=post action=/x></form>"
    assert facts(two, path="/")["http.forms_without_token"] == ["/ → /x"]
