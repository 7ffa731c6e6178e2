"""Puts texts into the pages of a site."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.lab.model import LabError
from tests.lab.roundtrip.model import Bed, Edit

_IDENTITY_NUMBER = re.compile(r"\b\d{16}\b")


def pages(change: Callable[[Bed, str], str]) -> Edit:
    """Return what changes every page of the daemon's sites."""

    def edit(bed: Bed) -> None:
        for path in sorted(bed.place.directory.glob("site-*/**/*.html")):
            before = path.read_text(encoding="utf-8")
            after = change(bed, before)
            if after != before:
                bed.write(str(path.relative_to(bed.place.directory)), after)

    return edit


def masked(bed: Bed, page: str) -> str:
    """Run every identity number of a page through the text's own PHP."""
    call = bed.texts["any"].strip().rstrip(";")
    return _IDENTITY_NUMBER.sub(lambda found: _php(f"$nik = '{found[0]}'; echo {call};"), page)


def noticed(bed: Bed, page: str) -> str:
    """Put the text's notice into every form, and write the page that it leads to."""
    bed.write(
        f"{_first_site(bed)}/kebijakan-privasi", "<!doctype html><title>Pemberitahuan Privasi</title>\n"
    )
    return page.replace("</form>", bed.texts["any"] + "</form>")


def pinned(bed: Bed, page: str) -> str:
    """Give scripts of other hosts the attributes of the text, with the digest that its command makes."""
    found = re.search(r'integrity="[^"]*" crossorigin="\w+"', bed.texts["any"])
    if not found:
        raise LookupError("the text has no attributes")
    digest = base64.b64encode(hashlib.sha384(b"// pustaka\n").digest()).decode()
    attributes = found[0].replace("sha384-...", f"sha384-{digest}")
    return re.sub(r'(<script src="https://[^"]+")>', rf"\1 {attributes}>", page)


def rewritten(bed: Bed, page: str) -> str:
    """Replace addresses as `wp search-replace` of the text does, for the hosts that the page names."""
    found = re.search(r"search-replace '(\w+://)[^']+' '(\w+://)[^']+'", bed.texts["php"])
    if not found:
        raise LookupError("the text replaces nothing")
    old, new = found.groups()
    return re.sub(rf"{re.escape(old)}(?=[\w.-]+\.lab\.test)", new, page)


def _first_site(bed: Bed) -> Path:
    return next(path for path in sorted(Path(bed.place.directory).glob("site-*"), reverse=True)).relative_to(
        bed.place.directory
    )


def _php(code: str) -> str:
    done = subprocess.run(["php", "-n", "-r", code], capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabError(f"php failed: {done.stdout.strip()[-200:]}")
    return done.stdout
