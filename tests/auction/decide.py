"""Auctions: the decisions."""

from collections.abc import Iterable

from msgspec.structs import replace

from besitos.core.account import hold, purse, sink
from besitos.core.activity import HOUSE
from besitos.core.decision import Accepted, Decision, Effect, Move, Publish, Put, Rejected, Schedule
from besitos.core.state import Key
from besitos.core.transaction import TransactionType
from besitos.core.view import View
from tests.auction.model import (
    AUCTIONS,
    Auction,
    AuctionReason,
    AuctionRules,
    AuctionStarted,
    AuctionWon,
    CloseAuction,
    Outbid,
    Phase,
    PlaceBid,
    StartAuction,
)


def the_auction(activity: StartAuction | PlaceBid | CloseAuction, _rules: AuctionRules) -> Iterable[Key[Auction]]:
    """Every verb here is about one auction. Who was outbid is found out when its state is read."""
    yield AUCTIONS.of(activity.auction)


def start(view: View, offer: StartAuction, _rules: AuctionRules) -> Decision:
    """Open the auction and set the timer that will close it."""
    key = AUCTIONS.of(offer.auction)
    if view.get(key).phase is not Phase.UNKNOWN:
        return Rejected(AuctionReason.ALREADY_STARTED)

    auction = Auction(
        phase=Phase.OPEN,
        seller=offer.member_id,
        price=offer.start_price,
        step=offer.step,
        ends_at=offer.ends_at,
    )
    closing = CloseAuction(
        key=f"job:auction.close/{offer.auction}",
        member_id=HOUSE,
        occurred_at=offer.ends_at,
        auction=offer.auction,
    )
    return Accepted(
        Put(key, auction),
        Schedule(offer.ends_at, closing),
        Publish(AuctionStarted(member_id=offer.member_id, auction=offer.auction)),
    )


def place_bid(view: View, bid: PlaceBid, _rules: AuctionRules) -> Decision:
    """Hold the bid, and release the one before in the same breath.

    The release comes first: a member who raises their own bid pays only the difference.
    """
    key = AUCTIONS.of(bid.auction)
    auction = view.get(key)
    if auction.phase is not Phase.OPEN or auction.ends_at is None or view.now >= auction.ends_at:
        return Rejected(AuctionReason.NOT_OPEN)
    if bid.member_id == auction.seller:
        return Rejected(AuctionReason.OWN_AUCTION)
    minimum = auction.price + auction.step if auction.bidder else auction.price
    if bid.amount < minimum:
        return Rejected(AuctionReason.BID_TOO_LOW, minimum=minimum)

    effects: list[Effect] = []
    if auction.bidder:
        effects.append(
            Move(
                debit=hold(auction.bidder, key.scope),
                credit=purse(auction.bidder),
                amount=auction.price,
                type=TransactionType.RELEASE,
            )
        )
        effects.append(Publish(Outbid(member_id=auction.bidder, auction=bid.auction, price=bid.amount)))
    return Accepted(
        *effects,
        Move(
            debit=purse(bid.member_id),
            credit=hold(bid.member_id, key.scope),
            amount=bid.amount,
            type=TransactionType.AUCTION_BID,
        ),
        Put(key, replace(auction, price=bid.amount, bidder=bid.member_id)),
    )


def close(view: View, closing: CloseAuction, rules: AuctionRules) -> Decision:
    """The winner pays: the seller gets the price less the fee, which is burned; of the house's, all is."""
    key = AUCTIONS.of(closing.auction)
    auction = view.get(key)
    if auction.phase is not Phase.OPEN or auction.ends_at is None:
        return Rejected(AuctionReason.NOT_OPEN)
    if view.now < auction.ends_at:
        return Rejected(AuctionReason.NOT_OVER, ends_at=auction.ends_at)

    closed = Put(key, replace(auction, phase=Phase.CLOSED))
    if not auction.bidder:
        return Accepted(closed)
    return Accepted(
        closed,
        *_settlement(auction, key.scope, rules.fee_percent),
        Publish(AuctionWon(member_id=auction.bidder, auction=closing.auction, price=auction.price)),
    )


def _settlement(auction: Auction, scope: str, fee_percent: int) -> Iterable[Effect]:
    """The winner pays from the hold; the fee is the seller's to pay, of what they got."""
    held, bid = hold(auction.bidder, scope), TransactionType.AUCTION_BID
    if auction.seller == HOUSE:
        yield Move(debit=held, credit=sink("auction"), amount=auction.price, type=bid)
        return
    seller, fee = purse(auction.seller), auction.price * fee_percent // 100
    sale = TransactionType.AUCTION_SALE
    yield Move(debit=held, credit=seller, amount=auction.price, type=bid, credit_type=sale)
    if fee:
        yield Move(debit=seller, credit=sink("auction_fee"), amount=fee, type=TransactionType.FEE)
