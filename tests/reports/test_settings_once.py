"""Texts of the catalogue that set the same differently have one line that stands for all."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import pytest

from controls.loading import load_catalogue
from reports.settings_once import contradictions, once, settings_of

_EXAMPLES = frozenset(
    {
        ("nginx", "ssl_certificate"),
        ("nginx", "ssl_certificate_key"),
        ("postfix", "smtpd_tls_chain_files"),
        ("vsftpd", "rsa_cert_file"),
        ("vsftpd", "rsa_private_key_file"),
        ("mariadb", "ssl_cert"),
        ("mariadb", "ssl_key"),
        ("php", "listen"),
    }
)
"""Paths, which everybody replaces by their own."""
_BOTH = frozenset({("mariadb", "plugin_load_add")})
"""Lines that add up."""
_LATER = frozenset({("nginx", "ssl_ecdh_curve"), ("apache", "SSLOpenSSLConfCmd Curves")})
"""One of the values stops a program that is older than the text says."""


def test_every_setting_that_texts_contradict_each_other_about_has_one_line() -> None:
    texts = defaultdict(list)
    for check in load_catalogue().checks.values():
        for remedy in check.remediation:
            texts[remedy.software].append(remedy.config)
    found = {
        (software, setting)
        for software, configs in texts.items()
        for first, second in combinations(configs, 2)
        for setting in contradictions(software, first, second)
    }
    without = {one for one in found if not once(*one, ['x "y z" always;'])}
    assert without == _EXAMPLES | _BOTH | _LATER


@pytest.mark.parametrize(
    ("software", "config", "settings"),
    [
        (
            "nginx",
            'ssl_protocols  TLSv1.3;\nlocation / {\n    add_header X-A "1" always;\n}',
            {"ssl_protocols", "add_header X-A"},
        ),
        (
            "apache",
            "Header always set X-A 1\nSSLProtocol -all\nRequire ip 10.0.0.1",
            {"Header always set X-A", "SSLProtocol"},
        ),
        ("openssh", "# Ciphers none\nCiphers a,b\nHostKey /x\nAllowUsers a", {"Ciphers"}),
        ("postfix", "smtpd_tls_security_level = may", {"smtpd_tls_security_level"}),
        ("system", "apt-get update", set()),
    ],
)
def test_settings_are_known_by_their_names(software: str, config: str, settings: set[str]) -> None:
    assert settings_of(software, config).keys() == settings


def test_a_policy_has_every_directive_once() -> None:
    policy = once(
        "nginx",
        "add_header Content-Security-Policy",
        (
            "add_header Content-Security-Policy \"frame-ancestors 'self'\" always;",
            'add_header Content-Security-Policy "upgrade-insecure-requests" always;',
            "add_header Content-Security-Policy \"default-src 'self'; frame-ancestors 'self'\" always;",
        ),
    )
    assert policy == (
        "add_header Content-Security-Policy "
        "\"default-src 'self'; frame-ancestors 'self'; upgrade-insecure-requests\" always;"
    )


def test_the_same_line_twice_is_no_contradiction() -> None:
    assert contradictions("nginx", "ssl_protocols TLSv1.3;", "ssl_protocols   TLSv1.3;") == ()
    assert contradictions("nginx", "ssl_protocols TLSv1.3;", "ssl_protocols TLSv1.2;") == ("ssl_protocols",)
