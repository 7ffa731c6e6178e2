"""What time it is: by the machine's clock, or one ahead of it, to try a month in minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that runs `ahead` of the machine's."""

    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        """Return the present instant, UTC."""
        return datetime.now(UTC) + self.ahead

    def shown(self, instant: datetime) -> datetime:
        """Return what this clock showed when the machine's showed `instant`."""
        return instant + self.ahead


SYSTEM_CLOCK = Clock()
