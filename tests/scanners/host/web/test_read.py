"""Sites, accounts, renewals; and that no output, however broken, does more than leave facts out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanners.host.report import parse_report
from scanners.host.web.area import WEB
from scanners.host.web.read import office
from tests.scanners.host.recorded import FOLDER, NONCE, facts_of, written

UNITS = """Id=certbot.timer
LoadState=loaded
ActiveState=active

Id=certbot.service
LoadState=loaded
ActiveState=inactive
Result=exit-code
ExecMainStatus=1

Id=acme.timer
LoadState=not-found
ActiveState=inactive
"""


@pytest.mark.parametrize(
    ("name", "whose"),
    [
        ("www.dinkes.contoh.go.id", "dinkes.contoh.go.id"),
        ("dev.sik.dinkes.contoh.go.id", "dinkes.contoh.go.id"),
        ("contoh.go.id", "contoh.go.id"),
        ("www.contoh.go.id", "contoh.go.id"),
        ("sukamaju.desa.id", "sukamaju.desa.id"),
        ("a.lab.test", "a.lab.test"),
    ],
)
def test_whose_a_site_is(name: str, whose: str) -> None:
    assert office(name) == whose


def test_sites_with_pools_of_their_own_share_nothing() -> None:
    site = "server {\nserver_name %s.contoh.go.id;\nlocation / {\nfastcgi_pass unix:/run/%s.sock;\n}\n}\n"
    nginx = "==> /etc/nginx/nginx.conf <== read\nhttp {\n" + site % ("a", "a") + site % ("b", "b") + "}\n"
    pools = "==> /etc/php-fpm.d/%s.conf <== read\n[%s]\nuser = %s\nlisten = /run/$pool.sock\n"

    def shared(user: str) -> object:
        text = pools % ("a", "a", "a") + pools % ("b", "b", user)
        report = written("web-apache", web_nginx=nginx, web_pools=text, web_programs="program nginx\n")
        return facts_of(report, WEB)["host.web_shared_accounts"]

    assert shared("b") == []
    assert shared("a") == ["a: a.contoh.go.id, b.contoh.go.id"]


def test_renewal_tells_its_timer_and_its_last_result() -> None:
    facts = facts_of(written("web-nginx", "web-apache", web_renewal=UNITS, web_programs="php x\n"), WEB)
    assert facts["host.web_renewals"] == ["certbot.timer"]
    assert facts["host.web_renewals_failed"] == ["certbot.service: exit-code"]


def test_a_scheduled_job_renews_but_that_of_the_package_does_not_beside_systemd() -> None:
    def renewals(contents: str) -> object:
        report = written(
            "web-nginx", "web-apache", web_renewal="x=1", web_programs="php x\n", web_contents=contents
        )
        return facts_of(report, WEB)["host.web_renewals"]

    assert renewals("renewal job /var/spool/cron/crontabs/root\n") == ["/var/spool/cron/crontabs/root"]
    assert renewals("renewal job /etc/cron.d/certbot\n") == []


def test_a_server_whose_configuration_is_not_read_leaves_nothing_clean() -> None:
    report = written(
        "web-nginx",
        "web-apache",
        web_programs="process litespeed root\n",
        web_walk="total 1\n",
        web_contents="",
        web_mounts="/\n",
    )
    facts = facts_of(report, WEB)
    assert facts["host.web_servers"] == ["litespeed"]
    assert not {"host.web_backups", "host.web_site_names", "host.web_firewall"} & set(facts)


def test_an_apache_without_configuration_is_no_web_server_unless_it_runs() -> None:
    absent = written("web-nginx", "web-apache", web_programs="program apache\n")
    assert facts_of(absent, WEB)["host.web_servers"] == []
    running = written("web-nginx", "web-apache", web_programs="program apache\nprocess httpd root\n")
    facts = facts_of(running, WEB)
    assert facts["host.web_servers"] == ["apache"]
    assert "host.web_versions_shown" not in facts


RECORDED = (FOLDER / "web" / "debian-12-nginx-broken.txt").read_bytes()


@settings(max_examples=40, deadline=None)
@given(at=st.integers(0, len(RECORDED)), junk=st.binary(max_size=60))
def test_output_broken_anywhere_leaves_facts_out_and_no_more(at: int, junk: bytes) -> None:
    for output in (RECORDED[:at], RECORDED[:at] + junk + RECORDED[at:], RECORDED[:at] + junk):
        facts = facts_of(parse_report(output, NONCE), WEB)
        known = {spec.name for spec in WEB.facts}
        unread = {str(one["fact"]) for one in facts["host.unread"]}  # type: ignore[union-attr,index,call-overload]
        assert set(facts) - {"host.unread"} | unread == known


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["nginx", "apache", "php", "pools", "walk", "contents", "docker", "podman"]),
        st.text(max_size=80),
    )
)
def test_any_text_in_any_section_is_no_error(texts: dict[str, str]) -> None:
    named = {f"web_{name}": f"==> /etc/a/a.conf <== read\n{text}" for name, text in texts.items()}
    named["web_programs"] = "program nginx\nprogram apache\nengine docker\n"
    facts = facts_of(written(denied=(), **named), WEB)
    assert "host.unread" in facts
