"""Every fact that an expression may ask: the scanners', the inventory's, and those derived from them."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.model.facts import FactSpec, FactType
from controls.inside import INSIDE_FACTS
from controls.record_facts import APPROVED_FACTS, RECORD_FACTS
from controls.software import SOFTWARE_FACTS

INVENTORY_FACTS = (
    FactSpec("server.roles", FactType.STRINGS, "roles the inventory gives this server"),
    FactSpec("server.zone", FactType.STRING, "id of its zone"),
    FactSpec("server.zone_public", FactType.BOOL, "its zone can be reached from the internet"),
    FactSpec("server.category", FactType.STRING, "rendah, tinggi or strategis"),
    FactSpec("server.hostnames", FactType.STRINGS, "names it serves"),
    FactSpec("server.approved_ports", FactType.INTS, "TCP ports that the inventory or a role approves"),
    FactSpec("server.status", FactType.STRING, "active or retired"),
    FactSpec("vantage.zone", FactType.STRING, "id of the zone the scanner stands in; empty when not written"),
    FactSpec("vantage.public", FactType.BOOL, "that zone can be reached from the internet"),
    FactSpec("vantage.inside", FactType.BOOL, "that zone is the server's own, or is not written"),
)
"""What every expression may ask, because the inventory always knows it."""

MEETING_FACTS = (
    FactSpec(
        "host.ports_not_reachable",
        FactType.INTS,
        "TCP ports that the host listens on for other machines and that were not found open from outside",
    ),
    FactSpec(
        "host.ports_unknown_inside",
        FactType.INTS,
        "TCP ports found open from outside that no program of the host listens on",
    ),
    FactSpec(
        "host.sshd_offers_unset",
        FactType.STRINGS,
        "what sshd offers from outside and its settings inside do not name",
    ),
    FactSpec(
        "host.clock_offset_seconds",
        FactType.INT,
        "by how much the host's clock is ahead of the auditor's at least, negative when behind; 0 while both"
        " agree within the time that the collection took",
    ),
)
"""What shows when the view from outside and that from inside are laid together."""

DERIVED_FACTS = (
    FactSpec(
        "ports.only_ipv6",
        FactType.INTS,
        "ports open over IPv6 only; null unless the server has addresses of both families",
        nullable=True,
    ),
    FactSpec(
        "http.cms_end_of_life",
        FactType.STRING,
        "end of support of the content management system shown, RFC 3339; null when not announced; inferred",
        nullable=True,
    ),
    FactSpec("http.pack_date", FactType.STRING, "newest day that the data on support knew of, RFC 3339"),
    *SOFTWARE_FACTS,
    *INSIDE_FACTS,
    *MEETING_FACTS,
)
"""What is worked out over the whole audit, beside what the scanners' own vocabularies call derived."""


def vocabulary_of(specs: Iterable[FactSpec]) -> dict[str, FactSpec]:
    """Return name → spec for all of them; `specs` are the scanners'."""
    return {
        spec.name: spec for spec in (*specs, *INVENTORY_FACTS, *RECORD_FACTS, *APPROVED_FACTS, *DERIVED_FACTS)
    }
