"""Record what nmap says of real servers into tests/fixtures/nmap/: `python -m tests.scanners.ports.record`.

Needs root and the lab's packages. Every server has a loopback address of its own and is ended afterwards.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from auditor.model.plan import Task
from scanners.base import Limits
from scanners.ports.parse import parse
from scanners.ports.scanner import PortScanner
from tests.lab.certificates import GOOD
from tests.lab.lab import Lab
from tests.lab.model import LabServer, Service
from tests.lab.services.bind import Bind
from tests.lab.services.dovecot import Dovecot
from tests.lab.services.nginx import Nginx, Site
from tests.lab.services.openssh import DEFAULT_SSH
from tests.lab.services.postfix import Postfix
from tests.lab.services.postgresql import PostgreSql
from tests.lab.services.redis import Redis
from tests.lab.services.small import Memcached, OpenLdap, Rsync, Telnet
from tests.lab.services.vsftpd import Vsftpd

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "nmap"
PORTS = (21, 22, 23, 25, 53, 80, 110, 143, 389, 443, 465, 587, 873, 993, 995, 5432, 6379, 11211)
SERVERS: dict[str, tuple[Service, ...]] = {
    "closed": (),
    "one": (DEFAULT_SSH,),
    "web": (Nginx((Site(80), Site(443, certificates=(GOOD,)))),),
    "mail-open": (
        Dovecot(GOOD, login_before_tls=True),
        Postfix("surel.lab.test", GOOD, tls_on_25=False, login_before_tls=True, implicit_tls=False),
    ),
    "mail-strict": (Dovecot(GOOD), Postfix("surel.lab.test", GOOD)),
    "data": (Redis(), Memcached(), PostgreSql(), OpenLdap()),
    "files": (Vsftpd(), Rsync(), Telnet(), Bind()),
}


def main() -> None:
    """Record every server."""
    fleet = tuple(
        LabServer(name, "dinkes", name, "dmz", "rendah", f"127.30.0.{number}", services)
        for number, (name, services) in enumerate(SERVERS.items(), start=1)
    )
    FIXTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with Lab(Path(folder), fleet):
            for server in fleet:
                _record(server.id, server.address)


def _record(name: str, address: str) -> None:
    task = Task("ports", name, "opd", address, options={"ranges": [[port, port] for port in PORTS]})
    seen = PortScanner().scan(task, Limits(50, 10, 1000, 300.0), lambda: None)
    (raw,) = seen.raw
    (FIXTURES / f"{name}.xml").write_bytes(raw.content)
    facts = parse(raw.content, address).facts
    (FIXTURES / f"{name}.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
