"""Put the collection script together, and say what it may ask sudo for."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from scanners.host.area import Area

SECONDS_EACH = 10
"""What one command may take."""
_PLACES = ("/usr/bin", "/bin")
"""Where the shell lies, depending on the age of the distribution."""
_SPECIAL = ",:=#*?[]"
"""Characters that sudoers reads as its own in the arguments of a command, or as a wildcard."""


def collection_script(areas: Iterable[Area], nonce: str, sudo: bool, consent: Iterable[str] = ()) -> str:
    """Return the script that is sent to `sh -s`; `nonce` is a word that no file of the host can know.

    `consent` are ids of checks that the authorization names; they are plain words.
    """
    listed = tuple(areas)
    allowed = " ".join(sorted(consent))
    head = f"M='@@{nonce}' SUDO={int(sudo)} CONSENT=' {allowed} ' SECONDS_EACH={SECONDS_EACH}\n"
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


_SEARCHED = "/usr/sbin:/usr/bin:/sbin:/bin"
_MOST_KIB = 3_000_000
"""Address space of a command that runs as root: no file of an ordinary user may cost the host its memory."""


def as_one_argument(command: Sequence[str]) -> str:
    """Return a command as one argument for `sh -c`, bounded in time and memory, with its complaints left out.

    sudo joins all arguments with blanks and compares the text alone, so whoever calls it decides where a word
    begins and ends. This text cannot be cut: whatever begins with a brace and lacks its last one is no
    command of any shell.
    """
    words = " ".join(shlex.quote(word) for word in command)
    text = (
        f"{{ PATH={_SEARCHED}; LC_ALL=C; export PATH LC_ALL; ulimit -v {_MOST_KIB}; "
        f"exec timeout {SECONDS_EACH} {words} 2>/dev/null; }}"
    )
    if "  " in text or not text.isprintable() or "\\" in text:
        raise ValueError(f"sudoers cannot hold a backslash, a line end or two blanks in a row: {text!r}")
    return text


@dataclass(frozen=True, slots=True)
class SudoRule:
    """One command as sudoers takes it: the argument of `sh -c`, with sudoers' own signs escaped."""

    key: str
    program: str
    """What the shell runs; where it is not installed, the rule is not needed."""
    argument: str

    def line(self, user: str, folder: str) -> str:
        """Return the line of a sudoers file for a shell in a folder."""
        return f"{user} ALL=(root) NOPASSWD: {folder}/sh -c {self.argument}"


def sudo_rules(areas: Iterable[Area]) -> tuple[SudoRule, ...]:
    """Return every command that is run as root. No rule has a wildcard, and none can be split otherwise."""
    return tuple(
        SudoRule(key, command[0], _escaped(as_one_argument(command)))
        for key, command in privileged(areas).items()
    )


def sudo_defaults(user: str) -> tuple[str, ...]:
    """Return the lines about how: no terminal, an environment of sudo's own, and an end in time.

    The last line is unknown to releases before 1.8.20.
    """
    return (
        f"Defaults:{user} !requiretty, !lecture, env_reset, always_set_home, !setenv",
        f'Defaults:{user} secure_path="{_SEARCHED}"',
        f"Defaults:{user} command_timeout={SECONDS_EACH + 2}",
    )


def sudoers(areas: Iterable[Area], user: str) -> str:
    """Return a sudoers file that allows these commands to `user`, wherever a release keeps the shell."""
    rules = sudo_rules(areas)
    lines = [rule.line(user, folder) for rule in rules for folder in _PLACES]
    return "\n".join([*sudo_defaults(user), *lines, ""])


def _escaped(argument: str) -> str:
    """Return an argument as sudoers reads it; raise ValueError for what sudoers cannot hold."""
    if "\\" in argument or not argument.isprintable():
        raise ValueError(f"sudoers cannot hold a backslash or a line end: {argument!r}")
    return "".join(f"\\{sign}" if sign in _SPECIAL else sign for sign in argument)


def _as_root(commands: Mapping[str, tuple[str, ...]]) -> str:
    """Return the function that runs a privileged command: with sudo, or as root without it.

    127: the program is not there; nothing is asked of sudo for its sake.
    """
    cases = [
        f"    {key}) needed={shlex.quote(command[0])}; set -- {shlex.quote(as_one_argument(command))} ;;"
        for key, command in commands.items()
    ]
    return "\n".join(
        [
            "as_root() {",
            "  case $1 in",
            *cases,
            "    *) return 127 ;;",
            "  esac",
            '  command -v "$needed" >/dev/null 2>&1 || return 127',
            '  if [ "$ROOT" = 1 ]; then sh -c "$1"; else sudo -n -- sh -c "$1"; fi',
            "}",
        ]
    )


def _collect(area: Area) -> str:
    return files(f"scanners.host.{area.name}").joinpath("collect.sh").read_text()
