"""Apache httpd as it is often left: versions shown, TRACE on, WebDAV open, server-status for everybody."""

from __future__ import annotations

from dataclasses import dataclass

from tests.lab.certificates import Shape
from tests.lab.model import Launch, Place
from tests.lab.pages import Pages
from tests.lab.tls import STRONG


@dataclass(frozen=True, slots=True)
class Apache:
    """Apache httpd with one site on port 80 and on port 443."""

    server_name: str
    pages: Pages
    certificate: Shape
    name: str = "apache"
    software: str = "apache"
    ports: tuple[tuple[int, str], ...] = ((80, "http"), (443, "https"))
    version_command: tuple[str, ...] = ("apache2", "-v")

    def launch(self, place: Place) -> Launch:
        """Write the configuration and the document root."""
        for path, content in self.pages.items():
            place.write(f"site/{path}", content)
        place.folder("lock", "www-data")
        served = place.certificate(self.certificate)
        modules = "\n".join(f"LoadModule {name}_module {_MODULES}/mod_{name}.so" for name in _LOADED)
        configuration = place.write(
            "apache.conf",
            _MAIN.format(
                address=place.address,
                directory=place.directory,
                server_name=self.server_name,
                modules=modules,
                chain=served.chain,
                key=served.key,
                ciphers=STRONG.ciphers,
            ),
        )
        log = place.directory / "error.log"
        return Launch(("apache2", "-f", str(configuration), "-DFOREGROUND"), logs=(log,))


_MODULES = "/usr/lib/apache2/modules"
_LOADED = (
    "mpm_event",
    "authz_core",
    "dir",
    "mime",
    "autoindex",
    "status",
    "dav",
    "dav_fs",
    "socache_shmcb",
    "ssl",
)
_MAIN = """\
{modules}
ServerRoot {directory}
ServerName {server_name}
PidFile {directory}/apache.pid
DefaultRuntimeDir {directory}
Mutex fcntl:{directory}/lock
User www-data
Group www-data
StartServers 1
ServerLimit 2
ThreadsPerChild 16
MaxRequestWorkers 32
ErrorLog {directory}/error.log
Listen {address}:80
Listen {address}:443
ServerTokens OS
ServerSignature On
TraceEnable On
DavLockDB {directory}/lock/dav
DocumentRoot {directory}/site
DirectoryIndex index.html
TypesConfig /dev/null
AddType "text/html; charset=utf-8" .html
AddType "text/plain; charset=utf-8" .txt
<Directory {directory}/site>
    Options Indexes
    Require all granted
    Dav On
</Directory>
<Location /server-status>
    SetHandler server-status
    Require all granted
</Location>
<VirtualHost {address}:80>
    ServerName {server_name}
</VirtualHost>
<VirtualHost {address}:443>
    ServerName {server_name}
    SSLEngine On
    SSLCertificateFile {chain}
    SSLCertificateKeyFile {key}
    SSLProtocol -all +TLSv1.2 +TLSv1.3
    SSLCipherSuite {ciphers}
    SSLOpenSSLConfCmd Groups X25519:P-256
</VirtualHost>
"""
