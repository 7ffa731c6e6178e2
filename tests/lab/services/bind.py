"""BIND: authoritative servers that answer nothing else, and an open resolver."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass

from tests.lab.model import Launch, Place
from tests.lab.services.zones import Zone, trust_anchor, zone_file


@dataclass(frozen=True, slots=True)
class Bind:
    """named on port 53, TCP and UDP.

    With `ask` (zone, address of its server) it is an open resolver that shows its version, validates below
    the first of these zones, and asks nobody else. Without, it is authoritative for `zones`, and shows its
    version only when told to.
    """

    zones: tuple[Zone, ...] = ()
    ask: tuple[tuple[str, str], ...] = ()
    show_version: bool = False
    name: str = "bind"
    software: str = "bind"
    ports: tuple[tuple[int, str], ...] = ((53, "domain"),)
    version_command: tuple[str, ...] = ("named", "-v")

    def launch(self, place: Place) -> Launch:
        """Write the configuration and the zone; socat carries the address's port 53 to named.

        named only listens on addresses that an interface has, and the loopback interface has 127.0.0.1 alone.
        """
        run = place.folder("run", "bind")
        port = _inner_port(place.address)
        options, zones = self._recursive(place) if self.ask else self._authoritative(place)
        configuration = place.write(
            "named.conf", _MAIN.format(port=port, run=run, options=options, zones=zones)
        )
        program = own_program(place, "named")
        script = place.write(
            "start.sh",
            _START.format(address=place.address, port=port, program=program, configuration=configuration),
        )
        return Launch(("/bin/sh", str(script)), also_ready=(("127.0.0.1", port),))

    def _recursive(self, place: Place) -> tuple[str, str]:
        top, first = self.ask[0]
        root = place.write("root.zone", _ROOT.format(top=top, address=place.address))
        zones = [
            f"trust-anchors {{ {trust_anchor(place.shared / 'dnssec', top)} }};",
            f'zone "." {{ type primary; file "{root}"; }};',
        ]
        zones += [
            f'zone "{name}" {{ type forward; forward only; forwarders {{ {address}; }}; }};'
            for name, address in self.ask
        ]
        return _RECURSIVE.format(first=first), "\n".join(zones)

    def _authoritative(self, place: Place) -> tuple[str, str]:
        hidden = "" if self.show_version else "version none; hostname none; server-id none;"
        return f"recursion no; {hidden}", "\n".join(_zone_block(place, zone) for zone in self.zones)


def _zone_block(place: Place, zone: Zone) -> str:
    content = zone_file(zone, place.shared / "dnssec").read_bytes()
    path = place.write(f"{zone.name}.zone", content)
    transfer = "any" if zone.transfer else "none"
    return f'zone "{zone.name}" {{ type primary; file "{path}"; allow-transfer {{ {transfer}; }}; }};'


_MAIN = """\
options {{
    directory "{run}";
    pid-file "{run}/named.pid";
    session-keyfile "{run}/session.key";
    listen-on port {port} {{ 127.0.0.1; }};
    listen-on-v6 {{ none; }};
    query-source address 127.0.0.1;
    allow-query {{ any; }};
    empty-zones-enable no;
    notify no;
    {options}
}};
controls {{ }};
{zones}
"""


_RECURSIVE = (
    "dnssec-validation yes; recursion yes; allow-recursion {{ any; }}; "
    "forward only; forwarders {{ {first}; }};"
)
_ROOT = """\
$TTL 300
@ IN SOA ns.{top}. csirt.{top}. 1 3600 600 86400 300
@ IN NS ns.{top}.
{top}. IN NS ns.{top}.
ns.{top}. IN A {address}
"""
"""In place of the real root, which the lab never asks: every other name does not exist."""
_START = """\
socat TCP4-LISTEN:53,bind={address},reuseaddr,fork TCP4:127.0.0.1:{port} &
socat -T 3 UDP4-RECVFROM:53,bind={address},reuseaddr,fork UDP4:127.0.0.1:{port} &
exec {program} -g -n 1 -u bind -c {configuration}
"""


def _inner_port(address: str) -> int:
    """Return a port below the ephemeral range, different for every address of the lab."""
    second, third, fourth = (int(part) for part in address.split(".")[1:])
    return 15000 + 2048 * (second % 8) + 256 * (third % 8) + fourth


def own_program(place: Place, name: str) -> str:
    """Return a copy of a program: Ubuntu's AppArmor lets the packaged path read no other directories."""
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    copy = place.shared / "programs" / name
    copy.parent.mkdir(parents=True, exist_ok=True)
    if found and not copy.exists():
        making = copy.with_suffix(f".{place.address}")
        # By a process of its own: a file that is open for writing here, and so in every child that starts
        # meanwhile, cannot be executed.
        subprocess.run(["cp", "-p", found, str(making)], check=True)
        making.rename(copy)
    return str(copy)
