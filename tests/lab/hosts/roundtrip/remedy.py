"""From the text of a remedy to what is to be done: files to write, commands to run, lines of the inventory.

The catalogue writes remedies for people. A comment that begins with a path says in which file the lines below
it stand; `# then` and the like lead back to commands; `# in the inventory` to what is written down. Comments
that open another way (`# or`, `# elsewhere`) end what belongs together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from auditor.model.document import parse_document
from auditor.model.facts import Facts

_PATH = re.compile(r"[#;] ?(/[^\s,:(;]+)")
_INVENTORY = re.compile(r"# ?(in the )?inventory\b")
_THEN = re.compile(r"# ?(then|now|look first|see when|lock it now|accounts that are there)\b")
_OTHER_WAY = re.compile(
    r"# ?(or\b|elsewhere|key, password|what needs|RHEL|OpenSSH older|Laravel|on the|in the (block|job))"
)

Own = str | Sequence[str] | Callable[[Facts], Sequence[str]]
"""What stands on a host in the place of an example: text instead of it, or one line for each of several."""


@dataclass(frozen=True, slots=True)
class Write:
    """Lines for a file."""

    path: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Command:
    """Lines of sh."""

    script: str


@dataclass(frozen=True, slots=True)
class Written:
    """What the inventory is to say under `record:`."""

    record: Mapping[str, Any]


Deed = Write | Command | Written


@dataclass(slots=True)
class _Part:
    kind: str
    path: str = ""
    lines: list[str] = field(default_factory=list)


def named(config: str, names: Mapping[str, Own], facts: Facts) -> str:
    """Return a remedy with a host's own names in the place of the examples.

    Where an example stands for several, its line is repeated for each; for none, its line is left out.
    """
    for example, own in names.items():
        meant = own(facts) if callable(own) else own
        if isinstance(meant, str):
            config = config.replace(example, meant)
        else:
            config = "\n".join(
                line.replace(example, one)
                for line in config.splitlines()
                for one in (meant if example in line else ("",))
            )
    return config


def deeds(config: str, place: str = "") -> tuple[Deed, ...]:
    """Return what a remedy asks for, in its order. `place` is the file of lines that name none."""
    return tuple(deed for part in _parts(config.splitlines(), place) for deed in _deed(part))


def _parts(lines: Sequence[str], place: str) -> Iterator[_Part]:
    part = _Part("write", place) if place else _Part("run")
    for line in lines:
        text = line.strip()
        beginning = _beginning(text)
        if beginning is not None:
            yield part
            part = beginning
        elif part.kind != "leave" and not (text.startswith("#") and part.kind != "write"):
            part.lines.append(line)
    yield part


def _beginning(text: str) -> _Part | None:
    """Return the part that a comment opens, None for any other line."""
    if not text.startswith(("#", "; /")) or text.startswith("#!"):
        return None
    if found := _PATH.match(text):
        return _Part("write", found[1])
    if _INVENTORY.match(text):
        return _Part("record")
    if _THEN.match(text):
        return _Part("run")
    return _Part("leave") if _OTHER_WAY.match(text) else None


def _deed(part: _Part) -> Iterator[Deed]:
    lines = tuple(line for line in part.lines if line.strip() and not _is_comment(line))
    if not lines:
        return
    if part.kind == "write":
        yield Write(part.path, lines)
    elif part.kind == "record":
        said = parse_document("\n".join(lines).encode(), "remedy").data
        told = said.get("record", said) if isinstance(said, dict) else None
        if not isinstance(told, dict):
            raise ValueError(f"no lines for the inventory: {lines}")
        yield Written(told)
    else:
        yield Command("\n".join(_without_remark(line) for line in lines))


def _is_comment(line: str) -> bool:
    return line.strip().startswith("#") and not line.startswith("#!")


def _without_remark(line: str) -> str:
    """Return a command without the remark behind it, which says what another system takes."""
    return re.sub(r"\s{2,}#.*", "", line)
