"""Puts texts into a php.ini, and deletes what they search for."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.lab.roundtrip.model import Bed


def php_ini(bed: Bed) -> None:
    """Put the text into a php.ini, in place of what the command sets otherwise."""
    lines = bed.texts["php"].splitlines()
    settings = [line for line in lines if re.match(r"[a-z_.]+ *= *\S", line)]
    ini = bed.write("php.ini", "\n".join(settings) + "\n")
    keys = {re.split(r" *=", line, maxsplit=1)[0] for line in settings}
    command, given = [], list(bed.launch.command)
    while given:
        word = given.pop(0)
        if word == "-n":
            command += ["-c", str(ini)]
        elif word == "-d" and given[0].split("=")[0] in keys:
            given.pop(0)
        else:
            command.append(word)
    bed.launch = replace(bed.launch, command=tuple(command))


def php_forgotten(bed: Bed) -> None:
    """Delete the files that the text's search for forgotten ones finds."""
    found = re.search(r"grep -rlE '([^']+)'", bed.texts["php"])
    assert found
    for path in sorted((bed.place.directory / "site").rglob("*.php")):
        if re.search(found[1], path.read_text(encoding="utf-8")):
            path.unlink()
    bed.write("remedied", "")
