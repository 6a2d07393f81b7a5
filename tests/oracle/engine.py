"""The product as a player of cases: steps become activities, what is due happens first, and what came of it is `Seen`.

The kinds that the language does not name are what an operator or the member asks of a mechanic.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from typing import Any, cast

import msgspec

from besitos.apps.boards import keep_boards
from besitos.core.account import Account
from besitos.core.activity import Activity
from besitos.core.board import Score
from besitos.core.holding import HOLDINGS
from besitos.core.member import PROFILE
from besitos.core.standing import STANDING
from besitos.core.view import View
from besitos.engine.directory import Directory
from besitos.engine.engine import Engine
from besitos.engine.intake import Intake, Sent
from besitos.engine.outcome import Outcome
from besitos.game.game import Game, compile_game
from besitos.mechanics import MECHANICS
from besitos.mechanics.badge.decide import badges_in
from besitos.mechanics.badge.model import AWARD, Award, GiveBadge
from besitos.mechanics.boost.model import StartBoost
from besitos.mechanics.leaderboard.decide import boards_of, present_period
from besitos.mechanics.member.model import ChangeSettings
from besitos.mechanics.module.model import MODULES
from besitos.mechanics.reward.decide import rewards_in, standing_of
from besitos.mechanics.shop.model import GiveItem, Item, TakeItem
from besitos.mechanics.streak.decide import look_at, streaks_in
from besitos.mechanics.streak.model import GrantFreeze, PauseStreak, RepairStreak
from besitos.mechanics.transfer.model import Grant, Spend
from besitos.mechanics.vip.model import GiveVip
from besitos.store import boards
from besitos.store.memory import MemoryStore
from besitos.store.protocol import Changes, Database, EventRow, MemberRef, TransactionRow
from tests.books import wallets_in
from tests.oracle.case import WAIT, Case, Seen, Step, differences
from tests.oracle.units import duration
from tests.world import SetClock, document

DOCUMENTED = ("limit.", "cap.", "late.", "ledger.", "rounds.")
SCOPE = "oracle"
INTAKE = Intake(SCOPE, may_be_late=True)
BEGINNING = datetime(2024, 1, 2, tzinfo=UTC)

LOOKED_AT = {"level", "grade", "type", "items", "streaks", "rewards", "modules"}
"""What is read through a view of the member, which on a database is a transaction, so only where it is asked for."""

Sending = Mapping[str, Any]
Make = Callable[[Sending, Sending], Activity]
"""From what every activity says, and what the step says, to what the product is asked."""

STAND_INS: dict[str, Make] = {
    "ledger.grant": lambda common, sent: Grant(**common, amount=sent["amount"], currency=sent["currency"]),
    "ledger.spend": lambda common, sent: Spend(**common, amount=sent["amount"], currency=sent["currency"]),
    "member.vip": lambda common, sent: GiveVip(**common, lasts=int(duration(sent["lasts"]).total_seconds())),
    "member.zone": lambda common, sent: ChangeSettings(**common, zone=sent["zone"]),
    "streak.freeze": lambda common, sent: GrantFreeze(**common, streak=sent["streak"]),
    "streak.repair": lambda common, sent: RepairStreak(**common, streak=sent["streak"]),
    "streak.pause": lambda common, sent: PauseStreak(
        **common,
        streak=sent["streak"],
        starts_on=date.fromisoformat(sent["first"]),
        ends_on=date.fromisoformat(sent["last"]),
    ),
    "badge.give": lambda common, sent: GiveBadge(**common, badge=sent["badge"]),
    "item.give": lambda common, sent: GiveItem(**common, item=sent["item"], count=sent["count"]),
}
USES: dict[str, Make] = {
    "boost": lambda common, use: StartBoost(**common, boost=use["boost"]),
    "freeze": lambda common, use: GrantFreeze(**common, streak=use["freeze"]),
    "repair": lambda common, use: RepairStreak(**common, streak=use["repair"]),
}
"""What an item is used for. Until the shop lets members use one, it is taken and its effect is ordered."""


@lru_cache(maxsize=1_000)
def compiled(text: str) -> Game:
    """A game of a case: made once for all stores."""
    return compile_game(MECHANICS, document(text), seed="seed")


class Product:
    """A game in the product, on one store, under a clock that a step sets."""

    def __init__(self, store: MemoryStore | Database, text: str) -> None:
        self.clock = SetClock(BEGINNING)
        self.store = store
        self.engine = Engine(store, compiled(text), self.clock)
        self.names: dict[int, str] = {}
        self.outcomes: list[Outcome] = []
        self.engine.observers.append(self.outcomes.extend)
        self._directory = Directory(store, self.clock)

    async def id_of(self, who: str) -> int:
        """The member of this name, who comes into being."""
        ref = MemberRef(external_id=who)
        found = (await self._directory.open([ref]))[ref]
        self.names[found] = who
        return found

    async def pass_time(self, until: datetime) -> bool:
        """Do all that is due by then, each at its own instant, as it happens where timers are in time.

        False where nothing was, and so nothing has changed.
        """
        is_due = False
        while (due_at := await self.store.backlog.next_timer()) is not None and due_at <= until:
            self.clock.moment = max(self.clock.moment, due_at)
            await self.engine.run_due_timers()
            is_due = True
        self.clock.moment = max(self.clock.moment, until)
        if self.pays_prizes and not isinstance(self.store, MemoryStore):
            await keep_boards(self.engine, self.store)
            return True
        return is_due

    @cached_property
    def pays_prizes(self) -> bool:
        """Whether a board has to be closed in time, which takes a database."""
        return any(board.prizes for board in boards_of(self.engine.game).values())

    async def activities_of(self, step: Step, key: str) -> Sequence[Activity] | str:
        """What the product is asked in this step; or the reason why it is none of its activities."""
        make = STAND_INS.get(step.kind)
        sent = Sent(key, MemberRef(external_id=step.by), step.kind, step.at, step.attributes)
        if make is None and step.kind != "item.use":
            refusal = INTAKE.refuse(sent, self.engine.game, self.clock.now())
            if refusal is not None:
                return refusal.reason.value
        member_id = await self.id_of(step.by)
        common = {"key": f"{SCOPE}:{key}", "member_id": member_id, "occurred_at": step.at}
        if make is not None:
            return [make(common, step.attributes)]
        if step.kind == "item.use":
            return list(self._uses(common, step.attributes["item"]))
        return [INTAKE.activity(sent, member_id, self.engine.game, self.clock.now())]

    def _uses(self, common: Sending, key: str) -> Iterable[Activity]:
        item = cast("Item", self.engine.game.document.all("item")[key])
        assert item.use is not None, "an item that is used has a use"
        for word, name in item.use.model_dump(exclude_none=True).items():
            yield TakeItem(**{**common, "key": f"{common['key']}/item"}, item=key)
            yield USES[word](common, {word: name})


class Table:
    """A case on the table: what each step changed, and what it left."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self._rows: set[tuple[int, int]] = set()
        self._events: set[tuple[int, int]] = set()
        self._runs: dict[int, dict[str, list[str]]] = {}

    async def see(self, step: Step, number: int) -> Seen:
        """Play one step."""
        product = self._product
        if await product.pass_time(step.at) and step.kind != WAIT:
            self._take(await product.store.export())  # what was due is no part of what an activity did
        told = len(product.outcomes)
        if step.kind == WAIT:
            return await self._seen(step, told)
        asked = await product.activities_of(step, f"k{number}")
        if isinstance(asked, str):
            return Seen(refused=asked, is_known=step.by in product.names.values())
        for activity in asked:
            outcome = await product.engine.submit(activity)
            if not outcome.accepted:
                return await self._seen(step, told, outcome.reason or outcome.status.value)
        return await self._seen(step, told)

    def _take(self, tables: Changes) -> tuple[list[TransactionRow], list[EventRow]]:
        rows = [row for row in tables.transactions if (row.member_id, row.seq) not in self._rows]
        events = [row for row in tables.events if (row.member_id, row.member_seq) not in self._events]
        self._rows |= {(row.member_id, row.seq) for row in rows}
        self._events |= {(row.member_id, row.member_seq) for row in events}
        for row in events:
            self._follow_mission(row)
        return rows, events

    def _follow_mission(self, row: EventRow) -> None:
        what = row.type.removeprefix("gamification.mission_")
        if what not in ("assigned", "completed", "expired"):
            return
        runs = self._runs.setdefault(row.member_id, {}).setdefault(msgspec.json.decode(row.body)["mission"], [])
        if what == "assigned":
            runs.append("active")
        else:
            runs[-1] = what

    async def _seen(self, step: Step, told: int, refused: str | None = None) -> Seen:
        product, seen = self._product, Seen(refused=refused)
        who = await product.id_of(step.by)
        tables = await product.store.export()
        rows, events = self._take(tables)
        for row in rows:
            if row.member_id == who and "@" not in row.account:
                seen.paid[row.account] = seen.paid.get(row.account, 0) + row.amount
                seen.entries.append((row.account, row.amount, row.balance_after))
                seen.types.append(row.type)
                seen.causes.append(row.definition)
        badges = badges_in(product.engine.game)
        for event in events:
            name = event.type.partition(".")[2]
            seen.events[name] = seen.events.get(name, 0) + (event.member_id == who)
            if name == "achievement_unlocked" and event.member_id == who:
                body = msgspec.json.decode(event.body)
                seen.awards.append((body["badge"], "" if badges[body["badge"]].is_once else body["value"]))
        traces = (line.reason for outcome in product.outcomes[told:] for line in outcome.trace)
        seen.reasons = sorted({reason for reason in traces if reason.startswith(DOCUMENTED)})
        seen.missions = self._runs.get(who, {})
        seen.balance = {
            account.name: wallet.balance
            for account, wallet in wallets_in(tables).items()
            if account == Account(who, account.name) and not account.is_hold
        }
        seen.badges = awards_in(tables, who)
        if step.expect.keys() & LOOKED_AT:
            await product.engine.look(who, lambda view: fill(seen, view, who, product.engine))
        if "board" in step.expect:
            await self._fill_boards(seen, tables)
        for path in step.expect.get("lacks", {}):
            seen.lacks[path] = await self._lacks(who, path.partition("/")[2])
        return seen

    async def _fill_boards(self, seen: Seen, tables: Changes) -> None:
        product, calendar = self._product, self._product.engine.game.calendar
        for key, board in boards_of(product.engine.game).items():
            period = present_period(board, calendar, product.clock.now())
            kept = board.kept_in(period)
            if isinstance(product.store, MemoryStore):
                scores = {
                    who: each for (index, at, who), each in tables.scores.items() if (index, at) == (board.index, kept)
                }
                seen.board[key] = self._ranked(scores)
                continue
            shown = await boards.look(product.store, boards.Board(key, board.index, kept, period), 100)
            seen.board[key] = sorted(
                (place.rank, product.names[place.member_id], place.score.value) for place in shown.places
            )

    def _ranked(self, scores: Mapping[int, Score | None]) -> list[tuple[int, str, Any]]:
        standing = {self._product.names[who]: score for who, score in scores.items() if score is not None}
        return sorted(
            (1 + sum(other > score for other in standing.values()), who, score.value) for who, score in standing.items()
        )

    async def _lacks(self, who: int, reward: str) -> list[tuple[Any, ...]]:
        asking = rewards_in(self._product.engine.game).of[reward].asking
        unmet = await self._product.engine.look(who, lambda view: asking.unmet(view, who))
        return [
            (each.group, each.fact, each.have, each.need, each.missing)
            if each.need
            else (each.group, f"{each.fact} {each.of}", bool(each.have), "held", None)
            for each in unmet
        ]


def fill(seen: Seen, view: View, who: int, engine: Engine) -> None:
    """What a member has and is."""
    game = engine.game
    holdings, standing, profile = view.get(HOLDINGS.of(who)), view.get(STANDING.of(who)), view.get(PROFILE.of(who))
    seen.level, seen.grade, seen.type = standing.level, holdings.grade or None, profile.type.value
    seen.items = dict(holdings.items)
    for key, rules in streaks_in(game).items():
        run = look_at(view, who, rules).run
        seen.streaks[key] = {"length": run.length, "best": run.best, "freezes": len(run.freezes)}
    seen.rewards = {key: standing_of(view, who, key).state.value for key in game.document.all("reward")}
    seen.modules = {key: each.state.value for key, each in view.get(MODULES.of(who)).of.items()}


def awards_in(tables: Changes, who: int) -> list[tuple[str, str]]:
    """The badges of a member, each with its value."""
    found = []
    for (member_id, scope), body in tables.rows.items():
        slot, _, name = scope.partition("/")
        if member_id == who and slot == AWARD.name and msgspec.json.decode(body, type=Award):
            badge, _, value = name.partition("/")
            found.append((badge, value))
    return sorted(found)


async def play(case: Case, store: MemoryStore | Database) -> list[str]:
    """Everything that was expected of a case and is not so in the product."""
    table = Table(Product(store, case.game))
    found = []
    for number, step in enumerate(case.history):
        seen = await table.see(step, number)
        found += [
            f"step {number + 1} ({step.kind} at {step.at:%d %H:%M:%S}): {each}" for each in differences(step, seen)
        ]
    return found
