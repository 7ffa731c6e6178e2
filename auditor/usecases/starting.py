"""Write files for a start, never over something that is there."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from auditor.documents.files import read_file
from auditor.inventory import starting as inventory_start
from auditor.inventory.csv_import import import_servers, parse_servers
from auditor.model.document import parse_document
from auditor.policy import starting as policy_start
from auditor.usecases.errors import UsageProblem


def write_starting_files(folder: Path, today: date) -> tuple[list[Path], list[Path]]:
    """Write the commented starting files; return those written and those kept because they were there.

    `today` is the first day of the assignment in the example.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    kept: list[Path] = []
    files = {**inventory_start.starting_files(today), **policy_start.starting_files()}
    for name, text in files.items():
        path = folder / name
        (written if _write_new(path, text) else kept).append(path)
    return written, kept


def import_csv(table: Path, inventory: Path, output: Path) -> int:
    """Write a new inventory with the servers of a CSV file added; return how many.

    Raise DocumentError with every problem of the table, UsageProblem when the new file is there already.
    """
    data = read_file(table)
    document = parse_document(read_file(inventory), str(inventory))
    text = import_servers(data, str(table), document)
    if not _write_new(output, text):
        raise UsageProblem(f"{output} is there already", "name another file with --output")
    return len(parse_servers(data, str(table)))


def _write_new(path: Path, text: str) -> bool:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return False
    return True
