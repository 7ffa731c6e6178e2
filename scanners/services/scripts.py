"""The NSE scripts that may run, by name: all of category `safe`, none intrusive, brute, dos or external.

A script prints what went wrong in the same place as what it found. A reader therefore gives a fact only for
an output that decides it; every other output leaves the fact unobserved.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from auditor.model.facts import JSON, Facts

ScriptOutput = Mapping[str, str]
"""Script name → its text output."""

_EXPORTS = 100
_EXPORT_CHARACTERS = 200


def _says(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE | re.MULTILINE) is not None


def _smtp(output: str) -> Facts:
    # The first line answers EHLO, comma by comma; what follows answers HELP and names all that exists.
    name, *offers = output.strip().split("\n", 1)[0].split(", ")
    if not offers or name.startswith(("SMTP: ", "Couldn't ")):
        return {}
    words = {re.split(r"[ =]", offer, maxsplit=1)[0].upper() for offer in offers}
    return {"smtp.starttls": "STARTTLS" in words, "smtp.auth_before_tls": "AUTH" in words}


def _imap(output: str) -> Facts:
    if not _says("IMAP4", output):
        return {}
    # The script glues the tag of the next line, A0001, to the last capability.
    return {
        "imap.starttls": _says(r"\bSTARTTLS(A\d{4})?\b", output),
        "imap.login_before_tls": not _says(r"\bLOGINDISABLED", output),
    }


def _pop3(output: str) -> Facts:
    if _says("doesn't support CAPA", output):
        return {}
    return {
        "pop3.starttls": _says(r"\bSTLS\b", output),
        "pop3.login_before_tls": _says(r"(^|\s)USER(\s|$)|SASL\([^)]*(PLAIN|LOGIN)", output),
    }


def _mongodb(output: str) -> Facts:
    # Anybody may ask for the build; whether a stranger is let in shows in the status after it.
    status = output.partition("Server status")[2]
    if _says("requires authentication|not authorized|unauthorized", status):
        return {"mongodb.unauthenticated": False}
    return {"mongodb.unauthenticated": True} if _says(r"\bok = 1\b", status) else {}


def _nfs(output: str) -> Facts:
    if _says("^No NFS mounts available", output):
        return {"nfs.exports": []}
    lines = {" ".join(line.split())[:_EXPORT_CHARACTERS] for line in output.splitlines() if line.strip()}
    exports: list[JSON] = list(sorted(lines)[:_EXPORTS])
    return {"nfs.exports": exports}


def _x11(output: str) -> Facts:
    return {"x11.open": True} if _says("access is granted", output) else {}


def _vnc(output: str) -> Facts:
    if not _says("Security types", output):
        return {}
    return {"vnc.no_authentication": _says(r"^\s*None \(1\)|does not require authentication", output)}


def _smb(output: str) -> Facts:
    return {"smb.smb1": _says(r"NT LM 0\.12", output)} if _says(r"\bdialects:", output) else {}


def _smb_signing(output: str) -> Facts:
    if not _says("Message signing", output):
        return {}
    return {"smb.signing_required": _says("signing enabled and required", output)}


def _ldap_root(output: str) -> Facts:
    if not _says("^LDAP Results", output):
        return {}
    return {"ldap.starttls": _says(r"1\.3\.6\.1\.4\.1\.1466\.20037", output)}


def _ldap_search(output: str) -> Facts:
    return {"ldap.anonymous_entries": True} if _says(r"^\s*dn: \S", output) else {}


READERS: Mapping[str, Callable[[str], Facts]] = {
    "imap-capabilities": _imap,
    "ldap-rootdse": _ldap_root,
    "ldap-search": _ldap_search,
    "mongodb-info": _mongodb,
    "nfs-showmount": _nfs,
    "pop3-capabilities": _pop3,
    "smb-protocols": _smb,
    "smb2-security-mode": _smb_signing,
    "smtp-commands": _smtp,
    "vnc-info": _vnc,
    "x11-access": _x11,
}
"""Script → how its output is read."""

ALLOWED = tuple(sorted(READERS))

SMB_SCRIPTS = frozenset({"smb-protocols", "smb2-security-mode"})
"""Scripts that nmap runs once per host; what they say belongs to the SMB port."""


def read_scripts(outputs: ScriptOutput) -> Facts:
    """Return the facts that the scripts' outputs support."""
    facts: dict[str, JSON] = {}
    for script, output in outputs.items():
        text = output.strip()
        if script in READERS and text and not text.startswith("ERROR"):
            facts |= READERS[script](text)
    return facts
