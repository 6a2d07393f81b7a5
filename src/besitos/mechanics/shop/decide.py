"""Items and content: how they come to a member, and how operators give and take them."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from msgspec.structs import replace

from besitos.core.decision import NOTHING, Accepted, Change, Decision, Effect, Give, Put, Rejected
from besitos.core.holding import HOLDINGS, Holdings, changed
from besitos.core.view import View
from besitos.mechanics.shop.model import MOST_AT_ONCE, GiveItem, OpenContent, Shelves, ShopReason, TakeItem


def give(view: View, give: Give, shelves: Shelves) -> Decision:
    """Items, as part of a payout."""
    return _put_in(view, give.member_id, give.given.key, give.given.count, shelves)


def give_by_hand(view: View, order: GiveItem, shelves: Shelves) -> Decision:
    """An operator gives them, whether or not they can be bought now."""
    if not 1 <= order.count <= MOST_AT_ONCE:
        return Rejected(ShopReason.WRONG_COUNT, most=MOST_AT_ONCE)
    return _put_in(view, order.member_id, order.item, order.count, shelves)


def take(view: View, order: TakeItem, _: Shelves) -> Decision:
    """An operator takes them, of an item that is gone from the game too."""
    if not 1 <= order.count <= MOST_AT_ONCE:
        return Rejected(ShopReason.WRONG_COUNT, most=MOST_AT_ONCE)
    holdings = view.get(HOLDINGS.of(order.member_id))
    have = holdings.items.get(order.item, 0)
    if have < order.count:
        return Rejected(ShopReason.NOT_ENOUGH, item=order.item, have=have, need=order.count)
    left = replace(holdings, items=changed(holdings.items, order.item, -order.count))
    told = Change(order.member_id, f"item:{order.item}", after=have - order.count)
    return Accepted(Put(HOLDINGS.of(order.member_id), left), told)


def open_content(view: View, give: Give, shelves: Shelves) -> Decision:
    """Content, as part of a payout; what is open already is not opened again."""
    if give.given.key not in shelves.content:
        return _unknown(ShopReason.UNKNOWN_CONTENT, give.given.key, shelves.content)
    return _open(give.member_id, view.get(HOLDINGS.of(give.member_id)), (give.given.key,))


def open_by_hand(view: View, order: OpenContent, shelves: Shelves) -> Decision:
    """An operator opens it."""
    if order.opens not in shelves.content:
        return _unknown(ShopReason.UNKNOWN_CONTENT, order.opens, shelves.content)
    opened = _open(order.member_id, view.get(HOLDINGS.of(order.member_id)), (order.opens,))
    return Rejected(ShopReason.ALREADY_OPEN, content=order.opens) if opened is NOTHING else opened


def _put_in(view: View, member_id: int, item: str, count: int, shelves: Shelves) -> Decision:
    """Put them into the backpack, and open what owning one opens."""
    if item not in shelves.items:
        return _unknown(ShopReason.UNKNOWN_ITEM, item, shelves.items)
    holdings = view.get(HOLDINGS.of(member_id))
    held = replace(holdings, items=changed(holdings.items, item, count))
    told = Change(member_id, f"item:{item}", after=held.items[item])
    opened = _open(member_id, held, shelves.items[item])
    effects: Sequence[Effect] = opened.effects if opened is not NOTHING else (Put(HOLDINGS.of(member_id), held),)
    return Accepted(*effects, told)


def _open(member_id: int, holdings: Holdings, content: Sequence[str]) -> Accepted:
    """Open what is not open yet."""
    news = [key for key in content if key not in holdings.content]
    if not news:
        return NOTHING
    opened = replace(holdings, content={**holdings.content, **dict.fromkeys(news, 1)})
    return Accepted(Put(HOLDINGS.of(member_id), opened), *(Change(member_id, f"content:{key}") for key in news))


def _unknown(reason: ShopReason, key: str, known: Iterable[str]) -> Rejected:
    near = get_close_matches(key, sorted(known), n=1)
    return Rejected(reason, key=key, **({"nearest": near[0]} if near else {}))
