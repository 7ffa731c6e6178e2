"""ProFTPD: FTP whose accounts travel in the clear."""

from __future__ import annotations

from dataclasses import dataclass

from tests.lab.model import Launch, Place


@dataclass(frozen=True, slots=True)
class ProFtpd:
    """ProFTPD on port 21 without TLS and without anonymous login."""

    name: str = "proftpd"
    software: str = "any"
    ports: tuple[tuple[int, str], ...] = ((21, "ftp"),)
    version_command: tuple[str, ...] = ("proftpd", "-v")

    def launch(self, place: Place) -> Launch:
        """Write the configuration and an empty list of accounts."""
        accounts = place.write("accounts", "", 0o600)
        configuration = place.write(
            "proftpd.conf",
            _MAIN.format(address=place.address, directory=place.directory, accounts=accounts),
        )
        return Launch(("proftpd", "--nodaemon", "--quiet", "--config", str(configuration)))


_MAIN = """\
ServerName "Berkas"
ServerIdent on "Layanan berkas"
ServerType standalone
DefaultServer on
SocketBindTight on
DefaultAddress {address}
Port 21
UseIPv6 off
UseReverseDNS off
User nobody
Group nogroup
MaxInstances 20
PidFile {directory}/proftpd.pid
ScoreboardFile {directory}/proftpd.scoreboard
DelayTable {directory}/proftpd.delay
SystemLog {directory}/proftpd.log
WtmpLog off
AuthOrder mod_auth_file.c
AuthUserFile {accounts}
"""
