"""Puts texts into the files of PostgreSQL and MariaDB, and into the command of memcached."""

from __future__ import annotations

from dataclasses import replace

from tests.lab.roundtrip.model import Bed
from tests.lab.roundtrip.placers.lines import parts, set_lines


def postgresql(bed: Bed) -> None:
    """Set postgresql.conf; the lines for pg_hba.conf take the place of those for network addresses."""
    text = bed.local(bed.text("postgresql"))
    bed.install_certificate(text, owner="postgres")
    for name, lines in parts(text):
        if name == "pg_hba.conf":
            encrypted = "ssl = on" in bed.read("postgresql.conf")
            wanted = lines if encrypted else [line.replace("hostssl", "host   ", 1) for line in lines]
            bed.write("pg_hba.conf", "\n".join(wanted) + "\n")
        else:
            bed.write("postgresql.conf", set_lines(bed.read("postgresql.conf"), lines, r"\s*=\s*"))


def mariadb_statements(bed: Bed) -> None:
    """Run the text's statements after the account of the lab was made."""
    statements = [line for _, lines in parts(bed.text("mariadb")) for line in lines]
    bed.write("start.sql", bed.read("start.sql") + "\n".join(statements) + "\n")


def memcached(bed: Bed) -> None:
    """Put the options of /etc/memcached.conf into the command, as its unit does, each once."""
    text = bed.local(bed.text("memcached"))
    bed.inside("/etc/memcached.auth", "aplikasi:kata-sandi-lab\n")
    command = list(bed.launch.command)
    for line in (line for _, lines in parts(text) for line in lines):
        option, value = line.split(maxsplit=1)
        if option in command:
            command[command.index(option) + 1] = value
        else:
            command += [option, value]
    bed.launch = replace(bed.launch, command=tuple(command))
