"""Placers put a text where the steps say, and change nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab.certificates import Certificates
from tests.lab.model import Launch, Place
from tests.lab.roundtrip.model import Bed
from tests.lab.roundtrip.placers import bind
from tests.lab.roundtrip.placers.apache import apache
from tests.lab.roundtrip.placers.lines import parts, set_lines
from tests.lab.roundtrip.placers.mail import main_cf
from tests.lab.roundtrip.placers.nginx import nginx

_SITES = """\
http {
    server { listen 127.78.1.20:80; server_name a.test; root /srv/a; }
    server {
        listen 127.78.1.20:443 ssl;
        server_name a.test;
        ssl_protocols TLSv1;
        add_header X-Frame-Options "DENY" always;
        location / { return 200 "{ok;}"; }
    }
}
"""


@pytest.fixture
def bed(tmp_path: Path) -> Bed:
    """Give a bed without a text."""
    place = Place("127.78.1.20", ("a.test",), tmp_path, tmp_path / "shared", Certificates(tmp_path / "ca"))
    return Bed(place, Launch(("true",)), {}, {})


def _nginx(bed: Bed, text: str, port: int, *, replace: bool = False) -> str:
    bed.write("nginx.conf", _SITES)
    bed.texts = {"nginx": text}
    nginx(port, "a.test", replace=replace)(bed)
    return bed.read("nginx.conf")


def test_nginx_sets_tls_for_every_site_and_deletes_other_lines(bed: Bed) -> None:
    placed = _nginx(bed, "ssl_protocols TLSv1.2 TLSv1.3;", 443)
    assert placed.count("ssl_protocols") == 1
    assert placed.index("ssl_protocols TLSv1.2 TLSv1.3;") < placed.index("server {")
    assert 'location / {\n            return 200 "{ok;}";' in placed


def test_nginx_replaces_a_header_of_the_same_name_in_the_right_block_only(bed: Bed) -> None:
    placed = _nginx(bed, 'add_header X-Frame-Options SAMEORIGIN always;\nadd_header B "c; d" always;', 443)
    plain, encrypted = placed.split("server {")[1:]
    assert "DENY" not in placed
    assert "SAMEORIGIN" in encrypted and 'add_header B "c; d" always;' in encrypted
    assert "add_header" not in plain


def test_nginx_replaces_a_block_but_its_address_and_names(bed: Bed) -> None:
    text = "server { listen 80; listen [::]:80; server_name x.test; return 301 https://$host$request_uri; }"
    plain = _nginx(bed, text, 80, replace=True).split("server {")[1]
    assert "listen 127.78.1.20:80;" in plain and "server_name a.test;" in plain
    assert "return 301" in plain and "root" not in plain and "x.test" not in plain


def test_nginx_has_no_place_for_a_site_that_is_not_there(bed: Bed) -> None:
    with pytest.raises(LookupError, match="port 8443"):
        _nginx(bed, "autoindex off;", 8443)


def test_example_paths_lead_below_the_daemon_and_regular_expressions_stay(bed: Bed) -> None:
    text = "alias /var/www/security/security.txt; location ~ ^/etc/(a|b) { } ssl /etc/x/fullchain.pem;"
    rooted = bed.rooted(text)
    assert f"alias {bed.place.directory}/root/var/www/security/security.txt;" in rooted
    assert "location ~ ^/etc/(a|b)" in rooted
    bed.install_certificate(rooted)
    assert (bed.place.directory / "root/etc/x/fullchain.pem").read_text().count("BEGIN CERTIFICATE") == 2


def test_apache_loads_what_a_text_needs_and_puts_headers_into_the_host(bed: Bed) -> None:
    bed.write(
        "apache.conf",
        "ServerTokens OS\n<VirtualHost 127.78.1.20:443>\nSSLEngine On\n"
        'Header always set X-A "old"\n</VirtualHost>\n',
    )
    bed.texts = {"apache": 'ServerTokens Prod\nHeader always set X-A "new"\n'}
    apache(443)(bed)
    placed = bed.read("apache.conf")
    assert "mod_headers.so" in placed and "ServerTokens Prod" in placed
    assert "old" not in placed and "OS" not in placed
    assert placed.index("<VirtualHost") < placed.index('Header always set X-A "new"')


def test_lines_replace_their_key_once_wherever_it_stands() -> None:
    content = "a = 1\nb = 2\na = 3\n"
    assert set_lines(content, ["a = 9", "c = 4"], r"\s*=\s*") == "a = 9\nb = 2\nc = 4\n"
    assert set_lines("[global]\nx = 1\n[s]\n", ["y = 2"], r"\s*=\s*", section="[global]") == (
        "[global]\ny = 2\nx = 1\n[s]\n"
    )


def test_parts_are_named_by_the_file_in_the_comment_before() -> None:
    text = "# /etc/x/postgresql.conf\nssl = on\n# pg_hba.conf\nhostssl a\n# only a remark\nhostssl b\n"
    assert parts(text) == [("postgresql.conf", ["ssl = on"]), ("pg_hba.conf", ["hostssl a", "hostssl b"])]


def test_postfix_overrides_go_where_the_steps_say_so(bed: Bed) -> None:
    bed.texts = {"postfix": "# main.cf\nsmtpd_tls_auth_only = yes\n"}
    master = "25 inet smtpd -o smtpd_tls_auth_only=no -o other=1\n"
    for steps, expected in (("Set it.", master), ("Out of master.cf.", "25 inet smtpd -o other=1\n")):
        bed.steps = {"postfix": steps}
        bed.write("main.cf", "myhostname = a\n")
        bed.write("master.cf", master)
        main_cf(bed)
        assert bed.read("master.cf") == expected
        assert bed.read("main.cf") == "myhostname = a\nsmtpd_tls_auth_only = yes\n"


def test_records_take_the_place_of_those_that_begin_alike() -> None:
    zone = '@ IN TXT "v=spf1 ?all"\n@ IN TXT "other"\n@ IN CAA 0 issue "old"\n'
    text = '@  IN TXT "v=spf1 mx -all"\n@ IN CAA 0 issue "ca"\n@ IN CAA 0 iodef "mailto:a"\n'
    placed = bind.records(zone, text)
    assert '"other"' in placed and "?all" not in placed and "old" not in placed
    assert placed.count("CAA") == 2


def test_records_are_deleted_by_name_and_type() -> None:
    zone = "lama IN CNAME hilang.\nlama IN TXT x\nbaru IN CNAME ada.\n"
    assert (
        bind.deleted(zone, "> update delete lama.contoh.test. CNAME\n")
        == "lama IN TXT x\nbaru IN CNAME ada.\n"
    )


def test_options_of_bind_go_from_zones_only_where_the_steps_say_so(bed: Bed) -> None:
    bed.texts = {"bind": "// named.conf.options\noptions {\n    allow-transfer { none; };\n};\n"}
    zone = 'zone "a" { type primary; allow-transfer { any; }; };'
    for steps, left in (("Set it.", True), ("Delete it from zones.", False)):
        bed.steps = {"bind": steps}
        bed.write("named.conf", "options {\n    notify no;\n};\ncontrols { };\n" + zone + "\n")
        bind.options(bed)
        placed = bed.read("named.conf")
        assert ("any" in placed) is left
        assert placed.count("allow-transfer { none; };") == 1 and "notify no;" in placed
