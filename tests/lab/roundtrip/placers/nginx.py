"""Puts directives into an nginx configuration, as the steps of the remedies say."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.lab.certificates import GOOD
from tests.lab.roundtrip.model import Bed, Edit
from tests.lab.tls import STRONG

_WORD = re.compile(r"""#[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[{};]|[^\s{};]+""")
_OF_MACHINE = frozenset(["listen", "server_name", "server_tokens"])
"""What a server block says of the machine, which a text can only give examples of."""
_REPEATED = frozenset(
    ["add_header", "location", "if", "error_page", "allow", "deny", "limit_req", "listen",
     "proxy_cookie_flags", "proxy_hide_header", "fastcgi_hide_header"]
)  # fmt: skip
_OF_HTTP = frozenset(
    ["map", "limit_req_zone", "ssl_protocols", "ssl_ciphers", "ssl_ecdh_curve", "server_tokens",
     "proxy_hide_header", "fastcgi_hide_header"]
)  # fmt: skip
"""What the steps put into the http block, deleting other lines of the same name."""


@dataclass(slots=True)
class Directive:
    """One directive: its words, and what is in its braces."""

    words: list[str]
    block: list[Directive] | None = None

    @property
    def name(self) -> str:
        """Return its first word."""
        return self.words[0]

    def like(self, other: Directive) -> bool:
        """Say whether one takes the place of the other."""
        if self.name != other.name:
            return False
        if self.name == "add_header":
            return self.words[1].lower() == other.words[1].lower()
        return self.name not in _REPEATED or self.words == other.words


@dataclass(slots=True)
class _Reader:
    words: Iterator[str]
    read: list[str] = field(default_factory=list)

    def block(self) -> list[Directive]:
        found: list[Directive] = []
        for word in self.words:
            if word.startswith("#"):
                continue
            if word == "}":
                return found
            if word not in ("{", ";"):
                self.read.append(word)
                continue
            directive, self.read = Directive(self.read), []
            if word == "{":
                directive.block = self.block()
            found.append(directive)
        return found


def parsed(text: str) -> list[Directive]:
    """Return the directives of a configuration, comments left out."""
    return _Reader(iter(_WORD.findall(text))).block()


def written(directives: list[Directive], indent: str = "") -> str:
    """Return directives as text."""
    lines = []
    for one in directives:
        if one.block is None:
            lines.append(f"{indent}{' '.join(one.words)};")
        else:
            lines += [f"{indent}{' '.join(one.words)} {{", written(one.block, indent + "    "), f"{indent}}}"]
    return "\n".join(lines)


def nginx(port: int, name: str = "", *, software: str = "nginx", replace: bool = False) -> Edit:
    """Return what puts the text into the http block and the server block of a port and name.

    A server block in the text is merged into that one; with `replace` it takes its place, but for the
    address, the port and the names, of which the text can only give examples.
    """

    def edit(bed: Bed) -> None:
        text = bed.text(software)
        bed.install_certificate(text)
        _make_parameters(text)
        _snippets(bed)
        put(bed, parsed(text), port, name, replace=replace)

    return edit


def server_block(bed: Bed, port: int, name: str) -> list[Directive]:
    """Return what stands in the server block of a port and name."""
    http = next(one for one in parsed(bed.read("nginx.conf")) if one.name == "http")
    return _server(http.block or [], port, name).block or []


def put(bed: Bed, directives: list[Directive], port: int, name: str, *, replace: bool = False) -> None:
    """Put directives into the daemon's configuration."""
    whole = parsed(bed.read("nginx.conf"))
    http = next(one for one in whole if one.name == "http")
    assert http.block is not None
    server = _server(http.block, port, name)
    assert server.block is not None
    if "ssl_dhparam lines" in bed.steps.get("nginx", ""):
        for block in (*(each.block or [] for each in http.block if each.name == "server"), http.block):
            block[:] = [kept for kept in block if kept.name != "ssl_dhparam"]
    for one in directives:
        if one.name == "server":
            assert one.block is not None
            if replace:
                server.block[:] = [kept for kept in server.block if kept.name in _OF_MACHINE]
            for inner in one.block:
                if inner.name not in _OF_MACHINE:
                    _set(server.block, inner)
        elif one.name in _OF_HTTP:
            for block in (*(each.block or [] for each in http.block if each.name == "server"), http.block):
                block[:] = [kept for kept in block if not kept.like(one)]
            http.block.insert(0, one)
        elif one.name != "root" or Path(one.words[1]).exists():
            _set(server.block, one)
    bed.write("nginx.conf", written(whole) + "\n")


def _set(block: list[Directive], one: Directive) -> None:
    block[:] = [kept for kept in block if not kept.like(one)]
    block.append(one)


def _server(http: list[Directive], port: int, name: str) -> Directive:
    for one in http:
        if one.name == "server" and one.block is not None:
            listens = any(each.name == "listen" and each.words[1].endswith(f":{port}") for each in one.block)
            names = next((each.words[1:] for each in one.block if each.name == "server_name"), [])
            if listens and (not name or name in names):
                return one
    raise LookupError(f"no server block for port {port} and {name or 'any name'}")


def _make_parameters(text: str) -> None:
    """Run the command for parameters that a comment gives, once: it takes its time."""
    for command, target in re.findall(r"# once: (openssl dhparam -out (\S+) \d+)", text):
        if not Path(target).exists():
            Path(target).parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(command.split(), check=True, capture_output=True)


def _snippets(bed: Bed) -> None:
    """Bring along what the package puts beside its nginx.conf and the texts include."""
    for name in ("snippets/fastcgi-php.conf", "fastcgi.conf", "fastcgi_params", "mime.types"):
        source, target = Path("/etc/nginx") / name, bed.place.directory / name
        if source.exists() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


def encrypted_first(port: int, name: str = "") -> Edit:
    """Return what gives a plain site a twin with HTTPS, then puts the text in the plain one's place."""

    def edit(bed: Bed) -> None:
        whole = parsed(bed.read("nginx.conf"))
        http = next(one for one in whole if one.name == "http")
        assert http.block is not None
        served = bed.place.certificate(GOOD)
        own = [each for each in _server(http.block, port, name).block or [] if each.name != "listen"]
        added = parsed(
            f"listen {bed.place.address}:443 ssl; ssl_certificate {served.chain}; "
            f"ssl_certificate_key {served.key}; ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers {STRONG.ciphers}; "
            'add_header Strict-Transport-Security "max-age=63072000" always;'
        )
        http.block.append(Directive(["server"], [*added, *own]))
        bed.write("nginx.conf", written(whole) + "\n")
        put(bed, parsed(bed.text("nginx")), port, name, replace=True)

    return edit


def own_site(bed: Bed, domain: str, address: str) -> None:
    """Add the text's server block for a name of its own below a domain, with a certificate for it."""
    text = bed.rooted(bed.texts["nginx"].replace("contoh.go.id", domain))
    block = parsed(text)[0]
    assert block.block is not None
    names = next(one.words[1:] for one in block.block if one.name == "server_name")
    served = bed.place.certificate(GOOD, tuple(names))
    replaced = {"ssl_certificate": served.chain, "ssl_certificate_key": served.key}
    for one in block.block:
        if one.name == "listen":
            one.words = ["listen", f"{address}:443", "ssl"]
        elif one.name in replaced:
            one.words = [one.name, str(replaced[one.name])]
    whole = parsed(bed.read("nginx.conf"))
    http = next(one for one in whole if one.name == "http")
    assert http.block is not None
    http.block.append(block)
    bed.write("nginx.conf", written(whole) + "\n")
