"""Tell listings of the catalogue in the language that was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from auditor.cli.output import Format, print_listing

_WORDS: Mapping[str, str] = {
    "control": "kontrol",
    "edition": "edisi",
    "title": "judul",
    "group": "kelompok",
    "coverage": "jangkauan pemindaian",
    "responsible": "penanggung jawab",
    "implements": "pemeriksaan penentu",
    "related": "pemeriksaan terkait",
    "other_edition": "edisi lain",
    "controls": "kontrol",
    "with_checks": "dengan pemeriksaan",
    "without_checks": "tanpa pemeriksaan",
    "explained": "dijelaskan",
    "area": "bidang",
    "question": "pertanyaan",
    "reason": "alasan",
    "instead": "sebagai gantinya",
    "field": "bagian",
    "value": "isi",
    "papers": "bukti yang lazim diminta",
    "kami": "pertanyaan Indeks KAMI",
    "implemented by": "pemeriksaan penentu",
    "related checks": "pemeriksaan terkait",
    "why no check": "mengapa tanpa pemeriksaan",
    "other edition": "edisi lain",
    "crosswalk": "hubungan antaredisi",
    "check": "pemeriksaan",
    "severity": "tingkat keparahan",
    "confidence": "keyakinan",
    "subject": "objek",
    "layer": "lapisan",
    "needs consent": "perlu persetujuan",
    "switched off": "dimatikan",
    "applies": "berlaku bila",
    "pass": "lulus bila",
    "parameters": "parameter",
    "why": "mengapa",
    "references": "rujukan",
    "proven on": "terbukti pada",
    "not proven": "belum terbukti karena",
    "technical": "teknis",
    "partial": "sebagian",
    "supporting": "pendukung",
    "attestation": "atestasi",
    "centre": "pengelola pusat",
    "opd": "OPD",
    "shared": "bersama",
}
"""Headings, fields and values of a table in Indonesian; JSON and CSV keep the English keys."""
_BEGINNINGS = {"controls": "kontrol", "related": "kontrol terkait", "fix": "perbaikan"}
_VALUES = ("coverage", "responsible", "field")


def print_told(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], form: Format, language: str
) -> None:
    """Print a listing; a table is told in the language, JSON and CSV stay what scripts rely on."""
    if form is not Format.TABLE:
        print_listing(rows, columns, form, "")
        return
    headings = [word(column, language) for column in columns]
    told = [
        {
            heading: word(row[column], language) if column in _VALUES else row.get(column)
            for heading, column in zip(headings, columns, strict=True)
        }
        for row in rows
    ]
    print_listing(told, headings, form, "tidak ada" if language == "id" else "none")


def word(name: str, language: str) -> str:
    """Return a word in the language; of what has two parts, such as `fix nginx`, the second is a name."""
    if language != "id":
        return name.replace("_", " ")
    first, _, rest = name.partition(" ")
    return _WORDS.get(name) or (f"{_BEGINNINGS[first]} {rest}" if first in _BEGINNINGS else name)
