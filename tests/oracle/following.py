"""What follows an activity by itself: streaks, then levels, then the grade."""

from datetime import datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from tests.oracle.asking import passes
from tests.oracle.calendars import Calendar
from tests.oracle.paying import TYPES, Payment, pay
from tests.oracle.reading import Body, Game
from tests.oracle.state import Happening, Member, Streak, Transaction
from tests.oracle.units import duration

CLOSES_AFTER = timedelta(minutes=5)
UTC_DAYS = Calendar(ZoneInfo("UTC"))


def calendar_of(game: Game, member: Member, day: str) -> Calendar:
    """Whose days: of the game, of the world, or of the member."""
    if day == "member":
        return member.calendar
    return UTC_DAYS if day == "utc" else game.calendar


def follow(tx: Transaction, happening: Happening) -> None:
    for key, body in tx.game.all("streak").items():
        if happening.kind in body["when"] and passes(body.get("where", {}), happening.attributes):
            qualify(tx, key, body)
    rise(tx)
    grade(tx)


# ------------------------------------------------------------------------------------------------ streaks
def qualify(tx: Transaction, key: str, body: Body) -> None:
    """Mark the period of this activity as done, if it is not decided yet, and go on from there.

    What closes while no run is under way is not decided: late activities may begin one there.
    """
    if not tx.game.is_in_play(body, tx.now):
        return
    streak = tx.member.streaks[key]
    calendar = calendar_of(tx.game, tx.member, body.get("day", "game"))
    period = calendar.period(every(body), tx.now)
    is_past = streak.through is not None and period <= streak.through
    if is_past or period in streak.done:
        return
    streak.done.add(period)
    if streak.length == 0:
        extend(tx, key, body, period)
    settle_streak(tx, key, body)


def settle_streak(tx: Transaction, key: str, body: Body) -> None:
    """Decide every period that can be decided by now, in order: done, excused, saved by a freeze, or lost."""
    streak = tx.member.streaks[key]
    calendar = calendar_of(tx.game, tx.member, body.get("day", "game"))
    while streak.length and streak.through is not None:
        period = calendar.following(every(body), streak.through)
        if period in streak.done:
            extend(tx, key, body, period)
        elif closes_at(calendar, body, period) <= tx.now:
            miss(tx, key, body, period)
        else:
            return
    later = [period for period in sorted(streak.done) if streak.through is None or period > streak.through]
    if later:
        extend(tx, key, body, later[0])
        settle_streak(tx, key, body)


def every(body: Body) -> str:
    """Which periods a streak runs over."""
    return str(body.get("every", "day"))


def closes_at(calendar: Calendar, body: Body, period: datetime) -> datetime:
    return calendar.end(every(body), period) + CLOSES_AFTER


def extend(tx: Transaction, key: str, body: Body, period: datetime) -> None:
    streak = tx.member.streaks[key]
    length = streak.length + 1

    def tell() -> None:
        streak.through = period
        lengthen(tx, key, length)
        tx.publish("gamification.streak_extended", streak=key, length=length)

    bonus = body.get("bonuses", {}).get(str(length), {})
    pay(tx, Payment(bonus, "streak", f"streak/{key}", TYPES["streak"], tell=tell))


def lengthen(tx: Transaction, key: str, length: int) -> None:
    """A run is so long now; the best one is told of where it is a longer one."""
    streak = tx.member.streaks[key]
    tx.changed.add(("streak", key))
    if length > streak.best:
        tx.changed.add(("best_streak", key))
    streak.length, streak.best = length, max(streak.best, length)


def miss(tx: Transaction, key: str, body: Body, period: datetime) -> None:
    """A period closed without what qualifies: a pause covers it, else a freeze, else the run is over."""
    streak = tx.member.streaks[key]
    calendar = calendar_of(tx.game, tx.member, body.get("day", "game"))
    begin, end = calendar.begin(every(body), period), calendar.end(every(body), period)
    if is_out_of_play(tx.game, body, begin, end) or is_paused(streak, calendar, every(body), period):
        streak.through = period
        return
    usable = sorted(at for at in streak.freezes if at < end)
    if usable:
        streak.freezes.remove(usable[0])
        streak.through = period
        tx.publish("gamification.streak_frozen", streak=key, length=streak.length)
        return
    streak.lost, streak.lost_at, streak.length, streak.through = streak.length, tx.now, 0, period
    tx.changed.add(("streak", key))
    tx.publish("gamification.streak_lost", streak=key, length=streak.lost)


def is_out_of_play(game: Game, body: Body, begin: datetime, end: datetime) -> bool:
    """Whether the streak was out of play for a part of a period."""
    begins, ends = game.window(body)
    return bool(body.get("paused")) or (begins is not None and begins > begin) or (ends is not None and ends < end)


def is_paused(streak: Streak, calendar: Calendar, every: str, period: datetime) -> bool:
    """Whether a day of a member's pause is in the period; both dates of a pause are in it."""
    following = calendar.following(every, period)
    return any(first < following and last >= period for first, last in streak.pauses)


def repair(tx: Transaction, key: str) -> None:
    """Give back what was lost, plus what has grown since. Bonuses on the way are not paid."""
    body = tx.game.all("streak")[key]
    streak = tx.member.streaks[key]
    calendar = calendar_of(tx.game, tx.member, body.get("day", "game"))
    if streak.length == 0:
        today = calendar.period(every(body), tx.now)
        yesterday = calendar.period(every(body), calendar.begin(every(body), today) - timedelta(seconds=1))
        streak.through = max(streak.through or yesterday, yesterday)
    lengthen(tx, key, streak.length + streak.lost)
    streak.lost, streak.lost_at = 0, None
    tx.publish("gamification.streak_restored", streak=key, length=streak.length)


def can_be_repaired(tx: Transaction, key: str) -> bool:
    streak = tx.member.streaks[key]
    within = duration(tx.game.all("streak")[key].get("repair_within", "3d"))
    return streak.lost_at is not None and tx.now <= streak.lost_at + within


# ------------------------------------------------------------------------------------------------ levels and grade
def threshold(levels: Body, number: int) -> int | None:
    """What a level takes; None where a table does not have it."""
    curve = levels["curve"]
    if number == 1:
        return 0
    if "linear" in curve:
        return int(curve["linear"]) * (number - 1)
    if "exponential" in curve:
        base, growth = (Fraction(str(curve["exponential"][word])) for word in ("base", "growth"))
        return int(base * growth ** (number - 2))
    step = levels.get("steps", {}).get(str(number))
    return None if step is None else int(step["at"])


def rise(tx: Transaction) -> None:
    """Follow what was earned; each level reached for the first time is announced and pays, in order."""
    levels = tx.game.single("levels")
    if levels is None:
        return
    earned = sum(tx.member.points["earned", levels.get("currency", "besitos")].values)
    reached = [
        n for n in range(1, levels.get("top", 20) + 1) if (at := threshold(levels, n)) is not None and earned >= at
    ]
    risen = [number for number in reached if number > tx.member.paid_level]
    for number in risen:
        tx.member.paid_level = number
        step = levels.get("steps", {}).get(str(number), {})
        for pays in (levels.get("pays"), step.get("pays")):
            if pays:
                pay(tx, Payment(pays, "level", f"level/{number}", TYPES["level"]))
    if tx.member.level != reached[-1]:
        tx.member.level = reached[-1]
        tx.changed.add(("level", ""))
    for number in risen:
        tx.publish("gamification.level_up", level=number)


def grade(tx: Transaction) -> None:
    """The highest grade by XP earned that fits the type of member; the first one is no event."""
    xp = sum(tx.member.points["xp", ""].values)
    fitting = [
        (body["min_xp"], key)
        for key, body in tx.game.all("grade").items()
        if body["min_xp"] <= xp and body.get("for", "all") in {"all", tx.member.type}
    ]
    highest = max(fitting)[1] if fitting else None
    if highest == tx.member.grade:
        return
    is_first, tx.member.grade = tx.member.grade is None, highest
    tx.changed.add(("grade", ""))
    if not is_first:
        tx.publish("gamification.grade_changed", grade=highest)
