"""An HTTPS server of the nineties, through tlslite-ng: no packaged server speaks SSL 3.0 any more."""

from __future__ import annotations

import json
import socket
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.lab.certificates import Shape
from tests.lab.model import Launch, Place
from tests.lab.pages import Headers, Pages

SSL_3_FAILS = (
    "tls-ssl-refused",
    "tls-1-0-refused",
    "tls-1-2-offered",
    "tls-1-3-offered",
    "tls-unauthenticated-ciphers-refused",
    "tls-rc4-refused",
    "tls-64-bit-block-ciphers-refused",
    "tls-forward-secrecy-only",
    "tls-aead-only",
    "tls-extended-master-secret",
)
_ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class OldTls:
    """HTTPS on port 443 with SSL 3.0 and TLS 1.0, RC4, 3DES and NULL ciphers."""

    pages: Pages
    headers: Headers
    certificate: Shape
    name: str = "old-tls"
    software: str = "any"
    ports: tuple[tuple[int, str], ...] = ((443, "https"),)
    version_command: tuple[str, ...] = (
        sys.executable,
        "-c",
        "import importlib.metadata as m; print('tlslite-ng', m.version('tlslite-ng'))",
    )

    def launch(self, place: Place) -> Launch:
        """Write the answers as JSON; this module itself is the server."""
        served = place.certificate(self.certificate)
        pages = {path: str(content) for path, content in self.pages.items()}
        settings = place.write(
            "settings.json",
            json.dumps(
                {
                    "address": place.address,
                    "chain": str(served.chain),
                    "key": str(served.key),
                    "headers": self.headers,
                    "pages": pages,
                }
            ),
        )
        code = f"import sys; sys.path.insert(0, {str(_ROOT)!r})\nfrom {__name__} import serve\n"
        code += f"serve({str(settings)!r})"
        return Launch((sys.executable, "-c", code))


def serve(settings_path: str) -> None:
    """Serve until ended, one thread per connection."""
    settings = json.loads(Path(settings_path).read_text())
    with socket.create_server((settings["address"], 443), backlog=64) as listener:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=_answer, args=(connection, settings), daemon=True).start()


def _answer(connection: socket.socket, settings: dict[str, Any]) -> None:
    from tlslite.api import HandshakeSettings, TLSConnection, X509CertChain, parsePEMKey
    from tlslite.errors import TLSError

    chain = X509CertChain()
    chain.parsePemList(Path(settings["chain"]).read_text())
    key = parsePEMKey(Path(settings["key"]).read_text(), private=True)
    allowed = HandshakeSettings()
    allowed.minVersion, allowed.maxVersion = (3, 0), (3, 1)
    allowed.cipherNames = ["rc4", "3des", "aes128", "aes256", "null"]
    allowed.macNames = ["sha", "md5"]
    allowed.useExtendedMasterSecret = False
    connection.settimeout(10)
    try:
        with connection:
            secured = TLSConnection(connection)
            secured.handshakeServer(certChain=chain, privateKey=key, settings=allowed)
            secured.sendall(_response(bytes(secured.recv(8192)), settings))
            secured.close()
    except (TLSError, OSError, ValueError, AssertionError):
        return  # whatever a client does to the handshake, the server stays


def _response(request: bytes, settings: dict[str, Any]) -> bytes:
    words = request.decode("latin-1").split(" ", 2)
    path = words[1].lstrip("/") or "index.html" if len(words) == 3 else "index.html"
    found = settings["pages"].get(path)
    status = "200 OK" if found is not None else "404 Not Found"
    if words[0] not in ("GET", "HEAD"):
        status, found = "405 Method Not Allowed", None
    body = (found or "Tidak ditemukan\n").encode()
    kind = "text/html; charset=utf-8" if path.endswith(".html") else "text/plain; charset=utf-8"
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    lines += [f"{name}: {value}" for name, value in settings["headers"]]
    head = ("\r\n".join(lines) + "\r\n\r\n").encode()
    return head if words[0] == "HEAD" else head + body
