"""Time, injected. Rules never ask what time it is; they are told."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

ONE_DAY = timedelta(days=1)


class Clock(Protocol):
    """Says what time it is, in UTC."""

    def now(self) -> datetime:
        """The present moment."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment."""
        return datetime.now(UTC)
