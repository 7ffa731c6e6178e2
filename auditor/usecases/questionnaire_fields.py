"""The columns of a questionnaire about controls, the same in a workbook and in YAML."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model.check import Text
from reports.statement.labels import ANSWERS, APPLIES, BASES
from reports.statement.lines import Applies
from reports.words import translations

SHEETS = {"en": "Answers", "id": "Jawaban"}
"""Name of the sheet with the answers."""

_LONG = 45
_ANSWERS = tuple(ANSWERS.values())


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its key in YAML, its title, width in characters, and what may stand in it.

    What is `told` is for reading and ignored when it comes back; of `lines` each is a value of its own.
    `choices` are English message ids.
    """

    key: str
    title: Text
    width: float
    told: bool = False
    lines: bool = False
    day: bool = False
    choices: tuple[str, ...] = ()


FIELDS = (
    Field("edition", {"en": "Edition", "id": "Edisi"}, 8),
    Field("opd", {"en": "OPD (* = all)", "id": "OPD (* = semua)"}, 14),
    Field("control", {"en": "Control", "id": "Kontrol"}, 10),
    Field("title", {"en": "Title", "id": "Judul"}, 30, told=True),
    Field("coverage", {"en": "What a scan can judge", "id": "Jangkauan pemindaian"}, 16, told=True),
    Field("measured", {"en": "Status measured", "id": "Status terukur"}, 16, told=True),
    Field("question", {"en": "Question", "id": "Pertanyaan"}, _LONG, told=True),
    Field("papers", {"en": "Evidence usually asked for", "id": "Bukti yang lazim diminta"}, _LONG, told=True),
    Field("responsible", {"en": "Who answers", "id": "Penanggung jawab"}, 16, told=True),
    Field("note", {"en": "Note", "id": "Catatan"}, 24, told=True),
    Field(
        "applicable",
        {"en": "Applicable", "id": "Berlaku"},
        10,
        choices=(APPLIES[Applies.YES], APPLIES[Applies.NO]),
    ),
    Field(
        "bases",
        {"en": "Basis of inclusion", "id": "Dasar pemberlakuan"},
        20,
        choices=tuple(BASES.values()),
    ),
    Field(
        "applicability_justification",
        {"en": "Justification of inclusion or exclusion", "id": "Alasan berlaku atau tidak berlaku"},
        _LONG,
    ),
    Field("decided_by", {"en": "Decided by", "id": "Ditetapkan oleh"}, 22),
    Field("approved_by", {"en": "Approved by", "id": "Disetujui oleh"}, 22),
    Field("decided_on", {"en": "Decided on", "id": "Tanggal penetapan"}, 14, day=True),
    Field(
        "decided_until", {"en": "Decision valid until", "id": "Penetapan berlaku sampai dengan"}, 14, day=True
    ),
    Field("answer", {"en": "Answer", "id": "Jawaban"}, 18, choices=_ANSWERS),
    Field("design", {"en": "Answer: design", "id": "Jawaban: rancangan"}, 18, choices=_ANSWERS),
    Field(
        "implementation",
        {"en": "Answer: implementation", "id": "Jawaban: penerapan"},
        18,
        choices=_ANSWERS,
    ),
    Field(
        "effectiveness",
        {"en": "Answer: effectiveness", "id": "Jawaban: keefektifan"},
        18,
        choices=_ANSWERS,
    ),
    Field("justification", {"en": "Justification of the answer", "id": "Penjelasan jawaban"}, _LONG),
    Field("references", {"en": "References, one per line", "id": "Rujukan, satu per baris"}, 35, lines=True),
    Field(
        "evidence",
        {"en": "Evidence files, one per line", "id": "Berkas bukti, satu per baris"},
        35,
        lines=True,
    ),
    Field("attested_by", {"en": "Answered by", "id": "Dijawab oleh"}, 22),
    Field("attested_on", {"en": "Answered on", "id": "Tanggal jawaban"}, 14, day=True),
    Field("valid_until", {"en": "Valid until", "id": "Berlaku sampai dengan"}, 14, day=True),
    Field("log_entry", {"en": "Log entry", "id": "Entri log"}, 14),
)
BY_KEY = {field.key: field for field in FIELDS}


def spoken(message: str, language: str) -> str:
    """Return a message of the reports in a language."""
    return translations(language).gettext(message)
