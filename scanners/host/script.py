"""Put the collection script together, and say what it may ask sudo for."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

from scanners.host.area import Area

SECONDS_EACH = 10
"""What one command may take; the prelude has the same."""
_PLACES = ("/usr/sbin", "/usr/bin", "/sbin", "/bin")
"""Where a program lies, depending on the age of the distribution."""
_SPECIAL = ",:=#*?[]"
"""Characters that sudoers reads as its own in the arguments of a command, or as a wildcard."""


def collection_script(areas: Iterable[Area], nonce: str, sudo: bool, consent: Iterable[str] = ()) -> str:
    """Return the script that is sent to `sh -s`; `nonce` is a word that no file of the host can know.

    `consent` are ids of checks that the authorization names; they are plain words.
    """
    listed = tuple(areas)
    head = f"M='@@{nonce}' SUDO={int(sudo)} CONSENT=' {' '.join(sorted(consent))} '\n"
    own = files("scanners.host").joinpath("prelude.sh").read_text()
    parts = [_collect(area) for area in listed]
    return "\n".join([head + own, _as_root(privileged(listed)), *parts, "exit 0", ""])


def privileged(areas: Iterable[Area]) -> dict[str, tuple[str, ...]]:
    """Return every command that is run as root, by key; raise ValueError for a key that comes twice."""
    found: dict[str, tuple[str, ...]] = {}
    for area in areas:
        for key, command in area.privileged.items():
            if key in found:
                raise ValueError(f"two privileged commands named {key}")
            found[key] = command
    return found


@dataclass(frozen=True, slots=True)
class SudoRule:
    """One command as sudoers takes it: the arguments are one text, with sudoers' own signs escaped."""

    key: str
    program: str
    arguments: str

    def line(self, user: str, folder: str) -> str:
        """Return the line of a sudoers file for the program in a folder."""
        return f"{user} ALL=(root) NOPASSWD: {folder}/{self.program} {self.arguments}"


def sudo_rules(areas: Iterable[Area]) -> tuple[SudoRule, ...]:
    """Return every command that is run as root. No rule has a wildcard: sudo compares every argument."""
    return tuple(
        SudoRule(key, program, " ".join(_escaped(one) for one in arguments) or '""')
        for key, (program, *arguments) in privileged(areas).items()
    )


def sudo_defaults(user: str) -> tuple[str, ...]:
    """Return the lines about how: no terminal is needed, and no command outlives its time.

    Nobody but sudo can end what runs as root. The last line is unknown to releases before 1.8.20.
    """
    return f"Defaults:{user} !requiretty, !lecture", f"Defaults:{user} command_timeout={SECONDS_EACH}"


def sudoers(areas: Iterable[Area], user: str) -> str:
    """Return a sudoers file that allows these commands to `user`, wherever a release keeps the programs."""
    rules = sudo_rules(areas)
    lines = [rule.line(user, folder) for rule in rules for folder in _PLACES]
    return "\n".join([*sudo_defaults(user), *lines, ""])


def _escaped(argument: str) -> str:
    """Return an argument as sudoers reads it; raise ValueError for what sudoers cannot hold."""
    if "\\" in argument or not argument.isprintable():
        raise ValueError(f"sudoers cannot hold a backslash or a line end: {argument!r}")
    return "".join(f"\\{sign}" if sign in _SPECIAL else sign for sign in argument)


def _as_root(commands: Mapping[str, tuple[str, ...]]) -> str:
    """Return the function that runs a privileged command: with sudo, or as root without it."""
    cases = [
        f"    {key}) set -- {' '.join(shlex.quote(word) for word in command)} ;;"
        for key, command in commands.items()
    ]
    return "\n".join(
        [
            "as_root() {",
            "  case $1 in",
            *cases,
            "    *) return 127 ;;",
            "  esac",
            '  command -v "$1" >/dev/null 2>&1 || return 127',
            '  if [ "$ROOT" = 1 ]; then $T "$@" 2>/dev/null; else $T sudo -n -- "$@"; fi',
            "}",
        ]
    )


def _collect(area: Area) -> str:
    return files(f"scanners.host.{area.name}").joinpath("collect.sh").read_text()
