"""Servers of the offices for population, revenue, permits and education."""

from __future__ import annotations

from tests.lab.certificates import (
    EXPIRING,
    GOOD,
    LEAF_ONLY,
    LONG_LIVED,
    OLD_CHAIN,
    SELF_SIGNED,
    UNTRUSTED,
    WEAK_KEY,
)
from tests.lab.fleet.parts import bare_site, ordinary, redirect, shown_version, strict, truths
from tests.lab.model import LabServer
from tests.lab.pages import (
    ADMINISTRATION,
    APACHE_DEFAULT,
    BACKUPS,
    DIAGNOSTICS,
    LISTED,
    NGINX_DEFAULT,
    REPOSITORY,
    SECRETS,
    STRICT,
    STRICT_HTTPS,
    login_form,
    page,
    with_security_txt,
)
from tests.lab.services.apache import Apache
from tests.lab.services.dovecot import Dovecot
from tests.lab.services.lighttpd import OLD_CIPHERS_FAIL, LighttpdNss
from tests.lab.services.nginx import Nginx, Site
from tests.lab.services.old_tls import SSL_3_FAILS, OldTls
from tests.lab.services.openssh import LEGACY_SSH, STRONG_SSH
from tests.lab.services.postfix import Postfix
from tests.lab.services.postgresql import PostgreSql
from tests.lab.services.redis import Redis
from tests.lab.services.small import Telnet
from tests.lab.services.vsftpd import Vsftpd
from tests.lab.tls import ODD, STRONG, STRONG_LEVEL_0, USUAL

_DISDUKCAPIL = ("disdukcapil.lab.test",)
_BAPENDA = ("bapenda.lab.test",)
_TAX = ("pajak.bapenda.lab.test",)
_DPMPTSP = ("dpmptsp.lab.test",)
_PERMIT_MAIL = ("mail.dpmptsp.lab.test",)
_DISDIK = ("disdik.lab.test",)
_COURSES = ("lms.disdik.lab.test", "elearning.disdik.lab.test")

DISDUKCAPIL: tuple[LabServer, ...] = (
    LabServer(
        "disdukcapil-web-01",
        "disdukcapil",
        "Layanan kependudukan daring",
        "dmz",
        "strategis",
        "127.20.1.30",
        (
            Nginx(
                (
                    redirect(*_DISDUKCAPIL),
                    Site(
                        443,
                        {
                            **ordinary("Layanan kependudukan"),
                            **REPOSITORY,
                            **SECRETS,
                            **BACKUPS,
                            **DIAGNOSTICS,
                            **ADMINISTRATION,
                            **LISTED,
                        },
                        _DISDUKCAPIL,
                        (GOOD,),
                        STRONG,
                        STRICT_HTTPS,
                        directives="autoindex on;",
                    ),
                )
            ),
            PostgreSql(),
        ),
        _DISDUKCAPIL,
        ("web",),
        frozenset({5432}),
        (
            *truths(0, "network-ports-approved", "network-back-end-restricted"),
            *truths(5432, "database-access-restricted", "postgresql-tls-offered"),
            *truths(
                443,
                "http-vcs-absent",
                "http-secrets-absent",
                "http-backups-absent",
                "http-diagnostics-absent",
                "http-admin-restricted",
                "http-listing-absent",
                names=_DISDUKCAPIL,
            ),
        ),
    ),
    LabServer(
        "disdukcapil-db-01",
        "disdukcapil",
        "Basis data kependudukan",
        "data",
        "strategis",
        "127.20.3.30",
        (PostgreSql(GOOD), STRONG_SSH),
        ("db.disdukcapil.lab.test",),
        ("linux",),
    ),
    LabServer(
        "disdukcapil-loket-01",
        "disdukcapil",
        "Server loket lama",
        "opd",
        "rendah",
        "127.20.4.30",
        (Telnet(), LEGACY_SSH),
        roles=("linux",),
        unapproved=frozenset({23}),
        truths=(
            *truths(0, "network-ports-approved"),
            *truths(0, "network-telnet-absent", "network-admin-ports-restricted"),
            *truths(22, *LEGACY_SSH.fails),
        ),
    ),
)

BAPENDA: tuple[LabServer, ...] = (
    LabServer(
        "bapenda-web-01",
        "bapenda",
        "Situs Badan Pendapatan Daerah",
        "dmz",
        "rendah",
        "127.20.1.40",
        (LighttpdNss(_BAPENDA[0], ordinary("Badan Pendapatan Daerah"), STRICT_HTTPS, GOOD),),
        _BAPENDA,
        ("web",),
        truths=truths(443, *OLD_CIPHERS_FAIL),
    ),
    LabServer(
        "bapenda-pajak-01",
        "bapenda",
        "Pajak daerah daring",
        "dmz",
        "tinggi",
        "127.20.1.41",
        (
            Nginx(
                (
                    redirect(*_TAX),
                    Site(
                        443,
                        with_security_txt(
                            {
                                "index.html": page(
                                    "Pajak daerah",
                                    login_form(f"http://{_TAX[0]}/masuk"),
                                    '<script src="http://cdn.lab.test/pajak.js"></script>',
                                )
                            }
                        ),
                        _TAX,
                        (EXPIRING,),
                        headers=(
                            *(header for header in STRICT if header[0] != "Content-Security-Policy"),
                            ("Content-Security-Policy", "default-src * 'unsafe-inline' 'unsafe-eval'"),
                            ("Strict-Transport-Security", "max-age=300"),
                            ("Set-Cookie", "PHPSESSID=4f3c2b1a; path=/"),
                            ("X-Powered-By", "PHP/7.4.3"),
                            ("Access-Control-Allow-Origin", "$http_origin"),
                            ("Access-Control-Allow-Credentials", "true"),
                        ),
                    ),
                )
            ),
        ),
        _TAX,
        ("web",),
        truths=truths(
            443,
            "certificate-not-expiring",
            "http-csp-strict",
            "http-hsts-long",
            "http-cookie-secure",
            "http-cookie-http-only",
            "http-cookie-same-site",
            "http-version-hidden",
            "http-cors-restricted",
            "http-mixed-content-absent",
            "http-login-encrypted",
            "http-cms-login-guarded",
            "http-forms-protected",
            "http-hosts-approved",
            "http-scripts-pinned",
            names=_TAX,
        )
        # PHP 7.4 in its X-Powered-By header.
        + truths(443, "software-supported"),
    ),
    LabServer(
        "bapenda-db-01",
        "bapenda",
        "Basis data pajak",
        "data",
        "tinggi",
        "127.20.3.40",
        (PostgreSql(), Redis("kata-sandi-lab-yang-panjang")),
        truths=truths(5432, "postgresql-tls-offered"),
    ),
)

DPMPTSP: tuple[LabServer, ...] = (
    LabServer(
        "dpmptsp-web-01",
        "dpmptsp",
        "Situs perizinan",
        "dmz",
        "tinggi",
        "127.20.1.60",
        (Apache(_DPMPTSP[0], {"index.html": APACHE_DEFAULT}, SELF_SIGNED),),
        _DPMPTSP,
        ("web",),
        truths=(
            *bare_site(80, https=False, names=_DPMPTSP),
            *bare_site(443, https=True, names=_DPMPTSP),
            *(
                truth
                for port in (80, 443)
                for truth in truths(
                    port,
                    "http-default-page-absent",
                    "http-trace-refused",
                    "http-methods-limited",
                    "http-diagnostics-absent",
                    names=_DPMPTSP,
                )
            ),
            *truths(443, "certificate-not-self-signed", names=_DPMPTSP),
        ),
    ),
    LabServer(
        "dpmptsp-mail-01",
        "dpmptsp",
        "Surel perizinan",
        "dmz",
        "rendah",
        "127.20.1.61",
        (
            Dovecot(UNTRUSTED, login_before_tls=True),
            Postfix(
                _PERMIT_MAIL[0],
                UNTRUSTED,
                tls_on_25=False,
                login_before_tls=True,
                show_version=True,
                implicit_tls=False,
            ),
        ),
        _PERMIT_MAIL,
        ("mail",),
        truths=(
            *truths(25, "smtp-starttls-offered", "smtp-login-encrypted", "smtp-version-hidden"),
            *truths(587, "smtp-login-encrypted", "smtp-version-hidden", "mail-implicit-tls-offered"),
            *truths(143, "imap-login-encrypted"),
            *truths(110, "pop3-login-encrypted"),
            *(
                truth
                for port in (587, 143, 993, 110, 995)
                for truth in truths(port, "certificate-trusted", names=_PERMIT_MAIL)
            ),
        ),
        depends_on_packages=shown_version(25, 587),
    ),
    LabServer(
        "dpmptsp-arsip-01",
        "dpmptsp",
        "Arsip perizinan lama",
        "aplikasi",
        "rendah",
        "127.20.2.60",
        (OldTls(ordinary("Arsip perizinan"), STRICT_HTTPS, GOOD),),
        roles=("web",),
        truths=truths(443, *SSL_3_FAILS),
    ),
)

DISDIK: tuple[LabServer, ...] = (
    LabServer(
        "disdik-web-01",
        "disdik",
        "Situs Dinas Pendidikan",
        "dmz",
        "rendah",
        "127.20.1.70",
        (
            Nginx(
                (
                    redirect(*_DISDIK),
                    Site(443, {"index.html": NGINX_DEFAULT}, _DISDIK, (WEAK_KEY,), USUAL, show_version=True),
                )
            ),
        ),
        _DISDIK,
        ("web",),
        truths=(
            *bare_site(443, https=True, names=_DISDIK),
            *truths(443, "http-default-page-absent", "certificate-key-strong", names=_DISDIK),
            *truths(443, *USUAL.fails),
        ),
    ),
    LabServer(
        "disdik-belajar-01",
        "disdik",
        "Pembelajaran daring",
        "aplikasi",
        "rendah",
        "127.20.2.70",
        (
            Nginx(
                (
                    redirect(*_COURSES),
                    strict("Pembelajaran", _COURSES[0], certificates=(LEAF_ONLY,), tls=STRONG_LEVEL_0),
                    strict("Pembelajaran", _COURSES[1], certificates=(OLD_CHAIN,), tls=STRONG_LEVEL_0),
                    strict("Pengelola", *_COURSES, port=9443, certificates=(LONG_LIVED,), tls=ODD),
                )
            ),
        ),
        _COURSES,
        ("web",),
        truths=(
            *truths(443, "certificate-chain-complete", names=_COURSES[:1]),
            *truths(443, "certificate-chain-current", names=_COURSES[1:]),
            *truths(9443, "certificate-lifetime-limited", names=_COURSES),
            *truths(9443, *ODD.fails),
        ),
    ),
    LabServer(
        "disdik-rapor-01",
        "disdik",
        "Pertukaran berkas rapor",
        "aplikasi",
        "rendah",
        "127.20.2.71",
        (Vsftpd(GOOD), STRONG_SSH),
        ("rapor.disdik.lab.test",),
        ("linux",),
    ),
)
