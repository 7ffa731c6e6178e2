"""Servers, domains and networks as components, and the tools that looked at them."""

from __future__ import annotations

from auditor.model.facts import JSON
from auditor.model.inventory import Kind, Server, State
from reports.oscal.paper import Paper
from reports.oscal.parts import filled, line, prop, props
from reports.view.identity import tools_used
from reports.visible import shown

_TYPES = {Kind.SERVER: "server", Kind.DOMAIN: "service", Kind.ZONE: "network"}
_STATES = {State.ACTIVE: "operational", State.RETIRED: "disposition"}


def component(paper: Paper, server: str) -> str:
    """Return the identifier of a server's component."""
    return paper.ids.of("component", server)


def subject(paper: Paper, server: str) -> dict[str, JSON]:
    """Return a reference to a server."""
    return {"subject-uuid": component(paper, server), "type": "component"}


def components(paper: Paper, *, standing_only: bool = False) -> list[JSON]:
    """Return every entry of the OPD, those of others on which it owns names, and those that findings name.

    `standing_only` leaves out what no open or accepted finding is about.
    """
    context = paper.context
    named = [finding.subject.server for finding in paper.findings]
    if standing_only:
        chosen = [one.subject.server for one in paper.findings if context.stands(one)]
    else:
        own = (*context.opd(paper.opd_id).servers, *context.shared_servers(paper.opd_id))
        gaps = (gap.server for gap in context.data.not_measured if gap.opd == paper.opd_id)
        chosen = [*(server.id for server in own), *named, *gaps]
    listed = dict.fromkeys(one for one in chosen if one)
    return [_component(paper, one, context.servers.get(one)) for one in listed]


def _component(paper: Paper, server_id: str, server: Server | None) -> dict[str, JSON]:
    label = line(paper.context.server_label(server_id))
    if server is None:
        return {
            "uuid": component(paper, server_id),
            "type": "server",
            "title": label,
            "description": paper.say("Not registered any more."),
            "status": {"state": "other"},
        }
    addresses = (prop(f"ipv{address.version}-address", address, own=False) for address in server.addresses)
    names = (prop("fqdn", name, own=False) for name in server.hostnames)
    scanned = "yes" if server.id in paper.context.data.run.scope else "no"
    return filled(
        {
            "uuid": component(paper, server.id),
            "type": _TYPES[server.kind],
            "title": label,
            "description": label,
            "props": props(
                prop("asset-id", server.id, own=False),
                *addresses,
                *names,
                prop("is-scanned", scanned, own=False),
                prop("owner", server.opd),
                prop("zone", server.zone),
                prop("category", server.category.value),
                *(prop("role", role) for role in server.roles),
            ),
            "status": {"state": _STATES[server.state]},
        }
    )


def tool(paper: Paper) -> str:
    """Return the identifier of the auditor itself, which every measurement comes from."""
    return paper.ids.of("tool", "tilik")


def origin(paper: Paper) -> dict[str, JSON]:
    """Return the auditor as the source of a statement."""
    return {"actors": [{"type": "tool", "actor-uuid": tool(paper)}]}


def assets(paper: Paper) -> dict[str, JSON]:
    """Return the auditor and the tools that it used, as one platform."""
    own = _software(tool(paper), "Tilik", paper.context.data.run.provenance.auditor)
    used = [
        _software(paper.ids.of("tool", name, version), name, version)
        for name, version in tools_used(paper.context.data).items()
    ]
    listed: list[JSON] = [own, *used]
    return {
        "components": listed,
        "assessment-platforms": [
            {
                "uuid": paper.ids.of("platform", paper.context.data.run.id),
                "title": "Tilik",
                "uses-components": [{"component-uuid": one["uuid"]} for one in (own, *used)],
            }
        ],
    }


def _software(uuid: str, name: str, version: str) -> dict[str, JSON]:
    return {
        "uuid": uuid,
        "type": "software",
        "title": line(name),
        "description": line(f"{name} {version}"),
        "props": props(prop("version", version, own=False))
        or props(prop("software-name", shown(name), own=True)),
        "status": {"state": "operational"},
    }
