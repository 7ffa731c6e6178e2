"""Read which containers Podman runs, from its own files. Pure.

Source: containers/storage (containers.json, images.json), OCI runtime specification (config.json).
"""

from __future__ import annotations

import json
import re
from typing import Any

from scanners.host.report import Report
from scanners.host.web.container import Container
from scanners.host.web.walk import plain


def podman(report: Report) -> list[Container]:
    """Return the containers of root that run: those with a process file below /run."""
    lines = report.optional_lines("web-podman")
    running = {found[1] for line in lines if (found := re.fullmatch(r"/run/.*/(\w+)/userdata/pidfile", line))}
    settings: dict[str, list[str]] = {one: [] for one in running}
    for line in lines:
        found = re.fullmatch(r"/var/lib/.*/(\w+)/userdata/config\.json:(.*)", line)
        if found and found[1] in running:
            settings[found[1]].append(found[2])
    known = {str(one["id"]): one for one in _entries(lines, "containers")}
    return [_container(known[one], settings[one]) for one in sorted(running)]


def _container(entry: dict[str, Any], settings: list[str]) -> Container:
    if not settings:
        raise ValueError("a container without settings")
    told = json.loads(str(entry["metadata"]))
    if not isinstance(told, dict):
        raise ValueError("no names of a container")
    names = [word.partition(":")[2].strip('"') for word in settings if word.startswith('"type"')]
    return Container(
        plain(str(told["name"])),
        plain(str(told["image-name"])),
        str(entry["image"]),
        any("privileged" in word for word in settings),
        "own" if "network" in names else "host",
        tuple(word.partition(":")[2].strip('"') for word in settings if word.startswith('"source"')),
        "SYS_ADMIN" if "CAP_SYS_ADMIN" in settings else "",
        "own" if "pid" in names else "host",
    )


def podman_images(report: Report) -> list[tuple[str, str]]:
    """Return the identity of each image with the instant it was built, as the file has it."""
    lines = report.optional_lines("web-podman")
    return [(str(one["id"]), str(one["created"])) for one in _entries(lines, "images")]


def _entries(lines: list[str], what: str) -> list[dict[str, Any]]:
    found = (re.fullmatch(rf"/.*-{what}/{what}\.json:(\[.*)", line) for line in lines)
    entries = [entry for one in found if one for entry in json.loads(one[1])]
    if not all(isinstance(entry, dict) for entry in entries):
        raise ValueError(f"{what}.json holds something else")
    return entries
