"""What a valid inventory is warned about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from auditor.inventory.advice import advise
from auditor.model.inventory import Inventory, Layer, Responsible
from auditor.policy.loading import load_policy
from tests.auditor.inventory.samples import TEXT, inventory

POLICY = load_policy()
OWN = replace(POLICY, responsible=dict.fromkeys(Layer, Responsible.OPD))
LAST = date(2026, 12, 31)
"""Last day of the only authorization."""


def centred() -> Inventory:
    return inventory(
        TEXT.replace("  timezone: Asia/Makassar\n", "  timezone: Asia/Makassar\n  centre: dinkes\n")
    )


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-1, "ended on 2026-12-31: it allows nothing any more; ask for a new letter, or remove it"),
        (0, "ends today, on 2026-12-31; ask for the next letter"),
        (1, "ends tomorrow, on 2026-12-31; ask for the next letter"),
        (14, "ends in 14 days, on 2026-12-31; ask for the next letter"),
    ],
)
def test_an_assignment_that_ended_or_ends_soon(days: int, said: str) -> None:
    assert advise(centred(), POLICY, LAST - timedelta(days=days)) == (
        f"authorization 094/001/Diskominfo/2026 {said}",
    )


def test_nothing_is_said_of_an_assignment_that_holds_on() -> None:
    assert advise(centred(), POLICY, LAST - timedelta(days=15)) == ()


def test_every_assignment_is_looked_at() -> None:
    loaded = centred()
    [entry] = loaded.authorizations
    others = (replace(entry, reference="B", valid_until=date(2027, 12, 31)), replace(entry, reference="C"))
    said = advise(replace(loaded, authorizations=(entry, *others)), POLICY, date(2027, 1, 1))
    assert [line.split()[1] for line in said] == [entry.reference, "C"]


def test_layers_of_the_centre_without_a_centre() -> None:
    today = LAST - timedelta(days=100)
    [line] = advise(inventory(), POLICY, today)
    assert line.startswith(
        "the policy gives room, hypervisor, network, host to the centre, but organization.ce"
    )
    assert advise(inventory(), OWN, today) == ()
    given = inventory(TEXT.replace("responsible: {host: opd}", "responsible: {host: centre}"))
    [line] = advise(given, OWN, today)
    assert line.startswith("server dinkes-web-01 gives host to the centre, but organization.centre is not")
    assert len(advise(given, POLICY, today)) == 1
