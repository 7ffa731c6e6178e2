"""Judge the examples that a check gives of itself."""

from __future__ import annotations

from datetime import UTC, datetime

from auditor.model.facts import Facts
from auditor.model.subject import Subject
from auditor.model.verdict import Verdict
from controls.expression import NOW, as_instant
from controls.judge import CompiledCheck, judge
from controls.subjects import Measured

EXAMPLE_DAY = datetime(2026, 11, 1, 12, tzinfo=UTC)


def judge_example(compiled: CompiledCheck, facts: Facts) -> Verdict:
    """Return the verdict that an example's facts give; `now` may stand among them as RFC 3339 text.

    Raise ValueError when it is none.
    """
    now = as_instant(str(facts[NOW])) if NOW in facts else EXAMPLE_DAY
    plain = {name: value for name, value in facts.items() if name != NOW}
    subject = Subject(compiled.check.subject, "example", "192.0.2.1", 1)
    return judge(compiled, Measured(subject, "example", plain), now)
