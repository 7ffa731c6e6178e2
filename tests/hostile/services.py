"""Mail, file, directory and database servers that are a burden."""

from __future__ import annotations

import struct

from tests.hostile.behaviour import HOSTILE_BYTES, Behaviour, Peer, Talk, flood, reply, say

_STARTTLS = (b"starttls", b"stls", b"auth tls")


def _greeting(greeting: bytes, *answers: bytes, end: bytes = b"\r\n", last: bytes = b"") -> Talk:
    """Return a talk of lines: a greeting, then an answer to each line, and in the end `last` for ever."""

    async def talk(peer: Peer) -> None:
        await peer.send(greeting)
        left = list(answers)
        while await peer.until(end):
            if left:
                await peer.send(left.pop(0))
            elif last:
                await peer.forever(last)
            elif answers:
                await peer.send(answers[-1])

    return talk


def _then_noise(
    greeting: bytes, offers: bytes, agrees: bytes, noise: bytes = b"\x16\x03\x01\xff\xff"
) -> Talk:
    """Return a talk that agrees to change to TLS, and then speaks something else."""

    async def talk(peer: Peer) -> None:
        await peer.send(greeting)
        while line := await peer.until(b"\n"):
            if any(word in line.lower() for word in _STARTTLS):
                await peer.send(agrees)
                await peer.read()
                await peer.send(noise)
                return
            tag = line.split(b" ")[0] if b"CAPABILITY" in line.upper() else b""
            await peer.send(offers.replace(b"TAG", tag))

    return talk


_SMTP, _FTP, _IMAP, _POP3 = b"220 mx ESMTP\r\n", b"220 ftp\r\n", b"* OK IMAP4rev1\r\n", b"+OK POP3\r\n"
_MYSQL = (
    b"\x0a8.0.36\0"
    + bytes(4)
    + b"saltsalt\0"
    + b"\xff\xf7\x21\x02\x00\xff\xc1\x15"
    + bytes(10)
    + b"salt" * 3
    + b"\0"
)
_MAIL: dict[str, tuple[str, Talk]] = {
    "SMTP reply without end": ("smtp", _greeting(_SMTP, last=b"250-SIZE 1\r\n")),
    "SMTP greeting without end": ("smtp", flood(b"220-welcome\r\n")),
    "SMTP greeting in drips": ("smtp", flood(b"2", every_seconds=0.3)),
    "SMTP line without end": ("smtp", flood(b"a", start=b"220 ")),
    "SMTP with hostile text": (
        "smtp",
        _greeting(b"220 " + HOSTILE_BYTES + b"\r\n", b"250-" + HOSTILE_BYTES + b"\r\n250 a\r\n"),
    ),
    "SMTP with strange codes": (
        "smtp",
        _greeting(_SMTP, b"999 what\r\n", b"abc\r\n", b"-1 no\r\n", b"250\r\n"),
    ),
    "SMTP with codes that change": ("smtp", _greeting(_SMTP, b"250-a\r\n500-b\r\n220 c\r\n")),
    "SMTP that is closed": ("smtp", say(b"421 Too many connections\r\n")),
    "SMTP of 10,000 offers": (
        "smtp",
        _greeting(_SMTP, b"".join(b"250-X%d\r\n" % n for n in range(10_000)) + b"250 a\r\n"),
    ),
    "SMTP that speaks noise for TLS": (
        "smtp",
        _then_noise(_SMTP, b"250-a\r\n250 STARTTLS\r\n", b"220 go\r\n"),
    ),
    "SMTP that speaks text for TLS": (
        "smtp",
        _then_noise(_SMTP, b"250 STARTTLS\r\n", b"220 go\r\n", b"250 ok\r\n"),
    ),
    "SMTP with an answer too much": (
        "smtp",
        _then_noise(_SMTP, b"250 STARTTLS\r\n", b"220 go\r\n250 injected\r\n"),
    ),
    "SMTP that refuses TLS": ("smtp", _greeting(_SMTP, b"250 STARTTLS\r\n", b"454 not now\r\n")),
    "FTP greeting without end": ("ftp", flood(b" still here\r\n", start=b"220-hello\r\n")),
    "FTP features without end": ("ftp", _greeting(_FTP, last=b"211-a\r\n AUTH TLS\r\n")),
    "FTP with hostile text": (
        "ftp",
        _greeting(b"220 " + HOSTILE_BYTES + b"\r\n", b"331 " + HOSTILE_BYTES + b"\r\n"),
    ),
    "FTP that accepts everything": ("ftp", _greeting(_FTP, b"230 come in\r\n")),
    "FTP that speaks noise for TLS": (
        "ftp",
        _then_noise(_FTP, b"211-a\r\n AUTH TLS\r\n211 b\r\n", b"234 go\r\n"),
    ),
    "IMAP literal of 1 GB": ("imap", _greeting(_IMAP, b"* CAPABILITY {999999999}\r\n", last=b"a" * 100)),
    "IMAP answers without end": ("imap", _greeting(_IMAP, last=b"* 1 EXISTS\r\n")),
    "IMAP with hostile text": (
        "imap",
        _greeting(b"* OK [CAPABILITY IMAP4rev1 " + HOSTILE_BYTES + b"]\r\n", b"* BYE\r\n"),
    ),
    "IMAP that speaks noise for TLS": (
        "imap",
        _then_noise(_IMAP, b"* CAPABILITY IMAP4rev1 STARTTLS\r\nTAG OK a\r\n", b"a OK go\r\n"),
    ),
    "POP3 without end": ("pop3", _greeting(_POP3, last=b"STLS\r\n")),
    "POP3 with hostile text": (
        "pop3",
        _greeting(b"+OK " + HOSTILE_BYTES + b"\r\n", b"+OK\r\n" + HOSTILE_BYTES + b"\r\n.\r\n"),
    ),
    "POP3 that refuses": ("pop3", _greeting(_POP3, b"-ERR no\r\n")),
}
_OTHERS: dict[str, Talk] = {
    "telnet options for ever": flood(b"\xff\xfd\x18\xff\xfb\x01"),
    "telnet and hostile text": say(b"\xff\xfd\x18" + HOSTILE_BYTES + b"login: ", then="stay"),
    "Redis text of 1 GB": _greeting(b"", b"$999999999999\r\n" + b"a" * 1000, end=b"\n", last=b"a" * 100),
    "Redis arrays in arrays": _greeting(b"", b"*1\r\n" * 100_000, end=b"\n"),
    "Redis with hostile text": _greeting(b"", b"-ERR " + HOSTILE_BYTES + b"\r\n", end=b"\n"),
    "memcached figures for ever": _greeting(b"", b"STAT a 1\r\n", end=b"\n", last=b"STAT a 1\r\n"),
    "MySQL packet of 16 MB": say(b"\xff\xff\xff\x00" + _MYSQL, then="stay"),
    "MySQL greeting cut short": say(struct.pack("<I", 20)[:3] + b"\0\x0a8.0", then="stay"),
    "MySQL with hostile text": say(
        struct.pack("<I", len(HOSTILE_BYTES) + 40)[:3]
        + b"\0\x0a"
        + HOSTILE_BYTES.replace(b"\0", b"")
        + bytes(80),
        then="stay",
    ),
    "MySQL that lets everybody in": _greeting(
        struct.pack("<I", len(_MYSQL))[:3] + b"\0" + _MYSQL, b"\x07\0\0\x02\0\0\0\x02\0\0\0", end=b"root"
    ),
    "PostgreSQL that says neither": reply(b"X", then="stay"),
    "PostgreSQL that agrees to noise": reply(b"S" + bytes(200), then="stay"),
    "MongoDB document of 2 GB": reply(
        struct.pack("<iiiii", 0x7FFFFFFF, 1, 1, 1, 0) + bytes(100), then="stay"
    ),
    "MongoDB document of a negative length": reply(
        struct.pack("<iiiii", -1, 1, 1, 1, 0) + bytes(100), then="stay"
    ),
    "LDAP message of 4 GB": reply(b"\x30\x84\xff\xff\xff\xff\x02\x01\x01\x61\x07\x0a\x01\x00", then="stay"),
    "LDAP message of no length": reply(b"\x30\x80" * 5_000, then="stay"),
    "LDAP entries for ever": flood(b"\x30\x0c\x02\x01\x01\x64\x07\x04\x03a=b\x30\x00", wait=True),
    "rsync modules for ever": flood(b"modul          a\n", start=b"@RSYNCD: 31.0\n"),
    "rsync with hostile text": _greeting(b"@RSYNCD: 31.0\n", HOSTILE_BYTES + b"\n@RSYNCD: EXIT\n", end=b"\n"),
    "VNC of another world": say(b"RFB 999.999\n", then="stay"),
    "VNC of 255 kinds": _greeting(b"RFB 003.008\n", b"\xff" + bytes(range(255)), end=b"\n"),
    "VNC that gives a reason of 4 GB": _greeting(
        b"RFB 003.008\n", b"\0\xff\xff\xff\xff", end=b"\n", last=b"a" * 100
    ),
    "X11 that has a reason of 255": reply(b"\0\xff\0\x0b\0\0\xff\xff" + b"a" * 255, then="stay"),
    "SMB message of 16 MB": reply(b"\0\xff\xff\xff\xfeSMB" + bytes(200), then="stay"),
    "SMB of noise": reply(b"\0\0\0\x40\xfeSMB" + b"\xff" * 60, then="stay"),
    "RDP that agrees to nothing": reply(b"\x03\0\xff\xff\x0e\xd0" + bytes(50), then="stay"),
    "RPC record of 2 GB": reply(b"\xff\xff\xff\xff" + bytes(100), then="stay"),
    "JSON in JSON": reply(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n"
        + b"[" * 200_000
    ),
}
BEHAVIOURS = (
    *(
        Behaviour(name, "services", talk, ("services", "tls", "certificates"), starttls=starttls)
        for name, (starttls, talk) in _MAIL.items()
    ),
    *(Behaviour(name, "services", talk, ("services",)) for name, talk in _OTHERS.items()),
)
