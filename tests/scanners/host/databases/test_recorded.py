"""What is read from real servers: MariaDB 10.11, PostgreSQL 15, MySQL 8.0, PostgreSQL 14, Redis, Samba."""

from __future__ import annotations

import pytest

from scanners.host.databases.area import DATABASES
from tests.scanners.host.recorded import FOLDER, facts_of, recorded

DEBIAN = facts_of(recorded("databases", "debian-12"), DATABASES)
UBUNTU = facts_of(recorded("databases", "ubuntu-22.04"), DATABASES)


@pytest.mark.parametrize("facts", [DEBIAN, UBUNTU], ids=["mariadb", "mysql"])
def test_open_accounts_are_named_and_locked_ones_and_roles_are_not(facts: dict[str, object]) -> None:
    assert facts["host.mariadb_open_accounts"] == ["root@%: remote root", "kosong@localhost: no password"]


@pytest.mark.parametrize("facts", [DEBIAN, UBUNTU], ids=["mariadb", "mysql"])
def test_rights_through_a_role_count_and_those_of_replication_do_not(facts: dict[str, object]) -> None:
    told = facts["host.mariadb_privileged_accounts"]
    assert isinstance(told, list)
    named = {text.partition(":")[0] for text in told}
    assert {"boss@10.0.0.%", "lapor@10.0.0.5"} <= named
    assert named.isdisjoint({"app@%", "salin@localhost", "kosong@localhost", "kunci@%"})
    assert "lapor@10.0.0.5: SELECT, UPDATE" in told


@pytest.mark.parametrize("facts", [DEBIAN, UBUNTU], ids=["mariadb", "mysql"])
def test_an_account_that_must_use_tls_is_not_plain(facts: dict[str, object]) -> None:
    assert facts["host.mariadb_plain_accounts"] == ["app@%", "root@%", "boss@10.0.0.%"]


@pytest.mark.parametrize("facts", [DEBIAN, UBUNTU], ids=["mariadb", "mysql"])
def test_databases_are_listed_without_those_of_the_server(facts: dict[str, object]) -> None:
    told = facts["host.mariadb_databases"]
    assert isinstance(told, list)
    assert sorted(told) == ["demo", "simpeg", "simpeg_test"]
    assert facts["host.postgresql_databases"] == ["simpeg", "simpeg_uji"]
    assert facts["host.mariadb_replicas"] == facts["host.postgresql_replication"] == []


@pytest.mark.parametrize("facts", [DEBIAN, UBUNTU], ids=["15", "14"])
def test_roles_that_reach_everything_are_named(facts: dict[str, object]) -> None:
    assert facts["host.postgresql_privileged_roles"] == [
        "postgres: superuser",
        "boss: superuser",
        "tulis: pg_read_server_files",
    ]
    assert facts["host.postgresql_old_passwords"] == ["lama"]


def test_rules_of_the_network_are_told_up_to_the_method() -> None:
    assert UBUNTU["host.postgresql_remote_rules"] == [
        "host all all 10.0.0.0/8 trust",
        "host simpeg nama ganda 192.168.1.0/24 md5",
        "hostssl all all 0.0.0.0/0 scram-sha-256",
        "host all all samenet ldap",
    ]
    assert UBUNTU["host.postgresql_plain_rules"] == [
        "host all all 10.0.0.0/8 trust",
        "host simpeg nama ganda 192.168.1.0/24 md5",
        "host all all samenet ldap",
    ]
    assert DEBIAN["host.postgresql_remote_rules"] == DEBIAN["host.postgresql_plain_rules"] == []


def test_stores_and_shares_are_judged_by_their_settings() -> None:
    assert DEBIAN["host.redis_open"] == ["/etc/redis/redis.conf"]
    assert UBUNTU["host.redis_open"] == []
    assert (DEBIAN["host.memcached_open"], UBUNTU["host.memcached_open"]) == ([], ["/etc/memcached.conf"])
    assert UBUNTU["host.samba_guest_shares"] == ["publik"]
    assert (DEBIAN["host.samba_minimum_protocol"], UBUNTU["host.samba_minimum_protocol"]) == (
        "SMB2_02",
        "NT1",
    )
    assert UBUNTU["host.samba_signing_required"] is False
    assert UBUNTU["host.nfs_open_exports"] == [
        "/srv/data *(rw,sync,no_root_squash)",
        "/srv/dua kata 10.0.0.5(ro,no_root_squash)",
    ]


def test_identity_numbers_are_counted_only() -> None:
    assert UBUNTU["host.test_database_identities"] == [
        {"server": "mariadb", "name": "simpeg_test", "cells": 12, "identity_numbers": 3, "phones": 2},
        {"server": "postgresql", "name": "simpeg_uji", "cells": 6, "identity_numbers": 2, "phones": 1},
    ]


@pytest.mark.parametrize("path", sorted((FOLDER / "databases").glob("*.txt")), ids=lambda path: path.stem)
def test_no_secret_and_no_content_of_a_table_left_the_host(path: object) -> None:
    text = (FOLDER / "databases" / str(path)).read_text()
    # The passwords, hashes and rows that were put into the servers before recording.
    for secret in ("rahasia", "x1Y_longer", "SCRAM-SHA-256$", "$A$005$", "3273", "0812"):
        assert secret not in text


def test_sudo_tells_what_root_tells() -> None:
    assert facts_of(recorded("databases", "debian-12-sudo"), DATABASES) == DEBIAN


def test_without_sudo_only_what_everybody_may_read_is_told() -> None:
    facts = facts_of(recorded("databases", "debian-12-user"), DATABASES)
    assert facts["host.samba_minimum_protocol"] == "SMB2_02"
    unread = facts["host.unread"]
    assert isinstance(unread, list)
    reasons = {one["fact"]: one["reason"] for one in unread if isinstance(one, dict)}
    assert reasons["host.mariadb_open_accounts"] == "needs root"
    assert reasons["host.redis_open"] == "needs root"
    assert "host.postgresql_remote_rules" not in facts
