"""One network namespace for each host, with a pair of interfaces between it and the machine."""

from __future__ import annotations

from pathlib import Path

from tests.lab.hosts.command import command
from tests.lab.hosts.model import digest

MACHINE = "10.77.0.1"
"""The machine's own end of every pair. No host has a route to anywhere else."""


def namespace(host_id: str) -> str:
    """Return the name of a host's network namespace."""
    return f"tilik-{host_id}"


def _interface(host_id: str) -> str:
    """Return the name of the machine's end: Linux takes 15 characters."""
    return f"tilik{digest(host_id)[:8]}"


def connect(host_id: str, address: str) -> None:
    """Make a host's namespace, anew if it is left over, and connect it. Raise LabError when that fails."""
    disconnect(host_id)
    name, outside = namespace(host_id), _interface(host_id)
    inside = ("ip", "-n", name)
    command(["ip", "netns", "add", name])
    command(["ip", "link", "add", outside, "type", "veth", "peer", "name", "host0", "netns", name])
    command(["ip", "address", "add", MACHINE, "peer", f"{address}/32", "dev", outside])
    command(["ip", "link", "set", outside, "up"])
    command([*inside, "link", "set", "lo", "up"])
    command([*inside, "address", "add", address, "peer", f"{MACHINE}/32", "dev", "host0"])
    command([*inside, "link", "set", "host0", "up"])


def disconnect(host_id: str) -> None:
    """Take a host's namespace away, with its pair of interfaces."""
    outside = _interface(host_id)
    if Path(f"/sys/class/net/{outside}").exists():
        command(["ip", "link", "delete", outside])
    if Path(f"/run/netns/{namespace(host_id)}").exists():
        command(["ip", "netns", "delete", namespace(host_id)])
