"""Every reader of a server's bytes gives a value of its type or raises AnswerError, whatever the bytes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.services import (
    bson,
    desktops,
    directory,
    domain,
    mail,
    mongodb,
    mssql,
    mysql,
    postgresql,
    proxies,
    rpc,
    smb,
    web,
)
from scanners.services.answers import AnswerError
from scanners.services.ber import parse_elements, parse_header
from scanners.services.greeting import name_of_greeting
from scanners.services.products import product_of
from tests.scanners.services.played import FIXTURES, read

READERS: dict[str, Callable[[bytes], object]] = {
    "ber": lambda data: list(parse_elements(data)),
    "ber-header": parse_header,
    "bson": bson.parse_document,
    "capability": lambda data: mail.parse_capability(data.splitlines()),
    "capa": lambda data: mail.parse_capa(data.splitlines()),
    "dns": domain.parse_message,
    "greeting": lambda data: name_of_greeting(data, 25),
    "http": lambda data: web.parse_head(data.splitlines()),
    "ldap": lambda data: directory.parse_message(data, directory.Found()),
    "mongodb": mongodb.parse_message,
    "mssql": mssql.parse_prelogin,
    "mysql": mysql.parse_handshake,
    "mysql-error": mysql.parse_error,
    "offers": lambda data: mail.parse_offers(data.decode("utf-8", "replace")),
    "postgresql": lambda data: postgresql.parse_authentication(data[:1], data[1:]),
    "product": lambda data: product_of("http", data.decode("utf-8", "replace")),
    "rdp": desktops.parse_confirm,
    "reply": mail.parse_reply,
    "rpc": lambda data: rpc.parse_reply(data, 1),
    "rpc-exports": rpc.parse_exports,
    "rpc-programs": rpc.parse_programs,
    "smb1": smb.parse_smb1,
    "smb2": smb.parse_smb2,
    "socks-method": proxies.parse_method,
    "socks-way": proxies.parse_way,
    "x11": desktops.parse_x11,
}
DROPBEAR = "matt_johnston:dropbear_ssh_server"
SAID = sorted(
    {data for path in FIXTURES.glob("*.json") for script in read(path).connections for _, data in script}
)


def give(reader: Callable[[bytes], object], data: bytes) -> None:
    """Let a reader read; the one error it may raise is the declared one."""
    try:
        reader(data)
    except AnswerError:
        return


@pytest.mark.parametrize("name", sorted(READERS))
def test_what_every_real_server_ever_said_is_read_or_refused_by_name(name: str) -> None:
    for data in SAID:
        for start in (0, 4, 5):
            give(READERS[name], data[start:])


@pytest.mark.parametrize("name", sorted(READERS))
@given(data=st.data())
def test_random_and_changed_bytes_are_read_or_refused_by_name(name: str, data: st.DataObject) -> None:
    said = bytearray(data.draw(st.sampled_from(SAID) | st.binary(max_size=120)))
    for at, patch in data.draw(st.lists(st.tuples(st.integers(0, 200), st.binary(max_size=6)), max_size=4)):
        said[at : at + len(patch)] = patch
    give(READERS[name], bytes(said[data.draw(st.integers(0, 5)) :]))


NAME = st.from_regex(r"[a-z$]{1,9}", fullmatch=True)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
NUMBER = st.integers(-(2**31), 2**31 - 1)


@given(st.dictionaries(NAME, TEXT | st.booleans() | NUMBER))
def test_a_document_of_ours_is_read_back(elements: dict[str, str | int | bool]) -> None:
    assert bson.parse_document(bson.document(elements)) == elements


@pytest.mark.parametrize(
    ("greeting", "port", "name"),
    [
        (b"SSH-2.0-OpenSSH_9.2p1\r\n", 443, "ssh"),
        (b"Selamat datang\r\nSSH-2.0-x\r\n", 22, "ssh"),
        (b"220 (vsFTPd 3.0.3)\r\n", 2100, "ftp"),
        (b"220 mail.contoh.go.id ESMTP Postfix\r\n", 2525, "smtp"),
        (b"220 berkas.contoh.go.id siap\r\n", 21, "ftp"),
        (b"220 surel.contoh.go.id siap\r\n", 25, "smtp"),
        (b"421 Service not available\r\n", 21, "ftp"),
        (b"+OK Dovecot ready.\r\n", 110, "pop3"),
        (b"* OK [CAPABILITY IMAP4rev1] siap\r\n", 9143, "imap"),
        (b"* BYE sibuk\r\n", 143, "imap"),
        (b"RFB 003.008\n", 5901, "vnc"),
        (b"@RSYNCD: 31.0\n", 873, "rsync"),
        (b"\xff\xfd\x18\xff\xfd\x20", 23, "telnet"),
        (b"Kamera\r\nlogin: ", 2323, "telnet"),
        (b"-DENIED Redis is running in protected mode\r\n", 6379, "redis"),
        (b"J\0\0\0\x0a5.5.5-10.11.6-MariaDB\0", 3306, "mysql"),
        (b"G\0\0\0\xff\x6a\x04Host '10.0.0.1' is not allowed to connect\n", 3306, "mysql"),
        (b"HTTP/1.1 400 Bad Request\r\n", 80, None),
        (b"", 80, None),
        (b"\x15\x03\x01\0\x02\x02\x46", 443, None),
    ],
)
def test_a_greeting_names_its_protocol(greeting: bytes, port: int, name: str | None) -> None:
    assert name_of_greeting(greeting, port) == name


@pytest.mark.parametrize(
    ("service", "text", "product", "version", "cpe"),
    [
        ("ssh", "SSH-2.0-OpenSSH_9.2p1 Debian-2", "OpenSSH", "9.2p1 Debian 2", "openbsd:openssh:9.2p1"),
        ("ssh", "SSH-2.0-dropbear_2022.83", "Dropbear sshd", "2022.83", f"{DROPBEAR}:2022.83"),
        ("ftp", "220 ProFTPD 1.3.5 Server (Debian)", "ProFTPD", "1.3.5", "proftpd:proftpd:1.3.5"),
        ("smtp", "220 x ESMTP Exim 4.96 Sat, 22 Nov 2025", "Exim smtpd", "4.96", "exim:exim:4.96"),
        ("smtp", "220 x ESMTP Postfix (Debian/GNU)", "Postfix smtpd", None, "postfix:postfix"),
        ("http", "Apache/2.4.57 (Debian)", "Apache httpd", "2.4.57", "apache:http_server:2.4.57"),
        ("http", "nginx", "nginx", None, "igor_sysoev:nginx"),
        ("http", "Werkzeug/2.2.2 Python/3.11.2", "Werkzeug", "2.2.2", None),
        ("http", "", None, None, None),
    ],
)  # fmt: skip
def test_software_is_named_as_nmap_names_it(
    service: str, text: str, product: str | None, version: str | None, cpe: str | None
) -> None:
    facts = product_of(service, text)
    assert (facts["service.product"], facts["service.version"]) == (product, version)
    assert facts["service.cpe"] == ([f"cpe:/a:{cpe}"] if cpe else [])


@pytest.mark.parametrize(
    ("known", "unknown", "tells"),
    [
        ("252 2.0.0 postmaster", "252 2.0.0 tilik", False),
        ("252 2.0.0 postmaster", "550 5.1.1 unknown", True),
        ("250 Postmaster <postmaster@x>", "250 tilik", True),
        ("502 5.5.1 disabled", "502 5.5.1 disabled", False),
        ("450 4.3.2 later", "550 5.1.1 unknown", None),
    ],
)
def test_vrfy_leaks_where_its_answers_differ(known: str, unknown: str, tells: bool | None) -> None:
    assert mail.tells_apart(known, unknown) is tells


def found(code: int, entries: int = 0) -> directory.Found:
    """Return a search with so many entries."""
    return directory.Found([{}] * entries, code)


@pytest.mark.parametrize(
    ("answers", "below", "shown"),
    [
        ([found(4, 1)], True, True),
        ([found(0)], True, False),
        ([found(32)], True, False),
        ([found(1)], True, False),
        ([found(50), found(0, 1)], True, True),
        ([found(51)], True, None),
        ([found(4)], True, None),
        # The root entry is for everybody: that it was readable says nothing about what lies below.
        ([found(0, 1)], False, None),
        ([found(48)], False, False),
    ],
)
def test_a_directory_is_open_when_a_search_below_it_shows_so(
    answers: list[directory.Found], below: bool, shown: bool | None
) -> None:
    assert directory.anonymous_entries(answers, below=below) is shown


@pytest.mark.parametrize(
    ("plain", "asked", "headers", "carried"),
    [
        (400, 503, {"x-squid-error": "ERR_CONNECT_FAIL 111"}, True),
        (400, 403, {}, False),
        (400, 407, {}, False),
        (200, 200, {}, False),
        (502, 502, {}, False),
        (400, 500, {"server": "tinyproxy/1.11.1"}, True),
        (200, 500, {"server": "nginx"}, False),
    ],
)
def test_a_proxy_is_open_when_it_tried(
    plain: int, asked: int, headers: dict[str, str], carried: bool
) -> None:
    assert proxies.carries_on(web.Answer(plain), web.Answer(asked, headers)) is carried


@pytest.mark.parametrize(
    ("answer", "read_as"),
    [
        (b"\x06\xd0\0\0\x12\x34\0", ("accepted", 0)),
        (b"\x0e\xd0\0\0\x12\x34\0\x02\0\x08\0\0\0\0\0", ("accepted", 0)),
        (b"\x0e\xd0\0\0\x12\x34\0\x03\0\x08\0\x05\0\0\0", ("refused", 5)),
        (b"\x0e\xd0\0\0\x12\x34\0\x03\0\x08\0\x01\0\0\0", ("refused", 1)),
    ],
)
def test_a_remote_desktop_accepts_or_refuses_a_kind_of_session(
    answer: bytes, read_as: tuple[str, int]
) -> None:
    assert desktops.parse_confirm(answer) == read_as
