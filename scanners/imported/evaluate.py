"""Let oscap on a host evaluate content that is there, and take its result from what the script prints.

Rules that walk whole file systems are left out: they burden disks for minutes. Which those are is told by
their names in the content.
"""

from __future__ import annotations

import re
import shlex
import zlib
from dataclasses import dataclass
from importlib.resources import files

from scanners.imported.report import MAXIMUM_BYTES, MAXIMUM_ROWS, Unreadable, line_of

WALKERS = (
    "file_permissions_unauthorized|unowned|ungroupowned|world_writable|rpm_verify|"
    "accounts_users?_home_files|accounts_user_dot|file_(ownership|permissions|groupownership)_(binary|library)|"
    "selinux_all_devicefiles|_all_dirs|dir_perms"
)
"""Names of rules, as an extended regular expression, whose evaluation reads whole file systems."""
_PATH = re.compile(r"/[A-Za-z0-9._+/-]{1,300}")
_PROFILE = re.compile(r"[A-Za-z0-9._-]{1,200}")
_DONE = (0, 2)
"""oscap ends with 2 when a rule failed."""
_TOLD = {
    "missing": "oscap is not installed on the server; install openscap-scanner there",
    "unreadable": "the account cannot read that content on the server; give the path of a data stream there",
    "old": "oscap on the server is too old to leave out rules that walk file systems; evaluate there by hand",
    "nogzip": "gzip is not installed on the server; install it, or evaluate there by hand",
}


@dataclass(frozen=True, slots=True)
class Evaluated:
    """XCCDF results, and the rules that were left out."""

    results: bytes
    skipped: tuple[str, ...]


def evaluation_script(nonce: str, content: str, profile: str, seconds: int) -> str:
    """Return the script; raise ValueError for a path or profile that is none."""
    if not _PATH.fullmatch(content) or ".." in content.split("/"):
        raise ValueError(f"{content!r} is no absolute path of letters, digits and ._+-/")
    if profile and not _PROFILE.fullmatch(profile):
        raise ValueError(f"{profile!r} is no profile; write its id, of letters, digits and ._-")
    values = {
        "nonce": nonce,
        "content": content,
        "profile": profile,
        "walkers": WALKERS,
        "seconds": str(seconds),
    }
    settings = "".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items())
    return settings + (files("scanners.imported") / "evaluate.sh").read_text(encoding="utf-8")


def read_evaluation(output: bytes, nonce: str) -> Evaluated:
    """Return what a script printed; raise Unreadable where there is no whole result."""
    mark = f"{nonce} ".encode()
    printed = _unpacked(output)
    head, sign, rest = printed.partition(mark + b"results\n")
    lines = [
        one.removeprefix(mark).decode("ascii", "replace") for one in head.split(b"\n") if one[:33] == mark
    ]
    for word, why in _TOLD.items():
        if word in lines:
            raise Unreadable(why)
    results, ended, last = rest.rpartition(b"\n" + mark + b"end ")
    if not sign or not ended:
        raise Unreadable("the evaluation broke off; choose a smaller profile with --profile")
    code, _, message = last.decode("utf-8", "replace").partition(" ")
    if not code.isdigit() or int(code) not in _DONE:
        told = line_of(message) or f"exit status {code.strip()[:10]}"
        raise Unreadable(f"oscap failed on the server: {told}; try it there by hand")
    skipped = tuple(line.removeprefix("skipped ") for line in lines if line.startswith("skipped "))
    return Evaluated(results, skipped[:MAXIMUM_ROWS])


def _unpacked(output: bytes) -> bytes:
    if output[:2] != b"\x1f\x8b":
        return output
    unpacking = zlib.decompressobj(31)
    try:
        return unpacking.decompress(output, MAXIMUM_BYTES)
    except zlib.error:
        raise Unreadable("the server's output is damaged; try again") from None
