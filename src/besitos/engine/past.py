"""The past, read again: what a new badge or rule would have found, and what a new metric comes to.

The log is folded member by member through the same decisions as live activities, with nothing else of the game at
work: what happened besides (money, badges, missions) is taken from the log as it was, and not decided again.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace as replace_game
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from besitos.core import event as told
from besitos.core.account import Account
from besitos.core.activity import Activity, Happened, topic_of
from besitos.core.decision import Change
from besitos.core.event import AchievementUnlocked, Event
from besitos.core.holding import HOLDINGS, changed
from besitos.core.limit import use
from besitos.core.member import PROFILE, MemberType
from besitos.core.metric import SEEN, TALLY, TALLY_AT, Seen, Tally, all_seen
from besitos.core.standing import STANDING, Run, Standing
from besitos.core.state import Key, Shared
from besitos.core.thing import THING
from besitos.core.view import Missing
from besitos.engine.book import Book
from besitos.engine.codec import parse, to_raw
from besitos.engine.draft import Draft
from besitos.engine.metering import note_money
from besitos.engine.rounds import decide, hear
from besitos.game.game import Game
from besitos.game.narrowing import only
from besitos.ledger.wallet import Wallet
from besitos.store.past import Booked, PastRow, past
from besitos.store.protocol import Held, Loaded, Locks, Logs, MemberRow, Query

MONEY = frozenset({"balance", "earned", "spent"})
"""What conditions ask of money. Where nobody does, it need not be read."""

FAR = datetime(9999, 1, 1, tzinfo=UTC)
"""A clock that nothing in the past is ahead of."""

ALWAYS = datetime.min.replace(tzinfo=UTC)
"""Since when a thing is known whose beginning is not in the log."""

EVENTS: Mapping[str, type[Event]] = {
    topic_of(shape): shape
    for shape in vars(told).values()
    if isinstance(shape, type) and issubclass(shape, Event) and shape is not Event and shape.logged
}


class Earned(NamedTuple):
    """What a badge or a rule would have given for one activity: a badge at a value, or amounts by currency."""

    part: str
    member_id: int
    at: datetime
    activity: str
    value: str = ""
    amounts: tuple[tuple[str, int], ...] = ()


class Recalled(NamedTuple):
    """What a metric comes to for one member: its stored name, with the value of its `per` after a slash."""

    member_id: int
    metric: str
    tally: Tally
    values: Mapping[str, int]


class Begun(NamedTuple):
    """A thing: since when anybody could look through it, and what is remembered of it."""

    at: datetime
    body: str


class Folded(NamedTuple):
    """What the past of one member comes to."""

    earned: Sequence[Earned]
    recalled: Sequence[Recalled]


class Fold:
    """One reading of the past, for some parts of a game: badges, rules (`badge/amiga`), metrics by stored name."""

    def __init__(
        self, game: Game, parts: Collection[str], metrics: Collection[str] = (), *, versions: range | None = None
    ) -> None:
        """Of what was decided under other versions than `versions`, nothing counts: it has been counted already."""
        wanted = frozenset(parts)
        self._parts = wanted
        self._metrics = frozenset(metrics)
        self._versions = versions
        asked = _asked(game, wanted) | {name.partition("@")[0] for name in self._metrics}
        has_rules = any(not name.startswith("badge/") for name in wanted)
        self._with_money = has_rules or any(name.partition(":")[0] in MONEY for name in asked)
        needed = wanted | {f"metric/{name}" for name in asked}
        self._game = only(
            game, lambda name: name in needed or name.startswith("thing/") or (has_rules and name.startswith("metric/"))
        )
        self._quiet = replace_game(only(game, lambda _: False), money_spans={})
        self.things: dict[str, Begun] = {}
        """What is remembered of things, by scope. `remember_things` fills it; without it nothing is known of any."""

    async def members(self, database: Logs) -> AsyncIterator[Folded]:
        """Every member, one after the other, as one snapshot has them. Folded in a thread: the loop has other work."""
        kinds = heard_in(self._game)
        logged = EVENTS.keys() & (kinds | LASTING)
        rest: list[PastRow] = []
        async for rows in past(database, kinds - EVENTS.keys(), logged, with_money=self._with_money):
            rest += rows
            last = rest[-1].member_id
            whole = [row for row in rest if row.member_id != last]
            rest = [row for row in rest if row.member_id == last]
            for folded in await asyncio.to_thread(list, self._fold_all(whole)):
                yield folded
        for folded in await asyncio.to_thread(list, self._fold_all(rest)):
            yield folded

    @property
    def lasting(self) -> frozenset[str]:
        """The types of events without which the past comes to something else."""
        return lasting_in(self._game)

    async def remember_things(self, database: Logs) -> Mapping[str, str]:
        """Learn what is remembered of things, and what would have been; of these, what is not written yet."""
        begun = frozenset(
            topic
            for topic, each in self._game.listeners.items()
            if any(part.name.startswith("thing/") for part in each.before)
        )
        if not begun:
            return {}
        [rows] = await database.read(Query(_THINGS))
        first: dict[str, Begun] = {}
        only_things = Fold(only(self._game, lambda name: name.startswith("thing/")), ())
        async for many in past(database, begun - EVENTS.keys(), begun & EVENTS.keys(), with_money=False):
            for row in many:
                for scope, body in only_things.begun_by(row):
                    if scope not in first or row.at < first[scope].at:
                        first[scope] = Begun(row.at, body)
        written = {scope: Begun(first[scope].at if scope in first else ALWAYS, body) for scope, body in rows}
        self.things = first | written
        return {scope: begun.body for scope, begun in first.items() if scope not in written}

    def begun_by(self, row: PastRow) -> Iterator[tuple[str, str]]:
        """The things that one activity begins, and what would be remembered of them."""
        held = Held({row.member_id: MemberRow(row.member_id)}, {})
        one = _OneMember(Book(Locks(frozenset({row.member_id})), held), row.member_id, {})
        list(one.step(row.at, row.activity, [row], self._game))
        yield from one.things()

    def _fold_all(self, rows: Iterable[PastRow]) -> Iterator[Folded]:
        for member_id, own in groupby(rows, key=lambda row: row.member_id):
            if member_id:
                yield self._fold(member_id, list(own))

    def _game_for(self, row: PastRow) -> Game:
        return self._game if self._versions is None or row.game_version in self._versions else self._quiet

    def _fold(self, member_id: int, rows: Sequence[PastRow]) -> Folded:
        """One member, activity by activity."""
        held = Held({member_id: MemberRow(member_id)}, {})
        one = _OneMember(Book(Locks(frozenset({member_id})), held), member_id, self.things)
        earned: list[Earned] = []
        for (at, key), step in groupby(rows, key=lambda row: (row.at, row.activity)):
            found = one.step(at, key, happened := list(step), self._game_for(happened[0]))
            paid = {Booked.read(row.body).definition for row in happened if row.what == "transaction"}
            earned += [each for each in found if each.part in self._parts and each.part not in paid]
        return Folded(earned, list(one.recalled(self._metrics)))


def heard_in(game: Game) -> frozenset[str]:
    """The kinds of activities and types of events that anything of a game hears."""
    return frozenset(topic for topic, each in game.listeners.items() if each or each.at_once)


def lasting_in(game: Game) -> frozenset[str]:
    """The types of events that the past of this game is read from: no activity tells them, so they must stay."""
    return LASTING | (heard_in(game) & EVENTS.keys())


def _asked(game: Game, parts: Collection[str]) -> frozenset[str]:
    """What the conditions of these badges ask for. What a rule may ask for is not indexed: it needs all there is."""
    return frozenset(
        name for name, readers in game.readers.of.items() if any(reader.part.name in parts for reader in readers)
    )


class _OneMember:
    """The books of one member as they would stand, and what stands in them."""

    def __init__(self, book: Book, member_id: int, things: Mapping[str, Begun]) -> None:
        self._things = things
        self._at = ALWAYS
        self._withheld: list[Key[Any]] = []
        self._book = book
        self._member_id = member_id
        self._booked: set[tuple[str, str]] = set()

    def step(self, at: datetime, key: str, rows: Sequence[PastRow], game: Game) -> Iterator[Earned]:
        """One activity and what came of it; what of it the parts of a game would have given."""
        self._at = at
        while self._withheld:
            self._book.forget(self._withheld.pop())  # it may have begun by now
        first = rows[0]
        kind, body = (first.name, parse(first.body)) if first.what == "activity" else ("past", {})
        activity = Happened(key=key, member_id=self._member_id, occurred_at=at, kind=kind, attributes=body)
        while True:
            draft = Draft(self._book, activity, game, FAR)
            try:
                found = self._decide(draft, activity, rows)
            except Missing as gap:
                draft.drop()
                self._supply(gap.what)
                continue
            draft.keep()
            break
        yield from _earned(draft, activity, found)

    def recalled(self, metrics: Collection[str]) -> Iterator[Recalled]:
        """What the metrics of these stored names have come to."""
        for key, value in [*self._book.values()]:
            name = key.scope.partition("/")[2]
            if key.slot in (TALLY, TALLY_AT, SEEN) and name.partition("/")[0] in metrics and value != key.slot.blank:
                tally = value if isinstance(value, Tally) else Tally()
                values = dict(all_seen(self._seen, self._member_id, name)) if isinstance(value, Seen) else {}
                yield Recalled(self._member_id, name, tally, values)

    def _seen(self, key: Key[Seen]) -> Seen:
        try:
            found: Seen = self._book.get(key)
        except Missing:
            self._supply(key)
            return SEEN.blank
        return found

    def things(self) -> Iterator[tuple[str, str]]:
        """The things that began, and what is remembered of them."""
        for key, value in self._book.values():
            if key.slot is THING and value != THING.blank:
                yield key.scope, to_raw(value)

    def _decide(self, draft: Draft, activity: Activity, rows: Sequence[PastRow]) -> list[Event]:
        """Have it decided among what did happen. The events that were decided now, and not then.

        What was paid then comes first: it has used up its part of the caps.
        """
        for row in rows:
            if row.what == "transaction":
                self._book_money(draft, Booked.read(row.body), activity.key)
        decide(draft, activity, draft.game)
        new = list(draft.events)
        draft.events.clear()
        for row in rows:
            if row.what == "event":
                event = msgspec.json.decode(row.body, type=EVENTS[row.name])
                _remember(draft, event)
                draft.tell(event)
        logged = len(draft.events)
        hear(draft, draft.game)
        return new + draft.events[logged:]

    def _book_money(self, draft: Draft, booked: Booked, activity: str) -> None:
        account = Account(self._member_id, booked.account)
        before = self._book.wallet(account)
        after = Wallet(before.balance + booked.amount, before.earned + booked.earned, before.spent + booked.spent)
        if not account.is_hold:
            note_money(draft, account, before, after)
        self._book.put_wallet(account, after)
        house = booked.counter.partition(":")
        if house[0] != "source" or booked.amount <= 0:
            return
        is_first = (activity, booked.definition) not in self._booked
        self._booked.add((activity, booked.definition))
        uses = [
            (each, booked.amount if each.currency else 1)
            for each in draft.game.allowances_of(house[2], draft.now)
            if each.currency == account.currency or (not each.currency and is_first)
        ]
        for key, value in use(draft, uses, self._member_id).items():
            draft.put(key, value)

    def _supply(self, what: Key[Any] | object) -> None:
        """Nothing stands where nobody of this member's past has written yet."""
        assert isinstance(what, Key), "the past concerns one member at a time, and no transfers"
        if isinstance(what.slot, Shared):
            # Limits of the whole community hold when it is given; here each member is read alone.
            self._book.add_shared(what.scope)
            return
        name = (what.member_id, what.scope)
        begun = self._things.get(what.scope)
        if begun is not None and begun.at > self._at:
            self._withheld.append(what)
            begun = None
        self._book.add([name], (), Loaded(rows={} if begun is None else {name: begun.body}))


def _earned(draft: Draft, activity: Activity, new: Sequence[Event]) -> Iterator[Earned]:
    member_id, at, key = activity.member_id, draft.now, activity.key
    for event in new:
        if isinstance(event, AchievementUnlocked):
            yield Earned(f"badge/{event.badge}", member_id, at, key, event.value)
    by_part: dict[str, list[tuple[str, int]]] = {}
    for paid in draft.paid:
        if paid.definition.startswith("badge/"):
            continue  # what a badge pays is paid when it is given
        by_part.setdefault(paid.definition, []).append((paid.account, paid.amount))
    for part, amounts in by_part.items():
        yield Earned(part, member_id, at, key, amounts=tuple(amounts))


def _remember(draft: Draft, event: Event) -> None:
    """What an event says that a member has had since."""
    member_id = event.member_id
    standing, holdings = STANDING.of(member_id), HOLDINGS.of(member_id)
    match event:
        case told.LevelUp(level=level):
            draft.put(standing, replace(draft.get(standing), level=level))
            _change(draft, member_id, "level", level)
        case told.StreakExtended(streak=key, length=length, best=best):
            _run(draft, member_id, key, Run(length, best))
        case told.StreakRestored(streak=key, length=length):
            _run(draft, member_id, key, Run(length, max(length, _best(draft, member_id, key))))
        case told.StreakLost(streak=key):
            _run(draft, member_id, key, Run(0, _best(draft, member_id, key)))
        case told.GradeChanged(grade=grade):
            draft.put(holdings, replace(draft.get(holdings), grade=grade))
            _change(draft, member_id, "grade")
        case told.MemberTypeChanged(became=became):
            profile = PROFILE.of(member_id)
            draft.put(profile, replace(draft.get(profile), type=MemberType(became)))
            _change(draft, member_id, "member")
        case _:
            _hold(draft, event)


def _hold(draft: Draft, event: Event) -> None:
    """Badges, missions, rewards and modules, counted as they came and went."""
    for shape, word, name, by in HELD:
        if isinstance(event, shape):
            key, kept = getattr(event, word), HOLDINGS.of(event.member_id)
            before = draft.get(kept)
            after = changed(getattr(before, name), key, by)
            draft.put(kept, replace(before, **{name: after}))
            _change(draft, event.member_id, f"{word}:{key}")
            if word == "badge":
                _change(draft, event.member_id, "badges", sum(after.values()))


HELD: tuple[tuple[type[Event], str, str, int], ...] = (
    (told.AchievementUnlocked, "badge", "badges", 1),
    (told.BadgeRevoked, "badge", "badges", -1),
    (told.MissionCompleted, "mission", "missions", 1),
    (told.RewardClaimed, "reward", "rewards", 1),
    (told.ModuleCompleted, "module", "modules", 1),
)
STANDS: tuple[type[Event], ...] = (
    *(told.LevelUp, told.StreakExtended, told.StreakLost, told.StreakRestored, told.GradeChanged),
    told.MemberTypeChanged,
)
LASTING = frozenset(topic_of(shape) for shape in (*(each[0] for each in HELD), *STANDS))
"""The events that say what a member has, whoever listens."""


def _best(draft: Draft, member_id: int, streak: str) -> int:
    standing: Standing = draft.get(STANDING.of(member_id))
    return standing.streaks.get(streak, Run()).best


def _run(draft: Draft, member_id: int, streak: str, run: Run) -> None:
    key = STANDING.of(member_id)
    standing = draft.get(key)
    draft.put(key, replace(standing, streaks={**standing.streaks, streak: run}))
    _change(draft, member_id, f"streak:{streak}", run.length)
    _change(draft, member_id, f"best_streak:{streak}", run.best)


def _change(draft: Draft, member_id: int, name: str, after: int | None = None) -> None:
    if name in draft.game.watched:
        draft.changes.append(Change(member_id, name, after=after))


_THINGS = "SELECT scope, body FROM rows WHERE member_id = 0 AND scope >= 'thing/' AND scope < 'thing0'"
