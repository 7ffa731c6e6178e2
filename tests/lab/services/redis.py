"""Redis, with and without a password."""

from __future__ import annotations

from dataclasses import dataclass

from tests.lab.model import Launch, Place


@dataclass(frozen=True, slots=True)
class Redis:
    """Redis on port 6379; an empty password leaves it open to anybody."""

    password: str = ""
    name: str = "redis"
    software: str = "redis"
    ports: tuple[tuple[int, str], ...] = ((6379, "redis"),)
    version_command: tuple[str, ...] = ("redis-server", "--version")

    def launch(self, place: Place) -> Launch:
        """Write the configuration; nothing is kept on disk."""
        lines = [
            f"bind {place.address}",
            "port 6379",
            "daemonize no",
            'save ""',
            f"dir {place.folder('data', 'redis')}",
            "protected-mode no",
        ]
        if self.password:
            lines.append(f"requirepass {self.password}")
        return Launch(("redis-server", str(place.write("redis.conf", "\n".join(lines) + "\n"))), user="redis")
