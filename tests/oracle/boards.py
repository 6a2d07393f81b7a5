"""Leaderboards: who stands where, and what the ranks of a finished season pay."""

from datetime import datetime, timedelta

from tests.oracle.asking import Asking, measure
from tests.oracle.calendars import Calendar
from tests.oracle.paying import TYPES, Payment, pay
from tests.oracle.reading import Body
from tests.oracle.state import Member, Transaction, World
from tests.oracle.units import Number, range_of

NUMBERS_OF_NOW = {"balance", "level", "streak", "best_streak", "member_for"}


def span(world: World, body: Body, at: datetime) -> tuple[datetime | None, datetime | None]:
    """From when until when a board counts; None where it has no such end."""
    every = body.get("every", "ever")
    if every == "ever":
        return None, None
    if every == "season":
        return world.game.window(body)
    calendar: Calendar = world.game.calendar
    period = calendar.period(every, at)
    return calendar.begin(every, period), calendar.end(every, period)


def value(world: World, member: Member, body: Body, at: datetime) -> Number:
    """What a member has on a board in the period that holds `at`."""
    fact: Body = {word: body[word] for word in ("of", "at") if word in body}
    name, asking = body["by"], Asking(world.game, member, at, {})
    begins, ends = span(world, body, at)
    if name in NUMBERS_OF_NOW or begins is None or ends is None:
        return asking.value(name, fact)
    metric = world.game.get("metric", name)
    subject = fact.get("at", "") if metric else fact.get("of", "besitos" if name in {"earned", "spent"} else "")
    points = [each for each in member.points.get((name, subject), []) if begins <= each.at < ends]
    return measure(metric or {"sum": "value"}, points)


def ranking(world: World, key: str, at: datetime) -> list[tuple[int, str, Number]]:
    """(rank, member, value) of everyone above 0; ties share a rank."""
    body = world.game.all("leaderboard")[key]
    values = {member.id: value(world, member, body, at) for member in world.members.values()}
    standing = sorted(
        ((number, who) for who, number in values.items() if number > 0), key=lambda each: (-each[0], each[1])
    )
    return [(1 + sum(other > number for other, _ in standing), who, number) for number, who in standing]


def ends_at(world: World, key: str) -> datetime | None:
    """When the running season of a board with prizes ends."""
    body = world.game.all("leaderboard")[key]
    begins, ends = span(world, body, world.boards[key]) if "prizes" in body else (None, None)
    return None if ends is None or (begins is not None and ends <= world.boards[key]) else ends


def finish(world: World, key: str, transaction_of: "dict[str, Transaction]", at: datetime) -> None:
    """Pay the prizes of the season that ends now."""
    body = world.game.all("leaderboard")[key]
    for rank, who, _ in ranking(world, key, at - timedelta(seconds=1)):
        tx = transaction_of[who]
        tx.publish("gamification.season_finished", leaderboard=key, rank=rank)
        for ranks, prize in body["prizes"].items():
            wanted = range_of(ranks if ".." in ranks else f"{ranks}..{ranks}")
            if rank in wanted:
                pay(tx, Payment(prize, "leaderboard", f"leaderboard/{key}", TYPES["leaderboard"]))
    world.boards[key] = at
