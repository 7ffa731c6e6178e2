"""Record what real OpenSSH servers say: `python -m tests.scanners.ssh.record` rewrites fixtures/.

Needs root and Debian's openssh-server and openssh-client; each server listens on loopback only.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from auditor.model.plan import Task
from scanners.base import Limits
from scanners.ssh.scanner import SshScanner
from tests.scanners.loopback import unused_port

FIXTURES = Path(__file__).parent / "fixtures"
LEGACY = (
    "KexAlgorithms=diffie-hellman-group1-sha1,diffie-hellman-group14-sha1",
    "Ciphers=3des-cbc,aes128-cbc",
    "MACs=hmac-md5,hmac-sha1",
    "HostKeyAlgorithms=ssh-rsa",
    "PasswordAuthentication=no",
)
BANNER = "Akses hanya untuk pihak berwenang. Setiap penggunaan dicatat.\n"
KEYS = {"ed25519": (), "ecdsa": ("-b", "384"), "rsa": ("-b", "3072")}
SERVERS: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "default": (tuple(KEYS), ()),
    "legacy": (("rsa",), LEGACY),
    "hardened": (
        ("ed25519",),
        ("PasswordAuthentication=no", "KbdInteractiveAuthentication=no", "Banner={folder}/banner"),
    ),
}


def main() -> None:
    """Record every server."""
    Path("/run/sshd").mkdir(exist_ok=True)
    for name, (keys, options) in SERVERS.items():
        with tempfile.TemporaryDirectory() as folder:
            _record(FIXTURES / name, Path(folder), keys, options)


def _record(target: Path, folder: Path, keys: Sequence[str], options: Sequence[str]) -> None:
    target.mkdir(parents=True, exist_ok=True)
    fingerprints = [_make_key(folder / key, key) for key in keys]
    port = unused_port()
    command = ["/usr/sbin/sshd", "-D", "-e", "-f", "/dev/null", "-p", str(port)]
    command += ["-o", "ListenAddress=127.0.0.1", "-o", f"PidFile={folder}/pid"]
    command += [part for key in keys for part in ("-h", str(folder / key))]
    (folder / "banner").write_text(BANNER)
    command += [part for option in options for part in ("-o", option.replace("{folder}", str(folder)))]
    with subprocess.Popen(command) as server:
        time.sleep(1)
        try:
            task = Task("ssh", "recorded", "opd", "127.0.0.1", port)
            seen = SshScanner().scan(task, Limits(5, 1, 50, 30.0), lambda: None)
        finally:
            server.terminate()
    for raw in seen.raw:
        (target / raw.name).write_bytes(raw.content)
    (target / "fingerprints").write_text("".join(fingerprints))
    (target / "facts.json").write_text(json.dumps(seen.facts, indent=2) + "\n")


def _make_key(path: Path, kind: str) -> str:
    """Make a host key and return OpenSSH's own description of it: the oracle for ours."""
    subprocess.run(["ssh-keygen", "-q", "-N", "", "-t", kind, "-f", path, *KEYS[kind], "-C", ""], check=True)
    public = path.with_suffix(".pub").read_text()
    described = subprocess.run(
        ["ssh-keygen", "-lf", "-"], input=public, check=True, capture_output=True, text=True
    )
    return described.stdout


if __name__ == "__main__":
    main()
