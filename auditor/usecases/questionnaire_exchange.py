"""Hand a questionnaire out as a file, and take one in that came back."""

from __future__ import annotations

from pathlib import Path

from auditor.documents.files import read_file
from auditor.usecases.attest import Taken, take_in
from auditor.usecases.errors import UsageProblem
from auditor.usecases.handed_in import Shelf, files_beside
from auditor.usecases.questionnaire import Questionnaire
from auditor.usecases.questionnaire_files import write_xlsx, write_yaml
from auditor.usecases.questionnaire_read import read_questionnaire
from auditor.usecases.waive import Desk

_WRITERS = {".xlsx": write_xlsx, ".yaml": write_yaml, ".yml": write_yaml}


def hand_out(questionnaire: Questionnaire, path: Path) -> None:
    """Write a questionnaire to a new file; raise UsageProblem for another form, or what is there already."""
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise UsageProblem(f"{path} is neither .xlsx nor .yaml", "name a file that ends with one of both")
    write_new(path, writer(questionnaire))


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, readable by its owner only; raise UsageProblem when it is."""
    try:
        with path.open("xb") as file:
            path.chmod(0o600)
            file.write(content)
    except FileExistsError:
        raise UsageProblem(f"{path} is there already", "name another file with --output") from None


def bring_in(desk: Desk, path: Path) -> Taken:
    """Take in a questionnaire, all of it or nothing; raise DocumentError with every problem in it.

    Evidence files are looked for beside it.
    """
    entries = read_questionnaire(read_file(path), path)
    limit = desk.inputs.policy.attestations.evidence_bytes
    return take_in(entries, desk, Shelf(files_beside(path.parent, limit)), str(path))
