"""Comments in commands speak the language of the reader, and nothing else of a command changes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from controls.loading import load_catalogue
from reports.command_comments import COMMENT, PLAIN_SITE, in_language
from reports.words import comment_translations

_ENGLISH = re.compile(
    r"\b(the|of|and|or|with|no|not|must|then|where|each|that|those|is|are|in|on|by|for|from|instead|later|older|"
    r"before|after|expect|line|once|only|below|above|as|every|until|which|who|its|to|an?|this|same|others?|first|"
    r"than|see|load|package|file|elsewhere|all|less|per|own|needs|new|start|write|delete|listed)\b"
)
_SAME = frozenset(
    {
        "openssl x509 -in fullchain.pem -pubkey -noout | openssl pkey -pubin -outform DER | sha256sum",
        "auth_allow_cleartext = no",
        "CentOS 6: chkconfig rsyslog on; service rsyslog start",
        "SQL Server Configuration Manager > Protocols for <instance> > Properties",
        "/etc/systemd/resolved.conf.d/no-discovery.conf",
        "net-snmp-create-v3-user -ro -a SHA-256 -x AES monitor",
        "X11Forwarding no, AllowTcpForwarding no, AllowAgentForwarding no, PermitTunnel no",
        "CentOS 6: yum install ntp; chkconfig ntpd on; service ntpd start",
        "/etc/lightdm/lightdm.conf.d/50-no-tcp.conf",
    }
)
"""Commands, settings and names of files."""


def comments() -> Iterator[str]:
    """Yield every comment of every text, without what is said of sites without TLS."""
    remedies = [one for check in load_catalogue().checks.values() for one in check.remediation]
    for text in (part for one in remedies for part in (one.config, one.verify)):
        yield from (match[3].removesuffix(f"; {PLAIN_SITE}") for match in COMMENT.finditer(text))


def test_every_comment_of_the_catalogue_is_translated() -> None:
    known = comment_translations("id")
    missing = {one for one in comments() if _ENGLISH.search(one) and known.gettext(one) == one}
    assert missing - _SAME == set()


def test_no_translation_is_left_over() -> None:
    written = set(comments()) | {PLAIN_SITE, ""}
    catalog: dict[str, str] = getattr(comment_translations("id"), "_catalog")  # noqa: B009
    assert set(catalog) - written == set()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("curl -sI https://a/ # expect 403 or 404", "curl -sI https://a/ # harus 403 atau 404"),
        (
            "curl -sI https://a/ # expect 403; http:// on a plain HTTP site",
            "curl -sI https://a/ # harus 403; http:// pada situs HTTP tanpa TLS",
        ),
        ("# own CA, OpenSSL 3\nopenssl req -new", "# CA sendiri, OpenSSL 3\nopenssl req -new"),
        ("echo '# of somebody else'", "echo '# of somebody else'"),
        ("key=value", "key=value"),
    ],
)
def test_only_comments_change(text: str, told: str) -> None:
    assert in_language(text, "id") == told
    assert in_language(text, "en") == text


def test_nothing_but_comments_changes_in_any_text_of_the_catalogue() -> None:
    for check in load_catalogue().checks.values():
        for remedy in check.remediation:
            before, after = remedy.config.splitlines(), in_language(remedy.config, "id").splitlines()
            assert [COMMENT.sub("", line) for line in before] == [COMMENT.sub("", line) for line in after]
