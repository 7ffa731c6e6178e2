"""The releases that hosts of the lab are made of."""

from __future__ import annotations

from tests.lab.hosts.model import Release

_DEBIAN = "/usr/share/keyrings/debian-archive-keyring.gpg"
_UBUNTU = "/usr/share/keyrings/ubuntu-archive-keyring.gpg"
_MAIN = ("main",)
_UNIVERSE = ("main", "universe")

DEBIAN_12 = Release(
    "debian-12", "bookworm", "bookworm", _MAIN, _DEBIAN, ("bookworm-updates", "bookworm-security -security")
)
DEBIAN_11 = Release("debian-11", "bullseye", "bullseye", _MAIN, _DEBIAN)
UBUNTU_22_04 = Release("ubuntu-22.04", "jammy", "jammy", _UNIVERSE, _UBUNTU)
UBUNTU_20_04 = Release("ubuntu-20.04", "focal", "focal", _UNIVERSE, _UBUNTU)
