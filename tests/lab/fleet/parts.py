"""What the fleet's servers are put together from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tests.lab.certificates import GOOD, Shape
from tests.lab.model import LabServer, Service, Truth
from tests.lab.pages import HEADER_CHECKS, STRICT_HTTPS, Pages, page, with_security_txt
from tests.lab.services.apache import Apache
from tests.lab.services.dovecot import Dovecot
from tests.lab.services.nginx import Nginx, Site
from tests.lab.services.postfix import Postfix
from tests.lab.services.postgresql import PostgreSql
from tests.lab.services.vsftpd import Vsftpd
from tests.lab.tls import STRONG, TlsShape


def truths(port: int, *checks: str, names: Iterable[str] = ("",)) -> tuple[Truth, ...]:
    """Return a truth per check and name on one port."""
    return tuple(Truth(check, port, name) for name in names for check in checks)


def bare_site(port: int, *, https: bool, names: Iterable[str] = ("",)) -> tuple[Truth, ...]:
    """Return what a site without any security header, security.txt or hidden version fails.

    Its error page shows the version too. A plain site that does not lead to HTTPS fails that as well.
    """
    checks = (
        *HEADER_CHECKS,
        "http-version-hidden",
        "http-errors-generic",
        # RFC 9116 wants security.txt over HTTPS only, so a plain site has none to miss.
        *(("http-hsts-long", "http-security-txt") if https else ("http-redirects-to-https",)),
    )
    return truths(port, *checks, names=names)


def without_post_quantum(server: LabServer) -> LabServer:
    """Return the server with the remark that its TLS takes classical key exchange only.

    Every shape names its groups, so that newer packages change nothing; PostgreSQL and vsftpd name one.
    """
    ports = sorted({port for service in server.services for port in _tls_1_3_ports(service)})
    return replace(server, remarks=tuple(Truth("tls-post-quantum-offered", port) for port in ports))


def _tls_1_3_ports(service: Service) -> Iterable[int]:
    match service:
        case Nginx(sites=sites):
            return {site.port for site in sites if site.certificates and "TLSv1.3" in site.tls.protocols}
        case Postfix():
            return {port for port, _ in service.ports if port != 25 or service.tls_on_25}
        case Dovecot():
            return {port for port, _ in service.ports}
        case Apache():
            return {443}
        case PostgreSql(certificate=certificate) if certificate:
            return {5432}
        case Vsftpd(certificate=certificate) if certificate:
            return {21}
    return ()


def shown_version(*ports: int) -> tuple[Truth, ...]:
    """Return the checks of a version that a port shows."""
    return tuple(
        truth for port in ports for truth in truths(port, "software-supported", "software-flaws-absent")
    )


def bare_interface(port: int, *, sniffing: bool = True) -> tuple[Truth, ...]:
    """Return what a plain HTTP interface for programs fails: it has no headers for browsers either."""
    checks = [check for check in HEADER_CHECKS if sniffing or check != "http-sniffing-refused"]
    return truths(port, *checks, "http-redirects-to-https")


def ordinary(title: str) -> Pages:
    """Return a page with nothing wrong, and security.txt."""
    return with_security_txt({"index.html": page(title)})


def redirect(*names: str) -> Site:
    """Return a plain site on port 80 that only leads to HTTPS."""
    return Site(80, names=names, redirect=True)


def strict(
    title: str,
    *names: str,
    port: int = 443,
    certificates: tuple[Shape, ...] = (GOOD,),
    tls: TlsShape = STRONG,
) -> Site:
    """Return an HTTPS site with nothing wrong but what `certificates` and `tls` bring."""
    return Site(port, ordinary(title), names, certificates, tls, STRICT_HTTPS)
