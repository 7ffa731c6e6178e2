"""Record what real servers say into tests/fixtures/services/: `python -m tests.scanners.services.record`.

Needs root and the lab's packages. Every server has a loopback address of its own and is ended afterwards.
What is said inside TLS cannot be played back, so these servers speak plainly.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from scanners.services.identify import identify
from tests.lab.certificates import GOOD
from tests.lab.lab import Lab
from tests.lab.model import LabServer, Service
from tests.lab.services.bind import Bind
from tests.lab.services.desktop import OpenX11, Vnc, Xrdp
from tests.lab.services.dovecot import Dovecot
from tests.lab.services.etcd import Etcd
from tests.lab.services.mariadb import MariaDb
from tests.lab.services.nfs import Nfs
from tests.lab.services.nginx import Nginx, Site
from tests.lab.services.openssh import DEFAULT_SSH
from tests.lab.services.postfix import Postfix
from tests.lab.services.postgresql import PostgreSql
from tests.lab.services.proxy import Tinyproxy
from tests.lab.services.redis import Redis
from tests.lab.services.samba import Samba
from tests.lab.services.small import Memcached, OpenLdap, Rsync, Telnet
from tests.lab.services.vsftpd import Vsftpd
from tests.lab.services.zones import Zone
from tests.scanners.services.played import FIXTURES, Recording, context_of, recording_dialer

_ZONE = Zone("contohkab.lab.test", "@ IN NS ns1\nns1 IN A 127.30.9.9\n")
SERVERS: dict[str, tuple[tuple[Service, ...], tuple[int, ...]]] = {
    "ssh": ((DEFAULT_SSH,), (22,)),
    "web": ((Nginx((Site(80),)),), (80,)),
    "mail": ((Dovecot(GOOD), Postfix("surel.lab.test", GOOD)), (25, 110, 143)),
    "mail-open": (
        (
            Dovecot(GOOD, login_before_tls=True),
            Postfix(
                "surel.lab.test", GOOD, tls_on_25=False, login_before_tls=True, show_version=True, relay=True
            ),
        ),
        (25, 110, 143),
    ),
    "redis": ((Redis(),), (6379,)),
    "redis-password": ((Redis(password="rahasia"),), (6379,)),
    "memcached": ((Memcached(),), (11211,)),
    "postgresql": ((PostgreSql(),), (5432,)),
    "postgresql-trust": ((PostgreSql(trust=True),), (5432,)),
    "mariadb": ((MariaDb(),), (3306,)),
    "mariadb-open": ((MariaDb(certificate=GOOD, open_root=True),), (3306,)),
    "ldap": ((OpenLdap(),), (389,)),
    "ftp": ((Vsftpd(),), (21,)),
    "ftp-strict": ((Vsftpd(certificate=GOOD, anonymous=False),), (21,)),
    "rsync": ((Rsync(),), (873,)),
    "telnet": ((Telnet(),), (23,)),
    "dns": ((Bind(),), (53,)),
    "dns-transfer": (
        (Bind(zones=(replace(_ZONE, transfer=True),), show_version=True),),
        (53,),
    ),
    "dns-closed": ((Bind(zones=(_ZONE,)),), (53,)),
    "smb": ((Samba(),), (445,)),
    "smb-old": ((Samba(old=True),), (139, 445)),
    "vnc": ((Vnc(),), (5900,)),
    "vnc-password": ((Vnc(password=True),), (5900,)),
    "x11": ((OpenX11(),), (6000,)),
    "rdp": ((Xrdp(GOOD),), (3389,)),
    "nfs": ((Nfs(),), (111, 2049)),
    "etcd": ((Etcd(),), (2379,)),
    "proxy": ((Tinyproxy(),), (3128,)),
    "proxy-open": ((Tinyproxy(open_to_all=True),), (3128,)),
}


def main() -> None:
    """Record every port of every server."""
    fleet = tuple(
        LabServer(name, "dinkes", name, "dmz", "rendah", f"127.30.0.{number}", services)
        for number, (name, (services, _)) in enumerate(SERVERS.items(), start=1)
    )
    FIXTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with Lab(Path(folder), fleet):
            for server in fleet:
                for port in SERVERS[server.id][1]:
                    _record(server.id, server.address, port)


def _record(name: str, address: str, port: int) -> None:
    dialer = recording_dialer(address, port)
    found = identify(context_of(dialer))
    Recording(address, port, dialer.scripts, found.facts).write(FIXTURES / f"{name}-{port}.json")


if __name__ == "__main__":
    main()
