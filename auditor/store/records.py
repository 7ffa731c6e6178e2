"""Between frozen values and the JSON that is stored: one codec per noun."""

from __future__ import annotations

import json
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from auditor.model.assessment import Footing
from auditor.model.decision import Decision
from auditor.model.evidence import Evidence
from auditor.model.imported import Import
from auditor.model.inventory import Inventory
from auditor.model.message import Message
from auditor.model.plan import ScanPlan
from auditor.model.policy import Policy
from auditor.model.retest import RetestRecord
from auditor.model.run import Provenance
from auditor.model.scorecard import Scorecard
from auditor.model.verdict import Verdict
from auditor.store.chain import canonical

T = TypeVar("T")


class Codec(Generic[T]):
    """Turn values of one type into canonical JSON text and back, exactly."""

    def __init__(self, kind: type[T]):
        self._adapter: TypeAdapter[T] = TypeAdapter(kind)

    def plain(self, value: T) -> Any:
        """Return the value as plain JSON data."""
        return self._adapter.dump_python(value, mode="json")

    def text(self, value: T) -> str:
        """Return canonical JSON text."""
        return canonical(self.plain(value))

    def value(self, text: str) -> T:
        """Return the value of a stored text."""
        return self._adapter.validate_python(json.loads(text))


EVIDENCE = Codec(Evidence)
VERDICT = Codec(Verdict)
SCORECARD = Codec(Scorecard)
PROVENANCE = Codec(Provenance)
INVENTORY = Codec(Inventory)
POLICY = Codec(Policy)
PLAN = Codec(ScanPlan)
DECISION = Codec(Decision)
FOOTING = Codec(Footing)
IMPORT = Codec(Import)
RETEST = Codec(RetestRecord)
MESSAGE = Codec(Message)
