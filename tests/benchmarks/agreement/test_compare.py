"""Differences are found point by point, and an explanation explains no more than it says."""

from __future__ import annotations

from datetime import UTC, datetime

from auditor.model.facts import Facts
from benchmarks.agreement.compare import compare
from benchmarks.agreement.endpoints import endpoints
from benchmarks.agreement.explanations import EXPLANATIONS, Explanation, explain
from benchmarks.agreement.nouns import Endpoint, Point, Seen
from benchmarks.agreement.peers import PEERS
from benchmarks.agreement.truths import compiled_checks, tally
from tests.lab.fleet import FLEET

WEB = Endpoint("web-01", "127.20.1.30", 443, "tls")


def points(ours: Facts, theirs: Facts) -> dict[tuple[str, str], bool]:
    found = compare(WEB, "peer", Seen(ours), Seen(theirs))
    return {(point.fact, point.member): point.agrees for point in found}


def test_only_what_both_say_is_compared() -> None:
    assert points({"a": True, "b": 1}, {"a": True, "c": 2}) == {("a", ""): True}


def test_lists_are_compared_member_by_member() -> None:
    found = points({"s": ["x", "y"]}, {"s": ["y", "z"]})
    assert found == {("s", "x"): False, ("s", "y"): True, ("s", "z"): False}
    assert points({"s": []}, {"s": []}) == {("s", ""): True}


def test_a_certificate_is_compared_with_ours_of_its_key_type() -> None:
    ours = Seen({}, ({"certificate.key_type": "RSA", "certificate.sha256": "1"},))
    same = Seen({}, ({"certificate.key_type": "RSA", "certificate.sha256": "2"},))
    other = Seen({}, ({"certificate.key_type": "EC", "certificate.sha256": "1"},))
    assert [point.agrees for point in compare(WEB, "peer", ours, same)] == [True, False]
    assert [point.theirs for point in compare(WEB, "peer", ours, other)] == ["EC"]


def test_days_are_compared_to_the_minute() -> None:
    ours = ({"certificate.key_type": "RSA", "certificate.not_after": "2027-02-19T04:11:14Z"},)
    theirs = ({"certificate.key_type": "RSA", "certificate.not_after": "2027-02-19T04:11:00Z"},)
    assert all(point.agrees for point in compare(WEB, "peer", Seen({}, ours), Seen({}, theirs)))


def test_an_explanation_fits_only_what_it_names() -> None:
    rule = Explanation("sslscan", r"tls\.dh_bits", "ours", "because", said="2048/null")
    point = Point("web-01:443", "sslscan", "tls.dh_bits", "", "2048", "null")
    assert explain(point, [rule]) is rule
    for other in (
        Point("web-01:443", "nmap", "tls.dh_bits", "", "2048", "null"),
        Point("web-01:443", "sslscan", "tls.dh_bits.x", "", "2048", "null"),
        Point("web-01:443", "sslscan", "tls.dh_bits", "", "1024", "null"),
    ):
        assert explain(other, [rule]) is None


def test_no_explanation_is_a_blanket() -> None:
    for rule in EXPLANATIONS:
        assert rule.right in ("ours", "theirs", "both")
        assert rule.reason
        assert (rule.member, rule.where) != (".*", ".*") or rule.said != ".*", rule


def test_every_tls_and_ssh_port_of_the_lab_is_compared() -> None:
    found = list(endpoints(FLEET))
    assert len(found) == len(set(found)) > 60
    ports = {(one.server, one.port) for one in found if one.kind == "ssh"}
    assert ports == {(server.id, 22) for server in FLEET if 22 in server.ports}
    assert {one.starttls for one in found} == {None, "smtp", "imap", "pop3", "ftp", "postgres", "ldap"}


def test_faults_are_tallied_against_the_truths() -> None:
    (server,) = (one for one in FLEET if one.id == "disdukcapil-loket-01")
    endpoint = Endpoint(server.id, server.address, 22, "ssh")
    weak = Seen({"ssh.ciphers": ["3des-cbc"], "ssh.strict_key_exchange": True})
    strong = Seen({"ssh.ciphers": ["aes256-gcm@openssh.com"], "ssh.strict_key_exchange": True})
    checks, now = compiled_checks(), datetime(2026, 11, 22, tzinfo=UTC)
    fault = (server.id, 22, "", "ssh-ciphers-strong")
    assert fault in tally({endpoint: weak}, FLEET, checks, now).found
    assert fault in tally({endpoint: strong}, FLEET, checks, now).missed
    (other,) = (one for one in FLEET if one.id == "disdukcapil-db-01")
    innocent = Endpoint(other.id, other.address, 22, "ssh")
    assert (other.id, 22, "", "ssh-ciphers-strong") in tally({innocent: weak}, FLEET, checks, now).invented


def test_a_failed_check_that_only_informs_is_no_invention() -> None:
    server = next(one for one in FLEET if one.remarks)
    remark = server.remarks[0]
    endpoint = Endpoint(server.id, server.address, remark.port, "tls")
    seen = {endpoint: Seen({"tls.tls_1_3": True, "tls.groups": ["X25519"]})}
    found = tally(seen, FLEET, compiled_checks(), datetime(2026, 11, 22, tzinfo=UTC)).found
    assert (server.id, remark.port, "", remark.check) in found


def test_a_check_beyond_a_peer_is_not_tallied() -> None:
    checks = {one.check.id for many in compiled_checks().values() for one in many}
    for peer in PEERS:
        assert peer.beyond <= checks
        rest = {one.check.id for many in compiled_checks(peer.beyond).values() for one in many}
        assert rest == checks - peer.beyond
