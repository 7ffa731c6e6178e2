"""Hosts that the readers of accounts are tried on.

The recorded ones were made with `python -m tests.scanners.host.record accounts`, in root file systems of each
release; behind them stand the sections of sshd and sudo that the area `access` prints of the same release.
"""

from __future__ import annotations

from auditor.model.facts import JSON
from scanners.host.accounts.area import ACCOUNTS
from scanners.host.reading import UNREAD
from scanners.host.report import Report
from tests.scanners.host.recorded import facts_of, recorded, written

DENIED = "denied"
"""Instead of the text of a section: it needs root."""
_USUALLY_GONE = {"accounts-lastlog2", "accounts-login-defs", "sshd-effective", "sshd-files", "sudo-version"}
CLOCK = "2026-11-22T10:30:00Z"


def facts(report: Report) -> dict[str, JSON]:
    """Return what the area reads."""
    return facts_of(report, ACCOUNTS)


def unread(report: Report) -> dict[str, str]:
    """Return fact → why it was not read."""
    entries = facts(report)[UNREAD]
    assert isinstance(entries, list)
    return {one["fact"]: f"{one['reason']}: {one['detail']}" for one in entries if isinstance(one, dict)}


def host(name: str) -> dict[str, JSON]:
    """Return the facts of a recorded host."""
    return facts(recorded("accounts", name))


def pam(**files: str) -> str:
    """Return files of /etc/pam.d as the collection prints them; `_` stands for `-` in names."""
    return "".join(
        f"==> /etc/pam.d/{name.replace('_', '-')} <== read\n{text}\n" for name, text in files.items()
    )


def small(*absent: str, **sections: str) -> Report:
    """Return a report of a host with root, budi and a web server, and these sections instead; some DENIED."""
    given = {name.replace("_", "-") for name in sections}
    gone = {*absent, *(_USUALLY_GONE - given)}
    denied = tuple(name.replace("_", "-") for name, text in sections.items() if text == DENIED)
    known = {
        "clock": CLOCK,
        "account": "audit",
        "installed": "1700000000",
        "accounts_passwd": (
            "root:x:0:0:/root:/bin/bash\nwww-data:x:33:33:/var/www:/usr/sbin/nologin\n"
            "budi:x:1001:1001:/home/budi:/bin/bash\n"
        ),
        "accounts_groups": "root:0:\nwww-data:33:\nbudi:1001:\nsudo:27:budi\n",
        "accounts_shadow": "root:locked::20000:99999:\nwww-data:locked::20000::\nbudi:set:$y:20000:365:\n",
        "accounts_homes": "is 700 0 0 1 /root\nis 750 1001 1001 1 /home/budi\nis 755 0 0 1 /home\n",
        "accounts_files": "is 700 0 0 d:/root\n",
        "accounts_lastlog": "Username Port From Latest\nbudi   **Never logged in**\n",
    }
    left = {
        name: text
        for name, text in {**known, **sections}.items()
        if name.replace("_", "-") not in (*gone, *denied)
    }
    return written(*gone, denied=denied, **left)
