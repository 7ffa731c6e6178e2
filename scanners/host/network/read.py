"""Every reader of the area `network`. Pure."""

from __future__ import annotations

from scanners.host.area import Reader
from scanners.host.network import docker, firewall, listening, remote, resolver

READERS: dict[str, Reader] = {
    **listening.READERS,
    **firewall.READERS,
    **docker.READERS,
    **remote.READERS,
    **resolver.READERS,
}
