"""What the host scanner can observe about a network."""

from __future__ import annotations

from auditor.model.facts import FactSpec, FactType

FACTS = (
    FactSpec("hosts.network", FactType.STRING, "the network, as address and prefix length"),
    FactSpec("hosts.asked", FactType.INT, "number of addresses that were asked"),
    FactSpec("hosts.answering", FactType.STRINGS, "addresses with an open TCP port among those asked"),
    FactSpec(
        "hosts.unregistered",
        FactType.STRINGS,
        "answering addresses that no record of the inventory names; derived over the whole audit",
    ),
)
