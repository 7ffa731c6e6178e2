"""What a page gives away about citizens and asks of them. Every number here is made up."""

from __future__ import annotations

import pytest

from scanners.http.content import Seen, page_facts
from scanners.http.message import Response, Site
from scanners.http.personal import identity_numbers

SITE = Site("https", "dinkes.contoh.go.id", 443)


def facts(*pages: str) -> dict[str, object]:
    seen = [Seen.of(f"/{at or ''}", Response(200, "", (), html.encode())) for at, html in enumerate(pages)]
    return {**page_facts(SITE, seen)}


@pytest.mark.parametrize(
    "number",
    ["3201011708450001", "3578105712900003", "9471014104850002", "1101013112990001", "3507012902000004"],
)
def test_numbers_with_a_valid_region_and_date_are_counted(number: str) -> None:
    assert len(identity_numbers(f"NIK: {number}; KK {number}")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "0101011708450001",
        "3200011708450001",
        "3201001708450001",
        "3201013208450001",
        "3201011713450001",
        "3201017208450001",
        "3201013002450001",
        "3201011708450000",
        "32010117084500011",
        "3201011708450001.50",
        "1.3201011708450001",
        "320101********01",
        "Rp3201011708450001,00",
        "٣٢٠١٠١١٧٠٨٤٥٠٠٠١",
    ],
)
def test_other_numbers_are_not(text: str) -> None:
    assert identity_numbers(text) == frozenset()


def test_numbers_in_scripts_and_addresses_are_not_shown_to_people() -> None:
    page = "<script>var id = 3201011708450001</script><a href='/?id=3201011708450001'>x</a>"
    assert facts(page)["http.identity_numbers"] == 0


def test_different_numbers_are_counted_over_all_pages_and_never_kept() -> None:
    seen = facts("<p>3201011708450001</p>", "<td>3201011708450001</td><td>3578105712900003</td>")
    assert seen["http.identity_numbers"] == 2
    assert "3201011708450001" not in str(seen)


FORM = "<form method=post><input name=nama><input type=email name=e><textarea name=isi></textarea></form>"


@pytest.mark.parametrize(
    "notice",
    ["<a href=/kebijakan-privasi>x</a>", "<a href=/p>Pelindungan Data Pribadi</a>", "<a href=/privacy>"],
)
def test_a_form_with_a_privacy_notice(notice: str) -> None:
    seen = facts(FORM + notice)
    assert seen["http.personal_data_forms"] == ["/"]
    assert seen["http.personal_data_forms_unnoticed"] == []


@pytest.mark.parametrize(
    "fields",
    [
        "<input name=nik>",
        "<input type=tel name=x>",
        "<input placeholder='Nama lengkap'>",
        "<select name=no_hp>",
    ],
)
def test_a_form_without_one(fields: str) -> None:
    assert facts(f"<form>{fields}<input name=alamat></form>")["http.personal_data_forms_unnoticed"] == ["/"]


@pytest.mark.parametrize(
    "form",
    [
        "<form><input name=email><input type=password></form>",
        "<form><input name=s placeholder='Cari nama'></form>",
        "<form><input type=hidden name=nik><input type=submit></form>",
        "<form><input name=username_baru><input name=teknik></form>",
    ],
)
def test_logins_and_searches_collect_nothing(form: str) -> None:
    assert facts(form)["http.personal_data_forms"] == []


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>Surel: dinkes.contoh@gmail.com</p>", ["gmail.com (/)"]),
        ("<a href='mailto:a@yahoo.co.id'>Hubungi</a>", ["yahoo.co.id (/)"]),
        ("<p>dinkes@contoh.go.id, a@gmail.com.contoh.go.id, @gmail.community</p>", []),
    ],
)
def test_free_mail_addresses_are_named_by_service_only(html: str, found: list[str]) -> None:
    seen = facts(html)
    assert seen["http.free_mail_contacts"] == found
    assert "dinkes.contoh" not in str(seen["http.free_mail_contacts"])
