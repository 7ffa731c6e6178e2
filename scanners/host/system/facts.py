"""Facts about the system as a whole."""

from __future__ import annotations

from auditor.model.facts import FactSpec, FactType

FACTS = (
    FactSpec(
        "host.os_id", FactType.STRING, "ID of os-release: debian, ubuntu, rhel, centos, rocky, almalinux …"
    ),
    FactSpec("host.os_version", FactType.STRING, "VERSION_ID of os-release; empty for a rolling release"),
    FactSpec("host.os_name", FactType.STRING, "PRETTY_NAME of os-release"),
    FactSpec("host.os_family", FactType.STRING, "debian, rhel or other, by ID and ID_LIKE"),
    FactSpec("host.kernel", FactType.STRING, "release of the running kernel"),
    FactSpec("host.hostname", FactType.STRING, "name that the host has for itself"),
    FactSpec("host.account", FactType.STRING, "account that the collection ran as"),
    FactSpec("host.clock", FactType.STRING, "the host's own time when it was looked at, RFC 3339"),
    FactSpec("host.root", FactType.BOOL, "commands that need root could be run"),
    FactSpec(
        "host.virtual", FactType.STRING, "kind of virtual machine or container; null for a physical one", True
    ),
    FactSpec(
        "host.installed_at",
        FactType.STRING,
        "when its root file system was made, RFC 3339; null where the file system does not tell",
        True,
    ),
    FactSpec("host.software", FactType.STRINGS, "software installed, by the names that remedies use, sorted"),
)
