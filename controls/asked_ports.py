"""Which ports a planned port scan asks. Pure."""

from __future__ import annotations

from auditor.model.plan import Task


def asks_port(scan: Task, port: int) -> bool:
    """Return whether a port scan asks a port, by its options `ranges` and `never`."""
    ranges, never = scan.options.get("ranges"), scan.options.get("never")
    if isinstance(never, list) and port in never:
        return False
    pairs = [one for one in ranges if isinstance(one, list)] if isinstance(ranges, list) else []
    return any(int(str(low)) <= port <= int(str(high)) for low, high in pairs)
