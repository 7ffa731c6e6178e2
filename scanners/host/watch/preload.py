"""Read what is loaded before everything else: libraries and kernel modules. Pure."""

from __future__ import annotations

import re

from auditor.model.facts import JSON
from scanners.host.report import Report


def libraries(report: Report) -> JSON:
    """Return the libraries that /etc/ld.so.preload names (ld.so(8): apart by blanks or colons)."""
    text = re.sub(r"#.*", "", report.optional("watch-preload") or "")
    return [*re.split(r"[\s:]+", text.strip())] if text.strip() else []


def settings(report: Report) -> JSON:
    """Return the files that set LD_PRELOAD."""
    return [*report.lines("watch-preload-set")]


def _modules(report: Report, kind: str) -> dict[str, str]:
    found = {}
    for line in report.lines("watch-modules"):
        word, name, *flags = line.split()
        if word == kind:
            found[name] = flags[0] if flags else ""
    return found


def loaded(report: Report) -> JSON:
    """Return the modules that the kernel lists."""
    return [*sorted(_modules(report, "loaded"))]


def hidden(report: Report) -> JSON:
    """Return the modules that the kernel knows and does not list."""
    return [*sorted(_modules(report, "kernel").keys() - _modules(report, "loaded").keys())]


def unsigned(report: Report) -> JSON:
    """Return the modules with the mark E: no signature that the kernel trusts (kernel, tainted-kernels)."""
    return [*sorted(name for name, flags in _modules(report, "loaded").items() if "E" in flags)]
