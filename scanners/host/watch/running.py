"""Which programs run, and which of them should not. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from auditor.model.facts import JSON
from scanners.host.report import Reason, Report, Unread

_CUT = 15
"""Characters that the kernel keeps of a program's name (proc(5), comm)."""
_MINERS = re.compile(
    r"(?i)^(xmr(ig|-stak)?.*|kinsing|kdevtmpfsi|minerd|cpuminer.*|ccminer|cgminer|bfgminer|ethminer|nbminer"
    r"|lolminer|phoenixminer|t-rex|teamredminer|srbminer.*|nanominer|watchbog|kthreaddi|kthreaddk|sysrv.*"
    r"|pwnrig|ddgs.*|networkservice|sysupdate|sysguard|dbused|javae|xmrigdaemon|hezb|cryptonight.*|meshagent32)$"
)
_USUAL = re.compile(r"/(usr|bin|sbin|lib|lib32|lib64|libx32|opt|snap|nix|gnu|var/lib|srv|home|root|app)(/|$)")
_TEMPORARY = re.compile(r"/(tmp|var/tmp|dev|run/user|var/spool|var/www|proc|sys)(/|$)")
_SHOWN = 100
_GONE = " (deleted)"
_MEMORY = re.compile(r"/memfd:(runc_cloned:/proc/self/exe|lxc-start|pulseaudio)$")
"""Programs of containers that start themselves from memory, against being changed while they run."""


def running(report: Report) -> frozenset[str]:
    """Return the names of programs that root or an account of the system runs, as the kernel cuts them.

    Raise Unread where processes are hidden.
    """
    lines = report.lines("watch-processes")
    if "!hidden" in lines:
        raise Unread(Reason.NEEDS_ROOT, "processes of other accounts are hidden")
    names = frozenset(line[5:] for line in lines if line.startswith("name "))
    if not names:
        raise ValueError("no process at all")
    return names


def those_of(report: Report, wanted: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the tools of which a program runs, sorted; `wanted` is tool → names of its programs."""
    found = running(report)
    return sorted(tool for tool, names in wanted.items() if any(name[:_CUT] in found for name in names))


def odd_names(report: Report) -> JSON:
    """Return programs with names of miners, and processes whose arguments name a pool."""
    lines = report.lines("watch-processes")
    others = {line[6:] for line in lines if line.startswith("other ")}
    named = sorted(name for name in running(report) | others if _MINERS.match(name))
    pools = [line[5:] for line in lines if line.startswith("pool ")]
    return [*named, *pools]


def odd_files(report: Report) -> JSON:
    """Return programs that run from where programs do not belong."""
    text = report.text("watch-programs")
    # A path may hold any sign, also a line end; the number of the process ends each.
    parts = re.split(r":/proc/(\d+)/exe\n", text + "\n")
    found = list(zip(parts[::2], parts[1::2], strict=False))
    if not any(target for target, _ in found):
        raise Unread(Reason.NEEDS_ROOT, "the programs of processes are hidden")
    return [
        *sorted({f"{path} (process {number})" for path, number in found if path and _is_odd(path)})[:_SHOWN]
    ]


def _is_odd(path: str) -> bool:
    gone = path.endswith(_GONE)
    plain = path.removesuffix(_GONE)
    if plain.startswith("/memfd:"):
        return _MEMORY.match(plain) is None
    if _TEMPORARY.match(plain) or re.search(r"/\.[^/]+/[^/]+$", plain):
        return True
    # A program replaced by an update runs on from its old file.
    return gone and _USUAL.match(plain) is None
