"""Run one filter of a collection script, as the host would, on text that a test gives."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import scanners.host

_FOLDER = Path(scanners.host.__file__).parent


def filtered(area: str, function: str, text: str, *arguments: str) -> str:
    """Return what a shell function of an area's collect.sh prints of a text on its standard input."""
    script = (_FOLDER / area / "collect.sh").read_text()
    found = re.search(rf"^{function}\(\) \{{(.*\}}|\n.*?^\}})$", script, re.MULTILINE | re.DOTALL)
    if found is None:
        raise LookupError(f"{area}: no function {function}")
    # A function that stands on one line ends with it.
    first = found[0].splitlines()[0]
    body = first if first.endswith("}") and "{" in first and not first.endswith("{") else _whole(found[0])
    done = subprocess.run(
        ["sh", "-c", f'{body}\n{function} "$@"', "sh", *arguments],
        input=text.encode(),
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""
    return done.stdout.decode()


def _whole(text: str) -> str:
    return text[: text.index("\n}") + 2]
