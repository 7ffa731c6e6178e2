"""The text that explains an evidence pack to whoever receives one."""

from __future__ import annotations

from datetime import datetime

from reports.templating import environment
from reports.visible import shown
from reports.words import Words

README = {"id": "BACA-SAYA.txt", "en": "README.txt"}


def readme(words: Words, organization: str, opd: str, made_at: datetime) -> str:
    """Return the text; `opd` is empty for a pack of all of them."""
    page = environment(words.language, autoescape=False).get_template("pack-readme.txt")
    return page.render(organization=shown(organization), opd=shown(opd), made=words.moment(made_at))
