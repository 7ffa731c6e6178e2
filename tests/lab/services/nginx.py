"""nginx, as one daemon with any number of sites."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.lab.certificates import Shape
from tests.lab.model import Launch, Place
from tests.lab.pages import ERROR_PAGE, Headers, Pages
from tests.lab.tls import STRONG, WEAK_DH_PEM, TlsShape


@dataclass(frozen=True, slots=True)
class Site:
    """One virtual host on one port. Without `certificates` it is plain HTTP; without `names` it takes any."""

    port: int
    pages: Pages = field(default_factory=dict)
    names: tuple[str, ...] = ()
    certificates: tuple[Shape, ...] = ()
    tls: TlsShape = STRONG
    headers: Headers = ()
    redirect: bool = False
    show_version: bool = False
    stapled: bool = True
    """Whether the OCSP answer, where the certificate has one, is sent."""
    addresses: tuple[str, ...] = ()
    """Where it listens; empty: at the server's own address."""
    directives: str = ""
    """More lines for the server block."""


@dataclass(frozen=True, slots=True)
class Nginx:
    """nginx with these sites."""

    sites: tuple[Site, ...]
    connections: int = 256
    """At once; every address it listens on counts as one."""
    name: str = "nginx"
    software: str = "nginx"
    version_command: tuple[str, ...] = ("nginx", "-v")

    @property
    def ports(self) -> tuple[tuple[int, str], ...]:
        """Return the ports of all sites."""
        return tuple({site.port: "https" if site.certificates else "http" for site in self.sites}.items())

    def launch(self, place: Place) -> Launch:
        """Write one configuration and one document root per site."""
        place.folder("temporary", "www-data")
        blocks = "\n".join(_server_block(place, number, site) for number, site in enumerate(self.sites))
        log = place.directory / "error.log"
        configuration = place.write(
            "nginx.conf", _MAIN.format(directory=place.directory, connections=self.connections, sites=blocks)
        )
        return Launch(
            ("nginx", "-p", str(place.directory), "-c", str(configuration), "-e", str(log)), logs=(log,)
        )


_MAIN = """\
daemon off;
user www-data;
worker_processes 1;
pid {directory}/nginx.pid;
events {{ worker_connections {connections}; }}
http {{
    types {{
        text/html html htm php;
        text/plain txt;
        application/zip zip;
        application/gzip gz;
        application/sql sql;
    }}
    default_type text/plain;
    access_log off;
    server_names_hash_bucket_size 128;
    client_body_temp_path {directory}/temporary/body;
    proxy_temp_path {directory}/temporary/proxy;
    fastcgi_temp_path {directory}/temporary/fastcgi;
    uwsgi_temp_path {directory}/temporary/uwsgi;
    scgi_temp_path {directory}/temporary/scgi;
{sites}
}}
"""


def _server_block(place: Place, number: int, site: Site) -> str:
    root = place.folder(f"site-{number}")
    pages = site.pages if site.show_version else {"tidak-ditemukan.html": ERROR_PAGE, **site.pages}
    for path, content in pages.items():
        place.write(f"site-{number}/{path}", content)
    ssl = " ssl" if site.certificates else ""
    lines = [
        *(f"listen {address}:{site.port}{ssl};" for address in site.addresses or (place.address,)),
        f"server_name {' '.join(site.names) or '_'};",
        f"root {root};",
        "index index.html;",
        f"server_tokens {'on' if site.show_version else 'off'};",
        *_tls_lines(place, number, site),
        *(f'add_header {name} "{value}" always;' for name, value in site.headers),
        *([] if site.show_version else ["error_page 403 404 =404 /tidak-ditemukan.html;"]),
        *(["return 301 https://$host$request_uri;"] if site.redirect else []),
        site.directives,
    ]
    return _block("    ", "server", lines)


def _tls_lines(place: Place, number: int, site: Site) -> Iterable[str]:
    if not site.certificates:
        return
    for shape in site.certificates:
        served = place.certificate(shape, site.names)
        yield f"ssl_certificate {served.chain};"
        yield f"ssl_certificate_key {served.key};"
        if shape.ocsp and site.stapled:
            yield "ssl_stapling on;"
            yield f"ssl_stapling_file {served.ocsp};"
    yield f"ssl_protocols {' '.join(site.tls.protocols)};"
    yield f"ssl_ciphers {site.tls.ciphers};"
    yield f"ssl_ecdh_curve {site.tls.curves};"
    if site.tls.weak_dh:
        yield f"ssl_dhparam {place.write(f'dh-{number}.pem', WEAK_DH_PEM)};"


def _block(indent: str, name: str, lines: Iterable[str]) -> str:
    body = "\n".join(f"{indent}    {line}" for line in lines if line)
    return f"{indent}{name} {{\n{body}\n{indent}}}"
