"""Facts of the area `databases`."""

from __future__ import annotations

from auditor.model.facts import FactSpec, FactType

_LINK = ("name", "running", "delay_seconds")

FACTS: tuple[FactSpec, ...] = (
    FactSpec(
        "host.mariadb_open_accounts",
        FactType.STRINGS,
        "accounts of MySQL or MariaDB, not locked, that are anonymous, without password, or root from other"
        " machines: `user@host: reason`",
    ),
    FactSpec(
        "host.mariadb_privileged_accounts",
        FactType.STRINGS,
        "accounts of MySQL or MariaDB, not locked, with rights over all databases: `user@host: rights`",
    ),
    FactSpec(
        "host.mariadb_plain_accounts",
        FactType.STRINGS,
        "accounts of MySQL or MariaDB that other machines may use without TLS, where it listens for them",
    ),
    FactSpec("host.mariadb_databases", FactType.STRINGS, "databases of MySQL or MariaDB beside its own"),
    FactSpec(
        "host.mariadb_encrypts_tables", FactType.BOOL, "MySQL or MariaDB encrypts tables when it makes them"
    ),
    FactSpec(
        "host.mariadb_replicas",
        FactType.RECORDS,
        "sources that MySQL or MariaDB copies from; running: both of its threads; delay_seconds or null",
        record=_LINK,
    ),
    FactSpec(
        "host.postgresql_local_rules",
        FactType.STRINGS,
        "lines of pg_hba.conf for connections over the network from the machine itself, up to the method",
    ),
    FactSpec(
        "host.postgresql_remote_rules",
        FactType.STRINGS,
        "lines of pg_hba.conf for connections from other machines, up to the method",
    ),
    FactSpec(
        "host.postgresql_plain_rules",
        FactType.STRINGS,
        "lines of pg_hba.conf that let other machines in without TLS, where a server listens for them",
    ),
    FactSpec(
        "host.postgresql_privileged_roles",
        FactType.STRINGS,
        "roles of PostgreSQL that log in and are superuser, by themselves or by membership, or reach all data"
        " or files: `role: rights`",
    ),
    FactSpec(
        "host.postgresql_old_passwords",
        FactType.STRINGS,
        "roles of PostgreSQL that log in and whose password is kept as MD5",
    ),
    FactSpec("host.postgresql_databases", FactType.STRINGS, "databases of PostgreSQL beside its own"),
    FactSpec(
        "host.postgresql_replication",
        FactType.RECORDS,
        "replication of PostgreSQL: `standby`, `to NAME` and `slot NAME`; delay_seconds or null",
        record=_LINK,
    ),
    FactSpec("host.redis_open", FactType.STRINGS, "files of Redis or Valkey by which no password is asked"),
    FactSpec("host.mongodb_open", FactType.STRINGS, "files of MongoDB by which no login is asked"),
    FactSpec(
        "host.memcached_open",
        FactType.STRINGS,
        "files of memcached, or `memcached` for a running one, by which other machines need no login",
    ),
    FactSpec("host.file_shares", FactType.STRINGS, "how files are shared: samba, nfs"),
    FactSpec("host.samba_guest_shares", FactType.STRINGS, "shares of Samba that need no login"),
    FactSpec(
        "host.samba_minimum_protocol",
        FactType.STRING,
        "oldest protocol that Samba speaks, in capitals, with its default; null without Samba",
        nullable=True,
    ),
    FactSpec(
        "host.samba_signing_required",
        FactType.BOOL,
        "Samba refuses sessions that are neither signed nor encrypted; null without Samba",
        nullable=True,
    ),
    FactSpec(
        "host.nfs_open_exports",
        FactType.STRINGS,
        "lines of exports(5) with a wildcard or network of everybody as client, or with no_root_squash",
    ),
    FactSpec(
        "host.nfs_versions", FactType.STRINGS, "versions that the running NFS server speaks; [] for none"
    ),
    FactSpec(
        "host.data_volumes",
        FactType.RECORDS,
        "volumes under the data directories of database servers; encrypted: dm-crypt on every path to a disk",
        record=("path", "device", "encrypted"),
    ),
    FactSpec(
        "host.test_database_identities",
        FactType.RECORDS,
        "databases marked as test by their names: cells looked at (at most 1000 rows of 200 columns of a"
        " server), and how many hold the pattern of an NIK or of a mobile phone",
        record=("server", "name", "cells", "identity_numbers", "phones"),
    ),
)
