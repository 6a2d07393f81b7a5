"""Auctions: what members ask, what we remember, what the operator may change."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, Field

from besitos.core.activity import HOUSE, Activity
from besitos.core.event import Event
from besitos.core.state import Shared, State


class StartAuction(Activity, frozen=True, kw_only=True, tag="auction.start"):
    """A member (or the house) puts something up for auction."""

    auction: str
    start_price: int
    step: int
    ends_at: datetime


class PlaceBid(Activity, frozen=True, kw_only=True, tag="auction.bid"):
    """A member offers `amount`."""

    auction: str
    amount: int


class CloseAuction(Activity, frozen=True, kw_only=True, tag="auction.close"):
    """The time is up. Comes from a timer."""

    auction: str


class Phase(StrEnum):
    """Where an auction stands."""

    UNKNOWN = "unknown"
    OPEN = "open"
    CLOSED = "closed"


class Auction(State, frozen=True):
    """One auction. `bidder` holds `price` besitos on hold, unless nobody has bid (bidder 0)."""

    phase: Phase = Phase.UNKNOWN
    seller: int = HOUSE
    price: int = 0
    step: int = 1
    bidder: int = 0
    ends_at: datetime | None = None


AUCTIONS = Shared("auction", Auction)


class AuctionStarted(Event, frozen=True, kw_only=True, tag="gamification.auction_started"):
    """An auction opened."""

    auction: str


class Outbid(Event, frozen=True, kw_only=True, tag="gamification.auction_outbid"):
    """This member's bid was topped, and released."""

    auction: str
    price: int


class AuctionWon(Event, frozen=True, kw_only=True, tag="gamification.auction_won"):
    """This member won, and paid `price`."""

    auction: str
    price: int


class AuctionReason(StrEnum):
    """Why it does not stand."""

    NOT_OPEN = "auction.not_open"
    ALREADY_STARTED = "auction.already_started"
    OWN_AUCTION = "auction.own_auction"
    BID_TOO_LOW = "auction.bid_too_low"
    NOT_OVER = "auction.not_over"


class AuctionRules(BaseModel):
    """What the operator may change."""

    fee_percent: int = Field(10, ge=0, le=100, description="Part of the price that is burned.")
