"""Databases, caches, directories and files."""

from __future__ import annotations

from tests.lab.roundtrip.cases.access import only
from tests.lab.roundtrip.model import Case
from tests.lab.roundtrip.moved import MOVED
from tests.lab.roundtrip.placers import databases, others
from tests.lab.roundtrip.placers.directory import slapd
from tests.lab.roundtrip.placers.lines import keyed

_CLINICS = "dinkes-db-01"
_FILES = "dinsos-berkas-01"
_IMAGES = only("rsud-arsip-01", "samba")
_SAMBA = keyed("smb.conf", "samba", r"\s*=\s*", section="[global]")
_VSFTPD = keyed("vsftpd.conf", "vsftpd", "=")

CASES: tuple[Case, ...] = (
    Case(
        "redis-authentication-required", only(_CLINICS, "redis"),
        {"redis": keyed("redis.conf", "redis", r"\s+")}, port=6379, closes=frozenset([6379]),
    ),
    Case(
        "memcached-authentication-required", only(_CLINICS, "memcached"), {"memcached": databases.memcached},
        port=11211, closes=frozenset([11211]),
    ),
    Case(
        "mysql-tls-offered", only(_CLINICS, "mariadb"),
        {"mariadb": keyed("my.cnf", "mariadb", r"\s*=\s*", owner="mysql")}, port=3306,
    ),
    Case(
        "mysql-authentication-required", only("rsud-db-01", "mariadb"),
        {"mariadb": databases.mariadb_statements}, port=3306,
    ),
    Case(
        "postgresql-tls-offered", only("bapenda-db-01", "postgresql"), {"postgresql": databases.postgresql},
        port=5432,
    ),
    Case(
        "postgresql-trust-refused", only("rsud-db-01", "postgresql"), {"postgresql": databases.postgresql},
        port=5432,
    ),
    Case(
        "database-access-restricted", only("disdukcapil-web-01", "postgresql"),
        {"postgresql": databases.postgresql}, port=5432, closes=frozenset([5432]),
    ),
    Case("ftp-anonymous-refused", only(_FILES, "vsftpd"), {"vsftpd": _VSFTPD}, port=21),
    Case("ftp-login-encrypted", MOVED["bkpsdm-berkas-01"], {"vsftpd": _VSFTPD}, port=21),
    Case("rsync-modules-hidden", only(_FILES, "rsync"), {"rsync": others.rsync}, port=873),
    Case("rsync-login-required", only(_FILES, "rsync"), {"rsync": others.rsync}, port=873),
    Case("smb1-absent", _IMAGES, {"samba": _SAMBA}, port=445),
    Case("smb-signing-required", _IMAGES, {"samba": _SAMBA}, port=445),
    Case("ldap-anonymous-search-refused", MOVED["dinsos-direktori-01"], {"openldap": slapd}, port=389),
    Case("ldap-starttls-offered", MOVED["dinsos-direktori-01"], {"openldap": slapd}, port=389),
    Case(
        "etcd-authentication-required", only("diskominfo-klaster-01", "etcd"), {"etcd": others.etcd},
        port=2379,
    ),
)  # fmt: skip
