"""How quarters, money, sides, roles and reasons of a plan are written."""

from __future__ import annotations

from auditor.model.roadmap import LeftOut, Quarter, Role
from reports.words import N_, NO_BREAK_SPACE, Words

PREFIX = "PJ"
"""Of the number of the document."""
ROLES = {
    Role.ADMINISTRATOR: N_("Administrator"),
    Role.DEVELOPER: N_("Application developer"),
    Role.GOVERNANCE: N_("Governance and evidence"),
}
LEFT_OUT = {
    LeftOut.ACCEPTED: (
        N_("Findings accepted as risks"),
        N_("Somebody accepted the risk in writing; no work while that stands."),
    ),
    LeftOut.UNJUDGED: (
        N_("Checks that could not be judged"),
        N_("What hides behind them is not known; it becomes work once it was measured."),
    ),
    LeftOut.NOT_MEASURED: (
        N_("Servers that were not measured"),
        N_("Nothing is known of what is left to do on them."),
    ),
    LeftOut.ANSWERED_LESS: (
        N_("Controls answered as conforming partly or not at all"),
        N_("What is missing stands in the answer, and its effort is known to whoever gave it."),
    ),
    LeftOut.NOT_APPLICABLE: (
        N_("Controls that do not apply"),
        N_("It was decided, or measured, that there is nothing for them to protect."),
    ),
    LeftOut.NO_ROOM: (
        N_("Packages without room"),
        N_("The years planned have no room for them at this capacity; they are listed at the end."),
    ),
}
"""Reason → what is left out, and why."""

_ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}
_SIGNS = {"IDR": "Rp", "USD": "US$", "EUR": "€"}


def quarter_label(words: Words, quarter: Quarter) -> str:
    """Name a quarter: `Triwulan IV 2026`, `Q4 2026`."""
    number = _ROMAN[quarter.number] if words.language == "id" else str(quarter.number)
    return words.say("Q%(number)s %(year)s", number=number, year=quarter.year)


def money(words: Words, amount: int, currency: str) -> str:
    """Write an amount in whole units: `Rp 12.500.000`."""
    return f"{_SIGNS.get(currency, currency)}{NO_BREAK_SPACE}{words.integer(amount)}"


def cost(words: Words, amount: int | None, currency: str) -> str:
    """Write a cost, or that it is not known."""
    return "–" if amount is None else money(words, amount, currency)


def days(words: Words, count: float) -> str:
    """Write person-days with their unit."""
    return words.plural(
        "%(days)s person-day", "%(days)s person-days", 1 if count == 1 else 2, days=words.quantity(count)
    )
