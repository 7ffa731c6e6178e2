"""The survey and sslyze's own commands find the same on real servers of many shapes."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
from typing import Any

import pytest

from auditor.model.facts import JSON
from scanners.handshake.hello import TLS_1_2
from scanners.tls.facts import HANDSHAKE_FACTS, SESSION_FACTS
from tests.scanners.handshake.fake import Offer, alert, choosing, fake_server
from tests.scanners.tls.servers import issue, openssl_server, rsa_key, server_context, tls_server
from tests.scanners.tls.test_scanner import scan

SHAPES = {
    "defaults": (),
    "TLS 1.3 alone": ("-tls1_3",),
    "all of TLS 1.3": (
        "-tls1_3",
        "-ciphersuites",
        "TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256:TLS_AES_256_GCM_SHA384",
    ),
    "TLS 1.2 without curves": ("-tls1_2", "-cipher", "AES128-SHA:DHE-RSA-AES128-SHA"),
    "rare curves": ("-tls1_2", "-groups", "brainpoolP256r1:secp256k1:P-384"),
    "TLS 1.0 alone": ("-tls1", "-cipher", "ALL:@SECLEVEL=0"),
    "TLS 1.1 alone": ("-tls1_1", "-cipher", "ALL:@SECLEVEL=0"),
    "anonymous": ("-tls1_2", "-nocert", "-cipher", "aNULL:@SECLEVEL=0"),
    "no encryption": ("-tls1_2", "-cipher", "eNULL:@SECLEVEL=0"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_sslyze_contradicts_nothing(shape: str) -> None:
    with openssl_server(*SHAPES[shape]) as port:
        observation = scan(port, reference=True)
    reference: Any = observation.settings["reference"]
    assert reference["disagreements"] == []
    assert not {"tls_1_0", "tls_1_2", "tls_1_3"} & set(reference["not_compared"])
    assert "tls.cipher_suites" in observation.facts
    assert observation.failure is None


@pytest.mark.parametrize("ciphers", ["ALL:COMPLEMENTOFALL:@SECLEVEL=0", "HIGH:@SECLEVEL=0", "DHE:AES128-SHA"])
def test_sslyze_contradicts_nothing_about_a_server_of_many_clients(ciphers: str) -> None:
    context = server_context(issue("rsa", key=rsa_key()), issue("curve"))
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers(ciphers)
    with tls_server(context) as listener:
        reference: Any = scan(listener.port, reference=True).settings["reference"]
    assert reference["disagreements"] == []
    assert reference["not_compared"] == []


def test_what_sslyze_contradicts_is_left_out_and_told() -> None:
    inner = choosing(TLS_1_2, (0x002F, 0x0035))

    def reply(offer: Offer) -> bytes | None:
        """Accept those only who offer a suite that sslyze does not know."""
        return inner(offer) if 0xC100 in offer.suites else alert(40)

    with fake_server(reply) as listener:
        observation = scan(listener.port, reference=True)
    reference: Any = observation.settings["reference"]
    suites = ["TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_256_CBC_SHA"]
    assert reference["disagreements"] == [
        {"fact": "tls.tls_1_2", "ours": True, "sslyze": False},
        {"fact": "tls.cipher_suites", "ours": suites, "sslyze": []},
    ]
    assert not {"tls.tls_1_2", "tls.cipher_suites"} & set(observation.facts)
    assert observation.facts["tls.tls_1_0"] is False
    assert json.loads(observation.raw[0].content)["reference"]["disagreements"] == reference["disagreements"]


def test_an_unchanged_server_is_spared_whole_handshakes() -> None:
    with tls_server(server_context()) as listener:
        first = scan(listener.port)
        before = listener.connections
        facts = first.facts
        earlier: JSON = {
            "measured_at": "2026-11-01T00:00:00+00:00",
            "reference_at": "2026-10-01T00:00:00+00:00",
            "compared": {name: facts[name] for name in HANDSHAKE_FACTS},
            "facts": {name: facts[name] for name in SESSION_FACTS},
        }
        again = scan(listener.port, previous=earlier)
        spared = listener.connections - before
    assert again.facts == facts
    assert again.settings["reused"] == {
        "measured_at": "2026-11-01T00:00:00+00:00",
        "facts": sorted(SESSION_FACTS),
    }
    assert again.settings["reference"] == {"at": "2026-10-01T00:00:00+00:00"}
    assert "sslyze" not in again.settings
    assert spared < before


def test_sslyze_is_not_loaded_before_it_is_needed() -> None:
    script = "import sys, scanners.tls.scanner, scanners.certificates.scanner; print('sslyze' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
