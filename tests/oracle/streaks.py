"""A second model of streaks, slower still: it walks the calendar in steps of five minutes and looks at the clock.

Nothing is computed about zones or clock changes: a period ends when the wall clock, read at every step, says
another one. Clock changes and the borders of days fall on steps, whatever the zone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

STEP = timedelta(minutes=5)
HELD_AT_MOST = 2
REPAIR_WITHIN = timedelta(days=3)


@dataclass(frozen=True)
class Act:
    """Something that arrives at a step: an activity (of an earlier moment, when late), a freeze, a pause …"""

    arrives_at: datetime
    kind: Literal["do", "freeze", "repair", "pause", "zone"]
    happened_at: datetime | None = None
    zone: str = ""
    first: date | None = None
    last: date | None = None


@dataclass
class Walk:
    """A member's streak while the calendar is walked."""

    every: Literal["day", "week", "month"]
    zone: ZoneInfo
    day_begins: int
    now: datetime
    new_zone: ZoneInfo | None = None
    shown: dict[datetime, date] = field(default_factory=dict)
    periods: list[date] = field(default_factory=list)
    ended_at: dict[date, datetime] = field(default_factory=dict)
    done: set[date] = field(default_factory=set)
    freezes: list[datetime] = field(default_factory=list)
    pauses: list[tuple[date, date]] = field(default_factory=list)
    decided: int = 0
    length: int = 0
    best: int = 0
    lost: tuple[int, datetime] | None = None
    told: list[tuple[str, int]] = field(default_factory=list)

    def go(self, acts: Sequence[Act], until: datetime) -> None:
        """Walk to `until`; what closes at a step comes before what arrives at it."""
        self.look()
        while self.now <= until:
            self.decide()
            for act in acts:
                if act.arrives_at == self.now:
                    self.take(act)
                    self.decide()
            self.now += STEP
            self.look()

    def look(self) -> None:
        """Read the wall clock. A new zone counts from the end of the running period on: that is another one, always."""
        seen = self.read()
        if not self.periods:
            self.periods.append(seen)
        running = self.periods[-1]
        if seen > running and self.new_zone is not None:
            self.zone, self.new_zone = self.new_zone, None
            seen = max(self.following(running), self.read())
        if seen > running:
            self.ended_at[running] = self.now
            self.periods.append(seen)
        self.shown[self.now] = self.periods[-1]

    def read(self) -> date:
        local = self.now.astimezone(self.zone).replace(tzinfo=None) - timedelta(hours=self.day_begins)
        if self.every == "week":
            return local.date() - timedelta(days=local.weekday())
        return local.date().replace(day=1) if self.every == "month" else local.date()

    def following(self, period: date) -> date:
        if self.every == "month":
            return (period + timedelta(days=31)).replace(day=1)
        return period + timedelta(days=7 if self.every == "week" else 1)

    def is_closed(self, period: date) -> bool:
        return period in self.ended_at and self.now >= self.ended_at[period] + STEP

    def decide(self) -> None:
        """Go through the periods that are not decided yet, in order. What closes without a run waits for none."""
        place = self.decided
        while place < len(self.periods):
            period = self.periods[place]
            if period in self.done:
                self.length += 1
                self.best = max(self.best, self.length)
                self.told.append(("extended", self.length))
                self.decided = place + 1
            elif self.length and self.is_closed(period):
                self.miss(period)
                self.decided = place + 1
            elif self.length:
                return
            place += 1

    def miss(self, period: date) -> None:
        if any(self.is_within(period, first, last) for first, last in self.pauses):
            return
        if held := [at for at in self.freezes if at < self.ended_at[period]]:
            self.freezes.remove(min(held))
            self.told.append(("frozen", self.length))
            return
        self.told.append(("lost", self.length))
        self.lost = self.length, self.now
        self.length = 0

    def is_within(self, period: date, first: date, last: date) -> bool:
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        if self.every == "week":
            return period in {day - timedelta(days=day.weekday()) for day in days}
        return period in {day.replace(day=1) for day in days} if self.every == "month" else period in days

    def take(self, act: Act) -> None:
        if act.kind == "do":
            period = self.shown[act.happened_at or self.now]
            if self.periods.index(period) >= self.decided:
                self.done.add(period)
        elif act.kind == "freeze" and len(self.freezes) < HELD_AT_MOST:
            self.freezes.append(self.now)
        elif act.kind == "pause" and act.first and act.last:
            self.pauses.append((act.first, act.last))
        elif act.kind == "zone":
            self.new_zone = ZoneInfo(act.zone)
        elif act.kind == "repair":
            self.repair()

    def repair(self) -> None:
        if self.lost is None or self.now > self.lost[1] + REPAIR_WITHIN:
            return
        if self.length == 0:
            self.decided = max(self.decided, len(self.periods) - 1)
        self.length += self.lost[0]
        self.best = max(self.best, self.length)
        self.lost = None
        self.told.append(("restored", self.length))
