"""What else looks inside the hosts of a farm: the plain script through OpenSSH's client, and Lynis."""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Sequence
from pathlib import Path

from benchmarks.host_farm import PORT, FarmHost
from benchmarks.host_root import USER
from scanners.host.areas import AREAS
from scanners.host.script import collection_script

LYNIS = ("lynis", "audit", "system", "--quick", "--no-colors", "--quiet")
"""Without `--quiet` it pauses for five seconds at whatever it takes for an exception (`DisplayException`)."""
_TIMEOUT_SECONDS = 600
_LOOP = """
script=$1 known=$2 key=$3 to=$4
shift 4
for address in "$@"; do
  ssh -F none -p {port} -l {user} -i "$key" -o IdentitiesOnly=yes -o IdentityAgent=none -o BatchMode=yes \\
    -o StrictHostKeyChecking=yes -o UserKnownHostsFile="$known" -o GlobalKnownHostsFile=/dev/null \\
    -o LogLevel=ERROR "$address" sh -s <"$script" >"$to/$address.txt"
done
"""


def write_known_hosts(hosts: Sequence[FarmHost], folder: Path) -> Path:
    """Write which key each host proves, as OpenSSH's client reads it."""
    path = folder / "known_hosts"
    path.write_text("".join(f"{host.address} {host.host_key}\n" for host in hosts))
    return path


def collect_by_openssh(hosts: Sequence[FarmHost], key: Path, known_hosts: Path, folder: Path) -> None:
    """Send the very script to one host after another in a loop of sh, and keep what comes back."""
    script = folder / "script.sh"
    script.write_text(collection_script(AREAS, secrets.token_hex(16), sudo=True))
    loop = _LOOP.format(port=PORT, user=USER)
    to = (str(script), str(known_hosts), str(key), str(folder))
    words = ("sh", "-euc", loop, "loop", *to, *(host.address for host in hosts))
    subprocess.run(words, check=True)


def audit_by_lynis(hosts: Sequence[FarmHost]) -> None:
    """Run Lynis as root on one host after another; raise CalledProcessError when it cannot run."""
    for host in hosts:
        subprocess.run(
            host.inside("env", "HOME=/root", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", *LYNIS),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
            timeout=_TIMEOUT_SECONDS,
        )
