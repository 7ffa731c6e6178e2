"""The hosts as an organisation writes them down: inventory and policy for the real command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from tests.lab.hosts.access import USER
from tests.lab.hosts.auditing import record_of
from tests.lab.hosts.fleet.parts import APPROVED
from tests.lab.hosts.lab import HostLab
from tests.lab.hosts.model import Host

_NETWORK = "10.77.0.0/24"
_METHODS = ["ports", "tls", "certificates", "ssh", "http", "host"]


def write_files(lab: HostLab, folder: Path) -> tuple[Path, Path]:
    """Write inventory.yaml and policies.yaml of the lab into a folder, and return their paths."""
    inventory, policy = folder / "inventory.yaml", folder / "policies.yaml"
    inventory.write_text(yaml.safe_dump(_inventory(lab), sort_keys=False, allow_unicode=True), "utf-8")
    policy.write_text(yaml.safe_dump(_policy(), sort_keys=False, allow_unicode=True), "utf-8")
    return inventory, policy


def _inventory(lab: HostLab) -> dict[str, Any]:
    consent = sorted({check for host in lab.hosts for check in host.consent})
    zones = sorted({host.zone for host in lab.hosts})
    opds: dict[str, list[dict[str, Any]]] = {}
    for host in lab.hosts:
        opds.setdefault(host.opd, []).append(_server(lab, host))
    return {
        "version": 1,
        "organization": {"name": "Pemerintah Kabupaten Lab", "timezone": "Asia/Jakarta"},
        "authorizations": [
            {
                "reference": "094/77/Lab/2026",
                "approved_by": "Kepala Laboratorium",
                "valid": {"from": "2000-01-01", "until": "9999-12-30"},
                "networks": [_NETWORK],
                "methods": _METHODS,
                "consent": consent,
            }
        ],
        "zones": [
            {"id": zone, "name": zone.upper(), "public": False, "networks": [_NETWORK]} for zone in zones
        ],
        "credentials": [
            {"id": "audit-key", "user": USER, "key": {"file": str(lab.keys.private)}, "sudo": True}
        ],
        # One list for the whole organisation: nobody who left one host is meant to be on another.
        "leavers": sorted({name for host in lab.hosts for name in host.leavers or ()}),
        "opds": [{"id": opd, "name": opd.upper(), "servers": servers} for opd, servers in opds.items()],
    }


def _server(lab: HostLab, host: Host) -> dict[str, Any]:
    # Days are written as text in an inventory.
    record: dict[str, Any] = _as_text(record_of(lab, host))
    return {
        "id": host.id,
        "name": host.name,
        "zone": host.zone,
        "category": host.category,
        "addresses": [host.address],
        "services": [{"port": 22, "name": "ssh"}],
        "host_access": {"credential": "audit-key", "host_keys": [lab.keys.public(host.id)]},
        **({"record": record} if record else {}),
    }


def _as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_text(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_as_text(inner) for inner in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _policy() -> dict[str, Any]:
    approved = {name.partition(".")[2]: value for name, value in APPROVED.items()}
    budget = {
        "connections_per_second": 50,
        "parallel_connections": 10,
        "packets_per_second": 1000,
        "host_timeout_seconds": 300,
        "ssh_spacing_seconds": 0,
    }
    return {
        "version": 1,
        "host": {"approved": approved},
        "budgets": {"normal": budget},
        "total": {"parallel_hosts": 4, "connections_per_second": 200},
        "reuse": {"reference_days": 0},
        "ports": {"ranges": ["1-1024", 3306, 5432, 6379]},
    }
