"""Host names that belong to another OPD than the server they are served from."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.inventory.loading import check_inventory
from auditor.inventory.resolve import pin_addresses
from auditor.inventory.schema import inventory_schema
from auditor.model.document import DocumentError, parse_document
from auditor.model.inventory import Inventory, Kind, Layer, Responsible
from tests.auditor.inventory.samples import TEXT, inventory

SHARED = """\
version: 1
organization: {name: Pemerintah Kabupaten Contoh, timezone: Asia/Jakarta}
authorizations:
  - reference: 094/001/Diskominfo/2026
    approved_by: Kepala Dinas Kominfo
    valid: {from: 2026-01-01, until: 2026-12-31}
    networks: [10.10.0.0/16]
    methods: [ports]
zones:
  - {id: dmz, name: DMZ, public: true, networks: [10.10.1.0/24]}
opds:
  - id: diskominfo
    name: Dinas Komunikasi dan Informatika
    servers:
      - id: hosting-01
        zone: dmz
        category: tinggi
        addresses: [10.10.1.10]
        hostnames:
          - www.example.go.id
          - {name: Desa-A.example.go.id, opd: dinas-pmd}
        responsible: {room: opd, hypervisor: centre, accounts: centre}
  - id: dinas-pmd
    name: Dinas Pemberdayaan Masyarakat dan Desa
"""


def test_a_name_of_another_opd_is_still_a_name_of_the_server() -> None:
    server = inventory(SHARED).server("hosting-01")
    assert server.hostnames == ("www.example.go.id", "desa-a.example.go.id")
    assert server.name_owners == {"desa-a.example.go.id": "dinas-pmd"}
    assert server.opd == "diskominfo"
    assert server.responsible == {
        Layer.ROOM: Responsible.OPD,
        Layer.HYPERVISOR: Responsible.CENTRE,
        Layer.ACCOUNTS: Responsible.CENTRE,
    }


def test_an_opd_may_own_nothing_but_a_name_or_a_domain() -> None:
    assert inventory(SHARED).opd("dinas-pmd").servers == ()
    only_domain = SHARED + "    domains: [{name: pmd.example.go.id}]\n"
    [domain] = inventory(only_domain.replace("opd: dinas-pmd", "opd: bkd") + BKD).opd("dinas-pmd").servers
    assert (domain.kind, domain.name) == (Kind.DOMAIN, "pmd.example.go.id")
    with pytest.raises(DocumentError, match=r'23:5: OPD "dinas-pmd" has no servers, no domains and no host'):
        inventory(SHARED.replace("{name: Desa-A.example.go.id, opd: dinas-pmd}", "desa-a.example.go.id"))


BKD = "  - {id: bkd, name: Badan Kepegawaian Daerah, servers: []}\n"


def test_names_resolve_whoever_owns_them() -> None:
    unpinned = inventory(SHARED.replace("        addresses: [10.10.1.10]\n", ""))
    pinned, failures = pin_addresses(unpinned, lambda name: ["10.10.1.10"])
    assert failures == ()
    assert pinned.server("hosting-01").name_owners == {"desa-a.example.go.id": "dinas-pmd"}


def test_two_opds_may_serve_one_name_as_long_as_neither_says_whose_it_is() -> None:
    """A proxy and the server behind it, in files from before names had owners."""
    other = "  - id: dinkes\n    name: Dinas Kesehatan\n    servers:\n"
    other += "      - {id: dinkes-web-01, zone: dmz, category: rendah, addresses: [10.10.1.11],"
    other += " hostnames: [NAME]}\n"
    inventory(SHARED + other.replace("NAME", "www.example.go.id"))
    with pytest.raises(
        DocumentError, match=r'28:95: name "desa-a.example.go.id" belongs to OPD "dinas-pmd" in l'
    ):
        inventory(SHARED + other.replace("NAME", "desa-a.example.go.id"))


def test_the_schema_takes_both_forms_and_nothing_else() -> None:
    entry = inventory_schema()["$defs"]["ServerShape"]["properties"]["hostnames"]["items"]
    owned, text = entry["anyOf"]
    assert text == {"type": "string"}
    assert (owned["type"], owned["additionalProperties"]) == ("object", False)
    assert owned["required"] == list(owned["properties"]) == ["name", "opd"]


OPDS = ("bkd", "dinkes", "diskominfo")
NAMES = ("a.example.go.id", "b.example.go.id", "c.example.go.id")
ENTRY = st.tuples(st.sampled_from(NAMES), st.sampled_from((None, *OPDS, "dinkse")))
SERVERS = st.dictionaries(st.sampled_from(OPDS), st.lists(ENTRY, min_size=1, max_size=3))
"""OPD → the names on its server with the owner that is written, or None."""


def written(servers: Mapping[str, list[tuple[str, str | None]]]) -> object:
    """Return the tree of an inventory in which every OPD has one server with these names."""
    data = parse_document(TEXT.encode(), "inventory.yaml").data
    assert isinstance(data, dict)
    opds = [
        {
            "id": opd,
            "name": opd,
            "servers": [
                {
                    "id": f"{opd}-01",
                    "zone": "dmz",
                    "category": "rendah",
                    "hostnames": [
                        name if owner is None else {"name": name, "opd": owner}
                        for name, owner in servers.get(opd, [(f"{opd}.example.go.id", None)])
                    ],
                }
            ],
        }
        for opd in OPDS
    ]
    return {**data, "opds": opds}


def wanted(servers: Mapping[str, list[tuple[str, str | None]]]) -> bool:
    """Say whether every name has one owner that can be found, by trying all pairs of entries."""
    entries = [(opd, name, owner) for opd, names in servers.items() for name, owner in names]
    for opd, name, owner in entries:
        if owner is not None and (owner == opd or owner not in OPDS):
            return False
        if sum((opd, name) == (other, again) for other, again, _ in entries) > 1:
            return False
        for other, again, elsewhere in entries:
            said = owner is not None or any(one is not None for _, known, one in entries if known == name)
            if said and name == again and (owner or opd) != (elsewhere or other):
                return False
    return True


@given(SERVERS)
def test_every_name_has_one_owner_or_is_refused(servers: dict[str, list[tuple[str, str | None]]]) -> None:
    text = json.dumps(written(servers), indent=1)
    document = parse_document(text.encode(), "inventory.yaml")
    try:
        loaded = check_inventory(document.data, document, document.digest)
    except DocumentError as error:
        assert not wanted(servers)
        assert all(problem.line > 1 for problem in error.problems)
        return
    assert wanted(servers)
    assert_owners(loaded, servers)


def assert_owners(loaded: Inventory, servers: Mapping[str, list[tuple[str, str | None]]]) -> None:
    """Check that what was written arrived: all names, and an owner for those of others only."""
    for opd, names in servers.items():
        server = loaded.server(f"{opd}-01")
        assert server.hostnames == tuple(name for name, _ in names)
        assert server.name_owners == {name: owner for name, owner in names if owner is not None}
        assert opd not in server.name_owners.values()
