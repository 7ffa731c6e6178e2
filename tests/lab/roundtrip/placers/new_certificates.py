"""Puts a newly issued certificate where the texts of the daemons name it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.lab.certificates import Served
from tests.lab.roundtrip.model import Bed, Edit
from tests.lab.roundtrip.placers import apache, lines, nginx
from tests.lab.roundtrip.placers.certificates import issue

_NGINX = "ssl_certificate /etc/new/fullchain.pem; ssl_certificate_key /etc/new/privkey.pem;"
_NOWHERE = Path("/nonexistent")


def for_nginx(port: int, *names: str, merge: bool = True) -> Edit:
    """Return what gets a certificate for these names by the `any` text and puts it in by nginx's."""

    def edit(bed: Bed) -> None:
        found = re.findall(r"ssl_certificate(_key)? ([^;]+);", _block_of(bed, port, names[0]))
        chain, key = (next(path for kind, path in found if kind == end) for end in ("", "_key"))
        made = issue(bed, Served(Path(chain), Path(key), _NOWHERE, _NOWHERE), names)
        text = _with(bed.texts.get("nginx", _NGINX), *made)
        nginx.put(bed, nginx.parsed(text), port, names[0])

    return edit


def for_apache(port: int, name: str) -> Edit:
    """Return what gets a certificate by the `any` text and puts it in by Apache's."""

    def edit(bed: Bed) -> None:
        configuration = bed.read("apache.conf")
        made = issue(bed, _present(configuration, "SSLCertificateFile ", "SSLCertificateKeyFile "), (name,))
        apache.put(bed, apache.parsed(_with(bed.texts["apache"], *made)), port)

    return edit


def for_postfix(name: str) -> Edit:
    """Return what gets a certificate by the `any` text and puts it in by Postfix's."""

    def edit(bed: Bed) -> None:
        main = bed.read("main.cf")
        both = Path(re.findall(r"smtpd_tls_chain_files = (\S+)", main)[0])
        made = issue(bed, Served(both, both, both, _NOWHERE), (name,))
        wanted = lines.parts(_with(bed.texts["postfix"], *made))[0][1]
        bed.write("main.cf", lines.set_lines(main, wanted, r"\s*=\s*"))

    return edit


def for_dovecot(name: str) -> Edit:
    """Return what gets a certificate by the `any` text and puts it in by Dovecot's, of release 2.3."""

    def edit(bed: Bed) -> None:
        configuration = bed.read("dovecot.conf")
        made = issue(bed, _present(configuration, "ssl_cert = <", "ssl_key = <"), (name,))
        wanted = lines.parts(_with(bed.texts["dovecot"], *made))[0][1]
        bed.write("dovecot.conf", lines.set_lines(configuration, wanted, r"\s*=\s*"))

    return edit


def _present(configuration: str, chain: str, key: str) -> Served:
    files = [Path(re.findall(rf"{re.escape(word)}(\S+)", configuration)[0]) for word in (chain, key)]
    return Served(files[0], files[1], _NOWHERE, _NOWHERE)


def _with(text: str, chain: Path, key: Path) -> str:
    return re.sub(r"/etc/[\w./-]+privkey\.pem", str(key),
                  re.sub(r"/etc/[\w./-]+fullchain\.pem", str(chain), text))  # fmt: skip


def _block_of(bed: Bed, port: int, name: str) -> str:
    """Return the text of one server block."""
    return nginx.written(nginx.server_block(bed, port, name))
