"""Resolving names once."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from auditor.inventory.resolve import MAXIMUM_ADDRESSES, pin_addresses, resolve, system_resolvers
from tests.auditor.inventory.samples import inventory


@dataclass
class Names:
    """A resolver that answers from a table, and counts what it was asked."""

    answers: dict[str, list[str]]
    asked: list[str] = field(default_factory=list)

    def __call__(self, hostname: str) -> list[str]:
        self.asked.append(hostname)
        if hostname not in self.answers:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return self.answers[hostname]


def test_servers_without_addresses_get_those_of_all_their_names_in_a_fixed_order() -> None:
    names = Names({"satu.example.go.id": ["10.10.1.21", "2001:db8::1"], "dua.example.go.id": ["10.10.1.20"]})
    pinned, failures = pin_addresses(inventory(), names)
    assert [str(address) for address in pinned.server("dinkes-web-02").addresses] == [
        "10.10.1.20",
        "10.10.1.21",
        "2001:db8::1",
    ]
    assert failures == ()
    assert pinned.server("dinkes-web-01") == inventory().server("dinkes-web-01")
    assert sorted(names.asked) == ["dua.example.go.id", "satu.example.go.id"]


def test_a_name_that_does_not_resolve_is_told_and_the_others_are_used() -> None:
    pinned, failures = pin_addresses(inventory(), Names({"dua.example.go.id": ["10.10.1.20"]}))
    assert len(pinned.server("dinkes-web-02").addresses) == 1
    [failure] = failures
    assert (failure.server, failure.opd, failure.hostname) == (
        "dinkes-web-02",
        "dinkes",
        "satu.example.go.id",
    )
    assert "does not resolve" in failure.detail


def test_one_name_of_two_servers_is_asked_once_even_when_the_answer_would_change() -> None:
    twice = inventory()
    server = twice.server("dinkes-web-02")
    names = Names({name: ["10.10.1.20"] for name in server.hostnames})
    opd = twice.opds[0]
    copied = type(opd)(opd.id, opd.name, (server, server))
    pinned, _ = pin_addresses(type(twice)(twice.organization, (), (), (copied,)), names)
    assert len(names.asked) == len(server.hostnames)
    assert len({entry.addresses for entry in pinned.servers()}) == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ([], "has no address"),
        (["10.0.0.1", "169.254.169.254"], "169.254.169.254, a link-local address"),
        (["0.0.0.0"], "an unspecified address"),
        (["::ffff:224.0.0.1"], "a multicast address"),
        (["fe80::1%eth0"], "an address of one network interface"),
        (["010.0.0.1"], "no address"),
        (["-oX"], "no address"),
        ([f"10.0.{number}.1" for number in range(MAXIMUM_ADDRESSES + 1)], "more than 16"),
    ],
)
def test_answers_that_cannot_be_used(answer: list[str], said: str) -> None:
    found = resolve("a.go.id", Names({"a.go.id": answer}))
    assert isinstance(found, str)
    assert said in found


def test_mapped_addresses_are_the_ipv4_addresses_inside() -> None:
    found = resolve("a.go.id", Names({"a.go.id": ["::ffff:10.0.0.1", "10.0.0.1"]}))
    assert [str(address) for address in found] == ["10.0.0.1"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("search go.id\nnameserver 10.0.0.53\nnameserver fd00::53\n", ("10.0.0.53", "fd00::53")),
        ("nameserver fe80::1%eth0\nnameserver 10.0.0.53\n", ("10.0.0.53",)),
        ("options timeout:1\n", ()),
    ],
)
def test_the_machine_s_own_resolvers_are_asked_where_the_policy_names_none(
    tmp_path: Path, text: str, found: tuple[str, ...]
) -> None:
    path = tmp_path / "resolv.conf"
    path.write_text(text, encoding="utf-8")
    assert system_resolvers(str(path)) == found
    assert system_resolvers(str(tmp_path / "absent")) == ()
