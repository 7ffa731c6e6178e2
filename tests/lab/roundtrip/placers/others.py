"""Puts texts into rsync, screens, SNMP and etcd."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.lab.roundtrip.model import Bed
from tests.lab.roundtrip.placers.lines import set_lines

_MODULE = "[cadangan]"


def rsync(bed: Bed) -> None:
    """Set the text's lines before the first module, or in the module that it names; the path stays."""
    text = bed.text("rsync")
    bed.inside("/etc/rsyncd.secrets", "cadangan:kata-sandi-lab\nbackup:kata-sandi-lab\n", 0o600)
    before, mark, module = bed.read("rsyncd.conf").partition(_MODULE)
    wanted = [line for line in text.splitlines() if "=" in line and not re.match(r"\s*(#|path\b)", line)]
    if _MODULE in text:
        module = set_lines(module, wanted, r"\s*=\s*")
    else:
        before = set_lines(before, wanted, r"\s*=\s*")
    bed.write("rsyncd.conf", before + mark + module)


def tigervnc(bed: Bed) -> None:
    """Give the settings of ~/.vnc/config to the server, as vncserver does, with a password beside them."""
    text = bed.texts["any"].partition("# x11vnc")[0]
    secret = bed.write("secret", bytes.fromhex("dbd83cfd727a1458"), 0o600)
    command = [word for word in bed.launch.command if word not in ("-SecurityTypes", "None")]
    for line in text.splitlines():
        if line and not line.startswith("#"):
            key, _, value = line.partition("=")
            command += [f"-{key}", *([value] if value else [])]
    bed.launch = replace(bed.launch, command=(*command, "-PasswordFile", str(secret)))


def no_tcp(bed: Bed) -> None:
    """Start the X server with the text's option in place of the one that let it listen."""
    option = next(line for line in bed.texts["system"].splitlines() if line.startswith("-nolisten"))
    name = "cage.json"
    bed.write(name, bed.read(name).replace("-listen tcp", option))


def xrdp(bed: Bed) -> None:
    """Set the text's lines in the first section of xrdp.ini."""
    lines = [line for line in bed.texts["system"].splitlines() if "=" in line]
    bed.write("xrdp.ini", set_lines(bed.read("xrdp.ini"), lines, r"\s*=\s*"))


def snmpd(bed: Bed) -> None:
    """Take every community out of snmpd.conf; put the text's lines in, with the user that it makes first."""
    text = bed.texts["system"]
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    kept = [
        line
        for line in bed.read("snmpd.conf").splitlines()
        if not re.match(r"rocommunity|rwcommunity|com2sec", line)
    ]
    kept += ["createUser monitor SHA-256 kata-sandi-lab AES kata-sandi-lab"]
    wanted = [line.replace("10.10.9.5", bed.place.address) for line in lines]
    bed.write("snmpd.conf", set_lines("\n".join(kept), wanted, r"\s+"))


def etcd(bed: Bed) -> None:
    """Give the text's settings as environment, in place of the options for clients."""
    text = bed.local(bed.text("any")).replace("10.10.20.11", bed.place.address)
    bed.install_certificate(text)
    bed.inside("/etc/etcd/ca.crt", bed.place.certificates.root_pem())
    settings = [line for line in text.splitlines() if re.match(r"ETCD_\w+=", line)]
    options = {f"--{line.split('=')[0].removeprefix('ETCD_').lower().replace('_', '-')}" for line in settings}
    given = list(bed.launch.command)
    command: list[str] = []
    while given:
        word = given.pop(0)
        if word in options:
            given.pop(0)
        else:
            command.append(word)
    bed.launch = replace(bed.launch, command=("env", *settings, *command))


def tinyproxy(bed: Bed) -> None:
    """Put the text's part for tinyproxy into its file."""
    part = bed.texts["any"].partition("tinyproxy.conf")[2]
    lines = [line.removeprefix("# ") for line in part.splitlines() if line]
    bed.write("tinyproxy.conf", bed.read("tinyproxy.conf") + "\n".join(lines) + "\n")
