"""The root file system below every host of the farm: Debian 12, a web server, and the audit's account."""

from __future__ import annotations

import shutil
from pathlib import Path

from scanners.host.areas import AREAS
from scanners.host.script import sudoers
from tests.lab.hosts.command import command, in_root
from tests.lab.hosts.releases import DEBIAN_12
from tests.lab.hosts.roots import build_root

USER = "tilik-audit"
_PACKAGES = (
    *("chrony", "cron", "curl", "iproute2", "kmod", "logrotate", "lynis", "nftables", "nginx"),
    *("openssh-server", "php-fpm", "procps", "rsyslog", "sudo", "unattended-upgrades"),
)
_ACCOUNT = f"""
useradd --create-home --shell /bin/sh {USER}
install -d -m 700 -o {USER} -g {USER} /home/{USER}/.ssh
cat >/home/{USER}/.ssh/authorized_keys <<'END'
restrict,from="127.0.0.0/8" {{key}}
END
chown {USER}:{USER} /home/{USER}/.ssh/authorized_keys
chmod 600 /home/{USER}/.ssh/authorized_keys
cat >/etc/sudoers.d/{USER} <<'END'
{{sudoers}}END
chmod 440 /etc/sudoers.d/{USER}
visudo --check --quiet --file=/etc/sudoers.d/{USER}
install -d /run/sshd
# Lynis refreshes the lists of packages: without a network it shall not wait for another attempt.
echo 'Acquire::Retries "0";' >/etc/apt/apt.conf.d/99farm
"""


def farm_root(folder: Path, public_key: str) -> str:
    """Return the layers, the upper one first, of a root that lets this key in as an audit is let in.

    What debootstrap and apt bring is kept below `folder` and used again. Raise LabError when a step fails.
    """
    base = build_root(DEBIAN_12, _PACKAGES, folder / "roots")
    layer = folder / "account"
    shutil.rmtree(layer, ignore_errors=True)
    root = layer / "root"
    for name in ("written", "work", "root"):
        (layer / name).mkdir(parents=True)
    below = f"lowerdir={base},upperdir={layer / 'written'},workdir={layer / 'work'}"
    command(["mount", "-t", "overlay", "overlay", "-o", below, str(root)])
    try:
        in_root(root, _ACCOUNT.format(key=public_key, sudoers=sudoers(AREAS, USER)))
    finally:
        command(["umount", str(root)])
    return f"{layer / 'written'}:{base}"
