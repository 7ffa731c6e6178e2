"""The NSE scripts that may run, by name: all of category `safe`, none intrusive, brute, dos or external."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from auditor.model.facts import JSON, Facts

ScriptOutput = Mapping[str, str]
"""Script name → its text output."""


def _says(pattern: str) -> Callable[[str], JSON]:
    compiled = re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    return lambda output: bool(compiled.search(output))


def _lacks(pattern: str) -> Callable[[str], JSON]:
    compiled = re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    return lambda output: not compiled.search(output)


def _lines(output: str) -> JSON:
    return sorted({" ".join(line.split())[:200] for line in output.splitlines() if line.strip()})[:100]


READERS: dict[str, dict[str, Callable[[str], JSON]]] = {
    "mongodb-info": {"mongodb.unauthenticated": _says(r"\bok = 1|totalSize|databases")},
    "nfs-showmount": {"nfs.exports": _lines},
    "x11-access": {"x11.open": _says("access is granted")},
    "vnc-info": {"vnc.no_authentication": _says(r"^\s*None \(1\)|does not require authentication")},
    "smb-protocols": {"smb.smb1": _says(r"NT LM 0\.12 \(SMBv1\)")},
    "smb2-security-mode": {"smb.signing_required": _lacks("not required|disabled")},
    "smtp-commands": {
        "smtp.starttls": _says(r"\bSTARTTLS\b"),
        "smtp.auth_before_tls": _says(r"\bAUTH\b"),
    },
    "imap-capabilities": {
        "imap.starttls": _says(r"\bSTARTTLS\b"),
        "imap.login_before_tls": _lacks(r"\bLOGINDISABLED"),
    },
    "pop3-capabilities": {
        "pop3.starttls": _says(r"\bSTLS\b"),
        "pop3.login_before_tls": _says(r"\bUSER\b|SASL\([^)]*(PLAIN|LOGIN)"),
    },
    "ldap-rootdse": {"ldap.starttls": _says(r"1\.3\.6\.1\.4\.1\.1466\.20037")},
    "ldap-search": {"ldap.anonymous_entries": _says(r"^\s*dn: \S")},
}
"""Script → fact → how its output is read. A script without output leaves its facts unobserved."""

ALLOWED = tuple(sorted(READERS))


SMB_SCRIPTS = frozenset({"smb-protocols", "smb2-security-mode"})
"""Scripts that nmap runs once per host; what they say belongs to the SMB port."""


def read_scripts(outputs: ScriptOutput) -> Facts:
    """Return the facts that the scripts' outputs support."""
    facts = {
        fact: reader(output)
        for script, output in outputs.items()
        for fact, reader in READERS.get(script, {}).items()
        if output.strip() and not output.strip().startswith("ERROR")
    }
    if "ldap.starttls" in facts:
        # The search says nothing when it finds nothing; that the root entry was readable shows that it ran.
        facts.setdefault("ldap.anonymous_entries", False)
    return facts
