"""The folder with checks of the organisation's own."""

from __future__ import annotations

from pathlib import Path

from auditor.documents.files import read_file
from auditor.model.document import DocumentError, parse_document
from auditor.model.plain_text import show
from auditor.model.problem import Locator, Problem

KEY = "local_checks"
_NO_FOLDER = "no such folder; write its path as it is seen from the folder of this policy, or null"


def place_of_local_checks(
    written: str | None, folder: Path, locator: Locator
) -> tuple[str, tuple[Problem, ...]]:
    """Return the absolute path of the folder that a policy names, and a problem when it is none.

    `folder` is that of the policy. The path is empty when no folder is written.
    """
    if written is None:
        return "", ()
    path = (folder / written).absolute()
    try:
        if path.is_dir():
            return str(path), ()
        wrong = "a file; name the folder that it lies in" if path.is_file() else _NO_FOLDER
    except OSError as error:
        wrong = f"cannot be looked into ({error.strerror}); name another folder"
    return "", (locator.problem((KEY,), f"{show(written)}: {wrong}"),)


def find_local_checks(policy: Path | None) -> str:
    """Return the folder that a policy names, as far as the file can be read; "" where it names none.

    Whatever is wrong with the file is told by load_policy, which has to know the checks of that folder first.
    """
    if policy is None:
        return ""
    try:
        document = parse_document(read_file(policy), str(policy))
    except DocumentError:
        return ""
    written = document.data.get(KEY) if isinstance(document.data, dict) else None
    return place_of_local_checks(written, policy.parent, document)[0] if isinstance(written, str) else ""
