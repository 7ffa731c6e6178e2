"""Puts a text for OpenSSL's own configuration before a daemon that uses it."""

from __future__ import annotations

from dataclasses import replace

from tests.lab.roundtrip.model import Bed


def openssl_defaults(bed: Bed) -> None:
    """Write the text as an openssl.cnf and start the daemon with it, and with it alone."""
    file = bed.write("openssl.cnf", bed.texts["system"])
    bed.launch = replace(bed.launch, command=("env", f"OPENSSL_CONF={file}", *bed.launch.command))
