"""Puts directives into an Apache configuration, with the modules that they need (a2enmod)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.lab.roundtrip.model import Bed, Edit

_MODULES = {
    "Header": "headers", "AllowMethods": "allowmethods", "RedirectMatch": "alias", "Redirect": "alias",
    "Alias": "alias", "SetEnvIf": "setenvif", "Require ip": "authz_host", "Require local": "authz_host",
}  # fmt: skip
_FOLDER = "/usr/lib/apache2/modules"
_OF_HOST = frozenset(["Header", "SSLCertificateFile", "SSLCertificateKeyFile"])
"""What the steps put into the virtual host; everything else goes into the main configuration."""


@dataclass(slots=True)
class Node:
    """One directive, or one section with what is in it."""

    line: str
    inner: list[Node] | None = None

    @property
    def name(self) -> str:
        """Return the name of the directive, or of the section with its bracket."""
        return self.line.split(None, 1)[0].rstrip(">")

    def like(self, other: Node) -> bool:
        """Say whether one takes the place of the other."""
        if self.name == "Header" or self.inner is not None:
            return _header(self.line) == _header(other.line)
        return self.name == other.name and self.name not in ("Alias", "LoadModule", "ErrorDocument", "Listen")


def parsed(text: str) -> list[Node]:
    """Return the directives and sections of a configuration."""
    return _read(iter(line.strip() for line in re.sub(r"\\\n", " ", text).splitlines()))


def _read(lines: object) -> list[Node]:
    found: list[Node] = []
    for line in lines:  # type: ignore[attr-defined]
        if not line or line.startswith("#"):
            continue
        if line.startswith("</"):
            return found
        found.append(Node(line, _read(lines) if line.startswith("<") else None))
    return found


def written(nodes: list[Node], indent: str = "") -> str:
    """Return nodes as text."""
    lines = []
    for one in nodes:
        lines.append(indent + one.line)
        if one.inner is not None:
            end = one.line[1:].split()[0].rstrip(">")
            lines += [written(one.inner, indent + "    "), f"{indent}</{end}>"]
    return "\n".join(lines)


def apache(port: int, *, replace: bool = False) -> Edit:
    """Return what puts the text into the main configuration and the virtual host of a port.

    A virtual host in the text is merged into that one; with `replace` it takes its place, but for its name.
    """

    def edit(bed: Bed) -> None:
        text = bed.text("apache")
        bed.install_certificate(text)
        put(bed, parsed(text), port, replace=replace)

    return edit


def put(bed: Bed, nodes: list[Node], port: int, *, replace: bool = False) -> None:
    """Put nodes into the daemon's configuration."""
    whole = parsed(bed.read("apache.conf"))
    host = next(one for one in whole if one.name == "<VirtualHost" and one.line.endswith(f":{port}>"))
    assert host.inner is not None
    for one in nodes:
        if one.name == "<VirtualHost" and one.inner is not None:
            if replace:
                host.inner[:] = [kept for kept in host.inner if kept.name == "ServerName"]
            for inner in one.inner:
                if inner.name != "ServerName":
                    _set(host.inner, inner)
        elif one.name in _OF_HOST:
            _set(host.inner, one)
        else:
            if one.name.startswith("SSL"):
                for each in whole:
                    if each.inner is not None:
                        each.inner[:] = [kept for kept in each.inner if not kept.like(one)]
            _set(whole, one)
    bed.write("apache.conf", _with_modules(whole))


def _set(nodes: list[Node], one: Node) -> None:
    nodes[:] = [kept for kept in nodes if not kept.like(one)]
    nodes.append(one)


def _header(line: str) -> tuple[str, ...]:
    """Return what names a header line: its condition and its header; a section by its whole line."""
    words = line.split()
    if words[0] != "Header":
        return (line,)
    return tuple(word.lower() for word in words[1:] if word.lower() not in ("set", "merge", "add"))[:2]


def _with_modules(whole: list[Node]) -> str:
    text = written(whole)
    wanted = {module for word, module in _MODULES.items() if re.search(rf"^\s*{word}\b", text, re.MULTILINE)}
    loaded = set(re.findall(r"LoadModule (\w+)_module", text))
    added = "".join(f"LoadModule {one}_module {_FOLDER}/mod_{one}.so\n" for one in sorted(wanted - loaded))
    return f"{added}{text}\n"
