"""lighttpd with Mozilla's NSS, which still speaks RC4, 3DES, DES and NULL when it is told to."""

from __future__ import annotations

from dataclasses import dataclass

from tests.lab.certificates import Shape
from tests.lab.model import Launch, Place
from tests.lab.pages import Headers, Pages

OLD_CIPHERS_FAIL = (
    "tls-1-0-refused",
    "tls-1-1-refused",
    "tls-1-3-offered",
    "tls-unauthenticated-ciphers-refused",
    "tls-rc4-refused",
    "tls-64-bit-block-ciphers-refused",
    "tls-forward-secrecy-only",
    "tls-aead-only",
)
"""What the cipher list and the protocols below are known to fail."""


@dataclass(frozen=True, slots=True)
class LighttpdNss:
    """lighttpd with NSS on port 443, and a redirect to it on port 80."""

    server_name: str
    pages: Pages
    headers: Headers
    certificate: Shape
    name: str = "lighttpd"
    software: str = "any"
    ports: tuple[tuple[int, str], ...] = ((80, "http"), (443, "https"))
    version_command: tuple[str, ...] = ("lighttpd", "-v")

    def launch(self, place: Place) -> Launch:
        """Write the configuration and the document root."""
        for path, content in self.pages.items():
            place.write(f"site/{path}", content)
        served = place.certificate(self.certificate)
        headers = ", ".join(f'"{name}" => "{value}"' for name, value in self.headers)
        configuration = place.write(
            "lighttpd.conf",
            _MAIN.format(
                directory=place.directory,
                address=place.address,
                headers=headers,
                served=served,
                ciphers=_CIPHERS,
            ),
        )
        return Launch(("lighttpd", "-D", "-f", str(configuration)))


_CIPHERS = "+rsa_rc4_128_sha,+rsa_rc4_128_md5,+rsa_3des_sha,+rsa_des_sha,+rsa_null_sha,+rsa_aes_128_sha"
_MAIN = """\
server.modules = ("mod_redirect", "mod_setenv", "mod_nss")
server.document-root = "{directory}/site"
server.username = "www-data"
server.groupname = "www-data"
server.upload-dirs = ("{directory}")
server.bind = "{address}"
server.port = 80
server.tag = "lighttpd"
server.max-keep-alive-idle = 5
index-file.names = ("index.html")
mimetype.assign = (".html" => "text/html; charset=utf-8", ".txt" => "text/plain; charset=utf-8")
$HTTP["scheme"] == "http" {{
    url.redirect = ("" => "https://${{url.authority}}${{url.path}}${{qsa}}")
    url.redirect-code = 301
}}
$SERVER["socket"] == "{address}:443" {{
    ssl.engine = "enable"
    ssl.pemfile = "{served.chain}"
    ssl.privkey = "{served.key}"
    ssl.cipher-list = "{ciphers}"
    ssl.openssl.ssl-conf-cmd = ("MinProtocol" => "None")
    setenv.set-response-header = ({headers})
}}
"""
