"""Screens over the network: VNC, X11 and remote desktop."""

from __future__ import annotations

from dataclasses import dataclass

from tests.lab.certificates import Shape
from tests.lab.model import Launch, Place
from tests.lab.services.cage import caged

_VNC_PASSWORD = bytes.fromhex("dbd83cfd727a1458")
"""The word "password", hidden as vncpasswd(1) hides it: DES with a key that every copy of it knows."""
_SCREEN = "-nolock -geometry 320x200 -depth 16 -ac -nolisten unix"
"""Neither a lock nor a socket in /tmp, so that it is in no real screen's way."""


@dataclass(frozen=True, slots=True)
class Vnc:
    """TigerVNC on port 5900, with a password or without."""

    password: bool = False
    name: str = "tigervnc"
    software: str = "any"
    ports: tuple[tuple[int, str], ...] = ((5900, "vnc"),)
    version_command: tuple[str, ...] = ("Xtigervnc", "-version")

    def launch(self, place: Place) -> Launch:
        """Write the password, if there is one."""
        kind = ["-SecurityTypes", "None"]
        if self.password:
            secret = place.write("secret", _VNC_PASSWORD, 0o600)
            kind = ["-SecurityTypes", "VncAuth", "-PasswordFile", str(secret), "-BlacklistThreshold", "1000"]
        return Launch(
            ("Xtigervnc", _display(place.address), *_SCREEN.split(), "-nolisten", "tcp", "-interface",
             place.address, "-rfbport", "5900", "-UseIPv6=0", *kind)
        )  # fmt: skip


def _display(address: str) -> str:
    """Return a display number of its own for every address of the lab."""
    second, third, fourth = (int(part) for part in address.split(".")[1:])
    return f":{10000 + 4096 * (second % 8) + 256 * (third % 16) + fourth}"


@dataclass(frozen=True, slots=True)
class OpenX11:
    """An X server on port 6000 that takes anybody's windows and keys, in a cage."""

    name: str = "x11"
    software: str = "any"
    ports: tuple[tuple[int, str], ...] = ((6000, "x11"),)
    version_command: tuple[str, ...] = ("Xtigervnc", "-version")

    def launch(self, place: Place) -> Launch:
        """Return the command; TigerVNC's X server is used, with its VNC side inside the cage only."""
        command = f"exec Xtigervnc :0 {_SCREEN} -nolisten local -listen tcp -SecurityTypes None -rfbport 5900"
        return caged(place, command, tcp=(6000,))


@dataclass(frozen=True, slots=True)
class Xrdp:
    """xrdp on port 3389: it has TLS but no network level authentication."""

    certificate: Shape
    name: str = "xrdp"
    software: str = "any"
    ports: tuple[tuple[int, str], ...] = ((3389, "ms-wbt-server"),)
    version_command: tuple[str, ...] = ("xrdp", "--version")

    def launch(self, place: Place) -> Launch:
        """Write the configuration; no session manager stands behind it, so nobody can log in."""
        served = place.certificate(self.certificate)
        log = place.directory / "xrdp.log"
        configuration = place.write(
            "xrdp.ini",
            _XRDP.format(address=place.address, chain=served.chain, key=served.key, log=log),
        )
        return Launch(("xrdp", "--nodaemon", "--config", str(configuration)), logs=(log,))


_XRDP = """\
[Globals]
ini_version=1
fork=true
port=tcp://{address}:3389
security_layer=negotiate
crypt_level=high
certificate={chain}
key_file={key}
ssl_protocols=TLSv1.2, TLSv1.3
tls_ciphers=HIGH
[Logging]
LogFile={log}
LogLevel=INFO
EnableSyslog=false
[Xorg]
name=Xorg
lib=libxup.so
username=ask
password=ask
ip=127.0.0.1
port=-1
code=20
"""
