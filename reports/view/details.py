"""What the scanners say beside a failure, in the reader's language where the words are this project's own."""

from __future__ import annotations

import re

from reports.words import N_, Words

DETAILS = (
    N_("no address is left to ask; all of them are excluded"),
    N_("no port answered, neither open nor refusing"),
    N_("no port is left to ask; all of them are forbidden"),
    N_("nmap did not end in time"),
    N_("the port answers with TLS alerts but accepts no handshake"),
    N_("the port answers with TLS alerts but shows no certificate"),
    N_("the port scan met HTTP here, and now the answer to GET / is none"),
    N_("the port scan met TLS here, and now no handshake comes about"),
    N_("the port stays silent after a ClientHello"),
    N_("the port stopped answering in the middle of the survey"),
    N_("the time allowed for this port was used up"),
    N_("the time for this host ran out"),
)
"""Messages of the scanners, word for word as they are stored in evidence."""
_EVERY_PATH = re.compile(r"every path is answered (\d{3})")
_NO_CONNECTION = re.compile(r"no connection to TCP port ([\d, ]+)")
_PARENTHESES = re.compile(r" \((.*)\)", re.DOTALL)


def reason_words(words: Words, label: str, detail: str) -> str:
    """Return a reason with its detail, which is stored after a colon or in parentheses, or is empty.

    Who answers every request with one status has refused nobody's connection: that stands alone.
    """
    bracketed = _PARENTHESES.fullmatch(detail)
    inner = bracketed.group(1) if bracketed else detail.removeprefix(": ")
    if refused := _EVERY_PATH.fullmatch(inner):
        return words.say("every path is answered with status %(status)s", status=refused.group(1))
    told = _told(words, inner)
    return label + (f" ({told})" if bracketed else f": {told}" if told else "")


def _told(words: Words, detail: str) -> str:
    if detail in DETAILS:
        return words.say(detail)
    if missed := _NO_CONNECTION.fullmatch(detail):
        return words.say("no connection to TCP port %(ports)s", ports=missed.group(1))
    return detail
