"""Daemons that answer over UDP: SNMP and TFTP, and a stand-in for an NTP server that tells too much."""

from __future__ import annotations

import json
import socket
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.lab.model import Launch, Place

_ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Snmp:
    """Net-SNMP on UDP 161: SNMP 1 and 2c with `community`, or version 3 alone when that is empty."""

    community: str = ""
    name: str = "snmpd"
    software: str = "any"
    ports: tuple[tuple[int, str], ...] = ()
    version_command: tuple[str, ...] = ("snmpd", "-v")

    def launch(self, place: Place) -> Launch:
        """Write the configuration; the account of version 3 is made anew at every start."""
        state = place.folder("state")
        access = (
            f"rocommunity {self.community} default .1.3.6.1.2.1.1"
            if self.community
            else "createUser pantau SHA-256 kata-sandi-lab AES kata-sandi-lab\nrouser pantau priv"
        )
        configuration = place.write(
            "snmpd.conf",
            f"agentaddress udp:{place.address}:161\n{access}\n"
            f"sysLocation Ruang server\nsysContact csirt@lab.test\n[snmp] persistentDir {state}\n",
        )
        return Launch(
            ("snmpd", "-f", "-LE", "4", "-C", "-I", "-smux", "-p", f"{place.directory}/snmpd.pid", "-c",
             str(configuration)),
            udp_ports=(161,),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tftp:
    """tftpd on UDP 69, from which anybody may read a folder."""

    name: str = "tftpd"
    software: str = "any"
    ports: tuple[tuple[int, str], ...] = ()
    version_command: tuple[str, ...] = ("in.tftpd", "--version")

    def launch(self, place: Place) -> Launch:
        """Make the folder to read from.

        It gets its socket as inetd would hand it over: by itself it refuses addresses of a machine that
        has nothing but loopback.
        """
        place.write("files/pxelinux.cfg", "default linux\n")
        command = ("in.tftpd", "--timeout", "604800", "--secure", "--user", "nobody")
        code = _HAND_OVER.format(
            address=place.address, port=69, command=[*command, f"{place.directory}/files"]
        )
        return Launch((sys.executable, "-c", code), udp_ports=(69,))


_HAND_OVER = """\
import os, socket
made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
made.bind(({address!r}, {port}))
os.dup2(made.fileno(), 0)
command = {command!r}
os.execvp(command[0], command)
"""


@dataclass(frozen=True, slots=True)
class TalkativeNtp:
    """A stand-in for an old ntpd: UDP 123 with time (mode 4) and, to anybody, its variables (mode 6).

    Not the real daemon: Debian's time daemons exclude each other, so installing one for the lab would take
    away the one that keeps the machine's own clock. Without `control` it tells the time and nothing else.
    """

    control: bool = True
    name: str = "ntp-stand-in"
    software: str = "any"
    ports: tuple[tuple[int, str], ...] = ()
    version_command: tuple[str, ...] = (sys.executable, "--version")

    def launch(self, place: Place) -> Launch:
        """Write address and behaviour; this module itself is the server."""
        settings = place.write(
            "settings.json", json.dumps({"address": place.address, "control": self.control})
        )
        code = f"import sys; sys.path.insert(0, {str(_ROOT)!r})\nfrom {__name__} import serve_ntp\n"
        return Launch((sys.executable, "-c", code + f"serve_ntp({str(settings)!r})"), udp_ports=(123,))


_VARIABLES = (
    b'version="ntpd 4.2.6p5@1.2349-o", processor="x86_64", system="Linux/3.10.0-1160.el7.x86_64", leap=0, '
    b"stratum=3, refid=127.127.1.0"
)


def serve_ntp(settings_path: str) -> None:
    """Answer until ended (RFC 5905, section 7.3, and RFC 9327, section 2)."""
    settings = json.loads(Path(settings_path).read_text())
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((settings["address"], 123))
        while True:
            question, asker = server.recvfrom(2048)
            answer = _ntp_answer(question, settings["control"])
            if answer:
                server.sendto(answer, asker)


def _ntp_answer(question: bytes, control: bool) -> bytes:
    mode = question[0] & 7 if question else 0
    if mode == 3 and len(question) >= 48:
        origin = question[40:48]
        return struct.pack("!BBbb11I", 0x24, 3, 6, -20, 0, 0, 0x7F7F0100, *([0xEC000000, 0] * 4))[:24] + (
            origin + struct.pack("!4I", 0xEC000000, 0, 0xEC000000, 0)
        )
    if mode == 6 and control and len(question) >= 12:
        version = question[0] & 0x38
        head = struct.pack("!BB", version | 6, 0x80 | question[1] & 0x1F) + question[2:4]
        padding = -len(_VARIABLES) % 4
        return head + struct.pack("!HHHH", 0x0618, 0, 0, len(_VARIABLES)) + _VARIABLES + bytes(padding)
    return b""
