"""One line for a setting that two changes of one program ask for with different values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_ASSIGNED = re.compile(r"^\s*([A-Za-z][\w. -]*?)\s*=\s*\S")
_SETTINGS: Mapping[str, re.Pattern[str]] = {
    "nginx": re.compile(r"^\s*(add_header\s+\S+|ssl_\w+|server_tokens|autoindex)\s"),
    "apache": re.compile(
        r"^\s*(Header\s+(?:always\s+)?set\s+\S+|SSLOpenSSLConfCmd\s+\S+|SSL(?!OpenSSLConfCmd)\w+|"
        r"Server(?:Tokens|Signature)|TraceEnable)\s"
    ),
    "openssh": re.compile(r"^\s*((?!HostKey|Match|Allow|Deny|Subsystem|Include)[A-Z]\w+)\s"),
    "redis": re.compile(r"^\s*([a-z][a-z-]+)\s"),
    "bind": re.compile(r"^\s*(allow-[a-z-]+|recursion|version|listen-on)\s"),
    **dict.fromkeys(("postfix", "dovecot", "vsftpd", "postgresql", "mariadb", "samba", "php"), _ASSIGNED),
}
"""Software → what names a setting that holds one value at a time, at the beginning of a line."""
_POLICY = re.compile(r'"([^"]*)"')
_CSP = "Content-Security-Policy"
_PROTOCOLS = "!SSLv2, !SSLv3, !TLSv1, !TLSv1.1"
_ONCE: Mapping[tuple[str, str], str] = {
    # sshd takes the first line of a name, so that two of them never add up.
    ("openssh", "Ciphers"): (
        "Ciphers aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr,aes192-ctr,aes128-ctr"
    ),
    # Where the method after quantum is known by default this keeps it; named, it would stop an older sshd.
    ("openssh", "KexAlgorithms"): (
        "KexAlgorithms -diffie-hellman-group1-sha1,diffie-hellman-group14-sha1,"
        "diffie-hellman-group-exchange-sha1"
    ),
    ("openssh", "PermitRootLogin"): "PermitRootLogin no",
    ("nginx", "ssl_protocols"): "ssl_protocols TLSv1.2 TLSv1.3;",
    ("nginx", "ssl_conf_command"): "ssl_conf_command Options NoRenegotiation,-Compression;",
    ("apache", "SSLProtocol"): "SSLProtocol -all +TLSv1.2 +TLSv1.3",
    ("postfix", "smtpd_tls_protocols"): f"smtpd_tls_protocols = {_PROTOCOLS}",
    ("postfix", "smtpd_tls_mandatory_protocols"): f"smtpd_tls_mandatory_protocols = {_PROTOCOLS}",
    ("postfix", "tls_ssl_options"): "tls_ssl_options = NO_COMPRESSION, NO_RENEGOTIATION",
    ("dovecot", "ssl"): "ssl = required",
    ("redis", "bind"): "bind 127.0.0.1 -::1",
    ("bind", "allow-transfer"): "allow-transfer { key sekunder; };",
    ("php", "session.cookie_samesite"): "session.cookie_samesite = Strict",
}
"""Software and setting → the line that does what every text of the catalogue asks of it."""


def settings_of(software: str, config: str) -> Mapping[str, tuple[str, ...]]:
    """Return setting → the lines that set it, spaces evened; comments and lists of values are left out."""
    pattern = _SETTINGS.get(software)
    found: dict[str, tuple[str, ...]] = {}
    for line in config.splitlines() if pattern else ():
        if pattern and (match := pattern.match(line)):
            name = " ".join(match[1].split())
            found[name] = (*found.get(name, ()), " ".join(line.split()))
    return found


def contradictions(software: str, first: str, second: str) -> tuple[str, ...]:
    """Return the settings that two texts for one software set differently."""
    before, after = settings_of(software, first), settings_of(software, second)
    return tuple(sorted(name for name in before.keys() & after.keys() if before[name] != after[name]))


def once(software: str, setting: str, lines: Iterable[str]) -> str:
    """Return the one line that stands for several of a setting; "" where their values are but examples."""
    if _CSP in setting:
        return _one_policy(tuple(lines))
    return _ONCE.get((software, setting), "")


def _one_policy(lines: tuple[str, ...]) -> str:
    """Return a line whose policy has every directive of the lines, the longest first."""
    ordered = sorted(lines, key=lambda line: (-len(line), line))
    parts = (part.strip() for line in ordered for found in _POLICY.findall(line) for part in found.split(";"))
    named: dict[str, str] = {}
    for part in filter(None, parts):
        named.setdefault(part.split()[0], part)
    whole = "; ".join(named.values())
    return _POLICY.sub(lambda _: f'"{whole}"', ordered[0], count=1)
