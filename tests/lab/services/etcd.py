"""etcd, the store of container clusters, without any login."""

from __future__ import annotations

from dataclasses import dataclass

from tests.lab.model import Launch, Place


@dataclass(frozen=True, slots=True)
class Etcd:
    """etcd on port 2379 (clients) and 2380 (members), plain HTTP, one member."""

    name: str = "etcd"
    software: str = "any"
    ports: tuple[tuple[int, str], ...] = ((2379, "etcd-client"), (2380, "etcd-server"))
    version_command: tuple[str, ...] = ("etcd", "--version")

    def launch(self, place: Place) -> Launch:
        """Return the command; nothing has to be kept."""
        data = place.folder("data", mode=0o700)
        client, member = f"http://{place.address}:2379", f"http://{place.address}:2380"
        return Launch(
            ("etcd", "--name", "lab", "--data-dir", str(data), "--unsafe-no-fsync", "--log-level", "error",
             "--listen-client-urls", client, "--advertise-client-urls", client, "--listen-peer-urls", member,
             "--initial-advertise-peer-urls", member, "--initial-cluster", f"lab={member}")
        )  # fmt: skip
