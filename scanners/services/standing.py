"""What a port is taken for when nothing identified it. Pure."""

from __future__ import annotations

_STANDS_FOR = {
    21: "ftp",
    22: "ssh",
    23: "telnet",
    25: "smtp",
    53: "domain",
    80: "http",
    110: "pop3",
    111: "rpcbind",
    139: "netbios-ssn",
    143: "imap",
    389: "ldap",
    443: "http",
    445: "microsoft-ds",
    465: "smtp",
    587: "smtp",
    636: "ldap",
    873: "rsync",
    993: "imap",
    995: "pop3",
    1433: "ms-sql-s",
    1521: "oracle-tns",
    2049: "nfs",
    3306: "mysql",
    3389: "ms-wbt-server",
    5432: "postgresql",
    5900: "vnc",
    6379: "redis",
    11211: "memcached",
    27017: "mongodb",
}


def stands_for(port: int) -> str | None:
    """Return the service that a port number stands for: its checks must not fall away for want of a name."""
    return _STANDS_FOR.get(port)
