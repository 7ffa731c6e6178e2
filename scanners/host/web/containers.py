"""Read which containers run and with which rights. Pure.

Source: Docker Engine API, container and image inspection; files of containers/storage and of the OCI
runtime specification for Podman.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.report import Reason, Report, State, Unread
from scanners.host.web.container import Container
from scanners.host.web.podman import podman, podman_images
from scanners.host.web.walk import plain

_SOCKETS = ("docker.sock", "podman.sock", "containerd.sock", "crio.sock")
_ALL_SOCKETS = ("/run", "/var/run")
_OTHER_ENGINES = frozenset({"k3s", "k3s-server", "kubelet", "nerdctl"})
_FIRST_YEAR = 2013
"""Before this there were no such images: an earlier date stands for one that was left out."""


def containers(report: Report) -> list[Container]:
    """Return the running containers, by name; raise Unread where an engine cannot be asked."""
    lines = report.lines("web-programs")
    running = {(words[1], words[2]) for line in lines if len(words := line.split()) == 3}
    programs = {name for name, _ in running} | {
        line.partition(" ")[2] for line in lines if line[:7] == "engine "
    }
    found = [*_docker(report), *podman(report)]
    # Accounts may have engines of their own, which those of root do not know.
    own = {user for name, user in running if name in ("conmon", "dockerd") and user != "root"}
    if others := sorted({*own, *(programs & _OTHER_ENGINES)}):
        raise Unread(Reason.NOT_UNDERSTOOD, f"containers of {', '.join(others)} are not looked at")
    if "dockerd" in programs and report.section("web-docker").state is State.ABSENT:
        raise Unread(Reason.NOT_UNDERSTOOD, "docker runs, without its usual process file")
    return sorted(found, key=lambda one: one.name)


def _docker(report: Report) -> list[Container]:
    section = report.section("web-docker")
    if section.state is State.RAN and section.exit_code != 0:
        raise Unread(Reason.NOT_UNDERSTOOD, "docker gave no answer")
    return [_container(line) for line in report.optional_lines("web-docker") if line.startswith("container ")]


def _container(line: str) -> Container:
    name, image, image_id, privileged, network, mounts, capabilities, processes = line.removeprefix(
        "container "
    ).split("|")
    if privileged not in ("true", "false"):
        raise ValueError(f"privileged: {privileged[:40]}")
    return Container(
        plain(name).lstrip("/"),
        plain(image),
        image_id.removeprefix("sha256:"),
        privileged == "true",
        network,
        tuple(mount for mount in mounts.split("+") if mount),
        capabilities,
        processes,
    )


def _names(chosen: Callable[[Container], bool]) -> Reader:
    return lambda report: [one.name for one in containers(report) if chosen(one)]


def _has_full_rights(one: Container) -> bool:
    wide = re.search(r"\b(CAP_)?(SYS_ADMIN|ALL)\b", one.capabilities) is not None
    return one.privileged or wide or one.processes == "host" or "/" in one.mounts


def _has_socket(one: Container) -> bool:
    return any(mount.endswith(_SOCKETS) or mount in _ALL_SOCKETS for mount in one.mounts)


def _images(report: Report) -> JSON:
    """Return each container with its image, whether that is fixed, and when it was built."""
    built = dict(_built(report))
    return [
        {
            "container": one.name,
            "image": one.image,
            "fixed": is_fixed(one.image),
            "built": _instant(built[one.image_id]),
        }
        for one in containers(report)
    ]


def is_fixed(image: str) -> bool:
    """Return whether a reference names one image: by digest, or by a tag that is not `latest`."""
    if "@sha256:" in image:
        return True
    _, has_tag, tag = image.rpartition("/")[2].partition(":")
    return bool(has_tag) and tag not in ("latest", "")


def _built(report: Report) -> list[tuple[str, str]]:
    found = podman_images(report)
    for line in report.optional_lines("web-docker"):
        if line.startswith("image "):
            image_id, _, instant = line.removeprefix("image ").partition("|")
            found.append((image_id.removeprefix("sha256:"), instant))
    return found


def _instant(text: str) -> str:
    """Return RFC 3339 text; Docker writes it so, Podman as `2026-01-31 08:15:00.123 +0000 UTC`."""
    found = re.match(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)? ?(Z|[+-]\d\d:?\d\d)", text)
    if found is None:
        raise ValueError(f"built: {text[:40]}")
    instant = datetime.fromisoformat(f"{found[1]}T{found[2]}{found[3]}")
    if instant.year < _FIRST_YEAR:
        raise ValueError("an image does not tell when it was built")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


READERS: dict[str, Reader] = {
    "host.containers": lambda report: [one.name for one in containers(report)],
    "host.container_full_rights": _names(_has_full_rights),
    "host.container_sockets": _names(_has_socket),
    "host.container_host_network": _names(lambda one: one.network == "host"),
    "host.container_images": _images,
}
