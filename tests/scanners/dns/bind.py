"""A real BIND on loopback: an authoritative server for a small world, and a validating resolver before it."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.scanners.loopback import unused_port

HEAD = """$TTL 300
@ SOA ns1.contoh.test. hostmaster.contoh.test. 1 3600 900 1209600 300
"""
SERVERS = "@ NS ns1.contoh.test.\n@ NS ns2.lain.test.\n"
_LONG = '" "'.join("x" * 250 for _ in range(40))
"""Ten kilobytes: whoever asks for the SPF record has to come over TCP."""
ZONES = {
    # The world above: a root of our own, so that names which do not exist are known not to.
    ".": "@ NS ns1.contoh.test.\ntest. NS ns1.contoh.test.\n",
    "test": SERVERS
    + "".join(
        f"{name} NS ns1.contoh.test.\n{name} NS ns2.lain.test.\n"
        for name in ("contoh", "bogus", "lewat", "polos", "situs", "lain", "pulau")
    ),
    "contoh.test": SERVERS
    + """
ns1 A 127.0.0.53
ns2 A 127.0.0.54
@ A 127.20.1.10
@ CAA 0 issue "letsencrypt.org; validationmethods=dns-01"
@ CAA 0 issuewild ";"
@ CAA 0 iodef "mailto:csirt@contoh.test"
@ MX 10 surel
@ MX 20 surel2.contoh.test.
@ TXT "v=spf1 mx include:_spf.contoh.test ip4:203.0.113.0/24 " "-all"
@ TXT "google-site-verification=x"
_spf TXT "v=spf1 a:surel.contoh.test ~all"
_25._tcp.surel TLSA 3 1 1 aa5d3e9b1f0c7a2d4e6f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5
_dmarc TXT "v=DMARC1; p=quarantine; sp=reject; pct=100; rua=mailto:dmarc@contoh.test"
_mta-sts TXT "v=STSv1; id=20261101;"
mta-sts A 127.0.0.1
_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@contoh.test"
surel A 127.0.0.1
surel AAAA 2001:db8:53::25
surel2 A 127.20.1.26
kosong._domainkey TXT "v=DKIM1; p="
www CNAME contoh.test.
dev A 127.20.1.99
putar CNAME putar2
putar2 CNAME putar
hilang CNAME tidak-ada.lain.test.
jauh CNAME pihak-ketiga.awan.
"""
    + f'@ TXT "{_LONG}"\n',
    "bogus.test": SERVERS + "@ A 127.20.1.11\n",
    "lewat.test": SERVERS + "@ A 127.20.1.12\n",
    "pulau.test": SERVERS + "@ A 127.20.1.13\n",
    "polos.test": SERVERS + '@ A 127.20.1.14\n@ TXT "v=spf1 ?all"\n@ MX 10 mx.lain.test.\n* A 127.20.1.14\n',
    "situs.test": SERVERS + '@ A 127.20.1.15\n@ MX 0 .\n@ TXT "v=spf1 -all"\nanak A 127.20.1.16\n',
    "lain.test": SERVERS + "ns2 A 127.0.9.53\n",
}
SIGNED = ("contoh.test", "bogus.test", "lewat.test", "pulau.test", "test")
"""Children first: the parent signs their DS records."""
WITHOUT_DS = ("pulau.test",)


@dataclass(frozen=True)
class World:
    """Ports on 127.0.0.1 of the authoritative server and of the validating resolver."""

    authoritative: int
    validating: int


@contextlib.contextmanager
def running(folder: Path) -> Iterator[World]:
    """Run both servers in a folder, until the block ends."""
    build(folder)
    ports = unused_port(), unused_port()
    with (
        _named(folder / "authoritative", ports[0], _authoritative(folder)),
        _named(folder / "validating", ports[1], _validating(folder, ports[0])),
    ):
        yield World(*ports)


def build(folder: Path) -> None:
    """Write and sign every zone, children before the parent that signs their DS records."""
    for name, content in ZONES.items():
        (folder / _file(name)).write_text(HEAD + content)
    for name in SIGNED:
        if name == "test":
            with (folder / _file(name)).open("a") as parent:
                parent.writelines(_ds(folder, child) for child in SIGNED if child not in (name, *WITHOUT_DS))
        _sign(folder, name)
    signed = folder / _file("bogus.test")
    signed.write_text(signed.read_text().replace(" 1 3600 900 ", " 2 3600 900 "))


def _sign(folder: Path, name: str) -> None:
    for flags in ([], ["-f", "KSK"]):
        _run(folder, "dnssec-keygen", "-q", "-a", "ECDSAP256SHA256", *flags, name)
    times = ["-s", "20200101000000", "-e", "20200201000000"] if name == "lewat.test" else []
    unsigned = _file(name)
    _run(
        folder,
        "dnssec-signzone",
        "-q",
        "-S",
        "-P",
        "-O",
        "full",
        "-o",
        name,
        *times,
        "-f",
        unsigned,
        unsigned,
    )


def _ds(folder: Path, name: str) -> str:
    return (folder / f"dsset-{name}.").read_text()


def _file(name: str) -> str:
    return f"{name.strip('.') or 'root'}.zone"


def _run(folder: Path, *command: str) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def _authoritative(folder: Path) -> str:
    zones = "".join(f'zone "{name}" {{ type primary; file "{folder / _file(name)}"; }};\n' for name in ZONES)
    return "options { recursion no; dnssec-validation no; %s };\n" + zones


def _validating(folder: Path, port: int) -> str:
    anchors = "".join(
        f'test. static-ds {" ".join(fields[:3])} "{"".join(fields[3:])}";'
        for line in _ds(folder, "test").splitlines()
        if (fields := line.split("DS", 1)[1].split())
    )
    return (
        "options { recursion yes; allow-recursion { any; }; forward only; dnssec-validation yes; %s "
        f"forwarders {{ 127.0.0.1 port {port}; }}; }};\ntrust-anchors {{ {anchors} }};\n"
    )


@contextlib.contextmanager
def _named(folder: Path, port: int, configuration: str) -> Iterator[None]:
    folder.mkdir()
    common = (
        f'directory "{folder}"; listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }}; '
        "pid-file none; session-keyfile none; lock-file none; notify no; minimal-responses no;"
    )
    (folder / "named.conf").write_text("controls {};\n" + configuration % common)
    command = ("named", "-g", "-n", "1", "-c", str(folder / "named.conf"))
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)
    said: list[str] = []
    try:
        assert process.stderr is not None
        for line in process.stderr:
            said.append(line)
            if line.rstrip().endswith(" running"):
                break
        else:
            raise AssertionError("".join(said))
        yield
    finally:
        process.kill()
        process.communicate()
