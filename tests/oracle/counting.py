"""How often and how much: the room that limits and caps leave, counted over every use there ever was."""

from dataclasses import dataclass
from datetime import datetime

from tests.oracle.calendars import LONGEST
from tests.oracle.reading import Body
from tests.oracle.state import Transaction
from tests.oracle.units import Limit, duration

REACHED = {"rule": "limit.reached", "cap": "cap.reached"}


@dataclass(frozen=True)
class Counter:
    """One limit of one definition, for whoever acts with these attributes."""

    limit: Limit
    kind: str
    key: str

    def slot(self, tx: Transaction, attributes: Body) -> tuple[str, ...] | None:
        """Under which name it is counted; None when the activity has no value for its `per`."""
        limit = self.limit
        if limit.attribute is not None and limit.attribute not in attributes:
            return None
        value = str(attributes[limit.attribute]) if limit.attribute else ""
        return (self.kind, self.key, limit.text, "*" if limit.is_shared else tx.member.id, value)

    def room(self, tx: Transaction, attributes: Body) -> tuple[int, str]:
        """What is left, and why nothing is where nothing is."""
        slot = self.slot(tx, attributes)
        if slot is None:
            return 0, "limit.no_value"
        used = tx.world.uses[slot]
        if self.is_closed(tx, used):
            return 0, "late.closed"
        taken = sum(number for at, number in self._kept(tx, used) if self._is_counted(tx, at))
        return self.limit.number - taken, REACHED.get(self.kind, "limit.reached")

    def use(self, tx: Transaction, attributes: Body, number: int) -> None:
        slot = self.slot(tx, attributes)
        assert slot is not None, "what had no value was not paid"
        tx.world.uses[slot].append((tx.now, number))

    def is_closed(self, tx: Transaction, used: list[tuple[datetime, int]]) -> bool:
        """Whether the period of this activity is older than the one before the counter's own."""
        period = self.limit.period
        if self.limit.is_rolling or period == "ever" or not used:
            return False
        calendar = tx.game.calendar
        newest = max(used)[0]
        return calendar.period(period, tx.now) < calendar.preceding(period, calendar.period(period, newest))

    def _kept(self, tx: Transaction, used: list[tuple[datetime, int]]) -> list[tuple[datetime, int]]:
        """What a rolling window still knows: each use forgets what is too old for it, and comes back late or never.

        Of a calendar period that is everything; only what is too far from now to be of the same one is left out.
        """
        if self.limit.period == "ever":
            return used
        if not self.limit.is_rolling:
            far = 2 * LONGEST[self.limit.period]
            first, last = tx.now - far, tx.now + far
            return [each for each in used if first < each[0] < last]
        lasts, kept = duration(self.limit.period), list[tuple[datetime, int]]()
        for at, number in used:
            kept = [each for each in kept if self._is_since(tx, each[0], at - lasts)] + [(at, number)]
        return kept

    def _is_since(self, tx: Transaction, at: datetime, begin: datetime) -> bool:
        if self.limit.currency is None:
            return at > begin
        bucket = tx.game.calendar.bucket
        return bucket(self.limit.period, at) >= bucket(self.limit.period, begin)

    def _is_counted(self, tx: Transaction, at: datetime) -> bool:
        """Uses of this period; of a rolling window also those after a late activity."""
        limit, calendar = self.limit, tx.game.calendar
        if limit.period == "ever":
            return True
        if not limit.is_rolling:
            return calendar.period(limit.period, at) == calendar.period(limit.period, tx.now)
        return self._is_since(tx, at, tx.now - duration(limit.period))


def counters(tx: Transaction, kind: str, key: str, body: Body) -> list[Counter]:
    return [Counter(limit, kind, key) for limit in tx.game.limits(body)]
