"""Small daemons that one command line starts: memcached, OpenLDAP, rsync, telnet."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass

from tests.lab.model import LabError, Launch, Place
from tests.lab.services.bind import own_program


@dataclass(frozen=True, slots=True)
class Memcached:
    """memcached on port 11211, TCP only, without authentication: it has none that its text protocol uses."""

    name: str = "memcached"
    software: str = "memcached"
    ports: tuple[tuple[int, str], ...] = ((11211, "memcached"),)
    version_command: tuple[str, ...] = ("memcached", "--version")

    def launch(self, place: Place) -> Launch:
        """Return the command; there is nothing to write."""
        return Launch(
            ("memcached", "-l", place.address, "-p", "11211", "-U", "0", "-m", "8", "-u", "memcache")
        )


@dataclass(frozen=True, slots=True)
class OpenLdap:
    """slapd on port 389 without TLS, where anybody may read."""

    name: str = "openldap"
    software: str = "openldap"
    ports: tuple[tuple[int, str], ...] = ((389, "ldap"),)
    version_command: tuple[str, ...] = ("slapd", "-VV")

    def launch(self, place: Place) -> Launch:
        """Write the configuration and load a few entries once."""
        data = place.folder("data", "openldap")
        configuration = place.write("slapd.conf", _SLAPD.format(directory=place.directory, data=data))
        entries = place.write("entries.ldif", _ENTRIES)
        program = own_program(place, "slapd")
        if not (data / "data.mdb").exists():
            _load(program, str(configuration), str(entries))
            shutil.chown(data / "data.mdb", "openldap", "openldap")
            shutil.chown(data / "lock.mdb", "openldap", "openldap")
        url = f"ldap://{place.address}:389"
        return Launch(
            (program, "-f", str(configuration), "-h", url, "-u", "openldap", "-g", "openldap", "-d", "0")
        )


_SLAPD = """\
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {directory}/data/slapd.pid
access to * by * read
database mdb
maxsize 10485760
suffix "dc=lab,dc=test"
directory {data}
"""
_ENTRIES = """\
dn: dc=lab,dc=test
objectClass: dcObject
objectClass: organization
o: Pemerintah Kabupaten Contoh
dc: lab

dn: ou=pegawai,dc=lab,dc=test
objectClass: organizationalUnit
ou: pegawai

dn: cn=Contoh,ou=pegawai,dc=lab,dc=test
objectClass: inetOrgPerson
cn: Contoh
sn: Contoh
mail: contoh@lab.test
"""


def _load(program: str, configuration: str, entries: str) -> None:
    done = subprocess.run(
        [program, "-T", "add", "-f", configuration, "-l", entries],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise LabError(
            f"slapd could not load its entries: {done.stderr.strip()[-500:]}; remove its data directory"
        )


@dataclass(frozen=True, slots=True)
class Rsync:
    """rsync on port 873 with modules that anybody may list."""

    name: str = "rsync"
    software: str = "rsync"
    ports: tuple[tuple[int, str], ...] = ((873, "rsync"),)
    version_command: tuple[str, ...] = ("rsync", "--version")

    def launch(self, place: Place) -> Launch:
        """Write the configuration and a directory to show."""
        place.write("files/laporan.txt", "Laporan\n")
        configuration = place.write(
            "rsyncd.conf",
            "use chroot = no\nread only = yes\nlist = yes\n"
            f"[cadangan]\n    path = {place.directory}/files\n    comment = cadangan harian\n",
        )
        return Launch(
            ("rsync", "--daemon", "--no-detach", f"--address={place.address}", "--port=873",
             f"--config={configuration}", f"--log-file={place.directory}/rsync.log")
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Telnet:
    """GNU telnetd on port 23, started by socat for every connection; its login only says goodbye."""

    name: str = "telnet"
    software: str = "system"
    ports: tuple[tuple[int, str], ...] = ((23, "telnet"),)
    version_command: tuple[str, ...] = ("telnetd", "--version")

    def launch(self, place: Place) -> Launch:
        """Write the stand-in for login."""
        login = place.write(
            "login", "#!/bin/sh\nprintf 'lab login: '\nread -r name\necho 'Login incorrect'\n", 0o755
        )
        return Launch(
            ("socat", f"TCP-LISTEN:23,bind={place.address},reuseaddr,fork,max-children=8",
             f"EXEC:'/usr/sbin/telnetd -h -E {login}',nofork")
        )  # fmt: skip
