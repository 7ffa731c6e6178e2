"""Write the lab's inventory in the format that an audit reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import yaml

from tests.lab.fleet import CENTRE, DOMAINS, NETWORK, OPDS, VANTAGE, ZONES
from tests.lab.model import LabDomain, LabServer

_METHODS = ("ports", "udp", "tls", "certificates", "ssh", "http", "dns", "hosts")
_CONSENT = (
    "tls-heartbleed-absent",
    "tls-ccs-injection-absent",
    "tls-robot-absent",
    "network-open-proxy-absent",
    "smtp-abuse-mailbox-accepted",
    "smtp-relay-refused",
    "snmp-default-community-refused",
)


def inventory_text(fleet: tuple[LabServer, ...], today: date | None = None) -> str:
    """Return the inventory as YAML, authorized from a month before today until a year after."""
    return yaml.safe_dump(
        _inventory(fleet, today or datetime.now(UTC).date()), sort_keys=False, allow_unicode=True
    )


def _inventory(fleet: tuple[LabServer, ...], today: date) -> Mapping[str, Any]:
    known = [server for server in fleet if server.registered]
    return {
        "version": 1,
        "organization": {
            "name": "Pemerintah Kabupaten Contoh",
            "office": "Dinas Komunikasi dan Informatika",
            "address": "Jl. Merdeka No. 1, Contoh",
            "timezone": "Asia/Jakarta",
            "centre": CENTRE,
        },
        "authorizations": [
            {
                "reference": f"094/112/Diskominfo/{today.year}",
                "approved_by": "Kepala Dinas Komunikasi dan Informatika",
                "valid": {"from": today - timedelta(days=30), "until": today + timedelta(days=365)},
                "networks": [NETWORK],
                "domains": sorted(domain.name for domain in DOMAINS),
                "exclude": [],
                "methods": list(_METHODS),
                "consent": list(_CONSENT),
            }
        ],
        "zones": [
            {"id": zone.id, "name": zone.name, "public": zone.public, "networks": [zone.network]}
            for zone in ZONES
        ],
        "vantage": VANTAGE,
        "opds": [
            {
                "id": opd,
                "name": name,
                "servers": [_server(one) for one in known if one.opd == opd],
                "domains": [_domain(one, today) for one in DOMAINS if one.opd == opd],
            }
            for opd, name in OPDS.items()
            if any(opd in (one.opd, *one.name_owners.values()) for one in known)
        ],
    }


def _domain(domain: LabDomain, today: date) -> Mapping[str, Any]:
    return {
        "name": domain.name,
        "mail": domain.mail,
        "dkim_selectors": list(domain.dkim_selectors),
        "expires": today + timedelta(days=domain.expires_in_days),
    }


def _server(server: LabServer) -> Mapping[str, Any]:
    declared = sorted(
        (port, name)
        for service in server.services
        for port, name in service.ports
        if port not in server.unapproved
    )
    known = [service.software for service in server.services if service.software != "any"]
    optional = {
        "hostnames": [
            {"name": name, "opd": server.name_owners[name]} if name in server.name_owners else name
            for name in server.hostnames
        ],
        "roles": list(server.roles),
        "services": [{"port": port, "name": name} for port, name in declared],
        "software": known,
    }
    return {
        "id": server.id,
        "name": server.name,
        "zone": server.zone,
        "category": server.category,
        "addresses": [server.address],
        **{key: value for key, value in optional.items() if value},
        **({"status": "retired"} if server.retired else {}),
    }
