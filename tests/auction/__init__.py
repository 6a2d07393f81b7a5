"""A mechanic for tests alone: shared state, holds, timers and other members, which the first real ones do not need."""

from collections.abc import Iterable

from besitos.game.document import Document
from besitos.game.mechanic import Handles, Mechanic
from tests.auction.decide import close, place_bid, start, the_auction
from tests.auction.model import AuctionRules, CloseAuction, PlaceBid, StartAuction


def compile_rules(_: Document) -> Iterable[tuple[str, AuctionRules]]:
    yield "auction", AuctionRules(fee_percent=10)


AUCTION = Mechanic(
    name="auction",
    compile=compile_rules,
    handles=(
        Handles(StartAuction, start, the_auction, is_public=True),
        Handles(PlaceBid, place_bid, the_auction, is_public=True),
        Handles(CloseAuction, close, the_auction),
    ),
)
