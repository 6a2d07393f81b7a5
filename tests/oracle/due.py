"""What falls due by the passing of time, in the order in which one instant takes it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from tests.oracle.asking import head_of
from tests.oracle.awarding import expire_mission, expire_reward, read_all
from tests.oracle.boards import ends_at, finish
from tests.oracle.following import calendar_of, closes_at, every, follow, settle_streak
from tests.oracle.paying import Payment, become, book, settle
from tests.oracle.reading import facts_of
from tests.oracle.rounds import go_round
from tests.oracle.state import Happening, Held, Lot, Member, Outcome, Transaction, World
from tests.oracle.units import range_of

ORDER = ("lots", "vip", "missions", "rewards", "streaks", "releases", "boards", "member_for")


@dataclass(frozen=True)
class Due:
    """Something that happens to a member at an instant."""

    at: datetime
    word: str
    member: str
    act: Callable[[Transaction], None]

    @property
    def place(self) -> tuple[datetime, int, str]:
        return self.at, ORDER.index(self.word), self.member


def run_until(world: World, until: datetime) -> Outcome:
    """Do everything that is due by then, one thing after the other."""
    all_of_it = Outcome()
    while True:
        due = [each for each in everything(world) if each.at <= until]
        if not due:
            return all_of_it
        first = min(due, key=lambda each: each.place)
        if first.word == "boards":
            close_board(world, first, all_of_it)
            continue
        tx = begin(world, world.members[first.member], first)
        first.act(tx)
        finish_up(tx, all_of_it)


def begin(world: World, member: Member, due: Due) -> Transaction:
    world.activities += 1
    return Transaction(world, member, f"due:{due.word}", due.at, world.activities, is_due=True)


def finish_up(tx: Transaction, all_of_it: Outcome) -> None:
    """What follows, what is read, and the rounds of what was published."""
    follow(tx, Happening("", {}))
    read_all(tx)
    go_round(tx)
    for name in ("entries", "awards", "events", "reasons"):
        getattr(all_of_it, name).extend(getattr(tx.outcome, name))


def everything(world: World) -> Iterator[Due]:
    ages = waits(world)
    for member in world.members.values():
        yield from of_books(world, member)
        yield from of_mechanics(world, member)
        for seconds in ages - member.waited:
            at = member.joined_at + timedelta(seconds=seconds)
            yield Due(at, "member_for", member.id, partial(come_of_age, seconds=seconds))
    for held in world.held:
        if held.until is not None:
            yield Due(held.until, "releases", held.member, partial(release, held=held))
    for key in world.game.all("leaderboard"):
        at_end = ends_at(world, key)
        if at_end is not None:
            yield Due(at_end, "boards", key, follow_nothing)


def of_books(world: World, member: Member) -> Iterator[Due]:
    """Lots that expire, and the end of VIP time."""
    for lot in member.lots:
        if lot.left:
            yield Due(lot.expires_at, "lots", member.id, partial(expire_lot, lot=lot))
    if member.type == "vip" and member.vip_until is not None:
        grace = world.game.lasting(world.game.single("vip") or {}, "grace", "1d")
        yield Due(member.vip_until + grace, "vip", member.id, partial(become, member_type="free"))


def of_mechanics(world: World, member: Member) -> Iterator[Due]:
    """Missions and rewards that end, and periods of streaks that close."""
    for run in member.missions:
        if run.state == "active" and run.ends_at is not None:
            yield Due(run.ends_at, "missions", member.id, partial(expire_mission, run=run))
    for key, reward in member.rewards.items():
        if reward.state == "UNLOCKED" and reward.deadline is not None:
            yield Due(reward.deadline, "rewards", member.id, partial(expire_reward, key=key, reward=reward))
    for key, body in world.game.all("streak").items():
        streak = member.streaks[key]
        if streak.length and streak.through is not None:
            calendar = calendar_of(world.game, member, body.get("day", "game"))
            at = closes_at(calendar, body, calendar.following(every(body), streak.through))
            yield Due(at, "streaks", member.id, partial(settle_streak, key=key, body=body))


def follow_nothing(_: Transaction) -> None:
    """A board that ends is not the business of one member: `close_board` does it."""


def waits(world: World) -> set[int]:
    """After how long a membership something asks for it."""
    found = set()
    for kind, word in (("badge", "if"), ("reward", "if"), ("mission", "if"), ("module", "completed_if")):
        for body in world.game.all(kind).values():
            for fact in facts_of(body.get(word)):
                low = range_of(fact["member_for"]).low if head_of(fact) == "member_for" else None
                found |= {int(low)} if low is not None else set()
    return found


def come_of_age(tx: Transaction, seconds: int) -> None:
    tx.member.waited.add(seconds)
    tx.changed.add(("member_for", ""))


def expire_lot(tx: Transaction, lot: Lot) -> None:
    """What is left of the lots of this instant is burned: neither earned nor spent."""
    left = 0
    for each in tx.member.lots:
        if each.expires_at == lot.expires_at:
            left, each.left = left + each.left, 0
    book_expiry(tx, left)


def book_expiry(tx: Transaction, amount: int) -> None:
    book(tx, "besitos", -amount, Payment({}, "expired", "lot", "EXPIRE"))


def release(tx: Transaction, held: Held) -> None:
    """All of a payout in quarantine happens now."""
    tx.world.held.remove(held)
    settle(tx, Payment({}, held.source, held.cause, "RELEASE", moves=held.moves), held.payout)


def close_board(world: World, due: Due, all_of_it: Outcome) -> None:
    """A season ends for everyone who stands on its board."""
    transactions = {member.id: begin(world, member, due) for member in world.members.values()}
    finish(world, due.member, transactions, due.at)
    for tx in transactions.values():
        if tx.queue:
            finish_up(tx, all_of_it)
