"""A small game and short names for what happens in it."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from besitos.core.activity import Activity, Happened, Scalar
from besitos.core.event import MemberCreated
from besitos.core.transfer import Policy
from besitos.engine.codec import to_raw
from besitos.engine.engine import Engine
from besitos.game.document import Document
from besitos.game.game import Game, compile_game
from besitos.game.mechanic import Mechanic
from besitos.game.reader import read_texts
from besitos.mechanics import MECHANICS, SECTIONS
from besitos.mechanics.daily_gift.model import ClaimDailyGift
from besitos.mechanics.transfer.model import Gift, Grant, ReverseTransfer, Spend
from besitos.store.protocol import MemberRef, NewMember, Store
from tests.auction import AUCTION
from tests.auction.model import PlaceBid, StartAuction

MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC)
ANA, BEA, CARLA = 1, 2, 3
ALL = range(1, 21)

GAME = """
game: {name: Prueba}
activities:
  salary.paid: {}
  promotion.given: {}
  lottery.won: {}
daily_gift: {pays: {besitos: 10, xp: 5}}
rules:
  message: {when: message.posted, pays: {besitos: 2}, limit: 3/day}
  salary: {when: salary.paid, pays: {besitos: 100}}
  promotion: {when: promotion.given, pays: {bonus: 50}}
"""

_numbers = itertools.count()


@dataclass
class SetClock:
    """A clock that stands where it was set."""

    moment: datetime = MONDAY + timedelta(days=40)

    def now(self) -> datetime:
        return self.moment


def document(text: str = GAME) -> Document:
    made, problems = read_texts({"game.yaml": text.encode()}, SECTIONS)
    assert made is not None, problems
    assert not problems, problems
    return made


def game(text: str = GAME, *more: Mechanic[Any]) -> Game:
    return compile_game((*MECHANICS, AUCTION, *more), document(text), seed="seed")


def engine(store: Store, clock: SetClock | None = None, text: str = GAME, *more: Mechanic[Any]) -> Engine:
    return Engine(store, game(text, *more), clock or SetClock())


async def people(store: Store, ids: Iterable[int] = ALL) -> None:
    """Members with these very ids."""
    new = [
        NewMember(MemberRef(external_id=f"p{number}"), number, to_raw(MemberCreated(member_id=number)))
        for number in ids
    ]
    await store.open_members(new, MONDAY - timedelta(days=400))


def day(number: int) -> datetime:
    return MONDAY + timedelta(days=number)


def new_key() -> str:
    return f"test:{next(_numbers)}"


def happened(member_id: int, kind: str, at: datetime = MONDAY, **attributes: Scalar) -> Happened:
    return Happened(key=new_key(), member_id=member_id, occurred_at=at, kind=kind, attributes=attributes)


def message(member_id: int, at: datetime = MONDAY, **attributes: Scalar) -> Happened:
    return happened(member_id, "message.posted", at, **attributes)


def salaries(member_ids: Iterable[int], times: int = 1) -> list[Activity]:
    return [happened(member_id, "salary.paid") for member_id in member_ids for _ in range(times)]


def claim(member_id: int, at: datetime = MONDAY) -> ClaimDailyGift:
    return ClaimDailyGift(key=new_key(), member_id=member_id, occurred_at=at)


def grant(member_id: int, amount: int, at: datetime = MONDAY, **more: Any) -> Grant:  # noqa: ANN401 - any field of a grant
    return Grant(key=new_key(), member_id=member_id, occurred_at=at, amount=amount, **more)


def spend(member_id: int, amount: int, at: datetime = MONDAY, **more: Any) -> Spend:  # noqa: ANN401 - any field of a spend
    return Spend(key=new_key(), member_id=member_id, occurred_at=at, amount=amount, **more)


def gift(member_id: int, to: int, amount: int, at: datetime = MONDAY) -> Gift:
    return Gift(key=new_key(), member_id=member_id, occurred_at=at, to=to, amount=amount)


def undo(transfer: str, policy: Policy = Policy.FORGIVE, at: datetime = MONDAY) -> ReverseTransfer:
    member_id = int(transfer.partition("-")[0])
    return ReverseTransfer(key=new_key(), member_id=member_id, occurred_at=at, transfer=transfer, policy=policy)


def auction(name: str, seller: int, price: int = 10) -> StartAuction:
    return StartAuction(
        key=new_key(), member_id=seller, occurred_at=MONDAY, auction=name, start_price=price, step=5, ends_at=day(1)
    )


def bid(member_id: int, name: str, amount: int, at: datetime = MONDAY) -> PlaceBid:
    return PlaceBid(key=new_key(), member_id=member_id, occurred_at=at, auction=name, amount=amount)
