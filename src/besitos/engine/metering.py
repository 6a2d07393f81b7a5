"""What conditions may ask of money: told when a purse changes, and kept in the periods that somebody asks about."""

from typing import Protocol

from besitos.core.account import Account
from besitos.core.decision import Change
from besitos.core.event import BesitosSpent, Event, earned
from besitos.core.metric import TALLY, counted
from besitos.core.state import Key, S
from besitos.core.view import View
from besitos.game.game import Game
from besitos.ledger.post import Entry
from besitos.ledger.wallet import Wallet


class Meter(View, Protocol):
    """A view that takes down what changed."""

    game: Game
    changes: list[Change]

    def put(self, key: Key[S], value: S) -> None:
        """Remember."""

    def tell(self, event: Event) -> None:
        """Publish."""


def note_money(meter: Meter, account: Account, before: Wallet, after: Wallet) -> None:
    """Say what of a purse has changed: balance, earned, spent."""
    member_id = account.member_id
    for name, field, spans, is_watched, at_least in meter.game.asked_of_money(account.name):
        was, is_now = getattr(before, field), getattr(after, field)
        if is_now == was:
            continue
        if spans:
            key = TALLY.named(member_id, name)
            meter.put(key, counted(meter.get(key), meter, is_now - was, spans))
        if is_watched and (at_least is None or is_now >= at_least):
            meter.changes.append(Change(member_id, name, after=is_now))


def tell_money(meter: Meter, entry: Entry) -> None:
    """Publish what was earned and spent, to a game that listens. What is minted into a hold is not earned yet."""
    member_id, currency = entry.account.member_id, entry.account.currency
    house = entry.counter.partition(":")[2]
    if entry.type.is_earn and entry.amount > 0 and not entry.account.is_hold:
        meter.tell(earned(member_id, currency, entry.amount, house))
    elif entry.type.is_spend and entry.amount < 0:
        meter.tell(BesitosSpent(member_id=member_id, currency=currency, amount=-entry.amount, sink=house))
