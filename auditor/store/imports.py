"""Reports of other tools as they were handed in: append-only, every entry signed, each file once per task."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Engine, Row, insert, select

from auditor.model.imported import Import
from auditor.store import schema
from auditor.store.artefacts import ArtefactStore
from auditor.store.chain import digest
from auditor.store.evidence import ChainProblem
from auditor.store.records import IMPORT
from auditor.store.signing import Signer, is_valid


class ImportStore:
    """Entries in the database, the files beside the raw outputs."""

    def __init__(self, engine: Engine, artefacts: ArtefactStore, signer: Signer):
        self._engine = engine
        self._artefacts = artefacts
        self._signer = signer

    def keep_file(self, content: bytes) -> str:
        """Keep bytes durably and return their SHA-256."""
        return self._artefacts.put(content)

    def file(self, name: str) -> bytes | None:
        """Return kept bytes by their SHA-256; None when they are not kept, or are not what was kept."""
        content = self._artefacts.get(name)
        return content if content is not None and digest(content) == name else None

    def add(self, entries: Iterable[Import]) -> tuple[Import, ...]:
        """Store those entries durably that are not there yet, all or none, and return them."""
        added: list[Import] = []
        with self._engine.begin() as connection:
            stored = {(row.file, row.task) for row in connection.execute(select(schema.imports))}
            for entry in entries:
                if entry.key not in stored:
                    stored.add(entry.key)
                    connection.execute(insert(schema.imports).values(**self._values(entry)))
                    added.append(entry)
        return tuple(added)

    def _values(self, entry: Import) -> dict[str, Any]:
        text = IMPORT.text(entry)
        public_key, signature = self._signer.sign(_signed_bytes(text))
        return {
            "file": entry.file,
            "task": entry.task.id,
            "row": text,
            "public_key": public_key,
            "signature": signature,
        }

    def all(self) -> tuple[Import, ...]:
        """Return the entries, oldest measurement first."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(schema.imports.c.row)).scalars().all()
        entries = (IMPORT.value(row) for row in rows)
        return tuple(sorted(entries, key=lambda one: (one.finished_at, one.imported_at, one.key)))

    def verify(self) -> Iterator[ChainProblem]:
        """Yield every entry that was changed, and every kept file that differs."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(schema.imports).order_by(*schema.imports.primary_key.columns))
            for row in rows:
                yield from self._problems_of_row(row)

    def _problems_of_row(self, row: Row[Any]) -> Iterator[ChainProblem]:
        named = f"the import of {row.file[:12]} for {row.task}"
        signed = is_valid(row.public_key, row.signature, _signed_bytes(row.row))
        if not signed or row.public_key != self._signer.public_key:
            yield ChainProblem(0, f"{named} was changed")
            return
        entry = IMPORT.value(row.row)
        if entry.key != (row.file, row.task):
            yield ChainProblem(0, f"{named} was changed")
        if self.file(entry.raw) is None:
            yield ChainProblem(0, f"the file of {named} was changed or is gone")


def _signed_bytes(text: str) -> bytes:
    return f"tilik-import\n{text}".encode()
