"""Streaks, slowly and obviously: a clock that moves on by five minutes, and a person who looks at the calendar.

Nothing here is shared with the mechanic. Acts arrive at moments between two steps of the clock.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

STEP = timedelta(minutes=5)
"""Every clock on Earth shows midnight at a whole number of steps, and a period closes one step after its end."""


@dataclass
class Stretch:
    """A period that has begun: its number, and by which clock it ends."""

    label: int
    zone: str
    began_at: datetime
    is_done: bool = False
    ended_at: datetime | None = None


@dataclass
class Obvious:
    """One member and one streak."""

    every: str = "day"
    day_begins: int = 0
    zone: str = "UTC"
    length: int = 0
    best: int = 0
    freezes: list[datetime] = field(default_factory=list)
    pauses: list[tuple[date, date]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    unsettled: list[Stretch] = field(default_factory=list)
    running: Stretch | None = None
    last_label: int = 0
    clock: datetime = datetime(2000, 1, 1, tzinfo=UTC)

    def start(self, at: datetime) -> None:
        """Begin to watch, at a moment that the clock shows."""
        self.clock = at

    def advance(self, until: datetime) -> None:
        """Let time pass."""
        while self.clock + STEP <= until:
            self.clock += STEP
            self._tick(self.clock)

    def did(self, occurred_at: datetime) -> None:
        """The member does what qualifies; we hear of it now."""
        if not self._is_under_way():
            self._begin(occurred_at)
            return
        for stretch in self.unsettled:
            if stretch.began_at <= occurred_at and (stretch.ended_at is None or occurred_at < stretch.ended_at):
                stretch.is_done = True
        self._settle_done()

    def granted(self, at: datetime) -> None:
        """A freeze is given."""
        self.freezes.append(at)

    def paused(self, first: date, last: date) -> None:
        """The member will be away."""
        self.pauses.append((first, last))

    def _is_under_way(self) -> bool:
        return self.length > 0 or any(each.is_done for each in self.unsettled)

    def _begin(self, occurred_at: datetime) -> None:
        label = max(self._label(occurred_at, self.zone), self.last_label + 1)
        self.running = Stretch(label, self.zone, occurred_at, is_done=True)
        self.unsettled = [self.running]
        self._settle_done()
        passed = self.clock - (self.clock - occurred_at) // STEP * STEP
        while passed <= self.clock:
            self._turn(passed)
            passed += STEP

    def _tick(self, now: datetime) -> None:
        if not self._is_under_way():
            return
        self._turn(now)
        while self.unsettled and self._is_closed(self.unsettled[0], now):
            self._close(self.unsettled.pop(0))
            self._settle_done()
        if not self._is_under_way():
            self.unsettled, self.running = [], None

    def _turn(self, now: datetime) -> None:
        """Midnight, perhaps."""
        assert self.running is not None
        if self._label(now, self.running.zone) > self.running.label:
            self.running.ended_at = now
            label = max(self.running.label + 1, self._label(now, self.zone))
            self.running = Stretch(label, self.zone, now)
            self.unsettled.append(self.running)

    def _is_closed(self, stretch: Stretch, now: datetime) -> bool:
        return stretch.ended_at is not None and stretch.ended_at + STEP <= now

    def _close(self, stretch: Stretch) -> None:
        """Nothing was done in this period."""
        self.last_label = stretch.label
        days = [day for day in self._days() if self._number(day) == stretch.label]
        if any(first <= day <= last for first, last in self.pauses for day in days):
            return
        assert stretch.ended_at is not None
        if any(since < stretch.ended_at for since in self.freezes):
            self.freezes.remove(min(self.freezes))
            self.told.append(f"frozen {self.length}")
            return
        self.told.append(f"lost {self.length}")
        self.length = 0

    def _settle_done(self) -> None:
        while self.unsettled and self.unsettled[0].is_done:
            self.last_label = self.unsettled.pop(0).label
            self.length += 1
            self.best = max(self.best, self.length)
            self.told.append(f"extended {self.length}")
        if not self.length and any(each.is_done for each in self.unsettled):
            self.unsettled.pop(0)
            self._settle_done()

    def _label(self, moment: datetime, zone: str) -> int:
        return self._number((moment.astimezone(ZoneInfo(zone)) - timedelta(hours=self.day_begins)).date())

    def _number(self, day: date) -> int:
        if self.every == "day":
            return day.toordinal()
        if self.every == "week":
            return (day - date(1, 1, 1)).days // 7
        return day.year * 12 + day.month - 1

    def _days(self) -> list[date]:
        return [self.clock.date() + timedelta(days=number) for number in range(-70, 3)]
