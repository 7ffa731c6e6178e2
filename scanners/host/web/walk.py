"""Read what the walks below the usual places of web content found. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scanners.host.report import Reason, Report, Unread
from scanners.host.web.commands import PLACES, PRUNED_PLACES
from scanners.host.web.site import below

_ONE = re.compile(r"(\w+) ([0-7]{1,4}) (\S+) (\S+) (\d+) >(/.*)")
_MANY = re.compile(r"(dirs|codes) ([0-7]{1,4}) (\S+) (\S+) (/.*?) (\d+) =>(/.*)")
_LINK = re.compile(r"link (.*?) =>(/.*)")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or folder: its tag, permission bits, owner, group, size in bytes and path."""

    tag: str
    mode: int
    owner: str
    group: str
    size: int
    path: str


@dataclass(frozen=True, slots=True)
class Kind:
    """Folders or code files of one owner, group and mode below one folder."""

    folders: bool
    mode: int
    owner: str
    group: str
    top: str
    count: int
    example: str


@dataclass(frozen=True, slots=True)
class Walk:
    """Everything that the first walk told."""

    entries: tuple[Entry, ...]
    kinds: tuple[Kind, ...]
    links: tuple[tuple[str, str], ...]
    unnamed: bool = False
    """Something was passed over for the control characters in its name."""

    def tagged(self, tag: str) -> list[Entry]:
        """Return the entries of a tag, by path."""
        return sorted((entry for entry in self.entries if entry.tag == tag), key=lambda entry: entry.path)


def read_walk(report: Report) -> Walk:
    """Return what was found; raise Unread when the walk was not allowed or did not come to its end."""
    lines = report.text("web-walk").splitlines()
    if not any(re.fullmatch(r"total \d+", line) for line in lines[-1:]):
        raise Unread(Reason.BROKEN_OFF, "web-walk")
    ones = (found for line in lines if (found := _ONE.fullmatch(line)))
    many = (found for line in lines if (found := _MANY.fullmatch(line)))
    links = (found for line in lines if (found := _LINK.fullmatch(line)))
    return Walk(
        tuple(Entry(m[1], int(m[2], 8), m[3], m[4], int(m[5]), plain(m[6])) for m in ones),
        tuple(
            Kind(m[1] == "dirs", int(m[2], 8), m[3], m[4], plain(m[5]), int(m[6]), plain(m[7])) for m in many
        ),
        tuple((plain(m[2]), plain(m[1])) for m in links),
        "unnamed" in lines,
    )


def plain(text: str) -> str:
    """Return a path as it can be shown: one line of printable signs."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)[:300]


def told(report: Report, tag: str) -> list[tuple[str, str]]:
    """Return name → path of the lines that the second walk told under a tag, sorted; raise Unread."""
    found = (re.fullmatch(rf"{tag} (\S+) (/.*)", line) for line in report.lines("web-contents"))
    return sorted({(one[1], plain(one[2])) for one in found if one})


def signs(report: Report) -> list[str]:
    """Return `path: pattern` of the signs of a web shell in code, sorted; raise Unread."""
    found = (re.fullmatch(r"sign (/.*?):([^:/]{1,80})", line) for line in report.lines("web-contents"))
    return sorted({f"{plain(one[1])}: {plain(one[2])}" for one in found if one})


def not_looked_at(roots: Iterable[str], walk: Walk, mounts: Iterable[str]) -> list[str]:
    """Return the document roots that the walks did not reach, sorted.

    They start at fixed places, follow no link and stay on the file system of each.
    """
    listed = list(mounts)
    return sorted({root for root in roots if not _reached(root, walk, listed)})


def _reached(root: str, walk: Walk, mounts: list[str]) -> bool:
    places = [place for place in PLACES if below(root, place)]
    if not places or any(below(root, pruned) for pruned in PRUNED_PLACES):
        return False
    for link, target in walk.links:
        if below(root, link):
            ended = target if target.startswith("/") else _joined(link.rpartition("/")[0], target)
            # The linked folder must be one that was walked itself; a chain of links is not followed further.
            if not any(below(ended, place) for place in PLACES) or any(
                below(ended, one) for one, _ in walk.links
            ):
                return False
    inner = (
        mount for mount in mounts if mount not in places and any(below(mount, place) for place in places)
    )
    return not any(below(root, mount) or below(mount, root) for mount in inner)


def _joined(folder: str, target: str) -> str:
    parts = folder.split("/")
    for part in target.split("/"):
        if part == "..":
            parts = parts[:-1] or [""]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts) or "/"


def resolved(root: str, walk: Walk) -> str:
    """Return a document root with the link that it goes through followed."""
    for link, target in walk.links:
        if below(root, link):
            ended = target if target.startswith("/") else _joined(link.rpartition("/")[0], target)
            return ended.rstrip("/") + root[len(link) :]
    return root


def open_to_all(entry: Entry, closed: Iterable[str]) -> bool:
    """Return whether every account can read a file: by its mode, with no folder above in the way."""
    return bool(entry.mode & 0o004) and not any(below(entry.path, folder) for folder in closed)


def under(entries: Iterable[Entry], roots: Iterable[str]) -> Iterator[Entry]:
    """Yield the entries that lie below one of these folders."""
    listed = list(roots)
    return (entry for entry in entries if any(below(entry.path, root) for root in listed))
