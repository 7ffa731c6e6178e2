"""BIND: an authoritative server that answers nothing else, and an open resolver."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from tests.lab.model import Launch, Place


@dataclass(frozen=True, slots=True)
class Bind:
    """named on port 53, TCP and UDP.

    With `forward_to` it is an open resolver that shows its version and asks only that server; without, it is
    the authoritative server of `lab.test` with `records` (name, address) and shows nothing.
    """

    records: tuple[tuple[str, str], ...] = ()
    forward_to: str = ""
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
        options, zones = self._recursive() if self.forward_to else self._authoritative(place)
        configuration = place.write(
            "named.conf", _MAIN.format(port=port, run=run, options=options, zones=zones)
        )
        program = own_program(place, "named")
        script = place.write(
            "start.sh",
            _START.format(address=place.address, port=port, program=program, configuration=configuration),
            0o755,
        )
        return Launch((str(script),), also_ready=(("127.0.0.1", port),))

    def _recursive(self) -> tuple[str, str]:
        return _RECURSIVE.format(forward_to=self.forward_to), ""

    def _authoritative(self, place: Place) -> tuple[str, str]:
        zone = place.write("lab.test.zone", _zone(place.address, self.records))
        return _AUTHORITATIVE, f'zone "lab.test" {{ type primary; file "{zone}"; }};'


_MAIN = """\
options {{
    directory "{run}";
    pid-file "{run}/named.pid";
    session-keyfile "{run}/session.key";
    listen-on port {port} {{ 127.0.0.1; }};
    listen-on-v6 {{ none; }};
    query-source address 127.0.0.1;
    allow-query {{ any; }};
    dnssec-validation no;
    empty-zones-enable no;
    notify no;
    {options}
}};
controls {{ }};
{zones}
"""


_RECURSIVE = "recursion yes; allow-recursion {{ any; }}; forward only; forwarders {{ {forward_to}; }};"
_AUTHORITATIVE = "recursion no; allow-transfer { none; }; version none; hostname none; server-id none;"
_START = """\
#!/bin/sh
socat TCP4-LISTEN:53,bind={address},reuseaddr,fork TCP4:127.0.0.1:{port} &
socat -T 3 UDP4-RECVFROM:53,bind={address},reuseaddr,fork UDP4:127.0.0.1:{port} &
exec {program} -g -n 1 -u bind -c {configuration}
"""


def _inner_port(address: str) -> int:
    """Return a port below the ephemeral range, different for every address of the lab."""
    second, third, fourth = (int(part) for part in address.split(".")[1:])
    return 15000 + 2048 * (second % 8) + 256 * (third % 8) + fourth


def _zone(address: str, records: tuple[tuple[str, str], ...]) -> str:
    head = f"$TTL 300\n@ IN SOA ns1 csirt 1 3600 600 86400 300\n@ IN NS ns1\nns1 IN A {address}\n"
    return head + "".join(f"{name}. IN A {target}\n" for name, target in records)


def own_program(place: Place, name: str) -> str:
    """Return a copy of a program: Ubuntu's AppArmor lets the packaged path read no other directories."""
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    copy = place.shared / "programs" / name
    copy.parent.mkdir(parents=True, exist_ok=True)
    if found and not copy.exists():
        making = copy.with_suffix(f".{place.address}")
        shutil.copy2(found, making)
        making.rename(copy)
    return str(copy)
