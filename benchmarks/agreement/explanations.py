"""Why observers differ where they do: each rule was looked into and names who is right."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.agreement.nouns import Point


@dataclass(frozen=True, slots=True)
class Explanation:
    """A rule: peer, fact and, by regular expressions, member, where, and what both say → reason."""

    peer: str
    fact: str
    right: str
    """ours, theirs or both: whom the server bears out."""
    reason: str
    member: str = ".*"
    where: str = ".*"
    said: str = ".*"
    """Over `ours/theirs`."""

    def fits(self, point: Point) -> bool:
        """Return whether this rule explains the point."""
        return (
            re.fullmatch(self.peer, point.peer) is not None
            and re.fullmatch(self.fact, point.fact) is not None
            and re.fullmatch(self.member, point.member) is not None
            and re.fullmatch(self.where, point.where) is not None
            and re.fullmatch(self.said, f"{point.ours}/{point.theirs}") is not None
        )


EXPLANATIONS = (
    Explanation(
        "sslscan",
        r"tls\..*",
        "ours",
        "asked without a name, sslscan sends the address as server name, which RFC 6066, section 3, forbids; "
        "this server refuses such a hello with illegal_parameter (openssl and nmap find what we find)",
        where=r"dpmptsp-arsip-01:443",
        said="true/false|yes/no|[0-9]+/null",
    ),
    Explanation(
        "sslscan",
        r"certificate\.key_bits",
        "ours",
        "for a key on an elliptic curve sslscan names the strength in bits, half the size of the curve",
        said="256/128|384/192|521/256",
    ),
    Explanation(
        r"testssl\.sh",
        r"tls\.tls_1_2",
        "ours",
        "testssl.sh takes the server's answer in TLS 1.0 to a hello of TLS 1.2 for TLS 1.2; "
        "offered TLS 1.2 alone, the server refuses (openssl, nmap and sslscan find what we find)",
        where=r"dpmptsp-arsip-01:443",
        said="false/true",
    ),
    Explanation(
        r"testssl\.sh",
        r"tls\.cipher_suites",
        "ours",
        "testssl.sh changes to TLS only where FEAT lists AUTH TLS, which vsftpd without TLS 1.0 does not; "
        "it then asks openssl, and not for TLS 1.3's suites (openssl offering each alone is accepted)",
        member=r"TLS_(AES|CHACHA20)_.*",
        where=r"disdik-rapor-01:21 .*",
        said="yes/no",
    ),
    Explanation(
        "ssh-audit",
        r"ssh\.host_keys",
        "ours",
        "ssh-audit 2 asks for the fingerprints of RSA and Ed25519 keys only",
        member='.*"type": "ecdsa".*',
        said="yes/no",
    ),
)


def explain(point: Point, rules: Iterable[Explanation] = EXPLANATIONS) -> Explanation | None:
    """Return the first rule that explains a difference, or None."""
    return next((rule for rule in rules if rule.fits(point)), None)
