"""Record what real servers answer: `unshare -n python -m tests.scanners.udp.record` rewrites fixtures/.

Needs root, a network namespace of its own, as the ports are fixed, and Debian's tftpd-hpa, ntpsec, snmpd,
samba, openipmi and avahi-daemon. Nothing leaves the namespace.
"""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from auditor.model.plan import Task
from scanners.base import Limits
from scanners.udp.questions import CONSENT_CHECK
from scanners.udp.scanner import UdpScanner

FIXTURES = Path(__file__).parent / "fixtures"
OWN_ADDRESS = "192.0.2.1"
"""An address of the namespace itself: mDNS is not spoken on loopback."""
SNMP = "agentaddress udp:127.0.0.1:161\nrocommunity public 127.0.0.1\nsysDescr Tilik test agent\n"
NTP = "driftfile {folder}/drift\nrestrict 127.0.0.1\nserver 127.127.1.0\n"
SAMBA = (
    "[global]\nworkgroup = OPD\nnetbios name = ARSIP\ninterfaces = one lo\n"
    "lock directory = {folder}\nstate directory = {folder}\ncache directory = {folder}\n"
    "pid directory = {folder}\nprivate dir = {folder}\nncalrpc dir = {folder}\n"
)
IPMI = (
    'name "bmc"\nset_working_mc 0x20\n  startlan 1\n    addr 127.0.0.1 623\n    priv_limit admin\n'
    "    allowed_auths_admin md5\n    guid a123456789abcdefa123456789abcdef\n  endlan\n"
)
BMC = "mc_setbmc 0x20\nmc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02\nmc_enable 0x20\n"
AVAHI = "[server]\nenable-dbus=no\nuse-ipv6=no\nhost-name=arsip\n[publish]\npublish-workstation=yes\n"


def main() -> None:
    """Start every server, ask all of them with one scan, and keep the answers."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    # Two of the servers start only where there is an address beside that of loopback.
    subprocess.run(["ip", "link", "add", "one", "type", "veth", "peer", "name", "two"], check=True)
    subprocess.run(["ip", "address", "add", f"{OWN_ADDRESS}/24", "brd", "+", "dev", "one"], check=True)
    for name in ("one", "two"):
        subprocess.run(["ip", "link", "set", name, "up"], check=True)
    with tempfile.TemporaryDirectory() as folder, _servers(Path(folder)):
        time.sleep(8)
        for address in (OWN_ADDRESS, "127.0.0.1"):
            task = Task("udp", "recorded", "opd", address, options={"consent": [CONSENT_CHECK]})
            seen = UdpScanner().scan(task, Limits(20, 1, 50, 60.0), lambda: None)
            print(address, seen.facts, seen.failure)
            for raw in seen.raw:
                (FIXTURES / raw.name).write_bytes(raw.content)


@contextlib.contextmanager
def _servers(folder: Path) -> Iterator[None]:
    files = {
        "snmpd.conf": SNMP,
        "ntp.conf": NTP,
        "smb.conf": SAMBA,
        "lan.conf": IPMI,
        "bmc.emu": BMC,
        "avahi.conf": AVAHI,
    }
    for name, text in files.items():
        (folder / name).write_text(text.replace("{folder}", str(folder)))
    (folder / "tftp").mkdir()
    commands: tuple[Sequence[str], ...] = (
        ("in.tftpd", "-L", "-a", "127.0.0.1:69", "-s", f"{folder}/tftp"),
        ("snmpd", "-f", "-C", "-c", f"{folder}/snmpd.conf", "-p", f"{folder}/snmpd.pid", "-Lo"),
        ("ntpd", "-n", "-g", "-c", f"{folder}/ntp.conf"),
        ("nmbd", "-F", "--no-process-group", "-s", f"{folder}/smb.conf"),
        ("avahi-daemon", "--no-drop-root", "--no-chroot", "--no-rlimits", "-f", f"{folder}/avahi.conf"),
        ("ipmi_sim", "-n", "-d", "-c", f"{folder}/lan.conf", "-f", f"{folder}/bmc.emu", "-s", str(folder)),
    )
    with contextlib.ExitStack() as stack:
        for command in commands:
            server = stack.enter_context(subprocess.Popen(command))
            stack.callback(server.terminate)
        yield


if __name__ == "__main__":
    main()
