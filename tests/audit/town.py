"""A town with money in it: a random and correct ledger, made by the real engine through everything that moves money."""

import asyncio
import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from besitos.core.account import purse, source
from besitos.core.activity import Activity
from besitos.core.decision import Accepted, Decision, Move
from besitos.core.quarantine import RefusePayout, ReleasePayout
from besitos.core.transaction import TransactionType
from besitos.core.transfer import Policy
from besitos.core.view import View
from besitos.engine.editing.manager import Manager, Signature
from besitos.engine.engine import Engine
from besitos.engine.games import StoredGames
from besitos.engine.outcome import Outcome, Status
from besitos.game.document import Document
from besitos.game.mechanic import Handles, Mechanic
from besitos.mechanics import MECHANICS, SECTIONS
from besitos.store.protocol import Database, Query
from besitos.store.seals import ROWS_MAX, Seal, seal, seal_all, seals
from tests.auction import AUCTION
from tests.auction.model import StartAuction
from tests.world import MONDAY, SetClock, bid, claim, document, gift, grant, happened, new_key, people, spend, undo

MEMBERS = range(1, 13)

GAME = """
game: {name: Pueblo}
currencies:
  gems: {name: Gemas, giftable: true}
activities:
  salary.paid: {}
  promotion.given: {}
  fine.due: {}
  prize.doubtful: {}
  lottery.won: {}
daily_gift: {pays: {besitos: 10, xp: 5}}
rules:
  message: {when: message.posted, pays: {besitos: 2, xp: 1}, limit: 3/day}
  salary: {when: salary.paid, pays: {besitos: 60, bonus: 15}}
  promotion: {when: promotion.given, pays: {bonus: 50}}
  fine: {when: fine.due, pays: {besitos: -25}}
  doubtful: {when: prize.doubtful, pays: {besitos: 30, bonus: 20, gems: 1}, quarantine: 2d}
  lottery: {when: lottery.won, pays: {gems: 5, bonus: 90}, source: luck}
caps:
  luck: {sources: [luck], limit: 1/week, then: quarantine}
"""


class GiveBack(Activity, frozen=True, kw_only=True, tag="till.refund"):
    """A member brings something back."""

    amount: int


def give_back(_view: View, order: GiveBack, _rules: None) -> Decision:
    return Accepted(
        Move(
            debit=source("item"),
            credit=purse(order.member_id),
            amount=order.amount,
            type=TransactionType.REFUND,
            metadata={"price": order.amount, "rate": 1.5},
        )
    )


def compile_till(_: Document) -> Iterable[tuple[str, None]]:
    yield "till", None


TILL = Mechanic(name="till", compile=compile_till, handles=(Handles(GiveBack, give_back),))


class Town:
    """Members who do whatever the dice say, while the clock goes on and timers run."""

    def __init__(self, store: Database, engine: Engine, clock: SetClock, seed: int) -> None:
        self.store = store
        self.engine = engine
        self.clock = clock
        self.transfers: list[str] = []
        self._random = random.Random(seed)
        self._auctions = 0

    @classmethod
    async def found(cls, store: Database, seed: int = 1) -> "Town":
        await people(store, MEMBERS)
        clock = SetClock(MONDAY)
        await Manager(store, clock, SECTIONS).apply(document(GAME), Signature("tests"))
        games = await StoredGames.open(store, (*MECHANICS, AUCTION, TILL))
        return cls(store, Engine(store, games, clock), clock, seed)

    async def live(self, operations: int) -> None:
        """So many acts, in batches, with the time between them."""
        done = 0
        while done < operations:
            acts = [self._act() for _ in range(self._random.randint(1, 25))]
            acts += await self._review()
            self._remember(await self.engine.run(acts))
            done += len(acts)
            self.clock.moment += timedelta(hours=self._random.choice((0, 0, 1, 5, 20)), seconds=done)
            await self.engine.run_due_timers()

    async def leave_open(self) -> None:
        """An auction with a bid, and a payout under review."""
        now = self.clock.moment
        auction = self._auction()
        bidder = 1 if auction.member_id != 1 else 2
        bets = [grant(bidder, 50, now), auction, bid(bidder, auction.auction, 50, now)]
        self._remember(await self.engine.run([*bets, happened(bidder, "prize.doubtful", now)]))

    def _act(self) -> Activity:
        dice, member = self._random, self._random.choice(MEMBERS)
        other = dice.choice([each for each in MEMBERS if each != member])
        now = self.clock.moment
        at = now if dice.random() < 0.9 else now - timedelta(days=dice.randint(1, 40))
        choices = {
            "grant": lambda: grant(member, dice.randint(1, 80), at),
            "gems": lambda: grant(member, dice.randint(1, 9), at, currency="gems"),
            "bonus": lambda: grant(
                member, dice.randint(1, 80), now, expires_at=now + timedelta(days=dice.randint(0, 9), hours=1)
            ),
            "spend": lambda: spend(member, dice.randint(20, 200), at, note="café"),
            "gift": lambda: gift(member, other, dice.randint(1, 60), now),
            "claim": lambda: claim(member, at),
            "rule": lambda: happened(member, dice.choice(KINDS), at),
            "refund": lambda: GiveBack(key=new_key(), member_id=member, occurred_at=now, amount=dice.randint(1, 9)),
            "auction": self._auction,
            "bid": lambda: bid(
                member, str(dice.randint(max(1, self._auctions - 3), max(1, self._auctions))), dice.randint(5, 120), now
            ),
            "undo": self._undo,
        }
        return choices[dice.choices(list(choices), WEIGHTS)[0]]()

    def _auction(self) -> StartAuction:
        self._auctions += 1
        ends_at = self.clock.moment + timedelta(hours=self._random.randint(1, 60))
        return StartAuction(
            key=new_key(),
            member_id=self._random.choice(MEMBERS),
            occurred_at=self.clock.moment,
            auction=str(self._auctions),
            start_price=5,
            step=3,
            ends_at=ends_at,
        )

    def _undo(self) -> Activity:
        if not self.transfers:
            return claim(1, self.clock.moment)
        recent = self.transfers[-60:] if self._random.random() < 0.7 else self.transfers
        return undo(self._random.choice(recent), self._random.choice(list(Policy)), self.clock.moment)

    async def _review(self) -> list[Activity]:
        """Somebody looks at a payout that waits, now and then."""
        if self._random.random() < 0.7:
            return []
        [waiting] = await self.store.read(Query("SELECT DISTINCT member_id, scope FROM quarantined ORDER BY 1, 2"))
        if not waiting:
            return []
        member_id, scope = self._random.choice(waiting)
        verdict: Any = self._random.choice([ReleasePayout, RefusePayout])
        payout = scope.partition("/")[2]
        return [verdict(key=new_key(), member_id=member_id, occurred_at=self.clock.moment, payout=payout)]

    def _remember(self, outcomes: Sequence[Outcome]) -> None:
        failed = [outcome for outcome in outcomes if outcome.status is Status.FAILED]
        assert not failed, failed
        for outcome in outcomes:
            self.transfers += dict.fromkeys(paid.transfer_id for paid in outcome.paid)


KINDS = ("message.posted", "salary.paid", "promotion.given", "fine.due", "prize.doubtful", "lottery.won")
WEIGHTS = (8, 3, 10, 30, 12, 4, 16, 3, 2, 16, 24)


async def sealed(store: Database, now: datetime, *, rows_max: int = ROWS_MAX) -> Seal:
    """The next seal. On a server with other databases it waits until none of their transactions is older."""
    async with asyncio.timeout(60):
        while (made := await seal(store, now, rows_max=rows_max)) is None:  # noqa: ASYNC110 - another test's transaction tells nobody when it ends
            await asyncio.sleep(0.02)
    return made


async def all_sealed(store: Database, now: datetime, *, rows_max: int = ROWS_MAX) -> list[Seal]:
    """Seals until nothing is left to seal, waiting as `sealed` does."""
    made = list(await seal_all(store, now, rows_max=rows_max))
    [[(last,)]] = await store.read(Query("SELECT max(position) FROM transactions"))
    while last is not None and (not (known := await seals(store)) or known[-1].last_position < last):
        made.append(await sealed(store, now, rows_max=rows_max))
    return made
