"""PHP's own development server, left running in production with everything that comes with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.lab.model import LabError, Launch, Place

_ADMINER = Path("/usr/share/adminer/adminer/index.php")


@dataclass(frozen=True, slots=True)
class PhpDevelopment:
    """`php -S` on port 8000: version shown, phpinfo, Adminer, and errors with their paths."""

    name: str = "php"
    software: str = "php"
    ports: tuple[tuple[int, str], ...] = ((8000, "http"),)
    version_command: tuple[str, ...] = ("php", "--version")

    def launch(self, place: Place) -> Launch:
        """Write the pages and the router."""
        if not _ADMINER.exists():
            raise LabError("Adminer is missing; run: scripts/install-packages tests/lab/packages.txt")
        place.write("site/index.php", _INDEX)
        place.write("site/phpinfo.php", "<?php phpinfo();\n")
        place.write(
            "site/adminer.php", f"<?php chdir({str(_ADMINER.parent)!r}); include {str(_ADMINER)!r};\n"
        )
        router = place.write("router.php", _ROUTER)
        return Launch(
            ("php", "-n", "-d", "display_errors=1", "-d", "expose_php=1", "-S", f"{place.address}:8000",
             "-t", str(place.directory / "site"), str(router)),
            user="www-data",
        )  # fmt: skip


_INDEX = """\
<?php header('Content-Type: text/html; charset=utf-8'); ?>
<!doctype html>
<html lang="id"><head><meta charset="utf-8"><title>Aplikasi surat</title></head>
<body><h1>Aplikasi surat</h1><p>Versi percobaan.</p></body></html>
"""
_ROUTER = """\
<?php
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path === '/' || is_file(__DIR__ . '/site' . $path)) { return false; }
http_response_code(404);
tampilkan_halaman($path);
"""
