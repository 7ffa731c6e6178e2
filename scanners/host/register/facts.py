"""Facts that identify a host and its configuration, for what people wrote down about it."""

from __future__ import annotations

from auditor.model.facts import FactSpec, FactType

FACTS = (
    FactSpec(
        "host.configuration",
        FactType.STRINGS,
        "parts of the configuration as lines `part sha256`; the digest changes when a file of the part does",
    ),
    FactSpec(
        "host.configuration_keepers",
        FactType.STRINGS,
        "traces of version control or of a tool that keeps the configuration, each with its place",
    ),
    FactSpec("host.asset_tag", FactType.STRING, "asset tag in a file or in the firmware; null: none", True),
    FactSpec(
        "host.classification", FactType.STRING, "class that a file of the host names, in small letters", True
    ),
    FactSpec("host.hardware_model", FactType.STRING, "maker and model of the machine; null: not told", True),
    FactSpec("host.hardware_serial", FactType.STRING, "serial number of the machine; null: not told", True),
    FactSpec("host.firmware_date", FactType.STRING, "date of the firmware, RFC 3339; null: not told", True),
)
