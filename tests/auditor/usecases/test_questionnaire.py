"""A questionnaire goes out and comes back without losing anything, and never takes in half of itself."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.model.attestation import Answer, Basis
from auditor.model.document import DocumentError
from auditor.model.framework import MachineCoverage
from auditor.usecases.attest import withdraw
from auditor.usecases.attest_words import ANSWER_KEYS, parse_answer, parse_bases, parse_text, parse_yes
from auditor.usecases.errors import UsageProblem
from auditor.usecases.questionnaire import Questionnaire, Row, Subject, make_questionnaire
from auditor.usecases.questionnaire_exchange import bring_in, hand_out
from auditor.usecases.questionnaire_fields import BY_KEY, FIELDS, spoken
from auditor.usecases.questionnaire_files import write_xlsx, write_yaml
from auditor.usecases.questionnaire_help import HELP
from auditor.usecases.questionnaire_read import questionnaire_schema, read_questionnaire
from auditor.usecases.waive import Desk
from reports.statement.labels import ANSWERS, BASES
from reports.view.labels import MACHINE_COVERAGES
from tests.auditor.documents.workbooks import packed
from tests.auditor.usecases.attesting import CONTROLS, NOON, answer, decide, desk_in, desk_over

BKD = Subject("2022", "bkd")
EVERYBODY = Subject("2022", "")
FORMS = ("xlsx", "yaml")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Return a desk over an empty workspace."""
    made = desk_in(tmp_path)
    yield made
    made.workspace.engine.dispose()


def export(desk: Desk, path: Path, subject: Subject = BKD, language: str = "id") -> Path:
    """Hand a questionnaire out."""
    hand_out(make_questionnaire(desk, subject, language), path)
    return path


def fill(path: Path, control: str, row: int = 0, **cells: object) -> None:
    """Write into a row of a control, as people do in a spreadsheet program."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    head = [str(cell.value) for cell in sheet[2]]
    found = [one for one in sheet.iter_rows(min_row=3) if one[2].value == control][row]
    for key, value in cells.items():
        found[head.index(title(key, head))].value = value  # type: ignore[assignment]
    book.save(path)


def title(key: str, head: list[str]) -> str:
    return next(one for one in BY_KEY[key].title.values() if one in head)


def cells(path: Path, control: str) -> Mapping[str, object]:
    """Return the first row of a control by key."""
    sheet = openpyxl.load_workbook(path).worksheets[0]
    row = next(one for one in sheet.iter_rows(min_row=3, values_only=True) if one[2] == control)
    return {field.key: value for field, value in zip(FIELDS, row, strict=True)}


FILLED = {
    "answer": "Sesuai Sebagian",
    "justification": "Sudah ditetapkan,\nbelum disosialisasikan.",
    "references": "Perbup 12/2025\nSK 3/2026",
    "evidence": "bukti/sk.pdf",
    "attested_by": "Siti Aminah, S.Kom.",
}


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    """Return the folder of a questionnaire with an evidence file in it."""
    (tmp_path / "bukti").mkdir()
    (tmp_path / "bukti/sk.pdf").write_bytes(b"%PDF isi")
    return tmp_path


def everything(desk: Desk) -> None:
    """Answer in every way that a questionnaire can carry."""
    (desk.workspace.folder / "a b.pdf").write_bytes(b"isi")
    answer(desk, evidence=("a b.pdf",), justification="=1+1\n\n  - butir\n# bukan komentar: |-")
    answer(desk, answer="", design="tidak sesuai", justification="@risiko")
    answer(desk, control="A.5.2", answer="", design="sesuai", implementation="sesuai")
    answer(desk, control="A.5.2", answer="", effectiveness="sesuai sebagian", attested_by="Budi Santoso")
    answer(desk, control="A.8.24", valid_until="2026-12-01", justification='"kutip" \\ garis')
    decide(desk)
    decide(desk, control="A.5.2", applicable="ya", bases="risiko, kontrak, peraturan")


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("later_days", [0, 20, 400])
def test_what_comes_back_unchanged_changes_nothing(
    desk: Desk, tmp_path: Path, form: str, language: str, later_days: int
) -> None:
    everything(desk)
    before = desk.workspace.decisions.head()
    later = desk_over(desk.workspace, NOON + timedelta(days=later_days))
    path = export(later, tmp_path / f"isian.{form}", language=language)
    assert bring_in(later, path).nothing
    assert desk.workspace.decisions.head() == before


@pytest.mark.parametrize("form", FORMS)
def test_an_export_moves_everything_to_another_workspace(desk: Desk, tmp_path: Path, form: str) -> None:
    everything(desk)
    path = export(desk, tmp_path / f"isian.{form}")
    other = desk_in(tmp_path / "lain")
    mark = make_questionnaire(desk, BKD, "id").mark
    if form == "yaml":
        path.write_text(path.read_text().replace(mark, ""))
    else:
        book = openpyxl.load_workbook(path)
        for row in book.worksheets[0].iter_rows(min_row=3):
            row[-1].value = None
        book.save(path)
    with pytest.raises(DocumentError, match="no file that was taken in"):
        bring_in(other, path)
    answer(other, desk.workspace.folder, control="A.5.2", opd="dinkes", evidence=("a b.pdf",))
    taken = bring_in(other, path)
    assert (len(taken.answers), len(taken.decisions)) == (6, 2)
    first, second = (make_questionnaire(one, BKD, "id").rows for one in (desk, other))
    assert [without_mark(row) for row in first] == [without_mark(row) for row in second]


def without_mark(row: Row) -> Row:
    return {key: value for key, value in row.items() if key != "log_entry"}


def test_a_filled_in_workbook_is_taken_in_once(desk: Desk, evidence: Path) -> None:
    path = export(desk, evidence / "isian.xlsx")
    fill(path, "A.5.1", **FILLED)
    fill(
        path,
        "A.5.2",
        applicable="Tidak",
        applicability_justification="Tidak ada.",
        decided_by="Siti Aminah",
        approved_by="Budi",
    )
    fill(
        path,
        "A.8.24",
        design="sesuai",
        justification="x",
        references="SK",
        attested_by="Budi",
        attested_on=date(2026, 11, 20),
    )
    taken = bring_in(desk, path)
    assert (len(taken.answers), len(taken.decisions), taken.files) == (2, 1, 1)
    first, second = sorted(taken.answers, key=lambda one: one.control)
    assert (first.answer, first.justification) == (Answer.PARTIAL, FILLED["justification"])
    assert first.references == ("Perbup 12/2025", "SK 3/2026")
    assert [file.name for file in first.evidence] == ["sk.pdf"]
    assert second.attested_on == date(2026, 11, 20)
    head = desk.workspace.decisions.head()
    assert bring_in(desk, path).nothing
    assert bring_in(desk_over(desk.workspace, NOON + timedelta(days=40)), path).nothing
    assert desk.workspace.decisions.head() == head


def test_a_filled_in_yaml_is_taken_in(desk: Desk, evidence: Path) -> None:
    (evidence / "isian.yaml").write_text(
        'version: 1\nedition: "2022"\nopd: "*"\ncontrols:\n'
        "  - {control: A.5.1, answer: sesuai, justification: Berlaku., evidence: [bukti/sk.pdf],"
        " attested_by: Siti}\n"
        "  - {control: A.5.2, applicable: true, bases: [risk, law], decided_by: Siti}\n"
    )
    taken = bring_in(desk, evidence / "isian.yaml")
    assert (taken.answers[0].opd, taken.decisions[0].bases) == ("", (Basis.RISK, Basis.LAW))
    assert bring_in(desk, evidence / "isian.yaml").nothing


def test_only_what_changed_becomes_an_entry(desk: Desk, evidence: Path) -> None:
    everything(desk)
    path = export(desk, evidence / "isian.xlsx")
    fill(path, "A.8.24", justification="Kini lain.")
    taken = bring_in(desk, path)
    assert [(one.control, one.justification) for one in taken.answers] == [("A.8.24", "Kini lain.")]
    fill(path, "A.8.24", justification="Sekali lagi lain.")
    assert len(bring_in(desk, path).answers) == 1


def test_rows_left_empty_and_emptied_change_nothing(desk: Desk, tmp_path: Path) -> None:
    answer(desk)
    path = export(desk, tmp_path / "isian.xlsx")
    empty = ("answer", "justification", "references", "attested_by", "attested_on", "valid_until")
    fill(path, "A.5.1", **dict.fromkeys(empty))
    assert bring_in(desk, path).nothing


def test_what_others_answered_meanwhile_is_told_and_kept(desk: Desk, tmp_path: Path) -> None:
    path = export(desk, tmp_path / "isian.xlsx")
    answer(desk, attested_by="Budi Santoso")
    fill(path, "A.5.1", answer="Tidak Sesuai", justification="Belum.", attested_by="Siti Aminah")
    assert complaints(desk, path) == [
        "3:28: AB3: A.5.1: Budi Santoso answered this since the file was written; export it again"
    ]


def test_what_was_withdrawn_meanwhile_does_not_come_back(desk: Desk, tmp_path: Path) -> None:
    (one,) = answer(desk).answers
    path = export(desk, tmp_path / "isian.xlsx")
    withdraw(desk, one.id, "Budi Santoso", "Salah.")
    assert bring_in(desk, path).nothing


def complaints(desk: Desk, path: Path) -> list[str]:
    """Return what is told of a file, without its name, and make sure that nothing was stored."""
    before = desk.workspace.decisions.head()
    kept = sorted((desk.workspace.folder / "raw").rglob("*"))
    with pytest.raises(DocumentError) as raised:
        bring_in(desk, path)
    assert desk.workspace.decisions.head() == before
    assert sorted((desk.workspace.folder / "raw").rglob("*")) == kept
    return [str(problem).removeprefix(f"{path}:") for problem in raised.value.problems]


def test_every_problem_of_a_workbook_is_told_by_its_cell(desk: Desk, evidence: Path) -> None:
    path = export(desk, evidence / "isian.xlsx")
    (evidence / "besar.pdf").write_bytes(bytes(1_001))
    (evidence / "tautan.pdf").symlink_to("bukti/sk.pdf")
    wrong = {
        **FILLED,
        "answer": "Mungkin",
        "attested_on": "30/11/2026",
        "evidence": "../rahasia.pdf\n/etc/passwd\ntautan.pdf\nbesar.pdf\nhilang.pdf",
    }
    fill(path, "A.5.1", **wrong)
    fill(path, "A.5.2", edition="2005", opd="bdk")
    fill(
        path,
        "A.8.24",
        applicable="Tidak",
        applicability_justification="x",
        decided_by="Siti",
        approved_by="siti",
    )
    told = complaints(desk, path)
    for part in (
        '3:18: R3: "Mungkin" is no answer',
        '3:26: Z3: "30/11/2026" is no day',
        '../rahasia.pdf": the path leads out of the folder',
        '/etc/passwd": the path leads out',
        'tautan.pdf": it is a symbolic link',
        'besar.pdf": it is larger than the 1,000 bytes',
        'hilang.pdf": there is no such file',
        '4:1: A4: "2005" is no edition',
        '4:2: B4: "bdk" is no OPD',
        "5:15: O5: nobody approves their own decision",
    ):
        assert [one for one in told if part in one], (part, told)
    assert len(told) == 10


def test_every_problem_of_a_yaml_is_told_by_its_line(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "isian.yaml").write_text(
        'version: 1\nedition: "2022"\nopd: bkd\ncontrols:\n'
        "  - control: A.5.1\n    answer: sesuai\n    justification: x\n"
        "  - control: A.99\n    answer: mungkin\n    justification: x\n    attested_by: Siti\n"
    )
    told = complaints(desk, tmp_path / "isian.yaml")
    assert [one.partition(": ")[0] for one in told] == ["5:5", "5:5", "8:14", "9:13"]
    assert "needs evidence" in told[0] + told[1]


def test_two_rows_that_answer_the_same_are_told_with_the_first(desk: Desk, tmp_path: Path) -> None:
    path = export(desk, tmp_path / "isian.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for row in (3, 4):
        for column, value in ((3, "A.5.1"), (18, "tidak sesuai"), (22, f"x{row}"), (25, "Siti")):
            sheet.cell(row, column).value = value
    book.save(path)
    assert complaints(desk, path) == ["4:18: R4: line 3 answers the same; keep one of both"]


Change = Callable[[openpyxl.Workbook], object]
BROKEN: dict[str, tuple[Change, str]] = {
    "another sheet": (
        lambda book: setattr(book.worksheets[0], "title", "Lembar1"),
        "no sheet is called Answers or Jawaban",
    ),
    "no head": (
        lambda book: book.worksheets[0].delete_rows(2),
        "has no row with the titles Edisi, OPD (* = semua), Kontrol",
    ),
    "another title": (
        lambda book: put(book, "R2", "Jawabannya"),
        'R2: "Jawabannya" is no title of a column; did you mean "jawaban"?',
    ),
    "a title twice": (lambda book: put(book, "S2", "Jawaban"), 'S2: "Jawaban" is there twice'),
    "a cell under no title": (lambda book: put(book, "AD7", "x"), "AD7: stands under no title"),
    "a formula": (
        lambda book: put(book, "R3", '=IF(1,"Sesuai")'),
        "R3 holds a formula; paste it as a value",
    ),
    "merged cells": (
        lambda book: book.worksheets[0].merge_cells("A3:A4"),
        "A3 is merged with others",
    ),
    "a stray line": (lambda book: put(book, "A90", "Catatan"), 'A90: "Catatan" is no edition'),
}


def put(book: openpyxl.Workbook, place: str, value: str) -> None:
    book.worksheets[0][place] = value


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_workbook_is_told_where_it_is_broken(desk: Desk, tmp_path: Path, name: str) -> None:
    change, part = BROKEN[name]
    path = export(desk, tmp_path / "isian.xlsx")
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    assert any(part in one for one in complaints(desk, path))


def test_columns_may_be_left_out_and_moved(desk: Desk, tmp_path: Path) -> None:
    answer(desk)
    path = export(desk, tmp_path / "isian.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet.delete_cols(4, 7)
    sheet.move_range("A2:C5", cols=30)
    book.save(path)
    assert bring_in(desk, path).nothing


@pytest.mark.parametrize("name", ["isian.xls", "isian.csv", "isian", "isian.xlsm"])
def test_other_forms_are_refused(desk: Desk, tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageProblem, match="is neither"):
        export(desk, tmp_path / name)
    (tmp_path / name).write_bytes(b"PK\x03\x04")
    assert "neither .xlsx nor .yaml; save it as one of both" in complaints(desk, tmp_path / name)[0]


def test_a_bomb_is_refused_by_the_same_door(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "isian.xlsx").write_bytes(packed({"xl/workbook.xml": bytes(15_000_000)}))
    assert "suspiciously tight" in complaints(desk, tmp_path / "isian.xlsx")[0]


def test_an_export_overwrites_nothing_and_belongs_to_its_owner(desk: Desk, tmp_path: Path) -> None:
    path = export(desk, tmp_path / "isian.xlsx")
    content = path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(UsageProblem, match="there already"):
        export(desk, path)
    assert path.read_bytes() == content


def test_an_export_asks_about_every_control_and_tells_what_is_known(desk: Desk, tmp_path: Path) -> None:
    answer(desk, opd="*", control="A.8.24")
    answer(desk, control="A.5.2", valid_until="2026-12-01")
    made = make_questionnaire(desk, BKD, "id")
    assert [row["control"] for row in made.rows] == list(CONTROLS)
    assert made.ending == 1
    path = export(desk, tmp_path / "isian.xlsx")
    assert cells(path, "A.5.2")["note"] == "berakhir dalam 9 hari (2026-12-01)"
    assert cells(path, "A.8.24")["note"] == "seluruh organisasi: Sesuai, sampai dengan 2027-11-22"
    assert cells(path, "A.5.1")["coverage"] == spoken(MACHINE_COVERAGES[MachineCoverage.ATTESTATION], "id")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Jawaban", "Petunjuk"]
    offered = {str(one.sqref): one.formula1 for one in book.worksheets[0].data_validations.dataValidation}
    assert offered["R3:R5"] == '"Sesuai,Sesuai Sebagian,Tidak Sesuai"'
    assert offered["K3:K5"] == '"Ya,Tidak"'
    english = openpyxl.load_workbook(export(desk, tmp_path / "answers.xlsx", EVERYBODY, "en"))
    assert english.sheetnames == ["Answers", "How to fill in"]


@pytest.mark.parametrize("form", FORMS)
def test_what_counts_from_the_other_edition_is_a_note_and_no_answer(
    desk: Desk, tmp_path: Path, form: str
) -> None:
    answer(desk)
    decide(desk, control="A.5.2")
    older = Subject("2013", "bkd")
    noted = {row["control"]: row["note"] for row in make_questionnaire(desk, older, "id").rows}
    assert noted["A.5.1.1"] == "diperhitungkan: Sesuai, diambil dari A.5.1 edisi 2022"
    assert noted["A.6.1.1"] == "diperhitungkan: tidak berlaku, diambil dari A.5.2 edisi 2022"
    assert noted["A.8.1.1"] == ""
    english = make_questionnaire(desk, older, "en").rows[0]["note"]
    assert english == "counts: Conforms, taken over from A.5.1 of 2022"
    assert bring_in(desk, export(desk, tmp_path / f"isian.{form}", older)).nothing


@pytest.mark.parametrize("form", FORMS)
def test_answers_of_one_opd_do_not_become_those_of_another(desk: Desk, tmp_path: Path, form: str) -> None:
    answer(desk)
    path = export(desk, tmp_path / f"isian.{form}")
    if form == "xlsx":
        for control in CONTROLS:
            fill(path, control, opd="dinkes")
    else:
        path.write_text(path.read_text().replace('opd: "bkd"', 'opd: "dinkes"'))
    (told,) = complaints(desk, path)
    assert "this was exported for bkd" in told
    assert "auditor attest export --opd dinkes" in told


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_word_that_is_offered_is_understood(desk: Desk, tmp_path: Path, language: str) -> None:
    path = export(desk, tmp_path / "isian.xlsx", language=language)
    offered = openpyxl.load_workbook(path).worksheets[0].data_validations.dataValidation
    words = {str(one.sqref)[0]: str(one.formula1).strip('"').split(",") for one in offered}
    for word in words["R"]:
        fill(path, "A.5.1", answer=word, justification=word, references="SK", attested_by="Siti")
        assert len(bring_in(desk, path).answers) == 1
    for word in words["L"]:
        fill(path, "A.5.2", applicable=words["K"][0], bases=word, decided_by="Siti")
        assert len(bring_in(desk, path).decisions) == 1
    fill(
        path,
        "A.5.2",
        applicable=words["K"][1],
        bases=None,
        applicability_justification="x",
        approved_by="Budi",
    )
    assert not bring_in(desk, path).decisions[0].applicable


def test_the_yaml_fits_its_schema_and_says_the_same_as_the_workbook(desk: Desk) -> None:
    everything(desk)
    made = make_questionnaire(desk, BKD, "id")
    text = write_yaml(made)
    row = yaml.safe_load(text)["controls"][0]
    properties = questionnaire_schema()["$defs"]["RowShape"]["properties"]
    assert set(row) == set(properties)
    assert json.dumps(questionnaire_schema())
    entries = {form: read(made, form) for form in FORMS}
    assert entries["xlsx"] == entries["yaml"]


Read = tuple[dict[str, object], dict[str, tuple[str, ...]]]


def read(made: Questionnaire, form: str) -> list[Read]:
    """Return what is read of a questionnaire, words by what they mean."""
    data = write_xlsx(made) if form == "xlsx" else write_yaml(made)
    found = []
    for one in read_questionnaire(data, Path(f"isian.{form}")):
        texts = {key: MEANINGS.get(key, str)(value) for key, value in one.texts.items() if value}
        found.append((texts, {key: lines for key, lines in one.lists.items() if lines}))
    return found


MEANINGS: Mapping[str, Callable[[str], object]] = {
    **dict.fromkeys(ANSWER_KEYS, parse_answer),
    "applicable": parse_yes,
    "bases": parse_bases,
}


def takeable(text: str) -> bool:
    """Return whether a text can be an answer's."""
    try:
        return bool(parse_text(text))
    except ValueError:
        return False


SEEN = st.text(max_size=80).filter(takeable).map(parse_text)
LINES = st.lists(SEEN.map(lambda text: " ".join(text.split())), max_size=3).map(tuple)


@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(justification=SEEN, why=SEEN, by=SEEN.map(lambda text: " ".join(text.split())), references=LINES)
@pytest.mark.parametrize("form", FORMS)
def test_no_text_is_lost_on_the_way(
    form: str, justification: str, why: str, by: str, references: tuple[str, ...]
) -> None:
    row: Row = {
        "edition": "2022",
        "opd": "bkd",
        "log_entry": "0-00000000",
        "control": "A.5.1",
        "answer": Answer.CONFORMS,
        "justification": justification,
        "applicability_justification": why,
        "attested_by": by,
        "references": references,
        "attested_on": date(2026, 11, 22),
    }
    made = Questionnaire(BKD, "id", "Judul", "0-00000000", (row,), 0)
    data = write_xlsx(made) if form == "xlsx" else write_yaml(made)
    (found,) = read_questionnaire(data, Path(f"isian.{form}"))
    assert found.texts["justification"] == justification
    assert found.texts["applicability_justification"] == why
    assert found.texts["attested_by"] == by
    assert found.texts["attested_on"] == "2026-11-22"
    assert found.lists.get("references", ()) == references


def test_what_a_scan_says_stands_beside_the_question(desk: Desk) -> None:
    assert {row["measured"] for row in make_questionnaire(desk, BKD, "id").rows} == {""}


def test_a_workbook_is_the_same_every_time(desk: Desk) -> None:
    everything(desk)
    made = make_questionnaire(desk, BKD, "id")
    assert write_xlsx(made) == write_xlsx(made)
    assert openpyxl.load_workbook(io.BytesIO(write_xlsx(made)))


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_explanation_uses_the_words_that_are_offered(language: str) -> None:
    explained = "\n".join(HELP[language])
    for label in (*ANSWERS.values(), *BASES.values()):
        assert spoken(label, language) in explained
