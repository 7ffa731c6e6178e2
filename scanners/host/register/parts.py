"""Which files make up each part of a host's configuration."""

from __future__ import annotations

from collections.abc import Mapping

PARTS: Mapping[str, tuple[str, ...]] = {
    "accounts": ("/etc/passwd", "/etc/group", "/etc/login.defs"),
    "jobs": ("/etc/crontab", "/etc/cron.d", "/etc/cron.daily", "/etc/cron.weekly", "/etc/cron.monthly"),
    "kernel": ("/etc/sysctl.conf", "/etc/sysctl.d", "/etc/modprobe.d", "/etc/modules"),
    "login": ("/etc/pam.d", "/etc/security", "/etc/nsswitch.conf"),
    "mounts": ("/etc/fstab",),
    "names": ("/etc/hosts", "/etc/hostname", "/etc/hosts.allow", "/etc/hosts.deny"),
    "firewall": ("/etc/nftables.conf", "/etc/nftables", "/etc/ufw", "/etc/iptables", "/etc/firewalld"),
    "sources": ("/etc/apt/sources.list", "/etc/apt/sources.list.d", "/etc/yum.repos.d"),
    "sshd": ("/etc/ssh",),
    "sudo": ("/etc/sudoers", "/etc/sudoers.d"),
    "web": ("/etc/nginx", "/etc/apache2", "/etc/httpd", "/etc/php", "/etc/php.ini", "/etc/php.d"),
}
"""Part → files and folders; `units` and `packages` are worked out from the lists of both."""
FILES = tuple(sorted(path for paths in PARTS.values() for path in paths))

KNOWN_TO_ALL = tuple(sorted(path for part in ("firewall", "kernel", "names", "sshd") for path in PARTS[part]))
"""Files and folders that hold no password: only of these a digest of the content is made."""


def part_of(path: str) -> str | None:
    """Return the part that a file belongs to, or None."""
    for part, places in PARTS.items():
        if any(path == place or path.startswith(f"{place}/") for place in places):
            return part
    return None
