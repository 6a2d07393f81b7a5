"""A draft: what one activity would change. Kept when it stands, dropped when it does not."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from besitos.core.account import Account
from besitos.core.activity import JOB, Activity
from besitos.core.decision import (
    NOTHING,
    Accepted,
    Cancel,
    Change,
    Effect,
    Expire,
    Give,
    Move,
    Note,
    Pay,
    Publish,
    Put,
    Rejected,
    Reverse,
    Schedule,
    Stand,
)
from besitos.core.event import BesitosExpired, Event
from besitos.core.lot import ExpireLots
from besitos.core.state import State
from besitos.core.transfer import Transfer
from besitos.engine.book import Book
from besitos.engine.codec import details_raw, to_raw
from besitos.engine.metering import note_money, tell_money
from besitos.engine.outcome import EngineReason, Paid, Step, given_step, plain
from besitos.engine.payment import Payment
from besitos.engine.rest import wake
from besitos.game.game import Game
from besitos.ledger.post import Entry, Posted, expire, post
from besitos.ledger.reversal import reverse
from besitos.ledger.wallet import Wallet
from besitos.store.protocol import ReversalRow, TextRow, TransactionRow

S = TypeVar("S", bound=State)

MONEY = frozenset({Move, Pay, Expire, Reverse})
"""The effects that move money. They are carried out first: what the ledger refuses leaves no trace of the others."""

CHANCE_BITS = 53


class Draft:
    """The `View` of one activity, and the effects that its decisions have had so far. In the end: `keep` or `drop`."""

    __slots__ = (
        "_activity",
        "_book",
        "_named",
        "_seqs",
        "calendar",
        "changes",
        "events",
        "game",
        "get",
        "now",
        "paid",
        "put",
        "reversals",
        "texts",
        "told",
        "trace",
        "transactions",
    )

    def __init__(self, book: Book, activity: Activity, game: Game, now: datetime) -> None:
        # A timer's time has come once it was found due: a clock set back meanwhile must not make it come to nothing.
        self.now = activity.occurred_at if activity.key.startswith(JOB) else min(activity.occurred_at, now)
        self.game = game
        self.calendar = game.calendar
        self.get = book.get  # the book has everything as this activity would leave it
        self.put = book.put
        self.paid: list[Paid] = []
        self.trace: list[Step] = []
        self.events: list[Event] = []
        self.changes: list[Change] = []
        self.told: list[Change] = []
        self.transactions: list[TransactionRow] = []
        self.reversals: list[ReversalRow] = []
        self.texts: list[TextRow] = []
        self._activity = activity
        self._book = book
        self._seqs: dict[int, int] = {}
        self._named = 0

    @property
    def bonus_lasts(self) -> timedelta:
        """How long bonus besitos live."""
        return self.game.bonus_lasts

    def balance(self, account: Account) -> int:
        """What `account` could pay after what this activity has done."""
        return self._book.wallet(account).spendable(self.now)

    def totals(self, account: Account) -> tuple[int, int]:
        """What was ever earned into `account`, and ever spent from it."""
        wallet = self._book.wallet(account)
        return wallet.earned, wallet.spent

    @property
    def game_version(self) -> int:
        """Which version of the game decides."""
        return self.game.version

    def transfer(self, transfer_id: str) -> Transfer | None:
        """What moved under this id before this activity."""
        return self._book.transfers.find(transfer_id)

    def chance(self, name: str) -> float:
        """A number from 0 up to 1 that the deployment's seed, the activity and `name` decide. It is in the trace."""
        said = f"{self.game.seed}|{self._activity.key}|{name}".encode()
        drawn = int.from_bytes(hashlib.sha256(said).digest()[:8]) >> (64 - CHANCE_BITS)
        number = drawn / (1 << CHANCE_BITS)
        self.say(Step(f"chance/{name}", details={"value": number}))
        return number

    def take_changes(self) -> list[Change]:
        """What has changed since this was last asked."""
        taken, self.changes = self.changes, []
        if self.game.ranks:
            self.told += taken
        return taken

    def say(self, step: Step) -> None:
        """Add a line to the trace."""
        self.trace.append(step)

    def tell(self, event: Event) -> None:
        """Publish. Who counts what happens does so at once; all others hear of it in the next round."""
        self.events.append(event)
        heard = self.game.listeners.get(event.topic)
        if heard is not None:
            for part in heard.at_once:
                decision = part.decide(self, event, part.definition)
                if isinstance(decision, Accepted):
                    self.carry_out(decision, part.name)

    def schedule(self, due_at: datetime, activity: Activity) -> None:
        """Set a timer."""
        self._book.put_timer(activity.key, (due_at, activity))

    def carry_out(self, accepted: Accepted, definition: str) -> Sequence[Entry] | Rejected:
        """Apply all the effects of one decision, or, if the ledger refuses a movement, none of them.

        All that one decision moves is one transfer, named by the first row it writes.
        """
        entries: list[Entry] = []
        given: list[Give] = []
        transfer_id = ""
        if not MONEY.isdisjoint(map(type, accepted.effects)):
            money = [effect for effect in accepted.effects if type(effect) in MONEY]
            refusal = self._move_money(money, definition, entries, given)
            if refusal is not None:
                return refusal
            if entries:
                transfer_id = self._record(entries, _cause(money) or definition)
        for effect in accepted.effects:
            # By type, not isinstance or match: of a struct, each "no" of theirs costs as much as the effect.
            if type(effect) is Put:
                self.put(effect.key, effect.value)
                if effect.key.slot.wakes:
                    wake(self, effect.key.member_id)
            elif type(effect) is Publish:
                self.tell(effect.event)
            elif type(effect) not in MONEY:
                self._arrange(effect, transfer_id, given)
        for gift in given:
            self._give(gift)
        return entries

    def would_give(self, give: Give) -> bool:
        """Whether the member would get something: they do not have it yet, and it is there to be given."""
        part = self.game.giver_of(give.given)
        if part is None:
            return False
        decision = part.decide(self, give, part.definition)
        return isinstance(decision, Accepted) and decision is not NOTHING

    def unique(self, member_id: int) -> str:
        """A name for something that this activity leaves waiting with a member, never the same twice.

        It counts the member's events, of which this is one: a key may come again in another month, and what waits may
        be a badge, which moves nothing. Names sort as they were given.
        """
        self._named += 1
        return f"{self._book.page(member_id).event_seq:09}.{self._named:03}"

    def keep(self) -> None:
        """Let it stand."""
        self._book.keep(self._activity.member_id, self.transactions, self.reversals, self.now)

    def drop(self) -> None:
        """Leave nothing of it."""
        self._book.journal.undo()

    def _give(self, give: Give) -> None:
        """By the mechanic that such things belong to, after the money: what it gives may pay in its turn."""
        part = self.game.giver_of(give.given)
        if part is None:
            self.say(Step(give.source, EngineReason.NOT_THERE.value, {give.given.word: give.given.key}))
            return
        decision = part.decide(self, give, part.definition)
        if give.cause and isinstance(decision, Accepted) and decision is not NOTHING:
            self.say(given_step(give.cause, give.given))
        answer = decision if isinstance(decision, Rejected) else self.carry_out(decision, part.name)
        if isinstance(answer, Rejected):
            self.say(Step(part.name, answer.reason.value, plain(answer.details)))

    def _move_money(
        self, money: Sequence[Effect], definition: str, entries: list[Entry], given: list[Give]
    ) -> Rejected | None:
        """Carry out what moves money, or, if the ledger refuses a movement, nothing of it."""
        mark, told, said = self._book.journal.mark(), len(self.events), len(self.changes)
        for effect in money:
            refusal = self._post(effect, definition, entries, given)
            if refusal is not None:
                self._book.journal.undo(mark)
                del self.events[told:], self.changes[said:]
                return refusal
        return None

    def _arrange(self, effect: Effect, transfer_id: str, given: list[Give]) -> None:
        """The effects that are rarer: what conditions ask for, gifts, timers, what somebody typed about a transfer."""
        if type(effect) is Change:
            watched = self.game.watched
            least = watched.get(effect.name)
            if effect.name in watched and (least is None or effect.after is None or effect.after >= least):
                self.changes.append(effect)
        elif type(effect) is Give:
            given.append(effect)
        elif type(effect) is Schedule:
            self.schedule(effect.due_at, effect.activity)
        elif type(effect) is Cancel:
            self._book.put_timer(effect.key, None)
        elif type(effect) is Stand:
            self._book.stand(effect)
        elif type(effect) is Note and transfer_id:
            self.texts.append(TextRow(transfer_id, int(transfer_id.partition("-")[0]), effect.body))

    def _post(self, effect: Effect, definition: str, entries: list[Entry], given: list[Give]) -> Rejected | None:
        if type(effect) is Pay:
            payment = Payment(self, effect, self.game, effect.cause or definition)
            moves: Sequence[Move] = payment.moves()
            given += payment.gifts
        elif type(effect) is Move:
            moves = (effect,)
        elif type(effect) is Reverse:
            return self._take_in(reverse(effect, self._book.wallet, self.now), entries)
        else:
            assert type(effect) is Expire, "the other effects move no money"
            expired = expire(effect.account, self._book.wallet, self.now)
            self.events += [
                BesitosExpired(member_id=entry.account.member_id, currency=entry.account.currency, amount=-entry.amount)
                for entry in expired.entries
            ]
            return self._take_in(expired, entries)
        for move in moves:
            refusal = self._take_in(post(move, self._book.wallet, self.now), entries)
            if refusal is not None:
                return refusal
        return None

    def _take_in(self, posted: Posted | Rejected, entries: list[Entry]) -> Rejected | None:
        if isinstance(posted, Rejected):
            return posted
        for account, wallet in posted.wallets.items():
            if not account.is_hold:
                before = self._book.wallet(account)
                if wallet.lots:
                    self._watch_expiry(account, before, wallet)
                note_money(self, account, before, wallet)
            self._book.put_wallet(account, wallet)
        if self.game.hears_of_money:
            for entry in posted.entries:
                tell_money(self, entry)
        entries += posted.entries
        return None

    def _watch_expiry(self, account: Account, before: Wallet, wallet: Wallet) -> None:
        """Set a timer for each expiry that this purse has not known before."""
        known = {lot.expires_at for lot in before.lots}
        for due_at in sorted({lot.expires_at for lot in wallet.lots} - known):
            expiry = ExpireLots(
                key=f"{JOB}lots.expire/{account.member_id}/{account.name}/{due_at:%Y%m%d%H%M%S}/{self._seq(account.member_id)}",
                member_id=account.member_id,
                occurred_at=due_at,
                account=account.name,
            )
            self.schedule(due_at, expiry)

    def _record(self, entries: Sequence[Entry], definition: str) -> str:
        """Write the rows of a transfer, whose name is that of the first."""
        transfer_id = ""
        for entry in entries:
            member_id, name = entry.account.member_id, entry.account.name
            seq = self._seqs[member_id] = self._seq(member_id) + 1
            transfer_id = transfer_id or f"{member_id}-{seq}"
            amount, balance = entry.amount, entry.after.balance
            self.paid.append(Paid(definition, member_id, name, amount, balance, transfer_id))
            row = TransactionRow(
                member_id,
                seq,
                transfer_id,
                name,
                amount,
                balance,
                entry.type,
                entry.counter,
                to_raw(entry.lots) if entry.lots else None,
                self._activity.key,
                definition,
                _details(entry),
                self.now,
            )
            self.transactions.append(row)
        if entries[0].reverses:
            self.reversals.append(ReversalRow(entries[0].reverses, transfer_id))
        return transfer_id

    def _seq(self, member_id: int) -> int:
        seq = self._seqs.get(member_id)
        return self._book.page(member_id).seq if seq is None else seq


def _cause(money: Sequence[Effect]) -> str:
    """The definition that pays, where a decision names one."""
    for effect in money:
        if isinstance(effect, (Pay, Move)) and effect.cause:
            return effect.cause
    return ""


def _details(entry: Entry) -> str | None:
    if not (entry.debt or entry.reverses or entry.metadata):
        return None
    details: dict[str, Any] = {}
    if entry.debt:
        details["debt"] = entry.debt
    if entry.reverses:
        details |= {"reverses": entry.reverses, "reversed_type": entry.reversed_type}
    if entry.metadata:
        details["metadata"] = entry.metadata
    return details_raw(details)
