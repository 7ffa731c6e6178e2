"""tinyproxy: a web proxy for everybody, and one for a single client."""

from __future__ import annotations

from dataclasses import dataclass

from tests.lab.model import Launch, Place


@dataclass(frozen=True, slots=True)
class Tinyproxy:
    """tinyproxy on port 3128; `open_to_all` relays for anybody, to any port."""

    open_to_all: bool = False
    name: str = "tinyproxy"
    software: str = "any"
    ports: tuple[tuple[int, str], ...] = ((3128, "http-proxy"),)
    version_command: tuple[str, ...] = ("tinyproxy", "-v")

    def launch(self, place: Place) -> Launch:
        """Write the configuration; clients other than 127.20.250.250 are refused unless it is open."""
        lines = [
            "Port 3128",
            f"Listen {place.address}",
            "Timeout 30",
            "MaxClients 20",
            "DisableViaHeader Yes",
            f'LogFile "{place.directory}/tinyproxy.log"',
            f'PidFile "{place.directory}/tinyproxy.pid"',
        ]
        if not self.open_to_all:
            lines += ["Allow 127.20.250.250", "ConnectPort 443"]
        return Launch(("tinyproxy", "-d", "-c", str(place.write("tinyproxy.conf", "\n".join(lines) + "\n"))))
