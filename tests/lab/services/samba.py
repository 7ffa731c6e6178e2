"""Samba: a file server of the old kind, and a strict one."""

from __future__ import annotations

from dataclasses import dataclass

from tests.lab.model import Launch, Place


@dataclass(frozen=True, slots=True)
class Samba:
    """smbd on ports 139 and 445; `old` speaks SMB 1, lets guests in and signs nothing.

    Without it the server speaks SMB 3 on 445 alone, signs everything and has no guest.
    """

    old: bool = False
    name: str = "samba"
    software: str = "samba"
    version_command: tuple[str, ...] = ("smbd", "--version")

    @property
    def ports(self) -> tuple[tuple[int, str], ...]:
        """Return 445, and 139 for the old kind."""
        return ((445, "microsoft-ds"), *([(139, "netbios-ssn")] if self.old else []))

    def launch(self, place: Place) -> Launch:
        """Write smb.conf with all of its state below the directory."""
        folders = {
            name: place.folder(name, mode=mode)
            for name, mode in (("private", 0o700), ("state", 0o755), ("run", 0o755), ("berkas", 0o755))
        }
        place.write("berkas/laporan.txt", "Laporan\n")
        configuration = place.write(
            "smb.conf",
            _MAIN.format(
                address=place.address,
                directory=place.directory,
                ports=" ".join(str(port) for port, _ in self.ports),
                kind=_OLD if self.old else _STRICT,
                guest="yes" if self.old else "no",
                **folders,
            ),
        )
        return Launch(("smbd", "--foreground", "--no-process-group", f"--configfile={configuration}"))


_MAIN = """\
[global]
interfaces = {address}/8
bind interfaces only = yes
smb ports = {ports}
server role = standalone server
netbios name = BERKAS
workgroup = LAB
log file = {directory}/smbd.log
private dir = {private}
state directory = {state}
cache directory = {state}
lock directory = {run}
pid directory = {run}
ncalrpc dir = {run}/ncalrpc
disable netbios = yes
load printers = no
printing = bsd
disable spoolss = yes
rpc start on demand helpers = no
max smbd processes = 20
{kind}
[berkas]
path = {berkas}
read only = yes
guest ok = {guest}
"""
_OLD = "server min protocol = NT1\nserver signing = disabled\nmap to guest = Bad User\n"
_STRICT = "server min protocol = SMB3\nserver signing = mandatory\nmap to guest = Never\n"
