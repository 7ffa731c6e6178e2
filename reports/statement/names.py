"""File names of statements: made here, never taken from a server or a person."""

from __future__ import annotations

from reports.names import slug
from reports.view.context import Context

_STEMS = {"id": "pernyataan-keberlakuan", "en": "statement-of-applicability"}


def statement_name(context: Context, suffix: str, opd_id: str | None) -> str:
    """Return the name of a statement: `pernyataan-keberlakuan-2022-dinkes.xlsx`; without OPD, of all."""
    stem = f"{_STEMS[context.words.language]}-{context.edition}"
    return f"{stem}.{suffix}" if opd_id is None else f"{stem}-{slug(context.data, opd_id)}.{suffix}"
