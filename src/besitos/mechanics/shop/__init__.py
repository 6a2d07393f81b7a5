"""The shop: items, what can be done with them, and content to open."""

from collections.abc import Iterable

from besitos.game.document import Document
from besitos.game.mechanic import Gives, Handles, Mechanic
from besitos.mechanics.shop.decide import give, give_by_hand, open_by_hand, open_content, take
from besitos.mechanics.shop.model import (
    CONTENT_SECTION,
    ITEMS_SECTION,
    GiveItem,
    Item,
    OpenContent,
    Shelves,
    TakeItem,
)


def compile_shelves(document: Document) -> Iterable[tuple[str, Shelves]]:
    """All items and content of the game."""
    items = {key: item for key, item in document.all("item").items() if isinstance(item, Item)}
    opened = {key: tuple(str(content) for content in item.content) for key, item in items.items()}
    yield "shop", Shelves(opened, frozenset(document.all("content")))


SHOP = Mechanic(
    name="shop",
    sections=(CONTENT_SECTION, ITEMS_SECTION),
    compile=compile_shelves,
    handles=(Handles(GiveItem, give_by_hand), Handles(TakeItem, take), Handles(OpenContent, open_by_hand)),
    gives=(Gives("items", give), Gives("content", open_content)),
)
