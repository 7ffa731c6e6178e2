"""The account of the audit on every host: its key, what it may run as root, and the keys that hosts prove."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scanners.host.areas import AREAS
from scanners.host.connection import Login
from scanners.host.script import sudoers
from tests.lab.hosts.fleet.parts import KEY_OF
from tests.lab.hosts.model import Host, Put, Run, Step
from tests.lab.hosts.network import MACHINE

USER = "tilik-audit"
_HOST_KEY = "/etc/ssh/ssh_host_ed25519_key"
_ACCOUNT = f"""
useradd --create-home --shell /bin/sh --expiredate $(date -u -d '+30 days' +%Y-%m-%d) {USER}
install -d -m 700 -o {USER} -g {USER} /home/{USER}/.ssh
"""
_CHECK = f"visudo --check --quiet --file=/etc/sudoers.d/{USER}\nchown -R {USER}:{USER} /home/{USER}/.ssh\n"
_NAMED = re.compile(re.escape(KEY_OF) + "([a-z0-9-]+)@")
_HARDWARE = frozenset({"budi"})
"""Pairs whose private half lies in a token: nobody logs in with them here."""


class Keys:
    """The key pairs of the lab, made once and kept."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @property
    def private(self) -> Path:
        """Return the path of the audit's private key."""
        self.public("audit")
        return self._directory / "audit"

    def public(self, name: str) -> str:
        """Return the public key line of a pair, without comment."""
        if name in _HARDWARE:
            return _hardware_key(name)
        path = self._directory / name
        if not path.exists():
            self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            made = Ed25519PrivateKey.generate().private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
            )
            path.touch(mode=0o600)
            path.write_bytes(made)
        key = serialization.load_ssh_private_key(path.read_bytes(), None).public_key()
        line = key.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
        return line.decode()

    def fingerprint(self, name: str) -> str:
        """Return the SHA256 fingerprint of a pair's public key, as ssh-keygen prints it."""
        line = self.public(name).split()[1]
        digest = hashlib.sha256(base64.b64decode(line)).digest()
        return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")

    def filled(self, step: Step) -> Step:
        """Return a step with the public keys that its text names."""
        if not isinstance(step, Put):
            return step
        return replace(step, text=_NAMED.sub(lambda found: self.public(found[1]), step.text))

    def secret(self, name: str) -> str:
        """Return the private key of a pair in OpenSSH's format."""
        self.public(name)
        return (self._directory / name).read_text()

    def login(self, host: Host) -> Login:
        """Return how the audit logs in to a host."""
        secret = self.secret("audit").encode()
        return Login(host.address, 22, USER, (self.public(host.id),), secret)


def _hardware_key(name: str) -> str:
    """Return a public key as a FIDO token makes it (OpenSSH, PROTOCOL.u2f): type, key, application."""
    kind = "sk-ssh-ed25519@openssh.com"
    parts = (kind.encode(), hashlib.sha256(name.encode()).digest(), b"ssh:")
    body = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return f"{kind} {base64.b64encode(body).decode()}"


def access_steps(host: Host, keys: Keys) -> tuple[Step, ...]:
    """Return what lets the audit in, with a key and the published list of commands, and its own name."""
    names = f"127.0.0.1 localhost\n127.0.1.1 {host.id}\n::1 localhost ip6-localhost ip6-loopback\n"
    allowed = f'restrict,from="{MACHINE}" {keys.public("audit")} {USER}\n'
    return (
        Put("/etc/hostname", f"{host.id}\n"),
        Put("/etc/hosts", names),
        Put("/etc/resolv.conf", f"nameserver {MACHINE}\n"),
        Run(_ACCOUNT),
        Put(f"/home/{USER}/.ssh/authorized_keys", allowed, 0o600),
        Put(f"/etc/sudoers.d/{USER}", sudoers(AREAS, USER), 0o440),
        Put(_HOST_KEY, keys.secret(host.id), 0o600),
        Put(f"{_HOST_KEY}.pub", keys.public(host.id) + "\n"),
        Run(_CHECK),
    )
