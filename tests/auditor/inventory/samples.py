"""Inventories to vary."""

from __future__ import annotations

from auditor.inventory.loading import check_inventory
from auditor.model.document import parse_document
from auditor.model.inventory import Inventory

TEXT = """\
version: 1
organization:
  name: Pemerintah Kabupaten Contoh
  timezone: Asia/Makassar
authorizations:
  - reference: 094/001/Diskominfo/2026
    approved_by: Kepala Dinas Kominfo
    valid: {from: 2026-01-01, until: 2026-12-31}
    networks: [10.10.0.0/16, "2001:db8::/32"]
    exclude: [10.10.1.99/32]
    methods: [ports, tls]
    consent: [tls-heartbleed-absent]
zones:
  - {id: dmz, name: DMZ, public: true, networks: [10.10.1.0/24, "2001:db8::/64"]}
opds:
  - id: dinkes
    name: Dinas Kesehatan
    servers:
      - id: dinkes-web-01
        name: Situs
        zone: dmz
        category: tinggi
        addresses: [10.10.1.10, "2001:DB8:0::A"]
        hostnames: [Dinkes.Example.GO.ID]
        roles: [web]
        services: [{port: 8443, name: https}, {port: 123, transport: udp}]
        software: [nginx]
        responsible: {host: opd}
        fragility: sensitive
        host_access: {local: true}
      # a comment that stays
      - id: dinkes-web-02
        zone: dmz
        category: rendah
        hostnames: [satu.example.go.id, dua.example.go.id]
"""


def inventory(text: str = TEXT) -> Inventory:
    """Return the Inventory of a text."""
    document = parse_document(text.encode(), "inventory.yaml")
    return check_inventory(document.data, document, document.digest)
