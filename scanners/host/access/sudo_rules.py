"""Read sudoers(5): who may run what as whom, with or without a password, and which options are set. Pure.

Only what decides on these questions is read; a line of any other form raises ValueError, so that nothing is
passed over in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_ALIAS = re.compile(r"(User_Alias|Runas_Alias|Host_Alias|Cmnd_Alias|Cmd_Alias)\s+(.+)", re.DOTALL)
_DEFAULTS = re.compile(r"Defaults(?:([@:!>])\s*((?:\\.|\"[^\"]*\"|[^\s\"])+))?\s+(.+)", re.DOTALL)
_INCLUDE = re.compile(r"[#@](include|includedir)\s+(\S+)")
_TAG = re.compile(r"(NO)?(PASSWD|EXEC|SETENV|LOG_INPUT|LOG_OUTPUT|MAIL|FOLLOW|INTERCEPT)\s*:\s*")
_WORDS = "ROLE|TYPE|PRIVS|LIMITPRIVS|NOTBEFORE|NOTAFTER|TIMEOUT|CWD|CHROOT|APPARMOR_PROFILE"
_OPTION = re.compile(rf"({_WORDS})=\S+\s+")
# Possessive (*+, ++): what was read is not read again in another way, however long a hostile line is.
_ITEM = r"(?:!\s*+)*+(?:\"[^\"]*\"|\\.|[^\s,=\"\\])++"
_LIST = rf"{_ITEM}(?:\s*,\s*{_ITEM})*"
_RULE = re.compile(rf"({_LIST})\s+{_LIST}\s*=\s*(.+)", re.DOTALL)
_HOST = r"(?:!\s*+)*+[\w./*-]++"
_NEXT_HOSTS = re.compile(rf"(?<!\\):(?!\s*(?:{_WORDS})=)\s*{_HOST}(?:\s*,\s*{_HOST})*\s*=\s*")
_DIRECTORY = "/etc/sudoers.d"
_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Rule:
    """One command that users may run, with aliases resolved."""

    users: tuple[str, ...]
    run_as: tuple[str, ...]
    """Empty: only the group is changed."""
    command: str
    """`ALL`, or path and arguments as sudoers holds them."""
    password: bool
    source: str


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a Defaults line; `scope` is empty where it holds for all, else `:user` and the like."""

    name: str
    scope: str
    on: bool
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Sudoers:
    """What all files say together. `includes` are files and directories that they name."""

    rules: tuple[Rule, ...]
    options: tuple[Option, ...]
    includes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    source: str
    text: str


def parse_sudoers(lines: Iterable[str]) -> Sudoers:
    """Return what lines `path:text` say, in the order of `grep -H`; raise ValueError for unknown syntax."""
    whole = [*_whole_lines(lines)]
    aliases: dict[str, tuple[str, ...]] = {}
    for line in whole:
        if match := _ALIAS.fullmatch(line.text):
            aliases.update(_aliases(match[1], match[2]))
    rules: list[Rule] = []
    options: list[Option] = []
    includes: list[str] = []
    for line in whole:
        if match := _INCLUDE.fullmatch(line.text):
            includes.append(match[2])
        elif match := _DEFAULTS.fullmatch(line.text):
            options.extend(_options(match, line.source))
        elif not _ALIAS.fullmatch(line.text):
            rules.extend(_rules(line, aliases))
    return Sudoers(tuple(rules), tuple(options), tuple(includes))


def _whole_lines(lines: Iterable[str]) -> Iterator[_Line]:
    """Give lines that are no comments, with continued ones joined, of the files that sudo reads."""
    begun = _Line("", "")
    for line in lines:
        source, _, text = line.partition(":")
        if not _is_read(source):
            continue
        text = begun.text + text if begun.source == source else text
        if text.endswith("\\"):
            begun = _Line(source, text[:-1] + " ")
            continue
        begun = _Line("", "")
        text = text.strip()
        if not _INCLUDE.fullmatch(text):
            # A number sign begins a comment, unless it stands before a number: then it is a user id.
            text = re.sub(r"(?<!\\)#(?!\d).*", "", text, flags=re.DOTALL).strip()
        if text:
            yield _Line(source, text)


def _is_read(path: str) -> bool:
    """Return whether sudo reads a file: in its directory none with a dot, or a tilde at the end."""
    folder, _, name = path.rpartition("/")
    return folder != _DIRECTORY or not ("." in name or name.endswith("~"))


def _aliases(kind: str, text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    # A colon stands between aliases of one line; sudoers escapes those within values.
    for definition in re.split(r"(?<!\\):(?=\s*[A-Z][A-Z0-9_]*\s*=)", text):
        name, sign, members = definition.partition("=")
        if not sign or not re.fullmatch(r"[A-Z][A-Z0-9_]*", name.strip()):
            raise ValueError(f"{kind} {definition[:60]}")
        yield name.strip(), _listed(members)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"(?<!\\),", text) if part.strip())


def _resolved(names: Iterable[str], aliases: Mapping[str, tuple[str, ...]], depth: int = 0) -> Iterator[str]:
    for name in names:
        plain = name.lstrip("! ")
        if plain in aliases and depth < _DEPTH:
            negated = "!" if name.startswith("!") else ""
            yield from (negated + one for one in _resolved(aliases[plain], aliases, depth + 1))
        else:
            yield name


def _options(match: re.Match[str], source: str) -> Iterator[Option]:
    scope = f"{match[1]}{match[2]}" if match[1] else ""
    for part in re.findall(r"(?:\"(?:[^\"\\]|\\.)*\"|\\.|[^,\"\\])+", match[3]):
        setting = re.fullmatch(r"((?:!\s*+)*+)(\w+)(?:\s*[-+]?=\s*(.*))?", part.strip(), re.DOTALL)
        if setting is None:
            raise ValueError(f"Defaults {part[:60]}")
        on = setting[1].count("!") % 2 == 0
        yield Option(setting[2], scope, on, (setting[3] or "").strip('"'), source)


def _rules(line: _Line, aliases: Mapping[str, tuple[str, ...]]) -> Iterator[Rule]:
    match = _RULE.fullmatch(line.text)
    if match is None:
        raise ValueError(f"{line.source}: {line.text[:60]}")
    users = tuple(_resolved(_listed(match[1]), aliases))
    # `hosts = commands : hosts = commands`: on which hosts is not told apart, each rule counts.
    for part in _NEXT_HOSTS.split(match[2]):
        yield from _commands(part, users, aliases, line.source)


def _commands(
    text: str, users: tuple[str, ...], aliases: Mapping[str, tuple[str, ...]], source: str
) -> Iterator[Rule]:
    run_as: tuple[str, ...] = ("root",)
    password = True
    for part in _listed_outside_brackets(text):
        rest = part
        if match := re.match(r"\(([^)]*)\)\s*", rest):
            names, _, group = match[1].partition(":")
            run_as = tuple(_resolved(_listed(names), aliases))
            if not run_as and not group.strip():
                run_as = ("root",)
            rest = rest[match.end() :]
        while match := _TAG.match(rest) or _OPTION.match(rest):
            if match.re is _TAG and match[2] == "PASSWD":
                password = not match[1]
            rest = rest[match.end() :]
        if not rest:
            raise ValueError(f"{source}: {text[:60]}")
        for command in _resolved([rest], aliases):
            yield Rule(users, run_as, command, password, source)


def _listed_outside_brackets(text: str) -> Iterator[str]:
    """Give the parts between commas, but for commas within `( )` and behind a backslash."""
    for part in re.findall(r"(?:\([^)]*\)|\\.|[^,\\])+", text):
        if part.strip():
            yield part.strip()
