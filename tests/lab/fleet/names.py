"""The name servers, the domains they know, and what each domain fails."""

from __future__ import annotations

from collections.abc import Iterable

from tests.lab.fleet.parts import truths
from tests.lab.model import LabDomain, LabServer
from tests.lab.services.bind import Bind
from tests.lab.services.openssh import STRONG_SSH
from tests.lab.services.zones import Zone

_FIRST, _SECOND, _PERMITS = "127.20.1.12", "127.20.2.53", "127.20.4.60"
_RESOLVER = "127.20.2.12"
RESOLVER = f"{_RESOLVER}:53"
"""The server that an audit of the lab asks about domains."""
_PERMIT_DOMAIN = "izin-contoh.test"

_TOP = Zone(
    "test",
    f"@ IN NS ns1.lab\nlab IN NS ns1.lab\nlab IN NS ns2.lab\nns1.lab IN A {_FIRST}\nns2.lab IN A {_SECOND}\n"
    f"izin-contoh IN NS ns1.izin-contoh\nns1.izin-contoh IN A {_PERMITS}\n",
    signed=True,
    signed_children=("lab.test",),
)
_HEAD = f"""\
@ IN NS ns1
@ IN NS ns2
ns1 IN A {_FIRST}
ns2 IN A {_SECOND}
@ IN MX 10 mail
@ IN TXT "v=spf1 mx -all"
_dmarc IN TXT "v=DMARC1; p=reject; rua=mailto:csirt@lab.test"
@ IN CAA 0 issue "ca.lab.test"
@ IN CAA 0 iodef "mailto:csirt@lab.test"
_mta-sts IN TXT "v=STSv1; id=20260101"
_smtp._tls IN TXT "v=TLSRPTv1; rua=mailto:csirt@lab.test"
s1._domainkey IN TXT {{key}}
"""
DKIM_KEY = (
    '"v=DKIM1; k=rsa; p="'
    ' "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3C6TfwZ6ce8MOPCLOuLpSUrqWtqtJunSKJNVEOCJhiNern"'
    ' "/Wc31HLhfjXPafJmLn9/L/6JPb3IQtvILbN8FjPJlixT2onZkg9nkP1Y8G3A7aZF2/sdKSH6GQaWYiT+RVWsSYuixx"'
    ' "yj2ktCyD56Dm2Lq2+kKWlz6/bepWEppR/xqPiuaTtiGyp8+uMFRbhbPKYRkgW5awd75bpweeujqobLMsCNAsifddtQ"'
    ' "kofmPKdf/EaE+jouIXOTUvRMlIht0/XthKS6qliIBbOMJeZ4mi6u34cP9mloh3musXuuffNKF++BOVLoRVCp4tGhPN"'
    ' "5Ebgg5Hi8aP8HLIpActcD+8QtwIDAQAB"'
)
"""A key of 2048 bits; nobody has its other half."""
_PERMIT_RECORDS = f"""\
@ IN NS ns1
ns1 IN A {_PERMITS}
@ IN A 127.20.1.60
@ IN MX 10 mail
mail IN A 127.20.1.61
@ IN TXT "v=spf1 a mx ?all"
dalam IN A 10.10.1.5
lama IN CNAME dihapus.izin-contoh.test.
"""

DOMAINS: tuple[LabDomain, ...] = (
    LabDomain("lab.test", "diskominfo", mail=True, dkim_selectors=("s1",)),
    LabDomain(
        _PERMIT_DOMAIN,
        "dpmptsp",
        mail=True,
        dkim_selectors=("lama",),
        expires_in_days=20,
        fails=(
            "domain-not-expiring",
            "domain-name-servers-redundant",
            "domain-signed",
            "domain-caa-published",
            "dmarc-enforced",
            "domain-not-dangling",
            "domain-addresses-registered",
            "spf-strict",
            "dkim-keys-strong",
            "mta-sts-enforced",
            "tls-reports-requested",
        ),
    ),
)


def name_servers(others: Iterable[LabServer]) -> tuple[LabServer, ...]:
    """Return the servers that know the names of all others."""
    hosts = "".join(
        f"{name}. IN A {one.address}\n"
        for one in others
        for name in one.hostnames
        if name.endswith(".lab.test") and not one.retired
    )
    lab = Zone("lab.test", _HEAD.format(key=DKIM_KEY) + hosts, signed=True)
    return (
        LabServer(
            "diskominfo-dns-01",
            "diskominfo",
            "Server nama utama",
            "dmz",
            "tinggi",
            _FIRST,
            (Bind((_TOP, lab)), STRONG_SSH),
            roles=("dns", "linux"),
        ),
        LabServer(
            "diskominfo-dns-02",
            "diskominfo",
            "Server nama internal",
            "aplikasi",
            "tinggi",
            _RESOLVER,
            (Bind(ask=(("test", _FIRST), (_PERMIT_DOMAIN, _PERMITS))), STRONG_SSH),
            roles=("dns", "linux"),
            truths=truths(53, "dns-recursion-refused", "dns-version-hidden"),
        ),
        LabServer(
            "diskominfo-dns-03",
            "diskominfo",
            "Server nama kedua",
            "aplikasi",
            "tinggi",
            _SECOND,
            (Bind((_TOP, lab)), STRONG_SSH),
            roles=("dns", "linux"),
        ),
        LabServer(
            "dpmptsp-dns-01",
            "dpmptsp",
            "Server nama perizinan",
            "opd",
            "rendah",
            _PERMITS,
            (Bind((Zone(_PERMIT_DOMAIN, _PERMIT_RECORDS, transfer=True),), show_version=True),),
            tuple(f"{name}.{_PERMIT_DOMAIN}" for name in ("ns1", "lama", "dalam")),
            ("dns",),
            truths=truths(53, "dns-version-hidden", "dns-transfer-refused"),
        ),
    )
