"""What we offer a server so that even an old one answers. Nothing secret is ever sent over it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

HOST_KEY_SIGNATURES: Mapping[str, tuple[str, ...]] = {
    "ed25519": ("ssh-ed25519",),
    "ed448": ("ssh-ed448",),
    "ecdsa-256": ("ecdsa-sha2-nistp256",),
    "ecdsa-384": ("ecdsa-sha2-nistp384",),
    "ecdsa-521": ("ecdsa-sha2-nistp521",),
    "rsa": (
        "rsa-sha2-512",
        "rsa-sha2-256",
        "ssh-rsa-sha512@ssh.com",
        "ssh-rsa-sha384@ssh.com",
        "ssh-rsa-sha256@ssh.com",
        "ssh-rsa-sha224@ssh.com",
        "ssh-rsa",
    ),
    "dss": ("ssh-dss",),
}
"""Host key → the signature algorithms that prove it. One connection learns one key."""

KEY_EXCHANGE = (
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group14-sha256",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group18-sha512",
    "diffie-hellman-group14-sha1",
    "diffie-hellman-group-exchange-sha256",
    "diffie-hellman-group-exchange-sha1",
    "diffie-hellman-group1-sha1",
)
CIPHERS = (
    "aes128-ctr",
    "aes256-ctr",
    "aes192-ctr",
    "chacha20-poly1305@openssh.com",
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "aes128-cbc",
    "aes256-cbc",
    "aes192-cbc",
    "3des-cbc",
    "blowfish-cbc",
    "cast128-cbc",
    "arcfour256",
    "arcfour128",
    "arcfour",
)
MACS = (
    "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-512-etm@openssh.com",
    "umac-128-etm@openssh.com",
    "hmac-sha2-256",
    "hmac-sha2-512",
    "hmac-sha1-etm@openssh.com",
    "hmac-sha1",
    "hmac-sha1-96",
    "hmac-md5",
    "hmac-md5-96",
)
COMPRESSION = ("none",)
"""Never zlib: a server could send a bomb before any login."""


def host_keys_offered(host_key_algorithms: Iterable[str]) -> tuple[tuple[tuple[str, ...], ...], bool]:
    """Return the signature algorithms of each distinct key offered, and whether every key is known here.

    Certificates (`…-cert-v01@openssh.com`, `x509v3-…`) wrap a key and count as no key of their own.
    """
    plain = {
        name for name in host_key_algorithms if "-cert-v0" not in name and not name.startswith("x509v3-")
    }
    groups = tuple(
        wanted
        for names in HOST_KEY_SIGNATURES.values()
        if (wanted := tuple(name for name in names if name in plain))
    )
    known = {name for group in groups for name in group}
    return groups, plain == known
