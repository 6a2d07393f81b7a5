"""When a definition is in play."""

from dataclasses import dataclass
from datetime import UTC, datetime

from besitos.core.calendar import FOREVER, Calendar
from besitos.game.definition import Definition


@dataclass(frozen=True, slots=True)
class Window:
    """When a definition is in play: from `opens` on, up to `closes`, unless it is paused."""

    opens: datetime | None
    closes: datetime | None
    is_paused: bool

    @classmethod
    def of(cls, definition: Definition, calendar: Calendar) -> "Window":
        """The window of a definition, whose moments are clocks on the walls of the game's zone."""

        def moment(local: datetime | None) -> datetime | None:
            return None if local is None else local.replace(tzinfo=calendar.zone).astimezone(UTC)

        window = cls(moment(definition.starts), moment(definition.ends), definition.paused)
        return ALWAYS if window == ALWAYS else window

    def next_open(self, now: datetime) -> datetime:
        """When the definition is in play: now, or later, or, as far as this version of the game knows, never."""
        if self.is_open(now):
            return now
        return FOREVER if self.is_paused or self.opens is None or self.opens <= now else self.opens

    def is_open(self, now: datetime) -> bool:
        """Whether the definition is in play."""
        if self is ALWAYS:
            return True
        if self.is_paused or (self.opens is not None and now < self.opens):
            return False
        return self.closes is None or now < self.closes


ALWAYS = Window(None, None, is_paused=False)
"""Most definitions are always in play."""
