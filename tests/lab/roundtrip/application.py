"""A PHP application behind nginx, whose session cookie has no marks at all."""

from __future__ import annotations

from dataclasses import dataclass

from tests.lab.certificates import GOOD
from tests.lab.fleet.parts import redirect
from tests.lab.model import LabServer, Launch, Place
from tests.lab.pages import STRICT_HTTPS, security_txt
from tests.lab.services.nginx import Nginx, Site

_INNER_PORT = 9080
_INNER = "127.78.201.150"
NAME = "aplikasi.lab.test"


@dataclass(frozen=True, slots=True)
class Application:
    """PHP's server on an inner address, with one page that begins a session."""

    name: str = "php"
    software: str = "php"
    ports: tuple[tuple[int, str], ...] = ()
    version_command: tuple[str, ...] = ("php", "--version")

    def launch(self, place: Place) -> Launch:
        """Write the page; sessions are kept in a folder of their own."""
        sessions = place.folder("sessions", "www-data", 0o700)
        place.write("site/index.php", _INDEX)
        place.write("site/.well-known/security.txt", security_txt())
        return Launch(
            ("php", "-n", "-d", f"session.save_path={sessions}", "-d", "expose_php=0", "-S",
             f"{_INNER}:{_INNER_PORT}", "-t", str(place.directory / "site")),
            user="www-data",
            also_ready=((_INNER, _INNER_PORT),),
        )  # fmt: skip


_INDEX = """\
<?php
if ($_SERVER['REQUEST_URI'] !== '/') { http_response_code(404); echo 'Tidak ada.'; return; }
session_start();
header('Content-Type: text/html; charset=utf-8');
?>
<!doctype html>
<html lang="id"><head><meta charset="utf-8"><title>Aplikasi</title></head>
<body><h1>Aplikasi</h1><form method="post" action="/kirim"><label>Isi <input name="isi"></label>
<button>Kirim</button></form></body></html>
"""

SERVER = LabServer(
    "dinkes-aplikasi-01",
    "dinkes",
    "Aplikasi kesehatan",
    "dmz",
    "rendah",
    "127.78.1.150",
    (
        Application(),
        Nginx(
            (
                redirect(NAME),
                Site(
                    443,
                    {},
                    (NAME,),
                    (GOOD,),
                    headers=STRICT_HTTPS,
                    directives=f"location / {{ proxy_pass http://{_INNER}:{_INNER_PORT}; }}",
                ),
            )
        ),
    ),
    (NAME,),
    ("web",),
)
