"""Puts options into named.conf, and records into a zone file."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.lab.roundtrip.model import Bed, Edit

_RECORD = re.compile(r"(\S+)\s+(?:IN\s+)?((?:TXT|CAA|NS|A))\s+(.*)")
_STATEMENT = re.compile(r"([\w-]+)\b[^;{}]*(?:\{[^{}]*\})?\s*;")


def options(bed: Bed) -> None:
    """Set the statements of the text's options block; those of zones go where the steps say so."""
    text = re.sub(r"(?m)^\s*(//|#).*$", "", bed.text("bind"))
    inner = text[text.index("{") + 1 : text.rindex("}")]
    configuration = bed.read("named.conf")
    head, _, rest = configuration.partition("controls {")
    for found in _STATEMENT.finditer(inner):
        same = re.compile(rf"(?<![\w-]){found[1]}\s[^;{{}}]*(?:\{{[^{{}}]*\}})?\s*;")
        head = same.sub("", head)
        if "from zones" in bed.steps["bind"]:
            rest = same.sub("", rest)
    bed.write(
        "named.conf",
        head.replace("options {", f"options {{ {' '.join(inner.split())}", 1) + "controls {" + rest,
    )


def zone(name: str, change: Callable[[str, str], str]) -> Edit:
    """Return what changes a zone file: `change` takes its content and the text."""

    def edit(bed: Bed) -> None:
        file = f"{name}.zone"
        content = change(bed.read(file), bed.texts["bind"].replace("contoh.go.id", name))
        bed.write(file, re.sub(r"(SOA \S+ \S+) (\d+)", lambda soa: f"{soa[1]} {int(soa[2]) + 1}", content))

    return edit


def records(content: str, text: str) -> str:
    """Add the records of a text; those of the same name and type that begin alike go."""
    found = [match.groups() for line in text.splitlines() if (match := _RECORD.match(line))]
    for name, kind, value in found:
        start = re.escape(value[:7]) if kind == "TXT" else ""
        content = re.sub(rf"(?m)^{re.escape(name)}\s+IN\s+{kind}\s+{start}.*\n", "", content)
    return content + "".join(f"{name} IN {kind} {value}\n" for name, kind, value in found)


def later(mark: str) -> Callable[[str, str], str]:
    """Return what adds the records that a text comments out until later, from the line with this mark on."""

    def change(content: str, text: str) -> str:
        after = text[text.index(mark) :].partition("\n")[2]
        return records(content, re.sub(r"(?m)^(;|//) *", "", after))

    return change


def deleted(content: str, text: str) -> str:
    """Delete the records that a text's dynamic update deletes."""
    for name, kind in re.findall(r"update delete ([\w-]+)\.\S+ (\w+)", text):
        content = re.sub(rf"(?m)^{name}\s+IN\s+{kind}\s.*\n", "", content)
    return content
