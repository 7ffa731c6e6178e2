"""Which private keys lie open, by name, place, owner and mode."""

from __future__ import annotations

import pytest

from scanners.host.files.keys import is_key
from tests.scanners.host.files.told import told, walked


@pytest.mark.parametrize(
    "path",
    [
        "/etc/ssh/ssh_host_ed25519_key",
        "/etc/ssl/private/ssl-cert-snakeoil.key",
        "/etc/ssl/private/anything",
        "/etc/pki/tls/private/localhost",
        "/etc/letsencrypt/archive/situs/privkey3.pem",
        "/home/budi/.ssh/id_rsa",
        "/var/lib/mysql/server-key.pem",
        "/root/sertifikat.pfx",
    ],
)
def test_a_private_key(path: str) -> None:
    assert is_key(path)


@pytest.mark.parametrize(
    "path",
    [
        "/etc/ssh/ssh_host_ed25519_key.pub",
        "/etc/bind/Kexample.go.id.+008+12345.key",
        "/var/lib/unbound/root.key",
        "/etc/apt/keyrings/nodesource.key",
        "/etc/letsencrypt/archive/situs/fullchain3.pem",
        "/var/www/app/node_modules/agent/test/agent-key.pem",
        "/etc/ssl/private/situs.crt",
    ],
)
def test_no_private_key(path: str) -> None:
    assert not is_key(path)


@pytest.mark.parametrize(
    ("lines", "is_open"),
    [
        (("600:0:0:root:root:f:/etc/nginx/a.key",), False),
        (("640:0:33:root:www-data:f:/etc/nginx/a.key",), False),
        (("644:0:0:root:root:f:/etc/nginx/a.key",), True),
        (("640:0:100:root:users:f:/etc/nginx/a.key",), True),
        (("640:0:1005:root:pegawai:f:/etc/nginx/a.key",), True),
        (("660:0:33:root:www-data:f:/etc/nginx/a.key",), True),
        (("600:1003:1003:budi:budi:f:/etc/nginx/a.key",), True),
        (("600:1777:0:1777:root:f:/srv/a.key",), True),
        (("640:1003:1003:budi:budi:f:/home/budi/.ssh/id_rsa",), False),
        (("700:0:0:root:root:d:/etc/ssl/private", "644:0:0:root:root:f:/etc/ssl/private/a.key"), False),
        (("710:0:110:root:ssl-cert:d:/etc/ssl/private", "644:0:0:root:root:f:/etc/ssl/private/a.key"), False),
        (("750:0:100:root:users:d:/etc/ssl/private", "644:0:0:root:root:f:/etc/ssl/private/a.key"), True),
        (("700:0:0:root:root:d:/etc/ssl/priv", "644:0:0:root:root:f:/etc/ssl/private/a.key"), True),
    ],
)
def test_who_may_read_a_key(lines: tuple[str, ...], is_open: bool) -> None:
    assert bool(told(walked(*lines))["host.file_keys_open"]) is is_open
