"""Auctions: an item to whoever bids most."""

from besitos.game.mechanic import Mechanic
from besitos.mechanics.auction.model import AUCTION_HOUSE_SECTION, AUCTIONS_SECTION

AUCTION: Mechanic[None] = Mechanic(
    name="auction", sections=(AUCTIONS_SECTION, AUCTION_HOUSE_SECTION), compile=lambda _: ()
)
