"""What a finding shows, as the names that a person takes from it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from auditor.model.facts import Facts

Shown = Callable[[Facts], Sequence[str]]


def lines(fact: str) -> Shown:
    """Return every line of a fact."""
    return lambda facts: [str(one) for one in _listed(facts, fact)]


def field(fact: str, name: str, **where: str) -> Shown:
    """Return one field of the records of a fact, of those alone whose other fields are as asked."""

    def found(facts: Facts) -> Sequence[str]:
        records = [one for one in _listed(facts, fact) if isinstance(one, dict)]
        return [str(one[name]) for one in records if all(one[key] == value for key, value in where.items())]

    return found


def words(fact: str) -> Shown:
    """Return the first word of every line of a fact, each once: paths stand before their modes."""
    return lambda facts: [*dict.fromkeys(str(one).split()[0].rstrip(":") for one in _listed(facts, fact))]


def without(shown: Shown, *known: str) -> Shown:
    """Return what is shown but for what the register has already."""
    return lambda facts: [one for one in shown(facts) if one not in known]


def joined(shown: Shown) -> Shown:
    """Return what is shown as one text, as a list of the inventory has it."""
    return lambda facts: [", ".join(shown(facts))]


def quoted(shown: Shown) -> Shown:
    """Return each one that is shown as YAML takes any text."""
    return lambda facts: [json.dumps(one) for one in shown(facts)]


def each(shown: Shown, template: str) -> Shown:
    """Return a line for each one that is shown, which stands at `{}` of the template."""
    return lambda facts: [template.replace("{}", one) for one in shown(facts)]


def _listed(facts: Facts, fact: str) -> Sequence[object]:
    value = facts.get(fact)
    return value if isinstance(value, list | tuple) else ()
