"""Raw evidence keeps what was exchanged, and no secret or citizen's number."""

from __future__ import annotations

import hashlib
import json

from scanners.http.message import Exchange, Response
from scanners.http.record import mask_facts, mask_numbers, raw_outputs

NIK = b"3201011708450001"


def test_numbers_of_sixteen_digits_are_masked_and_others_are_not() -> None:
    text = b"NIK " + NIK + b", KK:" + NIK + b"; telp 081234567890; 12345678901234567"
    masked = mask_numbers(text)
    assert NIK not in masked
    assert masked.count(b"*" * 16) == 2
    assert b"081234567890" in masked
    assert b"12345678901234567" in masked


def test_of_other_bodies_only_length_and_digest_are_kept() -> None:
    secret = b"DB_PASSWORD=canary-secret"
    root = Response(200, "OK", (), b"<p>" + NIK + b"</p>" + b"x" * 70_000)
    exchanges = [Exchange.of("GET", "/", root), Exchange.of("GET", "/.env", Response(200, "OK", (), secret))]
    log, body = raw_outputs(exchanges, root.body)
    assert b"canary-secret" not in log.content + body.content
    assert NIK not in body.content
    assert len(body.content) == 65_536
    described = [json.loads(line) for line in log.content.splitlines()]
    assert described[1]["body_bytes"] == len(secret)
    assert described[1]["body_sha256"] == hashlib.sha256(secret).hexdigest()


def test_cookie_values_are_masked_and_their_attributes_kept() -> None:
    headers = (("set-cookie", "PHPSESSID=canary; Path=/; HttpOnly"), ("location", "/?nik=" + NIK.decode()))
    log, _ = raw_outputs([Exchange.of("GET", "/", Response(302, "Found\xff", headers, b""))], b"")
    assert b"canary" not in log.content
    assert NIK not in log.content
    assert b"PHPSESSID=***; Path=/; HttpOnly" in log.content


def test_without_an_exchange_there_is_only_an_empty_log() -> None:
    assert [output.content for output in raw_outputs([], None)] == [b""]


def test_numbers_in_facts_are_masked_however_deep() -> None:
    seen = mask_facts(
        {"http.location": "/?nik=" + NIK.decode(), "list": [{"name": NIK.decode()}, 7, None, True]}
    )
    assert seen == {"http.location": "/?nik=" + "*" * 16, "list": [{"name": "*" * 16}, 7, None, True]}
