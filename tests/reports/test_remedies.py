"""The remedy fits the software that was found, and its command is safe to paste."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.finding import Finding
from auditor.model.subject import Subject, SubjectKind
from reports.remedies import SOFTWARE, chosen_remedies, filled, remedies_for, software_seen, verify_command
from tests.reports.catalogue import CHECKS, remedy
from tests.reports.sample import evidence, report_data

DATA = report_data()


def found(check: str, server: str) -> Finding:
    return next(f for f in DATA.findings if f.check == check and f.subject.server == server)


def test_the_product_on_the_port_of_the_finding_decides() -> None:
    assert software_seen(found("tls-1-0-refused", "dinkes-01"), DATA) == {"nginx"}
    assert software_seen(found("tls-1-0-refused", "disdik-02"), DATA) == {"apache"}
    assert software_seen(found("ssh-password-refused", "dinkes-01"), DATA) == {"openssh"}


def test_the_inventory_is_asked_when_the_evidence_names_nothing() -> None:
    silent = replace(found("http-version-hidden", "dinkes-01"), evidence=(999,))
    assert software_seen(silent, DATA) == {"nginx"}
    assert software_seen(replace(found("http-version-hidden", "dinkes-04"), evidence=()), DATA) == frozenset()


def test_headers_and_identification_lines_name_software_too() -> None:
    one = found("tls-1-0-refused", "dinkes-01")
    server = next(s for opd in DATA.inventory.opds for s in opd.servers if s.id == "dinkes-01")
    facts = {"http.server": "Apache/2.4.57", "http.powered_by": "PHP/8.2.7", "service.product": None}
    data = replace(DATA, evidence={2: evidence(2, "http", server, 443, facts)})
    assert software_seen(one, data) == {"apache", "php"}


@pytest.mark.parametrize(
    ("text", "software"),
    [
        ("Apache httpd", {"apache"}),
        ("Apache Tomcat/Coyote JSP engine", set()),
        ("Postfix smtpd", {"postfix"}),
        ("Dovecot imapd", {"dovecot"}),
        ("ISC BIND", {"bind"}),
        ("MySQL", {"mariadb"}),
        ("PostgreSQL DB", {"postgresql"}),
        ("Samba smbd", {"samba"}),
        ("OpenSSH_9.2p1", {"openssh"}),
        ("Microsoft IIS httpd", set()),
    ],
)
def test_products_are_recognised_as_tools_name_them(text: str, software: set[str]) -> None:
    assert {name for name, pattern in SOFTWARE.items() if pattern.search(text)} == software


def test_without_a_match_the_general_remedy_is_shown_and_without_one_all_are() -> None:
    nginx, general = remedy("nginx", "n", "n"), remedy("any", "a", "a")
    assert chosen_remedies((nginx, general), frozenset({"nginx"})) == (nginx,)
    assert chosen_remedies((nginx, general), frozenset({"apache"})) == (general,)
    assert chosen_remedies((nginx,), frozenset()) == (nginx,)


def test_a_check_that_left_the_catalogue_has_no_remedy() -> None:
    assert remedies_for(replace(DATA.findings[0], check="gone"), DATA) == ()


def test_the_command_names_the_place_that_was_measured() -> None:
    one = found("tls-1-0-refused", "dinkes-01")
    assert verify_command(CHECKS[one.check].remediation[0], one, DATA) == (
        "openssl s_client -connect 127.20.1.11:443 -servername dinkes1.lab.test -tls1"
    )


@pytest.mark.parametrize(
    ("port", "scheme", "expected"),
    [
        (80, "http", "curl http://dinkes1.lab.test:80/ | head   # expect 403"),
        (443, "https", "curl https://dinkes1.lab.test:443/ | head   # expect 403"),
        (443, None, "curl https://dinkes1.lab.test:443/ | head   # expect 403; http:// on a plain HTTP site"),
    ],
)
def test_a_page_is_asked_for_by_the_scheme_that_its_port_speaks(
    port: int, scheme: str | None, expected: str
) -> None:
    one = found("tls-1-0-refused", "dinkes-01")
    one = replace(one, subject=replace(one.subject, port=port), evidence=(1, 2))
    server = next(s for opd in DATA.inventory.opds for s in opd.servers if s.id == "dinkes-01")
    rows = {
        1: evidence(1, "http", server, 8080, {"http.scheme": "http"}),
        2: evidence(2, "http", server, port, {"http.scheme": scheme}),
    }
    hint = "expect 403; http:// on a plain HTTP site"
    command = f"curl https://{{server_name}}:{{port}}/ | head   # {hint}"
    fix = replace(CHECKS[one.check].remediation[0], verify=command)
    assert verify_command(fix, one, replace(DATA, evidence=rows)) == expected


def test_an_ipv6_address_is_bracketed_before_a_port_only() -> None:
    subject = Subject(SubjectKind.TLS, "s", "2001:db8::1", 443)
    assert filled("x {address}:{port} {address}", subject, "n.test") == "x [2001:db8::1]:443 2001:db8::1"


def test_a_network_stands_in_the_command_that_searches_it() -> None:
    subject = Subject(SubjectKind.NETWORK, "zone:opd", "", 0, server_name="10.10.4.0/24")
    assert filled("nmap -p 22 {server_name}", subject, subject.server_name) == "nmap -p 22 10.10.4.0/24"
    assert filled("nmap -p 22 {server_name}", subject, "10.10.4.0/24;id") == "nmap -p 22 {server_name}"
    assert filled("nmap -p 22 {server_name}", subject, "/etc/passwd") == "nmap -p 22 {server_name}"


@given(st.text())
def test_no_server_name_can_change_the_command(name: str) -> None:
    subject = Subject(SubjectKind.HTTP, "s", "127.0.0.1", 80, server_name=name)
    result = filled('curl "http://{server_name}/"', subject, name)
    inside = result.removeprefix('curl "http://').removesuffix('/"')
    assert inside == "{server_name}" or (inside == name and not set(inside) & set("\"'`$\\ \n;|&<>()!*?~#"))
    assert not inside.startswith("-")
