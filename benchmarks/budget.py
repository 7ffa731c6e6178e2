"""Count every packet of a whole audit that opens something, and compare the busiest second with the budget.

Run as root: python -m benchmarks.budget [AUDITS]   (default 1)
Servers of every fragility stand in a network namespace of its own and are audited with the shipped budgets.
SYNs and datagrams are counted where they leave, with the kernel's time, per host and sliding second (for
budgets below one per second: per 1/budget seconds). Prints the busiest span of each host; exits with 1 where
any held more.
"""

from __future__ import annotations

import ipaddress
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml

from auditor.store.workspace import open_workspace
from benchmarks.network import enter_own_network
from tests.hostile.servers import GOOD, Placement, standing

_NETWORK = ipaddress.ip_network("127.50.0.0/16")
_PER_SECOND = {"normal": 5.0, "sensitive": 2.0, "fragile": 0.5}
"""The shipped budgets, from policies.yaml."""
_SERVICES = {
    22: "ssh: KEXINIT and silence",
    25: "services: SMTP that refuses TLS",
    53: "names: same to all",
    80: GOOD.name,
    143: "services: IMAP with hostile text",
    443: "certificates: 500 names",
    6379: "services: Redis with hostile text",
    8443: "certificates: chain of strangers",
}
_ETHERNET_ALL, _IP, _OUTGOING = 0x0003, 0x0800, 4
_SO_TIMESTAMPNS = 35
_TCP, _UDP, _SYN, _ACK = 6, 17, 0x02, 0x10
_LINK_BYTES, _BUFFER_BYTES = 14, 16_000_000


@dataclass(frozen=True)
class Host:
    """A server of the benchmark, with some of `_SERVICES` on it."""

    address: str
    fragility: str
    ports: Sequence[int]

    @property
    def per_second(self) -> float:
        """Return its budget."""
        return _PER_SECOND[self.fragility]


_HOSTS = [
    *(Host(f"127.50.0.{number}", "normal", tuple(_SERVICES)) for number in range(1, 7)),
    Host("127.50.0.11", "sensitive", (22, 80, 443, 6379)),
    Host("127.50.0.12", "sensitive", (22, 25, 53)),
    Host("127.50.0.21", "fragile", (22, 80)),
]


class Counter:
    """Notes when a packet that opens something leaves for one of the hosts."""

    def __init__(self) -> None:
        self.moments: dict[str, list[float]] = defaultdict(list)
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETHERNET_ALL))
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._socket.bind(("lo", 0))
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            frame, ancillary, _, source = self._socket.recvmsg(_LINK_BYTES + 60, 64)
            # Loopback shows every packet twice: as it leaves, and as it arrives.
            if source[2] == _OUTGOING and source[1] == _IP and (address := _opens(frame[_LINK_BYTES:])):
                seconds, nanoseconds = struct.unpack("@qq", ancillary[0][2])
                self.moments[address].append(seconds + nanoseconds / 1e9)


def _opens(packet: bytes) -> str:
    """Return where a packet goes that is a SYN or a datagram to one of the hosts, else nothing."""
    header_bytes = (packet[0] & 0x0F) * 4
    address = ipaddress.ip_address(packet[16:20])
    if address not in _NETWORK:
        return ""
    opening = packet[9] == _TCP and packet[header_bytes + 13] & (_SYN | _ACK) == _SYN
    return str(address) if opening or packet[9] == _UDP else ""


def main() -> int:
    """Audit as often as asked and print the busiest span of every host."""
    audits = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    enter_own_network()
    placements: list[Placement] = [
        (_SERVICES[port], host.address, port) for host in _HOSTS for port in host.ports
    ]
    exceeded = 0
    for number in range(audits):
        counter = Counter()
        with standing(placements), tempfile.TemporaryDirectory() as folder:
            tasks = _audit(Path(folder))
        print(f"audit {number + 1} of {audits}: {tasks} tasks at {len(_HOSTS)} hosts")
        exceeded += _print_spans(counter)
    print(f"hosts that got more than their budget: {exceeded}")
    return 1 if exceeded else 0


def _print_spans(counter: Counter) -> int:
    exceeded = 0
    print(f"{'host':16}{'fragility':12}{'packets':>8}{'busiest':>9}{'allowed':>9}  span")
    for host in _HOSTS:
        moments = sorted(counter.moments[host.address])
        span, allowed = max(1.0, 1 / host.per_second), max(1, int(host.per_second))
        most = _busiest(moments, span)
        exceeded += most > allowed or not moments
        print(f"{host.address:16}{host.fragility:12}{len(moments):8}{most:9}{allowed:9}  {span:.0f} s")
    return exceeded


def _busiest(moments: Sequence[float], span: float) -> int:
    """Return how many of these moments lie in one span at most, both of its ends included."""
    most = first = 0
    for last, moment in enumerate(moments):
        while moment - moments[first] > span:
            first += 1
        most = max(most, last - first + 1)
    return most


def _audit(folder: Path) -> int:
    """Audit all hosts through the command; return the number of tasks measured."""
    (folder / "inventory.yaml").write_text(yaml.safe_dump(_inventory()), encoding="utf-8")
    command = [sys.executable, "-m", "auditor.cli.main", "audit"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"the audit failed: {done.stderr[-1000:]}")
    store = open_workspace(folder / "audit-data")
    return len(store.evidence.of_run(store.runs.all()[-1].id))


def _inventory() -> dict[str, object]:
    today = datetime.now(UTC).date()
    servers = [
        {
            "id": f"server-{number}",
            "zone": "dmz",
            "category": "tinggi",
            "addresses": [host.address],
            "hostnames": [f"a{number}.contoh.test"],
            "fragility": host.fragility,
            "services": [{"port": port} for port in host.ports],
        }
        for number, host in enumerate(_HOSTS)
    ]
    return {
        "version": 1,
        "organization": {"name": "Pemerintah Kabupaten Contoh", "timezone": "Asia/Jakarta"},
        "authorizations": [
            {
                "reference": "094/1",
                "approved_by": "Kepala Dinas",
                "valid": {"from": today - timedelta(days=1), "until": today + timedelta(days=1)},
                "networks": [str(_NETWORK)],
                "methods": ["ports", "udp", "tls", "certificates", "ssh", "http"],
            }
        ],
        "zones": [{"id": "dmz", "name": "DMZ", "public": True, "networks": [str(_NETWORK)]}],
        "opds": [{"id": "dinkes", "name": "Dinas Kesehatan", "servers": servers}],
    }


if __name__ == "__main__":
    sys.exit(main())
