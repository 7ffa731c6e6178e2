"""Servers of the health office and of the social office."""

from __future__ import annotations

from tests.lab.certificates import GOOD, GOOD_EC, SHA1_SIGNED
from tests.lab.fleet.parts import bare_site, redirect, strict, truths
from tests.lab.model import LabServer
from tests.lab.pages import GAMBLING, STRICT, STRICT_HTTPS, login_form, page, with_security_txt
from tests.lab.services.mariadb import MariaDb
from tests.lab.services.nginx import Nginx, Site
from tests.lab.services.openssh import OLD_EXCHANGE_SSH, STRONG_SSH
from tests.lab.services.postgresql import PostgreSql
from tests.lab.services.redis import Redis
from tests.lab.services.small import Memcached, OpenLdap, Rsync
from tests.lab.services.vsftpd import Vsftpd
from tests.lab.tls import LEGACY, STRONG_LEVEL_0

_DINKES = ("dinkes.lab.test",)
_RECORDS = ("rekammedis.dinkes.lab.test",)
_DINSOS = ("dinsos.lab.test",)
_GAMBLING_PAGES = with_security_txt({"index.html": page("Dinas Sosial", GAMBLING + login_form("/masuk"))})
_WITHOUT_FORM = with_security_txt({"index.html": page("Dinas Sosial", GAMBLING)})

DINKES: tuple[LabServer, ...] = (
    LabServer(
        "dinkes-web-01",
        "dinkes",
        "Situs Dinas Kesehatan",
        "dmz",
        "rendah",
        "127.20.1.20",
        (
            Nginx(
                (
                    Site(80, {"index.html": page("Dinas Kesehatan")}, _DINKES, show_version=True),
                    Site(
                        443,
                        {"index.html": page("Dinas Kesehatan")},
                        _DINKES,
                        (GOOD,),
                        LEGACY,
                        show_version=True,
                    ),
                )
            ),
        ),
        _DINKES,
        ("web",),
        truths=(
            *bare_site(80, https=False, names=_DINKES),
            *bare_site(443, https=True, names=_DINKES),
            *truths(443, *LEGACY.fails),
        ),
    ),
    LabServer(
        "dinkes-rekam-01",
        "dinkes",
        "Rekam medis elektronik",
        "aplikasi",
        "strategis",
        "127.20.2.20",
        (
            Nginx(
                (
                    redirect(*_RECORDS),
                    strict("Rekam medis", *_RECORDS, certificates=(GOOD_EC,)),
                    strict("Rekam medis: antarmuka", *_RECORDS, port=8443, certificates=(GOOD_EC,)),
                )
            ),
            PostgreSql(GOOD),
            Redis("kata-sandi-lab-yang-panjang"),
            STRONG_SSH,
        ),
        _RECORDS,
        ("web", "linux"),
    ),
    LabServer(
        "dinkes-db-01",
        "dinkes",
        "Basis data puskesmas",
        "data",
        "tinggi",
        "127.20.3.20",
        (MariaDb(), Redis(), Memcached(), OLD_EXCHANGE_SSH),
        roles=("linux",),
        truths=(
            *truths(3306, "mysql-tls-offered"),
            *truths(6379, "redis-authentication-required"),
            *truths(11211, "memcached-authentication-required"),
            *truths(22, *OLD_EXCHANGE_SSH.fails),
        ),
    ),
)

DINSOS: tuple[LabServer, ...] = (
    LabServer(
        "dinsos-web-01",
        "dinsos",
        "Situs Dinas Sosial",
        "dmz",
        "rendah",
        "127.20.1.50",
        (
            Nginx(
                (
                    Site(80, _GAMBLING_PAGES, _DINSOS, headers=STRICT),
                    Site(443, _WITHOUT_FORM, _DINSOS, (SHA1_SIGNED,), STRONG_LEVEL_0, STRICT_HTTPS),
                )
            ),
        ),
        _DINSOS,
        ("web",),
        truths=(
            *truths(
                80,
                "http-redirects-to-https",
                "http-gambling-absent",
                "http-login-encrypted",
                "http-cms-login-guarded",
                "http-forms-protected",
                names=_DINSOS,
            ),
            *truths(443, "http-gambling-absent", "certificate-signature-strong", names=_DINSOS),
        ),
    ),
    LabServer(
        "dinsos-berkas-01",
        "dinsos",
        "Pertukaran berkas bantuan sosial",
        "aplikasi",
        "rendah",
        "127.20.2.50",
        (Vsftpd(), Rsync()),
        truths=(
            *truths(21, "ftp-anonymous-refused", "ftp-login-encrypted"),
            *truths(873, "rsync-modules-hidden", "rsync-login-required"),
        ),
    ),
    LabServer(
        "dinsos-direktori-01",
        "dinsos",
        "Direktori pegawai",
        "opd",
        "rendah",
        "127.20.4.50",
        (OpenLdap(),),
        truths=truths(389, "ldap-anonymous-search-refused", "ldap-starttls-offered"),
    ),
)
