"""The nouns of a round trip: a broken server, the remedy put into it, and what came of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.lab.certificates import GOOD, Shape
from tests.lab.model import LabError, LabServer, Launch, Place, Service

_PATH = re.compile(r"(?<![\w.*~^/-])/(?:etc|var|srv)/[\w./@%+-]+")
_EXAMPLE_NAME = re.compile(r"\b(?:layanan\.|www\.)?contoh\.go\.id\b")
_COMMENTED_FILE = re.compile(r"(?m)^ *# (/[\w./-]+)\n((?: *#   .+\n)+)")
_EXPIRES = re.compile(r"Expires: \S+")
_FULL_CHAIN = re.compile(r"fullchain|server\.crt")
_KEY = re.compile(r"privkey|server\.key")


@dataclass(slots=True)
class Bed:
    """What a placer works on: the files that a daemon was given, how it is run, and the remedy's texts."""

    place: Place
    launch: Launch
    texts: Mapping[str, str]
    """Software id → the configuration that the catalogue gives for it."""
    steps: Mapping[str, str]
    """Software id → the steps that go with it."""

    def text(self, software: str) -> str:
        """Return the text for one software: its example name filled in, its paths moved below the daemon.

        Files that it gives in comments, a path and indented lines below, are written where it says.
        """
        text = self.texts[software]
        if self.place.hostnames:
            text = _EXAMPLE_NAME.sub(self.place.hostnames[0], text)
        for path, lines in _COMMENTED_FILE.findall(text):
            content = re.sub(r"(?m)^ *#   ", "", lines)
            self.inside(
                path, _EXPIRES.sub(f"Expires: {datetime.now(UTC) + timedelta(days=180):%FT%TZ}", content)
            )
        return self.rooted(text)

    def rooted(self, text: str) -> str:
        """Move absolute paths below the daemon's own directory: its daemons share one machine."""
        return _PATH.sub(lambda found: f"{self.place.directory}/root{found[0]}", text)

    @property
    def own_loopback(self) -> str:
        """Return what stands for the server's own 127.0.0.1, which all servers share; nobody audits it."""
        first, second, third, fourth = self.place.address.split(".")
        return f"{first}.{second}.{200 + int(third)}.{fourth}"

    def local(self, text: str) -> str:
        """Let a daemon that is told to listen on its own loopback address do so where nobody audits it."""
        return re.sub(r"\b127\.0\.0\.1\b(?!/)|\blocalhost\b", self.own_loopback, text)

    def read(self, name: str) -> str:
        """Return one file of the daemon."""
        return (self.place.directory / name).read_text(encoding="utf-8")

    def write(self, name: str, content: str | bytes, mode: int = 0o644) -> Path:
        """Write one file of the daemon, so that a change of it restarts the daemon."""
        return self.place.write(name, content, mode)

    def inside(self, path: str, content: str | bytes, mode: int = 0o644) -> Path:
        """Write the file that a rooted text names by this absolute path."""
        return self.write(f"root{path}", content, mode)

    def install_certificate(self, text: str, shape: Shape = GOOD, owner: str = "") -> None:
        """Put certificate, key and intermediates where a rooted text names them."""
        served = self.place.certificate(shape)
        below = str(self.place.directory) + "/"
        for path in re.findall(rf"{re.escape(below)}root/[\w./@%+-]+", text):
            name = path.removeprefix(below)
            if _FULL_CHAIN.search(name):
                self.write(name, served.chain.read_bytes())
            elif _KEY.search(name):
                self.own(self.write(name, served.key.read_bytes(), 0o600 if owner else 0o644), owner)

    @staticmethod
    def own(path: Path, owner: str) -> None:
        """Give a file to the user of the daemon."""
        if owner:
            import shutil

            shutil.chown(path, owner, owner)


Edit = Callable[[Bed], None]
"""Puts a remedy in its place: changes files below the bed, or how the daemon is run, and nothing else."""


@dataclass(frozen=True, slots=True)
class Remedied:
    """A daemon as it was, with a remedy put into what it was given."""

    inner: Service
    edit: Edit
    texts: Mapping[str, str]
    steps: Mapping[str, str]
    ports: tuple[tuple[int, str], ...]

    @property
    def name(self) -> str:
        """Return the name of the daemon."""
        return self.inner.name

    @property
    def software(self) -> str:
        """Return the software id."""
        return self.inner.software

    @property
    def version_command(self) -> tuple[str, ...]:
        """Return the command that prints the version."""
        return self.inner.version_command

    def launch(self, place: Place) -> Launch:
        """Let the daemon write what it always does, then put the remedy into it."""
        bed = Bed(place, self.inner.launch(place), self.texts, self.steps)
        try:
            self.edit(bed)
        except LookupError as error:
            raise LabError(f"{place.address} has no place for the text: {error}") from error
        return bed.launch


@dataclass(frozen=True, slots=True)
class Case:
    """One check on one broken server, with the remedy for it."""

    check: str
    server: LabServer
    edits: Mapping[str, Edit]
    """Name of the daemon → what puts the remedy into it."""
    software: tuple[str, ...] = ()
    """Whose texts of the catalogue are used; empty: those of the daemon's own software."""
    port: int = 0
    server_name: str = ""
    closes: frozenset[int] = frozenset()
    """Ports that no longer answer afterwards."""
    opens: tuple[tuple[int, str], ...] = ()
    """Ports that answer afterwards only; the inventory declares them from the start."""
    removes: frozenset[str] = frozenset()
    """Daemons that the remedy takes off the server."""
    companions: tuple[LabServer, ...] = ()
    """Servers that must stand beside it, unchanged."""
    records: Callable[[dict[str, Any], Mapping[str, str]], None] | None = None
    """Puts the remedy's text into the inventory, where that is its place."""
    subject: str = ""
    """What the finding is about, where it is no server: a domain or a zone as verdicts name it."""
    asks_domains: bool = False
    sweeps: bool = False

    @property
    def id(self) -> str:
        """Return check and software in one word."""
        return f"{self.check}@{'+'.join(self.used)}"

    @property
    def used(self) -> tuple[str, ...]:
        """Return the software ids whose texts are used."""
        if self.software:
            return self.software
        named = {service.name: service.software for service in self.server.services}
        return tuple(dict.fromkeys(named[name] for name in self.edits))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one case."""

    check: str
    software: str
    program: str
    """The daemon with its version, as it says it itself."""
    proven: bool
    found: bool
    problem: str = ""
    """Why it is not proven; empty when it is."""
    broke: tuple[str, ...] = ()
    """Checks that passed before on this server and fail now."""
    also_closed: tuple[str, ...] = ()
    """Other checks that failed before on this server and do not any more."""
    appeared: tuple[str, ...] = field(default=())
    """Checks that fail now on something that was not there to be judged before."""
    system: str = ""
    """The release of the system that it was tried on; empty where `program` names it."""
    text: str = ""
    """Digest of the texts that were tried, by `controls.proofs.text_digest`."""
