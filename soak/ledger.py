"""A simple ledger written from the specification alone, to which the real one must be equal after every step.

Money is counted coin by coin kind: a kind is when it expires and when it would have expired at first; permanent
money has neither. It shares no line with the product, and knows nothing of batches, rows and databases.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import NamedTuple, NoReturn, TypeAlias


class Kind(NamedTuple):
    """What tells one besito from another."""

    expires: datetime | None = None
    first: datetime | None = None

    def revived(self, now: datetime, grace: timedelta) -> "Kind":
        """What it comes back as: with some grace if it is over, at most 72 hours past its first expiry."""
        if self.expires is None or self.expires > now:
            return self
        first = self.first or self.expires
        return Kind(min(now + grace, first + timedelta(hours=72)), first)


Coins: TypeAlias = Counter[Kind]
PERMANENT = Kind()
OUTBID_GRACE, OPERATOR_GRACE = timedelta(hours=24), timedelta(hours=72)


class RefusedError(Exception):
    """The ledger says no, and nothing has happened."""


def refuse(reason: str) -> NoReturn:
    """Say no."""
    raise RefusedError(reason)


class Line(NamedTuple):
    """What one act did to one account: money in or out, and what it added to a debt.

    `root` is what was undone at first, where it undoes something; `place` its place in the member's history.
    """

    member: int
    account: str
    amount: int
    debt: int
    root: str
    coins: Coins
    other: int | None
    place: int


@dataclass
class Purse:
    """One account."""

    coins: Coins = field(default_factory=Counter)
    earned: int = 0
    spent: int = 0
    debt: int = 0

    @property
    def balance(self) -> int:
        """All of it."""
        return self.coins.total()

    def spendable(self, now: datetime) -> int:
        """What is not over."""
        return sum(count for kind, count in self.coins.items() if kind.expires is None or kind.expires > now)

    def copy(self) -> "Purse":
        """The same, apart."""
        return Purse(Counter(self.coins), self.earned, self.spent, self.debt)


@dataclass
class Sale:
    """One auction."""

    seller: int
    price: int
    step: int
    ends: datetime
    bidder: int = 0
    is_open: bool = True


@dataclass(frozen=True)
class Transfer:
    """What one act moved."""

    name: str
    lines: list[Line]


class Ledger:
    """Purses and holds of some members."""

    def __init__(self, members: Iterable[int]) -> None:
        self.purses: dict[tuple[int, str], Purse] = {(member, "besitos"): Purse() for member in members}
        self.sales: dict[str, Sale] = {}
        self.transfers: dict[str, Transfer] = {}
        self.undone: set[str] = set()
        self.timers: set[tuple[datetime, str, int]] = set()
        self.history: dict[int, list[Line]] = {member: [] for member in members}
        self.lines: list[Line] = []

    def copy(self) -> "Ledger":
        """The same, apart. Lines and transfers are never changed, so both may have them."""
        same = Ledger(())
        same.purses = {name: purse.copy() for name, purse in self.purses.items()}
        same.sales = {name: replace(sale) for name, sale in self.sales.items()}
        same.transfers, same.undone, same.timers = dict(self.transfers), set(self.undone), set(self.timers)
        same.history = {member: list(lines) for member, lines in self.history.items()}
        same.lines = list(self.lines)
        return same

    def grant(self, member: int, amount: int, expires: datetime | None, now: datetime) -> None:
        """Mint money; bonus money lives to the end of a day, UTC. Who owes repays at once out of it."""
        if expires is not None and expires <= now:
            refuse("ledger.expired_lot")
        kind = PERMANENT if expires is None else Kind(midnight_after(expires))
        purse = self.purses[member, "besitos"]
        purse.earned += amount
        self._put((member, "besitos"), Counter({kind: amount}), "EARN")
        repaid = min(purse.debt, amount)
        if repaid:
            purse.debt -= repaid
            self._put((member, "besitos"), _minus(Counter({kind: repaid})), "REPAY", debt=-repaid)

    def spend(self, member: int, amount: int, now: datetime) -> None:
        """Burn money."""
        coins = self._taken(member, amount, now)
        self.purses[member, "besitos"].spent += amount
        self._put((member, "besitos"), _minus(coins), "SPEND")

    def gift(self, member: int, to: int, amount: int, now: datetime) -> None:
        """Hand over the very coins."""
        if member == to:
            refuse("ledger.gift_to_oneself")
        coins = self._taken(member, amount, now)
        self._put((member, "besitos"), _minus(coins), "GIFT", other=to)
        self._put((to, "besitos"), coins, "GIFT", other=member)

    def start(self, name: str, sale: Sale) -> None:
        """Open an auction."""
        if name in self.sales:
            refuse("auction.already_started")
        self.sales[name] = sale
        self.timers.add((sale.ends, f"a/{name}", 0))

    def bid(self, member: int, name: str, amount: int, now: datetime) -> None:
        """Set money aside, and let go of the bid before."""
        sale = self.sales.get(name)
        if sale is None or not sale.is_open or now >= sale.ends:
            refuse("auction.not_open")
        if member == sale.seller:
            refuse("auction.own_auction")
        if amount < sale.price + (sale.step if sale.bidder else 0):
            refuse("auction.bid_too_low")
        hold = f"besitos@auction/{name}"
        if sale.bidder:
            held = Counter(self.purses[sale.bidder, hold].coins)
            self._put((sale.bidder, hold), _minus(held), "RELEASE", other=sale.bidder)
            self._put((sale.bidder, "besitos"), _revived(held, now, OUTBID_GRACE), "RELEASE", other=sale.bidder)
        coins = self._taken(member, amount, now)
        self._put((member, "besitos"), _minus(coins), "BID", other=member)
        self._put((member, hold), coins, "BID", other=member)
        sale.price, sale.bidder = amount, member

    def close(self, name: str, now: datetime) -> None:
        """The winner pays the seller, and the seller a tenth to the house."""
        sale = self.sales[name]
        if sale.bidder:
            hold, seller = f"besitos@auction/{name}", sale.seller
            held = Counter(self.purses[sale.bidder, hold].coins)
            self._put((sale.bidder, hold), _minus(held), "BID", other=seller)
            self.purses[sale.bidder, "besitos"].spent += sale.price
            self._put((seller, "besitos"), _revived(held, now, OUTBID_GRACE), "SALE", other=sale.bidder)
            if fee := sale.price // 10:
                self._put((seller, "besitos"), _minus(self._taken(seller, fee, now)), "FEE")
        sale.is_open = False

    def burn(self, member: int, due: datetime) -> None:
        """What is over by then is gone."""
        purse = self.purses[member, "besitos"]
        over = Counter({k: n for k, n in purse.coins.items() if k.expires is not None and k.expires <= due})
        if over:
            self._put((member, "besitos"), _minus(over), "EXPIRE")

    def undo(self, name: str, policy: str, now: datetime) -> None:
        """Everything that an act did, backwards: what was given is taken back, what was taken is given.

        Who is spared what they have spent since is spared it once, however many lines gave them something.
        """
        transfer = self.transfers.get(name)
        if transfer is None:
            refuse("ledger.unknown_transfer")
        if name in self.undone:
            refuse("ledger.already_reversed")
        if any(line.root in {"BID", "RELEASE", "SALE"} or "@" in line.account for line in transfer.lines):
            refuse("ledger.not_reversible")
        from_other: tuple[int, int] | None = None
        spared: Counter[int] = Counter()
        first = len(self.lines)
        for line in reversed(transfer.lines):
            if line.root == "REPAY":
                self._owe_again(line, now)
            elif line.amount - line.debt >= 0:
                most = line.amount - line.debt
                if policy == "forgive":
                    spent = max(0, self._gone_since(line, self.lines[first:]) - spared[line.member])
                    spared[line.member] += min(most, spent)
                    most -= min(most, spent)
                taken = self._take_back(line, most, policy, now)
                from_other = taken if line.other is not None else from_other
            else:
                self._give_back(line, from_other if line.other is not None else None, now)
        self.undone.add(name)

    def _take_back(self, line: Line, most: int, policy: str, now: datetime) -> tuple[int, int]:
        """As much as the policy takes and is there. What was taken, and what is forgiven for good.

        Of what came from another member, only the money goes back there; a debt that was forgiven beside it was
        the house's.
        """
        money = line.amount - line.debt if line.other is None else line.amount
        taken, owed = self._take_share(line, money, most, policy, now)
        if line.amount - line.debt > money:
            self._take_share(line._replace(other=None), -line.debt, most - taken, policy, now)
        return taken, money - taken - owed

    def _take_share(self, line: Line, wanted: int, most: int, policy: str, now: datetime) -> tuple[int, int]:
        """What was taken, at most so much, and what is owed of the rest."""
        purse = self.purses[line.member, "besitos"]
        taken = min(wanted, most, purse.spendable(now))
        owed = wanted - taken if policy == "debt" else 0
        purse.debt += owed
        coins = _pick(purse.coins, taken, now, line.coins)
        self._put((line.member, "besitos"), _minus(coins), line.root, debt=owed, other=line.other)
        self._count(line, -taken - owed)
        return taken, owed

    def _give_back(self, line: Line, from_other: tuple[int, int] | None, now: datetime) -> None:
        """The same coins again, as far as the other side had them; what it owes now, the house advances."""
        purse, wanted = self.purses[line.member, "besitos"], line.debt - line.amount
        forgiven = min(purse.debt, max(0, line.debt))
        purse.debt -= forgiven
        due = wanted - forgiven - (from_other[1] if from_other else 0)
        amount = min(due, from_other[0]) if from_other else due
        coins = _pick(_minus(line.coins), amount, datetime.min.replace(tzinfo=now.tzinfo))
        coins[PERMANENT] += amount - coins.total()
        self._put(
            (line.member, "besitos"), _revived(coins, now, OPERATOR_GRACE), line.root, debt=-forgiven, other=line.other
        )
        if due > amount:
            self._put((line.member, "besitos"), Counter({PERMANENT: due - amount}), line.root)
        self._count(line, wanted)

    def _owe_again(self, line: Line, now: datetime) -> None:
        """A repayment undone: money and debt are there again. Undone twice: neither, as far as both still are."""
        purse = self.purses[line.member, "besitos"]
        if line.amount < 0:
            coins = _revived(_minus(line.coins), now, OPERATOR_GRACE)
        else:
            amount = min(line.amount, purse.debt, purse.spendable(now))
            coins = _minus(_pick(purse.coins, amount, now, line.coins))
        purse.debt += coins.total()
        self._put((line.member, "besitos"), coins, "REPAY", debt=coins.total())

    def _count(self, line: Line, moved: int) -> None:
        purse = self.purses[line.member, "besitos"]
        if line.root == "EARN":
            purse.earned += moved
        elif line.root == "SPEND":
            purse.spent -= moved

    def _gone_since(self, line: Line, undoing: list[Line]) -> int:
        """What left the purse before this undoing, less what the undoing has brought back."""
        own = [each for each in undoing if each.member == line.member]
        history = self.history[line.member]
        later = history[line.place + 1 : len(history) - len(own)]
        gone = -sum(each.amount for each in later if each.account == "besitos" and each.amount < 0)
        return gone - sum(each.amount for each in own if each.amount > 0)

    def _taken(self, member: int, amount: int, now: datetime) -> Coins:
        purse = self.purses[member, "besitos"]
        if purse.spendable(now) < amount:
            refuse("ledger.insufficient_funds")
        return _pick(purse.coins, amount, now)

    def _put(self, name: tuple[int, str], coins: Coins, root: str, *, debt: int = 0, other: int | None = None) -> None:
        """Add coins (or take them, where they are negative) and write the line."""
        member, account = name
        purse = self.purses.setdefault((member, account), Purse())
        if account == "besitos":
            for kind in coins:
                if kind.expires is not None and not any(each.expires == kind.expires for each in purse.coins):
                    self.timers.add((kind.expires, "b", member))
        purse.coins.update(coins)
        purse.coins = Counter({kind: count for kind, count in purse.coins.items() if count})
        assert all(count > 0 for count in purse.coins.values()), "the model itself took what is not there"
        line = Line(member, account, coins.total(), debt, root, coins, other, len(self.history[member]))
        self.history[member].append(line)
        self.lines.append(line)
        if account != "besitos" and not purse.coins:
            del self.purses[member, account]


def midnight_after(moment: datetime) -> datetime:
    """The end of its day, UTC."""
    return datetime.combine(moment.date() + timedelta(days=1), time(), moment.tzinfo)


def sorted_kinds(coins: Iterable[Kind]) -> list[Kind]:
    """The soonest to expire first, permanent money last."""
    return sorted(
        coins,
        key=lambda kind: (not kind.expires, *((kind.expires, kind.first or kind.expires) if kind.expires else ())),
    )


def _pick(coins: Coins, amount: int, now: datetime, own: Coins | None = None) -> Coins:
    """So many coins: those that are also in `own` before others, then what expires soonest."""
    picked: Coins = Counter()
    alive = [kind for kind in sorted_kinds(coins) if kind.expires is None or kind.expires > now]
    for most in (own or Counter(), coins):
        for kind in alive:
            picked[kind] += min(coins[kind] - picked[kind], most[kind], amount - picked.total())
    return Counter({kind: count for kind, count in picked.items() if count})


def _minus(coins: Coins) -> Coins:
    return Counter({kind: -count for kind, count in coins.items()})


def _revived(coins: Coins, now: datetime, grace: timedelta) -> Coins:
    back: Coins = Counter()
    for kind, count in coins.items():
        back[kind.revived(now, grace)] += count
    return back
