"""What worksheets tell of proofs is what round trips came to, of the texts that the catalogue has now."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from controls.loading import CATALOGUE, load_catalogue
from controls.proofs import text_digest
from tests.lab.hosts.fleet import truths
from tests.lab.hosts.roundtrip.outcomes import OUTCOMES as HOST_OUTCOMES
from tests.lab.roundtrip.model import Outcome
from tests.lab.roundtrip.outcomes import OUTCOMES, recorded, stamped
from tests.lab.roundtrip.proofs import proofs_file, tried_on

LOADED = load_catalogue()
TRIED = [*recorded(OUTCOMES), *recorded(HOST_OUTCOMES)]


def test_the_file_is_made_from_the_last_round_trips() -> None:
    assert (CATALOGUE / "proofs.json").read_text(encoding="utf-8") == proofs_file()


def test_no_text_changed_since_it_was_tried() -> None:
    written = {(one["check"], ", ".join(one["software"])) for one in json.loads(proofs_file())["proofs"]}
    assert {(one.check, one.software) for one in LOADED.proofs} == written
    assert len(LOADED.proofs) == sum(one.proven for one in TRIED)


def test_every_check_that_a_host_of_the_lab_fails_is_proven_or_has_a_reason() -> None:
    failing = truths.FORGOTTEN | truths.SHARED | truths.STORED
    proven = {one.check for one in LOADED.proofs}
    assert failing - proven <= LOADED.not_proven.keys()
    assert proven & LOADED.not_proven.keys() == set()
    assert all(set(text) == {"en", "id"} for text in LOADED.not_proven.values())


def test_a_changed_text_is_another_text() -> None:
    check = LOADED.checks["tls-1-0-refused"]
    outcome = next(one for one in TRIED if one.check == check.id and one.software == "nginx")
    assert stamped(outcome, LOADED.checks, outcome.system) == outcome
    nginx = next(one for one in check.remediation if one.software == "nginx")
    assert text_digest([replace(nginx, config="ssl_protocols TLSv1.3;")], ["nginx"]) != outcome.text


@pytest.mark.parametrize(
    ("software", "program", "told"),
    [
        ("any+nginx", "nginx version: nginx/1.22.1", "nginx 1.22.1, Debian 12"),
        ("dovecot", "2.3.19.1 (9b53102964)", "Dovecot 2.3.19.1, Debian 12"),
        ("openssh", "OpenSSH_9.2p1 Debian-2+deb12u10, OpenSSL 3.0.19", "OpenSSH 9.2p1, Debian 12"),
        ("any", "", "Debian 12"),
    ],
)
def test_programs_are_named_as_readers_know_them(software: str, program: str, told: str) -> None:
    assert (
        tried_on(Outcome("a-check", software, program, proven=True, found=True, system="Debian 12")) == told
    )


def test_every_proof_names_its_system() -> None:
    assert [
        one for one in LOADED.proofs if not one.version.split(", ")[-1].startswith(("Debian", "Ubuntu"))
    ] == []
