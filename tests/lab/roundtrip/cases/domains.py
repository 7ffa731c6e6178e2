"""Domains: records in a zone, and what the inventory says of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import yaml

from tests.lab.certificates import GOOD
from tests.lab.fleet.names import DKIM_KEY
from tests.lab.pages import STRICT_HTTPS, page
from tests.lab.roundtrip.model import Bed, Case, Edit
from tests.lab.roundtrip.moved import MOVED
from tests.lab.roundtrip.placers import bind, nginx
from tests.lab.services.bind import Bind
from tests.lab.services.nginx import Nginx, Site

_DOMAIN = "izin-contoh.test"
_SERVER = MOVED["dpmptsp-dns-01"]
_NAMES = (MOVED["diskominfo-dns-01"], MOVED["diskominfo-dns-02"])
_SELECTOR = "2026a"


def _new_key(content: str, text: str) -> str:
    """Publish a key under the text's selector, and take the key of the inventory's old one back."""
    key = re.sub(r"\( .* \)", lambda _: f"( {DKIM_KEY} )", text).replace("2019._domainkey", "lama._domainkey")
    return bind.records(content, key)


def _second(content: str, text: str) -> str:
    """Name the second server; the lab's stands in for the one of another provider."""
    return bind.later("zone file")(content, text.replace("ns2.mitra.go.id", "ns2.lab.test"))


def _secondary() -> Any:
    """Return the lab's second name server with a copy of the zone, as after a transfer."""
    server, own = MOVED["diskominfo-dns-03"], _SERVER.services[0]
    first = server.services[0]
    assert isinstance(first, Bind) and isinstance(own, Bind)
    copied = replace(first, zones=(*first.zones, *own.zones))
    return replace(server, services=(copied, *server.services[1:]))


def _selectors(document: dict[str, Any], _: Mapping[str, str]) -> None:
    _domain(document)["dkim_selectors"] = [_SELECTOR, "lama"]


def _renewed(document: dict[str, Any], texts: Mapping[str, str]) -> None:
    assert "expires:" in texts["any"]
    _domain(document)["expires"] = datetime.now(UTC).date() + timedelta(days=365)


def _registered(document: dict[str, Any], texts: Mapping[str, str]) -> None:
    """Enter the text's server, once for every address that shall stay."""
    lines = [line.removeprefix("# ") for line in texts["bind"].splitlines() if line.startswith("# ")]
    entry = yaml.safe_load("\n".join(lines[1:]))["servers"][0]
    opd = next(one for one in document["opds"] if one["id"] == "dpmptsp")
    for number, address in enumerate(("127.78.1.60", "127.78.1.61")):
        opd["servers"].append(
            {**entry, "id": f"{entry['id']}-{number}", "addresses": [address], "hostnames": []}
        )


def _domain(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(
        one for opd in document["opds"] for one in opd["domains"] if one["name"] == _DOMAIN
    )
    return found


def _zone(check: str, change: Any, **more: Any) -> Case:
    edit: Edit = bind.zone(_DOMAIN, change)
    companions = more.pop("companions", _NAMES)
    return Case(
        check, _SERVER, {"bind": edit}, subject=_DOMAIN, companions=companions, asks_domains=True, **more
    )


def _kept(content: str, _: str) -> str:
    return content


def _without_private(content: str, _: str) -> str:
    """Delete the record of an address that no server of the agencies has, as the steps say."""
    return re.sub(r"(?m)^\S+ IN A 10\..*\n", "", content)


_POLICY_SITE = replace(
    _SERVER,
    services=(
        *_SERVER.services,
        Nginx((Site(443, {"index.html": page("Perizinan")}, certificates=(GOOD,), headers=STRICT_HTTPS),)),
    ),
)
_UNKNOWN = replace(MOVED["tak-tercatat-01"], hostnames=())


def _with_policy_site(content: str, text: str) -> str:
    """Publish the records; the policy begins with testing, and the text's last step is to enforce it."""
    return bind.records(content, text.replace("203.0.113.10", _SERVER.address))


def _policy_file(bed: Bed) -> None:
    """Give the policy file its site, as nginx's text has it, with what the zone's text says stands in it."""
    nginx.own_site(bed, _DOMAIN, _SERVER.address)
    lines = re.findall(r"(?m)^; (version|mode|mx|max_age): (\S+)", bed.texts["bind"])
    said = {**dict(lines), "mx": f"mail.{_DOMAIN}", "mode": "enforce"}
    policy = "".join(f"{key}: {value}\n" for key, value in said.items())
    bed.inside("/var/www/mta-sts/.well-known/mta-sts.txt", policy)


def _entered(document: dict[str, Any], texts: Mapping[str, str]) -> None:
    """Enter the text's server in the inventory, with the address that was found."""
    entry = yaml.safe_load(texts["any"])["servers"][0]
    opd = next(one for one in document["opds"] if one["id"] == "diskominfo")
    opd["servers"].append({**entry, "zone": _UNKNOWN.zone, "addresses": [_UNKNOWN.address]})


CASES: tuple[Case, ...] = (
    _zone("dmarc-enforced", bind.later("then, when")),
    _zone("spf-strict", bind.records),
    _zone("domain-caa-published", bind.records),
    _zone("tls-reports-requested", bind.records),
    _zone("domain-not-dangling", bind.deleted),
    _zone("dkim-keys-strong", _new_key, records=_selectors),
    _zone("domain-name-servers-redundant", _second, companions=(*_NAMES, _secondary())),
    _zone("domain-not-expiring", _kept, records=_renewed, software=("any",)),
    _zone("domain-addresses-registered", _without_private, records=_registered),
    Case(
        "mta-sts-enforced",
        _POLICY_SITE,
        {"bind": bind.zone(_DOMAIN, _with_policy_site), "nginx": _policy_file},
        subject=_DOMAIN,
        companions=_NAMES,
        asks_domains=True,
    ),
    Case(
        "network-hosts-registered",
        _UNKNOWN,
        {},
        ("any",),
        subject=f"zone:{_UNKNOWN.zone}",
        companions=(MOVED["diskominfo-waktu-01"],),
        records=_entered,
        sweeps=True,
    ),
)
