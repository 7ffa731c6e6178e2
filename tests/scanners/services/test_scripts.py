"""Script outputs give a fact only when they decide it, and only harmless scripts may run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.facts import JSON
from scanners.base import Limits
from scanners.conformance import nonconforming
from scanners.services.detection import arguments
from scanners.services.facts import FACTS
from scanners.services.scripts import ALLOWED, read_scripts

SCRIPTS = Path("/usr/share/nmap/scripts")
HARMFUL = {"dos", "exploit", "brute", "fuzzer", "intrusive", "external", "malware", "broadcast"}
VOCABULARY = {spec.name: spec for spec in FACTS}

EHLO = "surel.contoh.go.id, PIPELINING, SIZE 10240000, 8BITMIME"
EXIM_HELP = "\n Commands supported: AUTH STARTTLS HELO EHLO MAIL RCPT DATA NOOP QUIT RSET HELP"
MONGODB = "\n  MongoDB Build info\n    version = 4.4.6\n    ok = 1\n  Server status\n    {}"
VNC = "\n  Protocol version: 3.8\n  Security types: \n    {}"


@pytest.mark.parametrize(
    ("script", "output", "facts"),
    [
        ("smtp-commands", f"{EHLO}, STARTTLS, DSN", {"smtp.starttls": True, "smtp.auth_before_tls": False}),
        ("smtp-commands", f"{EHLO}, STARTTLS", {"smtp.starttls": True, "smtp.auth_before_tls": False}),
        (
            "smtp-commands",
            f"{EHLO}, AUTH PLAIN LOGIN",
            {"smtp.starttls": False, "smtp.auth_before_tls": True},
        ),
        ("smtp-commands", f"{EHLO}, AUTH=LOGIN", {"smtp.starttls": False, "smtp.auth_before_tls": True}),
        # What HELP names exists somewhere; only EHLO tells what is offered here and now.
        ("smtp-commands", EHLO + EXIM_HELP, {"smtp.starttls": False, "smtp.auth_before_tls": False}),
        (
            "smtp-commands",
            "auth.starttls.go.id, SIZE",
            {"smtp.starttls": False, "smtp.auth_before_tls": False},
        ),
        ("smtp-commands", "Couldn't establish connection on port 25", {}),
        ("smtp-commands", "SMTP: EHLO 421 Too many connections, try later", {}),
        ("smtp-commands", "TIMEOUT", {}),
        (
            "imap-capabilities",
            "IMAP4rev1 STARTTLS LOGINDISABLED",
            {"imap.starttls": True, "imap.login_before_tls": False},
        ),
        # The script glues the next line's tag to the last capability.
        (
            "imap-capabilities",
            "LOGINDISABLED IMAP4rev1 STARTTLSA0001 OK",
            {"imap.starttls": True, "imap.login_before_tls": False},
        ),
        (
            "imap-capabilities",
            "STARTTLS IMAP4rev1 LOGINDISABLEDA0001 OK",
            {"imap.starttls": True, "imap.login_before_tls": False},
        ),
        (
            "imap-capabilities",
            "IMAP4rev1 AUTH=PLAIN",
            {"imap.starttls": False, "imap.login_before_tls": True},
        ),
        ("imap-capabilities", "server doesn't support CAPABILITIES", {}),
        ("imap-capabilities", "CAPABILITY", {}),
        (
            "pop3-capabilities",
            "STLS SASL(PLAIN) TOP UIDL",
            {"pop3.starttls": True, "pop3.login_before_tls": True},
        ),
        ("pop3-capabilities", "USER TOP UIDL", {"pop3.starttls": False, "pop3.login_before_tls": True}),
        (
            "pop3-capabilities",
            "STLS EXPIRE(60 USER) SASL(CRAM-MD5)",
            {"pop3.starttls": True, "pop3.login_before_tls": False},
        ),
        ("pop3-capabilities", "server doesn't support CAPA", {}),
        ("mongodb-info", MONGODB.format("process = mongod\n    ok = 1"), {"mongodb.unauthenticated": True}),
        # Anybody may ask for the build; only the status shows whether data is open too.
        (
            "mongodb-info",
            MONGODB.format("errmsg = command serverStatus requires authentication\n    ok = 0"),
            {"mongodb.unauthenticated": False},
        ),
        (
            "mongodb-info",
            MONGODB.format("code = 13\n    codeName = Unauthorized"),
            {"mongodb.unauthenticated": False},
        ),
        ("mongodb-info", "TIMEOUT", {}),
        ("mongodb-info", MONGODB.format("errmsg = Unsupported OP_QUERY command"), {}),
        (
            "nfs-showmount",
            "\n  /srv/data 10.0.0.0/8\n  /home *",
            {"nfs.exports": ["/home *", "/srv/data 10.0.0.0/8"]},
        ),
        ("nfs-showmount", "No NFS mounts available", {"nfs.exports": []}),
        ("x11-access", "X server access is granted", {"x11.open": True}),
        ("vnc-info", VNC.format("None (1)"), {"vnc.no_authentication": True}),
        ("vnc-info", VNC.format("VNC Authentication (2)"), {"vnc.no_authentication": False}),
        (
            "vnc-info",
            VNC.format("Tight (16)\n  WARNING: Server does not require authentication"),
            {"vnc.no_authentication": True},
        ),
        ("vnc-info", "\n  Protocol version: 3.3", {}),
        (
            "smb-protocols",
            "\n  dialects: \n    NT LM 0.12 (SMBv1) [dangerous, but default]\n    2:0:2",
            {"smb.smb1": True},
        ),
        ("smb-protocols", "\n  dialects: \n    2:0:2\n    3:1:1", {"smb.smb1": False}),
        ("smb-protocols", "No dialects accepted. Something may be blocking the responses", {}),
        (
            "smb2-security-mode",
            "\n  3:1:1: \n    Message signing enabled and required",
            {"smb.signing_required": True},
        ),
        (
            "smb2-security-mode",
            "\n  3:1:1: \n    Message signing enabled but not required",
            {"smb.signing_required": False},
        ),
        (
            "smb2-security-mode",
            "\n  2:0:2: \n    Message signing is disabled and not required!",
            {"smb.signing_required": False},
        ),
        ("smb2-security-mode", "Couldn't establish a SMBv2 connection.", {}),
        ("ldap-rootdse", "ERROR: bind failed", {}),
        ("no-such-script", "anything", {}),
    ],
)
def test_an_output_gives_what_it_decides(script: str, output: str, facts: dict[str, JSON]) -> None:
    assert read_scripts({script: output}) == facts


@pytest.mark.parametrize("script", ALLOWED)
@pytest.mark.parametrize("output", ["", "  \n", "ERROR: Script execution failed (use -d to debug)"])
def test_a_failed_script_decides_nothing(script: str, output: str) -> None:
    assert read_scripts({script: output}) == {}


@given(st.dictionaries(st.sampled_from(ALLOWED), st.text(max_size=60)))
def test_whatever_a_script_prints_the_facts_have_their_types(outputs: dict[str, str]) -> None:
    assert nonconforming(read_scripts(outputs), VOCABULARY) == []


@pytest.mark.parametrize("script", ALLOWED)
def test_every_allowed_script_is_safe_and_none_is_harmful(script: str) -> None:
    database = (SCRIPTS / "script.db").read_text(encoding="utf-8")
    (categories,) = re.findall(rf'filename = "{re.escape(script)}\.nse", categories = {{([^}}]*)}}', database)
    named = set(re.findall(r'"([^"]+)"', categories))
    assert "safe" in named
    assert not named & HARMFUL


def test_every_script_argument_is_one_that_an_allowed_script_reads() -> None:
    words = arguments("10.0.0.1", Limits(5, 2, 50, 900)).split()
    given = [pair.split("=")[0] for pair in words[words.index("--script-args") + 1].split(",")]
    sources = "".join((SCRIPTS / f"{name}.nse").read_text(encoding="utf-8") for name in ALLOWED)
    for name in given:
        assert f"get_script_args('{name}')" in sources
