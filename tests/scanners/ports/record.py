"""Record what nmap says of real servers into tests/fixtures/nmap/: `python -m tests.scanners.ports.record`.

Needs root and the lab's packages. Every server has a loopback address of its own and is ended afterwards.
`group` is one port scan of all of them; `files` and `data` are looks at unnamed ports, each of one server.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from auditor.model.plan import Task
from scanners.base import Limits
from scanners.nmap_engine import port_list, run
from scanners.ports.scanner import PortScanner
from scanners.services.detection import arguments, parse
from tests.lab.certificates import GOOD
from tests.lab.lab import Lab
from tests.lab.model import LabServer, Service
from tests.lab.services.bind import Bind
from tests.lab.services.nginx import Nginx, Site
from tests.lab.services.openssh import DEFAULT_SSH
from tests.lab.services.postfix import Postfix
from tests.lab.services.redis import Redis
from tests.lab.services.small import Memcached, OpenLdap, Rsync, Telnet
from tests.lab.services.vsftpd import Vsftpd

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "nmap"
PORTS = (21, 22, 23, 25, 53, 80, 389, 443, 465, 587, 873, 6379, 11211)
SERVERS: dict[str, tuple[Service, ...]] = {
    "closed": (),
    "one": (DEFAULT_SSH,),
    "web": (Nginx((Site(80), Site(443, certificates=(GOOD,)))),),
    "data": (Redis(), Memcached(), OpenLdap(), Postfix("surel.lab.test", GOOD)),
    "files": (Vsftpd(), Rsync(), Telnet(), Bind()),
}
DETECTED = ("data", "files")
LIMITS = Limits(50, 10, 1000, 300.0)


def address_of(name: str) -> str:
    """Return the address of a recorded server."""
    return f"127.30.0.{list(SERVERS).index(name) + 1}"


def main() -> None:
    """Record the group, then the looks."""
    fleet = tuple(
        LabServer(name, "dinkes", name, "dmz", "rendah", address_of(name), services)
        for name, services in SERVERS.items()
    )
    FIXTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with Lab(Path(folder), fleet):
            _group([server.address for server in fleet])
            for name in DETECTED:
                _look(name)


def _group(addresses: list[str]) -> None:
    options = {"ranges": [[port, port] for port in PORTS]}
    tasks = [Task("ports", address, "opd", address, options=options) for address in addresses]
    seen = PortScanner().scan_group(tasks, LIMITS, lambda: None)
    (FIXTURES / "group.xml").write_bytes(seen[0].raw[0].content)
    facts = {address: one.facts for address, one in zip(addresses, seen, strict=True)}
    _write("group", facts)


def _look(name: str) -> None:
    address = address_of(name)
    output = run([address], port_list([[port, port] for port in PORTS], []), arguments(address, LIMITS), 300)
    (FIXTURES / f"{name}.xml").write_bytes(output.xml)
    _write(name, {str(port): facts for port, facts in parse(output.xml, address).items()})


def _write(name: str, content: object) -> None:
    (FIXTURES / f"{name}.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
