"""Collect the messages of the reports, and bring their translations in line with them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parents[2] / "reports"
TRANSLATIONS = PACKAGE / "translations" / "id.po"

_KEYWORDS = {"say": None, "plural": (1, 2), "N_": None, "_": None}
_TEMPLATE = "jinja2.ext:babel_extract"
_METHODS = {".py": "python", ".html": _TEMPLATE, ".svg": _TEMPLATE, ".sh": _TEMPLATE, ".txt": _TEMPLATE}
_HEADER = """\
# Indonesian words of the reports. `scripts/translations` keeps the list of messages in line with the code.
msgid ""
msgstr ""
"Language: id\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


def messages() -> Catalog:
    """Return every message of code and templates in the order of the files."""
    # Read from the header, because Babel's own table gives Indonesian two plural forms.
    found = read_po(BytesIO(_HEADER.encode()), locale="id")
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in _METHODS:
            for entry in extract_from_file(_METHODS[path.suffix], path, _KEYWORDS):
                found.add(entry[1])
    return found


def translated() -> Catalog:
    """Return the Indonesian catalogue as it is stored."""
    return read_po(BytesIO(TRANSLATIONS.read_bytes()), locale="id")


def update() -> int:
    """Write the catalogue with exactly today's messages; return how many still have no translation."""
    old, wanted = translated(), messages()
    for message in wanted:
        known = old.get(message.id)
        if message.id and known is not None and not known.fuzzy:
            message.string = known.string
    body = BytesIO()
    write_po(body, wanted, width=100, no_location=True, omit_header=True)
    TRANSLATIONS.write_text(_HEADER + body.getvalue().decode(), encoding="utf-8")
    return sum(not message.string or not any(message.string) for message in wanted if message.id)
