"""Servers from a spreadsheet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.inventory.csv_import import import_servers
from auditor.model.document import Document, DocumentError, parse_document
from tests.auditor.inventory.samples import TEXT, inventory

HEADER = "opd,id,zone,category,addresses\n"
NAMED = "opd,id,zone,category,hostnames\n"
WAITING = "  - id: dinas-pmd\n    name: Dinas PMD\n    # a comment between the keys\n"
"""An OPD that has nothing of its own yet."""


def document(text: str = TEXT) -> Document:
    return parse_document(text.encode(), "inventory.yaml")


def add(table: str | bytes, text: str = TEXT) -> str:
    return import_servers(
        table if isinstance(table, bytes) else table.encode(), "servers.csv", document(text)
    )


def messages(table: str | bytes, text: str = TEXT) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        add(table, text)
    return [str(problem) for problem in caught.value.problems]


def test_servers_are_added_and_the_rest_stays_as_it_was() -> None:
    table = (
        "\ufeffOPD;opd_name;id;name;zone;category;addresses;hostnames;services;fragility\r\n"
        'dinkes;;dinkes-03;"=HYPERLINK(""x"")";dmz;rendah;10.10.1.30 2001:db8::30;;443/https 22;fragile\r\n'
        "\r\n"
        ";;;;;;;;;\r\n"
        "disdik;Dinas Pendidikan;disdik-01;;dmz;strategis;;ppdb.example.go.id;;\r\n"
    )
    text = add(table)
    kept = [line for line in TEXT.splitlines() if line not in text.splitlines()]
    assert kept == []
    assert "# a comment that stays" in text
    loaded = inventory(text)
    added = loaded.server("dinkes-03")
    assert added.name == '=HYPERLINK("x")'
    assert [str(address) for address in added.addresses] == ["10.10.1.30", "2001:db8::30"]
    assert [(service.port, service.name) for service in added.services] == [(443, "https"), (22, "unnamed")]
    assert loaded.opd("disdik").name == "Dinas Pendidikan"
    assert [server.id for server in loaded.servers()] == [
        "dinkes-web-01",
        "dinkes-web-02",
        "dinkes-03",
        "disdik-01",
    ]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("", "servers.csv:1:1: an empty table"),
        (HEADER, "servers.csv:1:1: no server below the first line"),
        (HEADER.encode("utf-16"), "servers.csv:1:1: saved as UTF-16"),
        (HEADER.encode() + "dinkes,café".encode("cp1252"), "servers.csv:2:11: byte 0xe9 is not UTF-8"),
        (HEADER + "dinkes,a\0b,dmz,tinggi,10.10.1.30\n", "servers.csv:2:9: hidden character U+0000"),
        (HEADER + "dinkes,a\u202eb,dmz,tinggi,10.10.1.30\n", "servers.csv:2:9: hidden character U+202E"),
        (HEADER + "din\u200bkes,a,dmz,tinggi,10.10.1.30\n", "servers.csv:2:4: hidden character U+200B"),
        (
            HEADER + "d" * 200_000 + ",a,dmz,tinggi,10.10.1.30\n",
            "servers.csv:2:1: a cell of 200000 characters",
        ),
        (HEADER + 'dinkes,"a\nb",dmz,tinggi,10.10.1.30\n', "servers.csv:2:8: this quote is not closed"),
        (HEADER + 'dinkes,"a,dmz,tinggi,10.10.1.30\n', "servers.csv:2:8: this quote is not closed"),
        (HEADER + 'dinkes,"a"b,dmz,tinggi,10.10.1.30\n', "servers.csv:2:11: text after a closing quote"),
        (HEADER + 'dinkes,a"b,dmz,tinggi,10.10.1.30\n', "servers.csv:2:9: a quote inside a cell"),
        (HEADER + "dinkes,a,dmz\n", "servers.csv:2:1: 3 cells where the first line names 5 columns"),
        (HEADER + "dinkes,a,dmz,tinggi,10.10.1.30,x\n", "servers.csv:2:1: 6 cells"),
        (
            "opd,id,zone,category,adresses\n",
            'servers.csv:1:22: unknown column "adresses"; did you mean "addresses"?',
        ),
        ("opd,id,zone,category,id\n", "servers.csv:1:22: column id is there twice"),
        ("opd,id,zone\na,b,c\n", "servers.csv:1:1: column category is missing"),
        (HEADER + "dinkes,Web 1,dmz,tinggi,10.10.1.30\n", 'servers.csv:2:8: "Web 1" is not an id'),
        (
            HEADER + "dinkes,a,dmx,tinggi,10.10.1.30\n",
            'servers.csv:2:10: unknown zone "dmx"; did you mean "dmz"?',
        ),
        (HEADER + "dinkes,a,dmz,sedang,10.10.1.30\n", "servers.csv:2:14: category must be rendah, tinggi"),
        (HEADER + "dinkes,a,dmz,tinggi,010.10.1.30\n", 'servers.csv:2:21: "010.10.1.30" has leading zeros'),
        (HEADER + "dinkes,a,dmz,tinggi,\n", "servers.csv:2:8: this server has no addresses"),
        (
            HEADER + "dinkes,a,dmz,tinggi,10.10.1.10\n",
            'servers.csv:2:21: address "10.10.1.10" is already in inventory',
        ),
        (
            HEADER + "disdik,a,dmz,tinggi,10.10.1.30\n",
            'servers.csv:2:1: OPD "disdik" is not in the inventory yet',
        ),
        (HEADER + "=1+1,a,dmz,tinggi,10.10.1.30\n", 'servers.csv:2:1: "=1+1" is not an id'),
        ("opd,id,zone,category,hostnames\ndinkes,a,dmz,tinggi,-oX.go.id\n", "servers.csv:2:21: the name"),
        (
            "opd,id,zone,category,hostnames,services\ndinkes,a,dmz,tinggi,a.id,22:30\n",
            "servers.csv:2:26: port must be",
        ),
        (NAMED + "dinkes,a,dmz,tinggi,a.id=dinks\n", 'servers.csv:2:21: unknown OPD "dinks"; did you mean'),
        (NAMED + "dinkes,a,dmz,tinggi,a.id=\n", 'servers.csv:2:21: "" is not an id'),
        (NAMED + "dinkes,a,dmz,tinggi,=dinkes\n", "servers.csv:2:21: the name"),
        (NAMED + "dinkes,a,dmz,tinggi,a.id=dinkes\n", "servers.csv:2:21: not needed, the server is of OPD"),
        (NAMED + "dinkes,a,dmz,tinggi,a.id=b=c\n", 'servers.csv:2:21: "b=c" is not an id'),
    ],
)
def test_what_is_wrong_is_told_at_its_cell(table: str | bytes, expected: str) -> None:
    assert messages(table)[0].startswith(expected)


def test_a_name_can_belong_to_another_opd_than_the_server() -> None:
    table = NAMED + "dinkes,a,dmz,tinggi,desa-a.example.go.id=dinas-pmd b.example.go.id\n"
    text = add(table, TEXT + WAITING)
    assert "hostnames: [{name: desa-a.example.go.id, opd: dinas-pmd}, b.example.go.id]" in text
    loaded = inventory(text)
    assert loaded.server("a").hostnames == ("desa-a.example.go.id", "b.example.go.id")
    assert loaded.server("a").name_owners == {"desa-a.example.go.id": "dinas-pmd"}
    assert loaded.opd("dinas-pmd").servers == ()


def test_the_owner_of_a_name_can_come_with_the_same_table() -> None:
    table = "opd,opd_name,id,zone,category,hostnames\n"
    table += (
        "dinkes,,a,dmz,tinggi,x.example.go.id=disdik\ndisdik,Disdik,b,dmz,tinggi,y.example.go.id=dinkes\n"
    )
    loaded = inventory(add(table))
    owners = {name: opd for server in loaded.servers() for name, opd in server.name_owners.items()}
    assert owners == {"x.example.go.id": "disdik", "y.example.go.id": "dinkes"}


def test_one_name_with_two_owners() -> None:
    table = NAMED + "dinkes,a,dmz,tinggi,x.example.go.id=dinas-pmd\ndinas-pmd,b,dmz,tinggi,y.example.go.id\n"
    add(table, TEXT + WAITING)
    [message] = messages(table + "dinkes,c,dmz,tinggi,x.example.go.id\n", TEXT + WAITING)
    assert message.startswith(
        'servers.csv:4:21: name "x.example.go.id" belongs to OPD "dinas-pmd" in line 2 and to "dinkes" here'
    )
    [message] = messages(NAMED + "dinkes,a,dmz,tinggi,satu.example.go.id=dinas-pmd\n", TEXT + WAITING)
    assert message.startswith(
        'servers.csv:2:21: name "satu.example.go.id" belongs to OPD "dinkes" in inventory.yaml line 35'
    )


def test_the_first_servers_of_an_opd_that_has_none_yet() -> None:
    table = HEADER + "dinas-pmd,a,dmz,tinggi,10.10.1.30\ndinkes,b,dmz,tinggi,10.10.1.31\n"
    for text in (TEXT + WAITING, TEXT.replace("opds:\n", "opds:\n" + WAITING)):
        added = add(table, text)
        assert "# a comment between the keys" in added
        loaded = inventory(added)
        assert [server.id for server in loaded.opd("dinas-pmd").servers] == ["a"]
        assert [server.id for server in loaded.opd("dinkes").servers][-1] == "b"
    [message] = messages(table, TEXT + "  - {id: dinas-pmd, name: Dinas PMD}\n")
    assert message.startswith("inventory.yaml:36:5: an OPD in brackets cannot be added to")
    [message] = messages(HEADER + "dinkes,b,dmz,tinggi,10.10.1.31\n", TEXT + WAITING)
    assert message.startswith('inventory.yaml:36:5: OPD "dinas-pmd" has no servers, no domains')


def test_one_address_in_two_agencies() -> None:
    table = "opd,opd_name,id,zone,category,addresses\n"
    table += "dinkes,,a,dmz,tinggi,10.10.1.30\ndisdik,Disdik,b,dmz,tinggi,10.10.1.30\n"
    [message] = messages(table)
    assert message.startswith('servers.csv:3:28: address "10.10.1.30" is already in line 2')


def test_an_inventory_in_brackets_is_refused_rather_than_broken() -> None:
    text = TEXT[: TEXT.index("    servers:")]
    text += "    servers: [{id: a, zone: dmz, category: rendah, addresses: [10.10.1.1]}]\n"
    [message] = messages(HEADER + "dinkes,b,dmz,tinggi,10.10.1.30\n", text)
    assert message.startswith("inventory.yaml:18:14: a list in brackets cannot be added to")


def test_problems_of_the_inventory_come_first() -> None:
    [message] = messages(HEADER, TEXT.replace("category: tinggi", "category: sedang"))
    assert message.startswith("inventory.yaml:22:19")


def test_a_file_without_a_last_line_end_and_keys_after_the_list() -> None:
    before, opds = TEXT.split("opds:\n")
    version, rest = before.split("\n", 1)
    text = f"opds:\n{opds}{rest}{version}"
    added = inventory(add(HEADER + "dinkes,b,dmz,tinggi,10.10.1.30\n", text))
    assert [server.id for server in added.servers()] == ["dinkes-web-01", "dinkes-web-02", "b"]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_any_name_arrives_as_it_was_or_is_refused(name: str) -> None:
    quoted = name.replace('"', '""')
    table = f'opd,id,zone,category,addresses,name\ndinkes,b,dmz,tinggi,10.10.1.30,"{quoted}"\n'
    try:
        text = add(table)
    except DocumentError:
        return
    assert inventory(text).server("b").name == (name.strip() or "b")
