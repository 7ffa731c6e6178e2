"""Banners and headers that name software."""

from __future__ import annotations

import functools
from datetime import UTC, datetime

from controls.loading import load_pack
from controls.software import software_facts
from controls.software_pack import Pack
from fuzz.target import Target

_NAMES = (
    "service.product",
    "service.version",
    "http.server",
    "http.powered_by",
    "http.cms",
    "http.cms_version",
)
_NOW = datetime(2026, 11, 22, tzinfo=UTC)


@functools.cache
def _pack() -> Pack:
    return load_pack()


def _software(data: bytes) -> None:
    lines = data.decode("utf-8", "replace").split("\n")
    record = {name: (lines[index] if index < len(lines) else None) for index, name in enumerate(_NAMES)}
    assert software_facts({**record, "service.cpe": lines[6:9]}, _pack(), _NOW)


TARGETS = (
    Target(
        "software",
        _software,
        (),
        lambda: [
            b"OpenSSH\n9.2p1 Debian 2+deb12u3\n\n\n\n\ncpe:/a:openbsd:openssh:9.2p1",
            b"\n\nApache/2.4.6 (CentOS) OpenSSL/1.0.2k-fips PHP/5.4.16\nPHP/5.4.16\nWordPress\n4.7.1",
        ],
    ),
)
