"""Gets new certificates by the very commands of a remedy, signed by the lab's own CA."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from tests.lab.certificates import Certificates, Issuer, Served, Shape
from tests.lab.model import LabError
from tests.lab.roundtrip.model import Bed

_RUN = ("openssl", "cat")
_SIGN = (
    "openssl x509 -req -in layanan.csr -CA ca.pem -CAkey ca.key -CAcreateserial -copy_extensions copy "
    "-sha256 -days 90 -out layanan.pem"
)
"""What the CA does with a request, where the remedy ends with the request."""


def issue(bed: Bed, present: Served, names: tuple[str, ...], software: str = "any") -> tuple[Path, Path]:
    """Run the commands of a text and return the new full chain and key.

    Lines for a public CA (certbot) are left to the lab's CA, which issues for the names they ask for.
    """
    folder = bed.place.directory / "root" / "issued"
    folder.mkdir(parents=True, exist_ok=True)
    _stock(folder, bed.place.certificates, present)
    before = _content(folder)
    commands = _commands(bed.texts[software], names)
    for command in commands:
        _run(command, folder)
    if not commands:
        _certbot(bed.texts[software], names, folder)
    if (folder / "layanan.csr").exists() and _content(folder)["layanan.pem"] == before["layanan.pem"]:
        _run(_SIGN, folder)
    full = folder / "fullchain.pem"
    if not full.exists():
        full.write_bytes((folder / "layanan.pem").read_bytes() + (folder / "perantara.pem").read_bytes())
    chain = bed.write("root/issued/sent.pem", full.read_bytes())
    return chain, bed.write("root/issued/sent.key", (folder / "layanan.key").read_bytes())


def _stock(folder: Path, certificates: Certificates, present: Served) -> None:
    """Lay out what the commands expect: present certificate and key, and the CA with its intermediate."""
    for old in folder.iterdir():
        old.unlink()
    key, issuer = certificates.authority(Issuer.LAB)
    leaf = x509.load_pem_x509_certificates(present.chain.read_bytes())[0]
    above = certificates.current_issuer(leaf) or issuer
    pem = serialization.Encoding.PEM
    (folder / "layanan.pem").write_bytes(leaf.public_bytes(pem))
    (folder / "layanan.key").write_bytes(present.key.read_bytes())
    (folder / "ca.pem").write_bytes(issuer.public_bytes(pem))
    (folder / "perantara.pem").write_bytes(above.public_bytes(pem))
    (folder / "ca.key").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def _content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _commands(text: str, names: tuple[str, ...]) -> list[str]:
    joined = re.sub(r"\\\n\s*", " ", text)
    joined = re.sub(
        r"DNS:layanan\.contoh\.go\.id(,DNS:www\.layanan\.contoh\.go\.id)?",
        ",".join(f"DNS:{name}" for name in names),
        joined,
    )
    joined = joined.replace("layanan.contoh.go.id", names[0])
    return [line for line in joined.splitlines() if line.split(" ", 1)[0] in _RUN]


def _certbot(text: str, names: tuple[str, ...], folder: Path) -> None:
    if "certbot certonly" not in text:
        raise LabError("the text has no command that the lab can run")
    subject = ",".join(f"DNS:{name}" for name in names)
    _run(
        "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout layanan.key "
        f"-out layanan.csr -subj /CN={names[0]} -addext subjectAltName={subject} "
        "-addext extendedKeyUsage=serverAuth",
        folder,
    )


def _run(command: str, folder: Path) -> None:
    words, _, target = command.partition(" > ")
    done = subprocess.run(shlex.split(words), cwd=folder, capture_output=True, check=False)
    if target:
        (folder / target.strip()).write_bytes(done.stdout)
    # `openssl verify` of a chain to an own root says no without that root, and changes nothing.
    if done.returncode and " verify " not in command:
        raise LabError(f"{words} failed: {done.stderr.decode(errors='replace').strip()[-300:]}")


__all__ = ["Shape", "issue"]
