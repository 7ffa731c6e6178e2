"""OpenSSH servers, strong and weak."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from tests.lab.model import Launch, Place


@dataclass(frozen=True, slots=True)
class HostKey:
    """A host key by type and bits (0: the type has one size)."""

    type: str
    bits: int = 0


@dataclass(frozen=True, slots=True)
class OpenSsh:
    """sshd on port 22 with these host keys and settings, and what they are known to fail."""

    host_keys: tuple[HostKey, ...]
    settings: str
    fails: tuple[str, ...] = ()
    cloned: bool = False
    """Has the host keys of a disk image that several servers were made from."""
    notice: bool = False
    """Says before the login that it is for staff only."""
    more_addresses: tuple[str, ...] = ()
    """Where it listens beside the server's own address; sshd takes 16 in all."""
    name: str = "openssh"
    software: str = "openssh"
    ports: tuple[tuple[int, str], ...] = ((22, "ssh"),)
    version_command: tuple[str, ...] = ("ssh", "-V")

    def launch(self, place: Place) -> Launch:
        """Make the host keys once and write the configuration."""
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # compiled into sshd as its empty directory
        folder = place.shared / "ssh" if self.cloned else place.directory
        folder.mkdir(parents=True, exist_ok=True)
        keys = "\n".join(f"HostKey {_host_key(folder, key)}" for key in self.host_keys)
        addresses = (place.address, *self.more_addresses)
        listen = "".join(f"ListenAddress {address}\n" for address in addresses)
        notice = f"Banner {place.write('notice', _NOTICE)}\n" if self.notice else ""
        configuration = place.write(
            "sshd_config",
            listen + _MAIN.format(directory=place.directory) + notice + f"{keys}\n{self.settings}",
        )
        return Launch(("/usr/sbin/sshd", "-D", "-e", "-f", str(configuration)))


_NOTICE = "Hanya untuk petugas yang berwenang. Semua kegiatan dicatat.\n"
_MAIN = """\
Port 22
PidFile {directory}/sshd.pid
UsePAM no
StrictModes no
PrintMotd no
AuthorizedKeysFile none
MaxStartups 50:30:100
"""


def _host_key(folder: Path, key: HostKey) -> Path:
    path = folder / f"host_{key.type}_{key.bits}"
    if not path.exists():
        with tempfile.TemporaryDirectory(dir=folder) as making:
            made = Path(making) / "key"
            bits = ["-b", str(key.bits)] if key.bits else []
            subprocess.run(
                ["ssh-keygen", "-q", "-t", key.type, *bits, "-N", "", "-C", "lab", "-f", str(made)],
                check=True,
                capture_output=True,
            )
            with contextlib.suppress(FileExistsError):  # another server of the same image was quicker
                os.link(made, path)
    return path


STRONG_SSH = OpenSsh(
    host_keys=(HostKey("ed25519"), HostKey("rsa", 3072)),
    settings="""\
PasswordAuthentication no
KbdInteractiveAuthentication no
PubkeyAuthentication yes
PermitRootLogin no
LoginGraceTime 30
MaxAuthTries 3
X11Forwarding no
KexAlgorithms sntrup761x25519-sha512@openssh.com,curve25519-sha256,diffie-hellman-group16-sha512
Ciphers chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr,aes128-ctr
MACs hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,umac-128-etm@openssh.com
HostKeyAlgorithms ssh-ed25519,rsa-sha2-512,rsa-sha2-256
""",
    notice=True,
)
CLONED_SSH = replace(STRONG_SSH, cloned=True)
DEFAULT_SSH = OpenSsh(
    host_keys=(HostKey("ed25519"), HostKey("ecdsa", 256), HostKey("rsa", 3072)),
    settings="",
    fails=("ssh-macs-strong", "ssh-password-refused", "ssh-notice-shown"),
)
"""Debian's defaults: passwords are offered, and SHA-1 and 64-bit tags are kept for old clients."""
LEGACY_SSH = OpenSsh(
    host_keys=(HostKey("rsa", 1024),),
    settings="""\
PasswordAuthentication yes
KexAlgorithms diffie-hellman-group14-sha1,diffie-hellman-group1-sha1,diffie-hellman-group-exchange-sha1
Ciphers aes128-cbc,3des-cbc,aes256-cbc
MACs hmac-md5,hmac-sha1,hmac-sha1-96
HostKeyAlgorithms ssh-rsa
RequiredRSASize 1024
""",
    fails=(
        "ssh-ciphers-strong",
        "ssh-macs-strong",
        "ssh-key-exchange-strong",
        "ssh-host-key-strong",
        "ssh-ed25519-offered",
        "ssh-password-refused",
        "ssh-post-quantum-offered",
        "ssh-notice-shown",
    ),
)
OLD_EXCHANGE_SSH = OpenSsh(
    host_keys=(HostKey("ed25519"), HostKey("rsa", 3072)),
    settings="""\
PasswordAuthentication yes
KexAlgorithms curve25519-sha256,diffie-hellman-group14-sha1
Ciphers aes256-gcm@openssh.com,aes256-ctr
MACs hmac-sha2-256-etm@openssh.com
HostKeyAlgorithms ssh-ed25519,rsa-sha2-512
""",
    fails=(
        "ssh-key-exchange-strong",
        "ssh-password-refused",
        "ssh-post-quantum-offered",
        "ssh-notice-shown",
    ),
)
