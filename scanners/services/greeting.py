"""Name a service by what it says unasked. Pure.

A greeting names the protocol only where the protocol's own words stand in it; who greets with 220 is asked.
"""

from __future__ import annotations

import re

_FTP = re.compile(rb"ftp|filezilla", re.IGNORECASE)
_SMTP = re.compile(rb"smtp|postfix|exim|sendmail|mail server|exchange", re.IGNORECASE)
_FTP_PORTS = frozenset({20, 21, 990, 2121})
_LOGIN = re.compile(rb"(?:^|[\r\n ])(?:login|username|user name|password):\s*$", re.IGNORECASE)

_OPENINGS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"SSH-[12]\.[0-9]"), "ssh"),
    (re.compile(rb"(?:[^\r\n]{0,300}\r?\n){1,30}SSH-[12]\.[0-9]"), "ssh"),
    (re.compile(rb"RFB [0-9]{3}\.[0-9]{3}\n"), "vnc"),
    (re.compile(rb"@RSYNCD: [0-9]"), "rsync"),
    (re.compile(rb"\+OK(?: |\r?\n)"), "pop3"),
    (re.compile(rb"\* (?:OK|PREAUTH|BYE)(?: |\r?\n)"), "imap"),
    (re.compile(rb"\xff[\xfb-\xfe]"), "telnet"),
    (re.compile(rb"-(?:DENIED Redis|ERR max number of clients|NOAUTH|LOADING)"), "redis"),
    (re.compile(rb"20[01] [^\r\n]*(?:nntp|news)", re.IGNORECASE), "nntp"),
    (re.compile(rb'"IMPLEMENTATION" '), "sieve"),
    (re.compile(rb"220 VMware Authentication Daemon"), "vmware-auth"),
    (re.compile(rb"\( success \( "), "svnserve"),
    (re.compile(rb"Asterisk Call Manager/"), "asterisk"),
    (re.compile(rb":[^\r\n]* NOTICE "), "irc"),
    (re.compile(rb"OK MPD "), "mpd"),
)


def name_of_greeting(data: bytes, port: int) -> str | None:
    """Return the name of the service that greets so, None when the words do not tell."""
    for opening, name in _OPENINGS:
        if opening.match(data):
            return name
    if _is_mysql(data):
        return "mysql"
    if re.match(rb"[245][0-9]{2}[ -]", data):
        return _of_reply_code(data, port)
    return "telnet" if _LOGIN.search(data[-100:]) else None


def _is_mysql(data: bytes) -> bool:
    """A packet of number 0 that is an initial handshake of version 10, or an error (MySQL internals)."""
    if len(data) < 7 or data[3] != 0 or int.from_bytes(data[:3], "little") > 2000:
        return False
    if data[4] == 10:
        return re.match(rb"[0-9]+\.[0-9]", data[5:20]) is not None
    return data[4] == 0xFF and 1000 <= int.from_bytes(data[5:7], "little") < 5000


def _of_reply_code(data: bytes, port: int) -> str | None:
    if _SMTP.search(data):
        return "smtp"
    if _FTP.search(data) or port in _FTP_PORTS:
        return "ftp"
    # A mail server greets with one of these and its name; nothing else does without a word on FTP.
    return "smtp" if data[:3] in (b"220", b"421", b"554") else None
