"""The folder that holds one organisation's audits: database, raw outputs, signing key, kill switch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from auditor.store.artefacts import ArtefactStore
from auditor.store.database import migrate, open_engine, sqlite_url
from auditor.store.decisions import DecisionStore
from auditor.store.deliveries import DeliveryStore
from auditor.store.evidence import EvidenceStore
from auditor.store.heads import HeadStore
from auditor.store.imports import ImportStore
from auditor.store.marks import Marks
from auditor.store.prunings import PruningStore
from auditor.store.results import ResultStore
from auditor.store.retests import RetestStore
from auditor.store.runs import RunStore
from auditor.store.seals import SealStore
from auditor.store.shape import ForeignPartsError, refuse_foreign
from auditor.store.signing import Signer
from auditor.store.slots import SlotStore


@dataclass(frozen=True, slots=True)
class Workspace:
    """Everything stored, behind one handle."""

    folder: Path
    engine: Engine
    runs: RunStore
    evidence: EvidenceStore
    results: ResultStore
    heads: HeadStore
    seals: SealStore
    decisions: DecisionStore
    marks: Marks
    imports: ImportStore
    artefacts: ArtefactStore
    prunings: PruningStore
    slots: SlotStore
    retests: RetestStore
    deliveries: DeliveryStore

    @property
    def signer(self) -> Signer:
        """Return who signs here."""
        return Signer(_key_file(self.folder))

    @property
    def public_key(self) -> str:
        """Return the public half of the key that signs here, hexadecimal; empty while nothing was signed."""
        return self.signer.public_key or ""

    @property
    def kill_switch(self) -> Path:
        """Return the file that, while it exists, stops measurements and keeps new ones from starting."""
        return self.folder / "STOP"


def open_workspace(folder: Path) -> Workspace:
    """Open (and create or migrate) the workspace in a folder, readable by its owner only.

    Raise ForeignPartsError, before anything is read or written, for triggers and views that are none of ours.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = folder / "audit.db"
    # Made before SQLite does, which would let everyone read it where the folder was there already.
    database.touch(mode=0o600)
    engine = open_engine(sqlite_url(database))
    _made_current(engine)
    signer = Signer(_key_file(folder))
    marks = Marks(engine, signer)
    artefacts = ArtefactStore(folder / "raw")
    prunings = PruningStore(engine, signer)
    return Workspace(
        folder,
        engine,
        RunStore(engine, marks),
        EvidenceStore(engine, artefacts, prunings.moments),
        ResultStore(engine, marks),
        HeadStore(engine, signer, marks),
        SealStore(engine, signer),
        DecisionStore(engine, artefacts, signer, marks),
        marks,
        ImportStore(engine, artefacts, signer),
        artefacts,
        prunings,
        SlotStore(engine),
        RetestStore(engine, signer),
        DeliveryStore(engine),
    )


def _made_current(engine: Engine) -> None:
    try:
        refuse_foreign(engine)
    except ForeignPartsError:
        engine.dispose()
        raise
    migrate(engine)


def _key_file(folder: Path) -> Path:
    return folder / "keys" / "chain-head.key"
