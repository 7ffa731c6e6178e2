"""Make `controls/catalogue/proofs.json`, what worksheets tell of the remedies that were tried."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tests.lab.hosts.roundtrip.adapted import NOT_TRIED
from tests.lab.hosts.roundtrip.outcomes import OUTCOMES as HOST_OUTCOMES
from tests.lab.roundtrip.model import Outcome
from tests.lab.roundtrip.outcomes import OUTCOMES, recorded
from tests.lab.roundtrip.reasons import REASONS
from tests.lab.roundtrip.reasons_id import INDONESIAN

_VERSION = re.compile(r"\d+(?:\.\d+)+(?:p\d+)?")
_NAMES = (
    "nginx",
    "Apache",
    "BIND",
    "etcd",
    "vsftpd",
    "PHP",
    "OpenLDAP",
    "memcached",
    "MariaDB",
    "tinyproxy",
    "inetutils",
    "tftp-hpa",
    "PostgreSQL",
    "xrdp",
    "Redis",
    "rsync",
    "TigerVNC",
    "NET-SNMP",
    "OpenSSH",
)
_NAMED_BY_SOFTWARE = {"postfix": "Postfix", "dovecot": "Dovecot", "samba": "Samba"}


def proofs_file() -> str:
    """Return the text of the file: every proof, and for each check without one why there is none."""
    outcomes = [*recorded(OUTCOMES), *recorded(HOST_OUTCOMES)]
    proven = [one for one in outcomes if one.proven]
    reasons = {check: why for check, why in _reasons(outcomes) if check not in {one.check for one in proven}}
    whole = {
        "version": 1,
        "proofs": [_proof(one) for one in proven],
        "not_proven": [
            {"check": check, "reason": {"en": why, "id": INDONESIAN[why]}}
            for check, why in sorted(reasons.items())
        ],
    }
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def _proof(one: Outcome) -> dict[str, Any]:
    return {
        "check": one.check,
        "software": one.software.split("+"),
        "tried_on": tried_on(one),
        "text": one.text,
        "closes_beside": list(one.also_closed),
        "shows": list(one.appeared),
    }


def _reasons(outcomes: list[Outcome]) -> Iterator[tuple[str, str]]:
    yield from ((one.check, one.problem) for one in outcomes if not one.proven)
    yield from REASONS.items()
    yield from ((check, why) for check, why in NOT_TRIED.items() if "@" not in check)


def tried_on(one: Outcome) -> str:
    """Return what a remedy was tried on as a reader knows it: program and version, and the system."""
    if not one.system:
        return one.program
    version = _VERSION.search(one.program)
    name = next((name for name in _NAMES if name.lower() in one.program.lower()), "")
    name = name or _NAMED_BY_SOFTWARE.get(one.software.split("+")[-1], "")
    program = f"{name} {version[0]}" if name and version else ""
    return ", ".join(part for part in (program, one.system) if part)
