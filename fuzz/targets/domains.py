"""DNS messages and the texts in them, and the policy of MTA-STS."""

from __future__ import annotations

import dns.flags
import dns.message
import dns.name
import dns.rdatatype
import dns.rrset

from fuzz.target import Target, choose
from scanners.dns.answers import Unanswered, belongs, is_cut, parse_response, read_answer
from scanners.dns.caa import parse_issuer
from scanners.dns.dkim import parse_dkim
from scanners.dns.dmarc import is_dmarc, parse_dmarc
from scanners.dns.options import OptionsError, read_name
from scanners.dns.record import RecordError, text_of
from scanners.dns.spf import is_spf, parse_spf
from scanners.dns.tlsa import Association
from scanners.dns.transport import parse_mta_sts_policy, parse_mta_sts_record, parse_tls_report_record

_NAME = dns.name.from_text("contohkab.lab.test.")
_KINDS = tuple(
    dns.rdatatype.from_text(name)
    for name in ("A", "AAAA", "MX", "TXT", "CAA", "TLSA", "NS", "SOA", "CNAME", "DNSKEY", "DS")
)
_TEXTS = (
    parse_spf,
    parse_dmarc,
    parse_dkim,
    parse_issuer,
    parse_mta_sts_record,
    parse_mta_sts_policy,
    parse_tls_report_record,
    is_spf,
    is_dmarc,
)


def _message(data: bytes) -> None:
    which, wire = choose(data, _KINDS)
    query = dns.message.make_query(_NAME, _KINDS[which], id=1, want_dnssec=True)
    wire = b"\x00\x01" + wire[2:]
    if not belongs(wire, query):
        return
    is_cut(wire)
    message = parse_response(wire, query)
    if message is not None:
        read_answer(message, _NAME, _KINDS[which])


def _text(data: bytes) -> None:
    which, said = choose(data, _TEXTS)
    _TEXTS[which](text_of((said,)))


def _name(data: bytes) -> None:
    read_name(data.decode("utf-8", "replace"))


def _association(data: bytes) -> None:
    if len(data) > 4:
        usage, selector, matching, length = data[:4]
        Association(usage % 5, selector % 3, matching % 4, data[4 : 4 + length]).matches(data[4 + length :])


def _message_seeds() -> list[bytes]:
    texts = {
        "A": "192.0.2.1",
        "MX": "10 mail.contohkab.lab.test.",
        "TXT": '"v=spf1 -all"',
        "CAA": '0 issue "letsencrypt.org"',
        "NS": "ns1.contohkab.lab.test.",
        "CNAME": "www.contohkab.lab.test.",
        "TLSA": "3 1 1 " + "ab" * 32,
    }
    seeds = []
    for kind, text in texts.items():
        answer = dns.message.make_response(dns.message.make_query(_NAME, kind, id=1))
        answer.flags |= dns.flags.RA
        answer.answer.append(dns.rrset.from_text(_NAME, 300, "IN", kind, text))
        seeds.append(bytes((_KINDS.index(dns.rdatatype.from_text(kind)),)) + answer.to_wire())
    return seeds


_TEXT_SEEDS = (
    b"\x00v=spf1 a mx:mail.lab.test/24 ip4:192.0.2.0/24 ip6:2001:db8::/32 include:_spf.lab.test "
    b"redirect=x.lab.test -all",
    b"\x01v=DMARC1; p=reject; sp=quarantine; pct=100; rua=mailto:a@lab.test!10m; adkim=s",
    b"\x02v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDD",
    b"\x03letsencrypt.org; accounturi=https://x.lab.test/1",
    b"\x04v=STSv1; id=20261122T00;",
    b"\x05version: STSv1\nmode: enforce\nmx: *.lab.test\nmax_age: 604800\n",
    b"\x06v=TLSRPTv1; rua=mailto:tls@lab.test",
)

TARGETS = (
    Target("dns-message", _message, (Unanswered,), _message_seeds),
    Target("dns-texts", _text, (RecordError,), lambda: list(_TEXT_SEEDS)),
    Target(
        "dns-name", _name, (OptionsError, ValueError), lambda: [b"contohkab.lab.test", "dinas.例".encode()]
    ),
    Target("dns-tlsa", _association, (), lambda: [b"\x03\x01\x01\x20" + bytes(32) + b"0\x03\x02\x01\x01"]),
)
