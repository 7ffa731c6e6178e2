"""Servers of the regency's hospital."""

from __future__ import annotations

from tests.lab.certificates import GOOD, WITH_OCSP
from tests.lab.fleet.parts import bare_interface, ordinary, redirect, truths
from tests.lab.model import LabServer
from tests.lab.pages import STRICT_HTTPS
from tests.lab.services.desktop import OpenX11, Vnc, Xrdp
from tests.lab.services.mariadb import MariaDb
from tests.lab.services.nfs import Nfs
from tests.lab.services.nginx import Nginx, Site
from tests.lab.services.openssh import STRONG_SSH
from tests.lab.services.postgresql import PostgreSql
from tests.lab.services.samba import Samba
from tests.lab.services.stand_ins import couchdb, elasticsearch
from tests.lab.tls import MODERN

_SITE = ("rsud.lab.test",)
_QUEUE = ("antrean-rsud.contoh.test",)
_OPEN_STORES = Nginx((elasticsearch(), couchdb()), name="stand-ins", software="any")

RSUD: tuple[LabServer, ...] = (
    LabServer(
        "rsud-web-01",
        "rsud",
        "Situs rumah sakit",
        "dmz",
        "tinggi",
        "127.20.1.80",
        (
            Nginx(
                (
                    redirect(*_SITE),
                    Site(443, ordinary("Rumah sakit"), _SITE, (WITH_OCSP,), MODERN, STRICT_HTTPS),
                )
            ),
            STRONG_SSH,
        ),
        _SITE,
        ("web", "linux"),
    ),
    LabServer(
        "rsud-antrean-01",
        "rsud",
        "Antrean pasien",
        "dmz",
        "rendah",
        "127.20.1.81",
        (
            Nginx(
                (
                    redirect(*_QUEUE),
                    Site(443, ordinary("Antrean"), _QUEUE, (WITH_OCSP,), headers=STRICT_HTTPS, stapled=False),
                )
            ),
        ),
        _QUEUE,
        ("web",),
        truths=(
            *truths(80, "http-domain-official", names=_QUEUE),
            *truths(443, "http-domain-official", "certificate-status-stapled", names=_QUEUE),
        ),
    ),
    LabServer(
        "rsud-db-01",
        "rsud",
        "Basis data rumah sakit",
        "data",
        "strategis",
        "127.20.3.80",
        (PostgreSql(trust=True), MariaDb(open_root=True)),
        truths=(
            *truths(5432, "postgresql-tls-offered", "postgresql-trust-refused"),
            *truths(3306, "mysql-tls-offered", "mysql-authentication-required"),
        ),
    ),
    LabServer(
        "rsud-cari-01",
        "rsud",
        "Pencarian arsip",
        "data",
        "tinggi",
        "127.20.3.81",
        (_OPEN_STORES,),
        truths=(
            *bare_interface(9200),
            *truths(9200, "elasticsearch-authentication-required", "software-supported"),
            *bare_interface(5984),
            *truths(5984, "couchdb-authentication-required", "software-supported", "software-flaws-absent"),
        ),
    ),
    LabServer(
        "rsud-arsip-01",
        "rsud",
        "Arsip gambar medis",
        "opd",
        "strategis",
        "127.20.4.80",
        (Nfs(), Samba(old=True)),
        truths=(
            *truths(111, "nfs-exports-restricted"),
            *truths(445, "smb1-absent", "smb-signing-required"),
        ),
    ),
    LabServer(
        "rsud-loket-01",
        "rsud",
        "Komputer loket",
        "opd",
        "rendah",
        "127.20.4.81",
        (Vnc(), OpenX11(), Xrdp(GOOD)),
        truths=(
            *truths(5900, "vnc-authentication-required"),
            *truths(6000, "x11-access-refused"),
            *truths(3389, "rdp-nla-required"),
        ),
    ),
    LabServer(
        "rsud-layar-01",
        "rsud",
        "Layar ruang tunggu",
        "opd",
        "rendah",
        "127.20.4.82",
        (Vnc(password=True), STRONG_SSH),
        roles=("linux",),
    ),
)
