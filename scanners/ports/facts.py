"""What the port scanner can observe about an address."""

from __future__ import annotations

from auditor.model.facts import FactSpec, FactType

FACTS = (
    FactSpec("ports.open", FactType.INTS, "open TCP ports, ascending"),
    FactSpec("ports.scanned", FactType.STRING, "the TCP ports that were asked, as ranges"),
    FactSpec(
        "ports.answered", FactType.BOOL, "anything answered at this address: an open or a refusing port"
    ),
    FactSpec("ports.closed", FactType.INT, "number of TCP ports that refused a connection"),
    FactSpec("ports.filtered", FactType.INT, "number of TCP ports from which no answer came"),
)
