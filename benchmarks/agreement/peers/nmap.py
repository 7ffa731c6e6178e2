"""nmap's scripts ssl-enum-ciphers and ssl-cert, in XML."""

from __future__ import annotations

import hashlib
import ssl
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

from auditor.model.facts import JSON
from benchmarks.agreement.nouns import Endpoint, Peer, Seen
from benchmarks.agreement.peers.reading import alternative_names, key_type, signature_hash

_PROTOCOLS = {
    "SSLv3": "tls.ssl_3_0",
    "TLSv1.0": "tls.tls_1_0",
    "TLSv1.1": "tls.tls_1_1",
    "TLSv1.2": "tls.tls_1_2",
    "TLSv1.3": "tls.tls_1_3",
}


def _commands(endpoint: Endpoint) -> tuple[tuple[str, ...], ...]:
    words = ["nmap", "-n", "-Pn", "-sT", "-p", str(endpoint.port), "--script", "ssl-enum-ciphers,ssl-cert"]
    if endpoint.name:
        words += ["--script-args", f"tls.servername={endpoint.name}"]
    return ((*words, "-oX", "-", endpoint.address),)


def parse(output: bytes) -> Seen:
    """Read nmap's XML; a script that found no TLS gives nothing."""
    port = ElementTree.fromstring(output).find("./host/ports/port")
    scripts = {one.get("id"): one for one in port.iterfind("script")} if port is not None else {}
    facts: dict[str, JSON] = {}
    ciphers = scripts.get("ssl-enum-ciphers")
    if ciphers is not None:
        accepted = {str(one.get("key")): one for one in ciphers.iterfind("table")}
        facts = {fact: name in accepted for name, fact in _PROTOCOLS.items()}
        facts["tls.cipher_suites"] = sorted(
            {
                # The names of an old draft, in which every suite of TLS 1.3 was an AKE.
                str(one.text).replace("TLS_AKE_WITH_", "TLS_")
                for one in ciphers.iterfind("table/table[@key='ciphers']/table/elem[@key='name']")
            }
        )
        compressors = [one.text for one in ciphers.iterfind("table/table[@key='compressors']/elem")]
        if compressors:
            facts["tls.compression"] = any(name != "NULL" for name in compressors)
    certificate = scripts.get("ssl-cert")
    return Seen(facts, () if certificate is None else (_certificate(certificate),))


def _certificate(script: Element) -> dict[str, JSON]:
    names = ""
    for extension in script.iterfind("table[@key='extensions']/table"):
        if extension.findtext("elem[@key='name']") == "X509v3 Subject Alternative Name":
            names = extension.findtext("elem[@key='value']", "")
    der = ssl.PEM_cert_to_DER_cert(script.findtext("elem[@key='pem']", ""))
    return {
        "certificate.key_type": key_type(script.findtext("table[@key='pubkey']/elem[@key='type']", "")),
        "certificate.key_bits": int(script.findtext("table[@key='pubkey']/elem[@key='bits']", "0")),
        "certificate.signature_hash": signature_hash(script.findtext("elem[@key='sig_algo']", "")),
        "certificate.names": [*alternative_names(names)],
        "certificate.not_before": script.findtext("table[@key='validity']/elem[@key='notBefore']", "") + "Z",
        "certificate.not_after": script.findtext("table[@key='validity']/elem[@key='notAfter']", "") + "Z",
        "certificate.sha256": hashlib.sha256(der).hexdigest(),
    }


PEER = Peer("nmap", "tls", _commands, parse)
