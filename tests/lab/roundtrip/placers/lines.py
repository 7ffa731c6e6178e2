"""Puts `key value` lines into the files of daemons that are configured by them."""

from __future__ import annotations

import re

from tests.lab.roundtrip.model import Bed, Edit


def parts(text: str) -> list[tuple[str, list[str]]]:
    """Return the pieces of a text: the file that a comment names before it ("" if none), and its lines."""
    found: list[tuple[str, list[str]]] = [("", [])]
    for line in text.splitlines():
        if re.match(r"\s*(#|//|;|--)", line):
            name = re.search(r"[\w-]+\.(?:conf|cf|cnf|ini|ldif)\b|sshd_config|\bzone file\b", line)
            if name:
                found.append((name[0], []))
        elif line.strip():
            found[-1][1].append(line)
    return [(name, lines) for name, lines in found if lines]


def set_lines(content: str, lines: list[str], separator: str, *, section: str = "") -> str:
    """Set keys: a line of the same key is replaced where it stands, others of it go, new ones are added.

    `separator` is a pattern between key and value. New lines go to the end, or behind the `section` line.
    """
    kept = content.splitlines()
    for line in lines:
        key = re.split(separator, line.strip(), maxsplit=1)[0]
        same = [
            number
            for number, one in enumerate(kept)
            if re.split(separator, one.strip(), maxsplit=1)[0].lower() == key.lower()
        ]
        if same:
            kept[same[0]] = line
            for number in reversed(same[1:]):
                del kept[number]
        elif section:
            kept.insert(kept.index(section) + 1, line)
        else:
            kept.append(line)
    return "\n".join(kept) + "\n"


def keyed(file: str, software: str, separator: str, *, section: str = "", owner: str = "") -> Edit:
    """Return what sets the text's keys in one file; section headings of the text are its places, not keys."""

    def edit(bed: Bed) -> None:
        text = bed.local(bed.text(software))
        bed.install_certificate(text, owner=owner)
        lines = [
            re.sub(r"<output of [^>]+>", "9f2b7c41d0e85a6312f4", line)
            for _, found in parts(text)
            for line in found
            if not line.strip().startswith("[")
        ]
        bed.write(file, set_lines(bed.read(file), lines, separator, section=section))

    return edit
