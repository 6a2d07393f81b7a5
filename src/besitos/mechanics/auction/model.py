"""Auctions: what the operator may write."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from besitos.game.condition import If
from besitos.game.definition import Definition, Setting
from besitos.game.known import Checked
from besitos.game.price import Price
from besitos.game.problem import Finding
from besitos.game.reference import Names, Reference
from besitos.game.section import Section
from besitos.game.units import Duration, Moment, Percent, Whole, YesNo


class AuctionHouse(Setting):
    """What holds for all auctions."""

    fee: Percent = Field(Percent.read("10%"), description="What is burned of the price.")
    extend_when: Duration = Field(Duration.read("30s"), description="A bid so close to the end puts it off …")
    extend_by: Duration = Field(Duration.read("60s"), description="… by so much …")
    extend_at_most: Duration = Field(Duration.read("5m"), description="… and in all no further than this.")
    member_listings: YesNo = Field(True, description="Whether members may put up items of their own.")


class Auction(Definition):
    """An item of the house to whoever bids most."""

    item: Annotated[Reference, Names("item")] = Field(description="What is sold.")
    start_price: Price = Field(description="What the first bid is at least.")
    step: Whole = Field(5, description="By how much the next bid is higher.")
    buy_now: Price | None = Field(None, description="What ends it at once.")
    starts: Moment = Field(alias="from", description="When bids open.")
    ends: Moment = Field(alias="until", description="When the highest bid wins.")
    requires: If = Field((), alias="if", description="Who may bid; all lines must hold.")


def check_auction(one: Checked[Auction]) -> Iterator[Finding]:
    """A bid is a number, so there is one currency; what ends the auction at once is no less than the first bid."""
    auction = one.definition
    for word, price in (("start_price", auction.start_price), ("buy_now", auction.buy_now)):
        if price is not None and len(price.amounts) > 1:
            yield Finding((word,), "auction.one_currency", {"found": tuple(price.amounts)})
    first, last = auction.start_price.amounts, auction.buy_now.amounts if auction.buy_now is not None else {}
    if len(first) != 1 or len(last) != 1:
        return
    (currency, least), (other, most) = *first.items(), *last.items()
    if currency != other:
        yield Finding(("buy_now",), "auction.one_currency", {"found": (currency, other)})
    elif most.free.number < least.free.number or most.vip.number < least.vip.number:
        yield Finding(("buy_now",), "auction.buy_now_below")


AUCTION_HOUSE_SECTION = Section("auction_house", "auction_house", AuctionHouse, single=True, is_pending=True)
AUCTIONS_SECTION = Section("auctions", "auction", Auction, check=check_auction, is_pending=True)
