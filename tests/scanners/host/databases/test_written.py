"""What servers that cannot be run here print, after their documentation, and what no server prints."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.databases.area import DATABASES
from scanners.host.report import Reason, Report, Section, State, Unread, parse_report
from tests.scanners.host.recorded import FOLDER, NONCE, facts_of, written


def read(name: str, report: Report) -> JSON:
    reader: Reader = DATABASES.readers[f"host.{name}"]
    return reader(report)


def mysql(*rows: str, **more: str) -> Report:
    return written(
        denied=(), software="mariadb", hostname="db1", databases_mysql="\n".join([*rows, "answered"]), **more
    )


def postgresql(*rows: dict[str, JSON], **more: str) -> Report:
    told = [{"kind": "setting", "name": "data_directory", "setting": "/d"}, *rows, {"kind": "answered"}]
    return written(
        denied=(),
        software="postgresql",
        databases_postgresql="\n".join(json.dumps(row) for row in told),
        **more,
    )


def test_a_release_without_plugins_tells_its_accounts() -> None:
    # MySQL 5.1 of CentOS 6 knows neither plugin nor lock.
    report = mysql(
        "account\t\tlocalhost\t,1,N,N,",
        "account\troot\tdb1\t,1,N,N,",
        "account\troot\t10.0.0.1\t,0,N,N,",
        "account\tapp\tlocalhost\t,0,N,N,",
    )
    assert read("mariadb_open_accounts", report) == [
        "@localhost: anonymous",
        "root@db1: no password",
        "root@10.0.0.1: remote root",
    ]


def test_an_account_of_the_socket_without_password_is_not_open() -> None:
    report = mysql(
        "account\troot\tlocalhost\tauth_socket,1,N,N,", "account\ta\tlocalhost\tunix_socket,1,N,N,"
    )
    assert read("mariadb_open_accounts", report) == []


def test_a_second_way_without_password_is_open_and_a_lock_closes() -> None:
    report = mysql(
        "account\ta\tlocalhost\tunix_socket,0,N,N,",
        "account\tb\tlocalhost\tmysql_native_password,1,N,N,",
        "more\ta\tlocalhost\t0\t1",
        "more\tb\tlocalhost\t1\t0",
    )
    assert read("mariadb_open_accounts", report) == ["a@localhost: no password"]


@pytest.mark.parametrize(
    ("variables", "plain"),
    [
        (("bind_address\t0.0.0.0",), ["app@%"]),
        (("bind_address\t*", "require_secure_transport\tON"), []),
        (("bind_address\t127.0.0.1",), []),
        (("bind_address\t127.0.0.1,10.0.0.5",), ["app@%"]),
        (("skip_networking\tON",), []),
        ((), ["app@%"]),
    ],
)
def test_accounts_are_plain_only_where_other_machines_are_heard(
    variables: tuple[str, ...], plain: list[str]
) -> None:
    report = mysql("account\tapp\t%\tcaching_sha2_password,0,N,N,", *variables)
    assert read("mariadb_plain_accounts", report) == plain


def test_a_server_that_refuses_root_tells_nothing() -> None:
    report = written(software="mariadb", hostname="db1", databases_mysql="", databases_mysql_replication="")
    for name in ("mariadb_open_accounts", "mariadb_databases", "mariadb_replicas"):
        with pytest.raises(Unread) as caught:
            read(name, report)
        assert caught.value.reason is Reason.NOT_UNDERSTOOD


def test_replicas_are_told_in_the_words_of_every_release() -> None:
    report = mysql(
        databases_mysql_replication="""
*************************** 1. row ***************************
              Connection_name: pusat
                  Master_Host: 10.20.1.5
                  Master_Port: 3306
             Slave_IO_Running: Yes
            Slave_SQL_Running: Yes
        Seconds_Behind_Master: 12
*************************** 1. row ***************************
                  Source_Host: 10.20.1.6
                  Source_Port: 3306
           Replica_IO_Running: Connecting
          Replica_SQL_Running: Yes
        Seconds_Behind_Source: NULL
                 Channel_Name:
*************************** 1. row ***************************
answered: 1
"""
    )
    assert read("mariadb_replicas", report) == [
        {"name": "pusat 10.20.1.5:3306", "running": True, "delay_seconds": 12},
        {"name": "10.20.1.6:3306", "running": False, "delay_seconds": None},
    ]


def test_standbys_and_slots_of_postgresql_are_told() -> None:
    report = postgresql(
        {"kind": "standby", "recovering": True, "delay": 90},
        {"kind": "received", "all_replayed": False, "streaming": True},
        {"kind": "replica", "name": "standby2", "state": "catchup", "delay": None},
        {"kind": "slot", "name": "lama", "active": False},
    )
    assert read("postgresql_replication", report) == [
        {"name": "standby", "running": True, "delay_seconds": 90},
        {"name": "to standby2", "running": False, "delay_seconds": None},
        {"name": "slot lama", "running": False, "delay_seconds": None},
    ]


def test_a_quiet_source_is_no_delay() -> None:
    report = postgresql(
        {"kind": "standby", "recovering": True, "delay": 86400},
        {"kind": "received", "all_replayed": True, "streaming": None},
    )
    assert read("postgresql_replication", report) == [
        {"name": "standby", "running": True, "delay_seconds": 0}
    ]


def rules(text: str, **more: str) -> Report:
    return written(
        denied=(),
        software="postgresql",
        databases_postgresql_rules=f"==> /d/pg_hba.conf <== read\n{text}\n",
        **more,
    )


def test_the_machine_itself_is_told_apart_from_others() -> None:
    report = rules(
        "local all all peer\nhost all all 127.0.0.1 255.0.0.0 md5\nhost all all ::1/128 md5\n"
        "host all all localhost trust\nhost all all samehost ident\n"
        "hostssl all all .lab.test cert clientcert"
    )
    assert read("postgresql_local_rules", report) == [
        "host all all 127.0.0.1/8 md5",
        "host all all ::1/128 md5",
        "host all all localhost trust",
        "host all all samehost ident",
    ]
    assert read("postgresql_remote_rules", report) == ["hostssl all all .lab.test cert"]


@pytest.mark.parametrize(
    "text", ["include other.conf", "include_dir more", "host all", "host all all 10.0.0.0/8 telepathy", "x"]
)
def test_rules_that_are_not_understood_are_not_guessed(text: str) -> None:
    facts = facts_of(rules(text), DATABASES)
    assert "host.postgresql_remote_rules" not in facts


def test_rules_elsewhere_are_not_taken_for_those_that_were_read() -> None:
    report = postgresql(
        {"kind": "setting", "name": "hba_file", "setting": "/srv/pg_hba.conf"},
        databases_postgresql_rules="==> /d/pg_hba.conf <== read\nlocal all all peer\n",
    )
    with pytest.raises(Unread, match=r"/srv/pg_hba\.conf"):
        read("postgresql_remote_rules", report)


def stores(software: str, files: dict[str, str], processes: str = "") -> Report:
    text = "".join(f"==> {path} <== read\n{content}\n" for path, content in files.items())
    return written(software=software, databases_stores=text, databases_processes=processes)


@pytest.mark.parametrize(
    ("settings_text", "is_open"),
    [
        ("port 6379", True),
        ("requirepass set", False),
        ("requirepass set\nrequirepass unset", True),
        ("user default on nopass", True),
        ("user default off", False),
        ("user default on password", False),
        ("user app on password", True),
        ("user default on nopass\nrequirepass set", True),
    ],
)
def test_redis_is_open_unless_its_default_account_is_guarded(settings_text: str, is_open: bool) -> None:
    report = stores("redis", {"/etc/redis/redis.conf": settings_text})
    assert read("redis_open", report) == (["/etc/redis/redis.conf"] if is_open else [])


def test_accounts_of_redis_in_a_file_of_their_own_decide() -> None:
    conf = {"/etc/redis/redis.conf": "aclfile /etc/redis/users.acl\nrequirepass set"}
    with pytest.raises(Unread, match=r"users\.acl"):
        read("redis_open", stores("redis", conf))
    closed = {**conf, "/etc/redis/users.acl": "user default off"}
    assert read("redis_open", stores("redis", closed)) == []
    other = {**conf, "/etc/redis/users.acl": "user app on password"}
    assert read("redis_open", stores("redis", other)) == ["/etc/redis/redis.conf"]


def test_an_included_file_of_redis_counts_for_the_one_that_includes_it() -> None:
    files = {"/etc/redis/redis.conf": "include /etc/redis/redis-more.conf"}
    with pytest.raises(Unread, match="includes"):
        read("redis_open", stores("redis", files))
    report = stores("redis", {**files, "/etc/redis/redis-more.conf": "requirepass set"})
    assert read("redis_open", report) == []


@pytest.mark.parametrize(
    ("text", "processes", "found"),
    [
        ("authorization: enabled", "", []),
        ("authorization: disabled", "", ["/etc/mongod.conf"]),
        ("keyfile: set", "", []),
        ("auth=true", "", []),
        ("bindip: 127.0.0.1", "", ["/etc/mongod.conf"]),
        ("authorization: enabled\ntransitiontoauth: true", "", ["/etc/mongod.conf"]),
        ("bindip: 127.0.0.1", "/usr/bin/mongod --auth", []),
    ],
)
def test_mongodb_asks_for_a_login_where_it_is_told_to(text: str, processes: str, found: list[str]) -> None:
    assert read("mongodb_open", stores("mongodb", {"/etc/mongod.conf": text}, processes)) == found


@pytest.mark.parametrize(
    ("text", "processes", "found"),
    [
        ("-l 127.0.0.1\n-l ::1", "", []),
        ("-p 11211", "", ["/etc/memcached.conf"]),
        ("-S", "", []),
        ("-s /run/memcached.sock", "", []),
        ('options="-l 127.0.0.1,::1 -U 0"', "", []),
        ('options=""', "", ["/etc/memcached.conf"]),
        ("-l 127.0.0.1", "/usr/bin/memcached -l 0.0.0.0", ["memcached"]),
    ],
)
def test_memcached_is_open_where_other_machines_are_heard(
    text: str, processes: str, found: list[str]
) -> None:
    assert read("memcached_open", stores("memcached", {"/etc/memcached.conf": text}, processes)) == found


def test_nfs_clients_are_read_as_exports_5_writes_them() -> None:
    report = written(
        databases_exports="==> /etc/exports <== read\n/a 10.0.0.5(rw)\n/b\n/c *.lab.test(ro)\n"
        "/d 10.0.0.0/24(no_root_squash) # note\n/e -sec=krb5,ro host1 host2(rw)\n\n",
        software="rsync",
    )
    assert read("nfs_open_exports", report) == [
        "/b *()",
        "/c *.lab.test(ro)",
        "/d 10.0.0.0/24(no_root_squash)",
    ]
    assert read("file_shares", report) == ["nfs"]


def test_nfs_versions_are_those_of_the_running_server() -> None:
    assert read("nfs_versions", written(databases_nfs_versions="-2 +3 +4 +4.1 +4.2\n")) == [
        "3",
        "4",
        "4.1",
        "4.2",
    ]
    assert read("nfs_versions", written("databases-nfs-versions")) == []


@pytest.mark.parametrize(
    ("settings_text", "required"),
    [
        ("server signing = mandatory", True),
        ("server signing = default", False),
        ("server role = active directory domain controller\nserver signing = default", True),
        ("server signing = No\nserver smb encrypt = required", True),
    ],
)
def test_samba_signs_where_it_has_to(settings_text: str, required: bool) -> None:
    report = written(software="samba", databases_samba=f"[global]\n{settings_text}\n")
    assert read("samba_signing_required", report) is required


def test_a_share_takes_guests_by_the_default_of_all_shares() -> None:
    text = "[global]\nguest ok = Yes\n[a]\npath = /a\n[b]\nguest ok = No\n[c]\navailable = No\n"
    assert read("samba_guest_shares", written(software="samba", databases_samba=text)) == ["a"]


def volumes(mounts: str, devices: str, places: str = "/var/lib/mysql /srv/data") -> Report:
    return written(
        software="mongodb", databases_places=places, databases_mounts=mounts, databases_devices=devices
    )


def test_a_volume_is_encrypted_where_every_way_down_is() -> None:
    devices = (
        "/dev/vda /dev/vda disk \n/dev/vda1 /dev/vda1 part /dev/vda\n"
        "/dev/dm-0 /dev/mapper/luks crypt /dev/vda1\n/dev/dm-1 /dev/mapper/vg-data lvm /dev/dm-0\n"
    )
    mounts = "/dev/vda1 / ext4\n/dev/mapper/vg-data /srv/data ext4\n"
    assert read("data_volumes", volumes(mounts, devices)) == [
        {"path": "/srv/data", "device": "/dev/mapper/vg-data", "encrypted": True}
    ]
    half = devices + "/dev/dm-1 /dev/mapper/vg-data lvm /dev/vda1\n"
    assert read("data_volumes", volumes(mounts, half)) == [
        {"path": "/srv/data", "device": "/dev/mapper/vg-data", "encrypted": False}
    ]


def test_what_is_mounted_below_counts_too() -> None:
    devices = "/dev/vda /dev/vda disk \n/dev/dm-0 /dev/mapper/luks crypt /dev/vda\n"
    mounts = "/dev/mapper/luks / ext4\n/dev/vda /srv/data/main ext4\n"
    told = read("data_volumes", volumes(mounts, devices))
    assert told == [
        {"path": "/srv/data", "device": "/dev/mapper/luks", "encrypted": True},
        {"path": "/srv/data", "device": "/dev/vda", "encrypted": False},
    ]


@pytest.mark.parametrize(
    ("mounts", "places"), [("overlay / overlay\n", "/var/lib/mysql /srv"), ("/dev/vda / ext4\n", "")]
)
def test_a_volume_that_cannot_be_followed_is_not_guessed(mounts: str, places: str) -> None:
    with pytest.raises(Unread):
        read("data_volumes", volumes(mounts, "/dev/vda /dev/vda disk \n", places))


def test_a_host_without_these_servers_has_nothing_open() -> None:
    facts = facts_of(written(software="nginx"), DATABASES)
    for name in ("mariadb_open_accounts", "postgresql_remote_rules", "redis_open", "samba_guest_shares"):
        assert facts[f"host.{name}"] == []


def test_contents_are_not_counted_without_consent() -> None:
    with pytest.raises(Unread, match="assignment"):
        read("test_database_identities", written(software="mariadb"))


def test_an_empty_report_tells_nothing() -> None:
    facts = facts_of(Report({}), DATABASES)
    assert set(facts) == {"host.unread"}


SECTIONS = (
    *("databases-mysql", "databases-mysql-replication", "databases-postgresql", "databases-postgresql-rules"),
    *("databases-stores", "databases-processes", "databases-samba", "databases-exports", "databases-mounts"),
    *("databases-places", "databases-devices", "databases-mysql-identities", "databases-nfs-versions"),
)
INSTALLED = Section("software", State.RAN, b"mariadb\npostgresql\nredis\nmongodb\nmemcached\nsamba\n")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_whatever_is_printed_gives_facts_or_reasons(content: bytes) -> None:
    told = {name: Section(name, State.RAN, content) for name in SECTIONS}
    facts = facts_of(Report({**told, "software": INSTALLED}), DATABASES)
    known = set(facts) - {"host.unread"}
    unread = facts["host.unread"]
    assert isinstance(unread, list)
    assert len(known) + len(unread) == len(DATABASES.facts)


@pytest.mark.parametrize("length", [200, 1500, 4000])
def test_a_report_that_breaks_off_gives_reasons(length: int) -> None:
    content = (FOLDER / "databases" / "debian-12.txt").read_bytes()[:length]
    facts = facts_of(parse_report(content, NONCE), DATABASES)
    assert facts["host.unread"]


def test_escapes_and_long_lines_are_only_text() -> None:
    report = mysql("account\t\x1b[31mapp\t%\tmysql_native_password,1,N,N,", "database\t" + "a" * 200_000)
    assert read("mariadb_open_accounts", report) == ["\x1b[31mapp@%: no password"]
    facts = facts_of(report, DATABASES)
    databases = facts["host.mariadb_databases"]
    assert isinstance(databases, list)
    assert len(str(databases[0])) == 1000
