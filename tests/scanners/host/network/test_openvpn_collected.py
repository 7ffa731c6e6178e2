"""Which lines of OpenVPN's settings the published command prints."""

from __future__ import annotations

import subprocess
from pathlib import Path

from scanners.host.network.area import NETWORK


def test_directives_are_found_behind_blanks_too(tmp_path: Path) -> None:
    (tmp_path / "server.conf").write_text(
        "  server 10.8.0.0 255.255.255.0\n\tduplicate-cn\n# server\nport 1194\n"
    )
    program, *arguments, _ = NETWORK.privileged["vpn-openvpn"]
    told = subprocess.run(
        [program, *arguments, tmp_path], capture_output=True, text=True, check=True, timeout=30
    )
    assert [line.partition(":")[2].split()[0] for line in told.stdout.splitlines()] == [
        "server",
        "duplicate-cn",
    ]
