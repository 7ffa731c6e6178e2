"""Puts LDIF into the configuration of slapd, without a connection to it."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace

from tests.lab.model import LabError
from tests.lab.roundtrip.model import Bed
from tests.lab.roundtrip.placers.lines import parts


def slapd(bed: Bed) -> None:
    """Turn the daemon's slapd.conf into cn=config, as distributions have it, and load the text into that."""
    text = bed.text("openldap")
    bed.install_certificate(text, owner="openldap")
    folder = bed.place.directory / "slapd.d"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    program, _, configuration = bed.launch.command[:3]
    _slap(bed, [program, "-T", "test", "-f", configuration, "-F", str(folder)])
    lines = [line for _, found in parts(_gnutls(text)) for line in found]
    entry = bed.write("remedy.ldif", re.sub(r"(?m)^-\n\Z", "", "\n".join(lines)) + "\n")
    _slap(bed, [program, "-T", "modify", "-n", "0", "-F", str(folder), "-l", str(entry)])
    for path in (folder, *folder.rglob("*")):
        bed.own(path, "openldap")
    command = list(bed.launch.command)
    command[1:3] = ["-F", str(folder)]
    bed.launch = replace(bed.launch, command=tuple(command))


def _gnutls(text: str) -> str:
    """Take what a text has for GnuTLS, as Debian builds slapd, in place of what it has for OpenSSL."""
    before, mark, after = text.partition("# slapd with GnuTLS")
    if not mark:
        return text
    instead = [line.removeprefix("# ") for line in after.splitlines()[1:]]
    if any(line.startswith("dn:") for line in instead):
        return "\n".join(instead)
    return re.sub(r"(?m)^olcTLSCipherSuite:.*$", instead[0], before)


def _slap(bed: Bed, command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabError(f"{bed.place.address} {' '.join(command[:3])} failed: {done.stderr.strip()[-500:]}")
