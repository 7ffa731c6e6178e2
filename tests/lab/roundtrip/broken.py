"""Broken servers beside those of the lab, for faults that its fleet shows on other software only."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.lab.certificates import GOOD
from tests.lab.model import LabServer, Launch, Place, Service
from tests.lab.pages import NGINX_DEFAULT, STRICT_HTTPS, Pages, page
from tests.lab.roundtrip.moved import MOVED
from tests.lab.roundtrip.placers.lines import set_lines
from tests.lab.services.apache import Apache
from tests.lab.services.dovecot import Dovecot
from tests.lab.services.nginx import Nginx, Site
from tests.lab.services.postfix import Postfix
from tests.lab.services.postgresql import PostgreSql
from tests.lab.services.small import OpenLdap
from tests.lab.services.vsftpd import Vsftpd
from tests.lab.tls import ODD, TlsShape

_ANYTHING = "ALL:!aNULL:!eNULL:@SECLEVEL=0"
_FOR_GNUTLS = "NORMAL:+VERS-TLS1.0:+VERS-TLS1.1:+RSA:+3DES-CBC:+ARCFOUR-128:+SHA1"


@dataclass(frozen=True, slots=True)
class Weakened:
    """A daemon of the lab, with a change that makes it weak."""

    inner: Service
    change: Callable[[Place], None]
    ports: tuple[tuple[int, str], ...]

    @property
    def name(self) -> str:
        """Return the name of the daemon."""
        return self.inner.name

    @property
    def software(self) -> str:
        """Return the software id."""
        return self.inner.software

    @property
    def version_command(self) -> tuple[str, ...]:
        """Return the command that prints the version."""
        return self.inner.version_command

    def launch(self, place: Place) -> Launch:
        """Let the daemon write what it always does, then weaken it."""
        launch = self.inner.launch(place)
        self.change(place)
        return launch


def weak(inner: Service, file: str, *lines: str, separator: str = r"\s*=\s*") -> Weakened:
    """Return a daemon with these lines in its file."""

    def change(place: Place) -> None:
        content = (place.directory / file).read_text(encoding="utf-8")
        place.write(file, set_lines(content, list(lines), separator))

    return Weakened(inner, change, inner.ports)


def _weak_apache() -> Weakened:
    def change(place: Place) -> None:
        content = (place.directory / "apache.conf").read_text(encoding="utf-8")
        content = re.sub(r"SSLProtocol .*", "SSLProtocol all", content)
        place.write("apache.conf", re.sub(r"SSLCipherSuite .*", f"SSLCipherSuite {_ANYTHING}", content))

    inner = Apache("dpmptsp.lab.test", {"index.html": page("Perizinan")}, GOOD)
    return Weakened(inner, change, inner.ports)


def _weak_directory() -> Weakened:
    def change(place: Place) -> None:
        served = place.certificate(GOOD)
        key = place.write("server.key", served.key.read_bytes(), 0o644)
        content = (place.directory / "slapd.conf").read_text(encoding="utf-8")
        lines = (
            f"TLSCertificateFile {served.chain}\nTLSCertificateKeyFile {key}\nTLSCipherSuite {_FOR_GNUTLS}\n"
        )
        place.write("slapd.conf", content.replace("access to", lines + "access to", 1))

    inner = OpenLdap()
    return Weakened(inner, change, inner.ports)


def _with(server: str, *services: Service) -> LabServer:
    """Return a server of the lab with these daemons in place of its own."""
    return replace(MOVED[server], services=services, unapproved=frozenset())


def _site(server: str, *sites: Site) -> LabServer:
    return _with(server, Nginx(sites))


_COURSES = MOVED["disdik-belajar-01"].hostnames
_PAGE: Pages = {"index.html": page("Pembelajaran")}
_MAIL = "mail.bkpsdm.lab.test"

ODD_SITE = _site("disdik-belajar-01", Site(9443, _PAGE, _COURSES, (GOOD,), ODD, STRICT_HTTPS))
OLD_SITE = _site(
    "rsud-antrean-01",
    Site(443, _PAGE, (), (GOOD,), TlsShape(("TLSv1", "TLSv1.1"), "ALL:!aNULL:@SECLEVEL=0"), STRICT_HTTPS),
)
UNUSED_SITE = _site("tak-tercatat-01", Site(80, {"index.html": NGINX_DEFAULT}))
UNUSED_SITE = replace(UNUSED_SITE, registered=True)

WEAK_TLS: dict[str, LabServer] = {
    "apache": _with("dpmptsp-web-01", _weak_apache()),
    "postfix": _with(
        "bkpsdm-mail-01",
        Dovecot(GOOD),  # answers for the logins of Postfix
        weak(
            Postfix(_MAIL, GOOD),
            "main.cf",
            "smtpd_tls_protocols = >=TLSv1",
            "smtpd_tls_mandatory_protocols = >=TLSv1",
            f"tls_high_cipherlist = {_ANYTHING}",
        ),
    ),
    "dovecot": _with(
        "dpmptsp-mail-01",
        weak(Dovecot(GOOD), "dovecot.conf", "ssl_min_protocol = TLSv1", f"ssl_cipher_list = {_ANYTHING}"),
    ),
    "vsftpd": _with(
        "disdik-rapor-01",
        weak(Vsftpd(GOOD), "vsftpd.conf", "ssl_tlsv1=YES", f"ssl_ciphers={_ANYTHING}", separator="="),
    ),
    "postgresql": _with(
        "disdukcapil-db-01",
        weak(
            PostgreSql(GOOD),
            "postgresql.conf",
            "ssl_min_protocol_version = 'TLSv1'",
            f"ssl_ciphers = '{_ANYTHING}'",
        ),
    ),
    "openldap": _with("dinsos-direktori-01", _weak_directory()),
}
"""Software id → a server that speaks TLS 1.0 and 1.1 with every cipher that its library still has."""
