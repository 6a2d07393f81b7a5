"""The shop: the routes by which a backpack is read, and operators give, take and open."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from besitos.core.holding import HOLDINGS, Holdings
from besitos.mechanics.shop.model import MOST_AT_ONCE, GiveItem, Item, OpenContent, TakeItem
from besitos.surfaces.http.call import Call, answer
from besitos.surfaces.http.documented import Documented
from besitos.surfaces.http.keys import Scope
from besitos.surfaces.http.models import Body, MemberId, NoteText, Read
from besitos.surfaces.http.wording import name_in

router = APIRouter(tags=["items"])

Name = Annotated[str, Field(min_length=1, max_length=60)]


class ItemBody(Body, json_schema_extra={"examples": [{"item": "llave", "count": 1, "reason": "Gracias"}]}):
    """So many of an item."""

    item: Name = Field(description="The key of an item.")
    count: Annotated[int, Field(ge=1, le=MOST_AT_ONCE)] = 1
    reason: NoteText = ""


class ContentBody(Body, json_schema_extra={"examples": [{"content": "album", "reason": "Se perdió el envío"}]}):
    """Content for a member."""

    content: Name = Field(description="The key of content of the game.")
    reason: NoteText = ""


class ItemRead(Read):
    """An item in a backpack. Of one that is gone from the game only the key is known."""

    item: str = Field(examples=["llave"])
    name: str
    type: str | None = Field(examples=["narrative_key"])
    icon: str | None = Field(examples=["🗝️"])
    rarity: str | None = Field(examples=["common"])
    can_be_used: bool
    count: int = Field(examples=[1])


class ItemsRead(Read):
    """A member's backpack."""

    member_id: MemberId
    items: list[ItemRead]


class OpenedRead(Read):
    """Content that is open to a member."""

    content: str = Field(examples=["album"])
    name: str


class ContentRead(Read):
    """All content that is open to a member."""

    member_id: MemberId
    content: list[OpenedRead]


@router.get(
    "/members/{member}/items",
    operation_id="get_items",
    summary="Read a member's backpack",
    **Documented.of_member(ItemsRead).arguments(),
)
async def get_items(request: Request) -> Response:
    """What a member has of each item, in the order of menus."""
    call = await Call.open(request, Scope.READ)
    member_id = await call.member()
    held = (await _holdings(call, member_id)).items
    items = [_item_read(call, key, count) for key, count in held.items()]
    order = {key: item.order for key, item in call.service.engine.game.document.all("item").items()}
    items.sort(key=lambda each: (order.get(each.item, 0), each.name, each.item))
    return answer(ItemsRead(member_id=str(member_id), items=items))


@router.get(
    "/members/{member}/content",
    operation_id="get_content",
    summary="Read what is open to a member",
    **Documented.of_member(ContentRead).arguments(),
)
async def get_content(request: Request) -> Response:
    """Which content a member has opened."""
    call = await Call.open(request, Scope.READ)
    member_id = await call.member()
    known = call.service.engine.game.document.all("content")
    held = (await _holdings(call, member_id)).content
    content = [OpenedRead(content=key, name=name_in(call, key, known.get(key))) for key in sorted(held)]
    return answer(ContentRead(member_id=str(member_id), content=content))


@router.post(
    "/members/{member}/items",
    operation_id="give_item",
    summary="Give an item",
    **Documented.order(Scope.MEMBERS, body=ItemBody).arguments(),
)
async def give_item(request: Request) -> Response:
    """Put an item into a member's backpack. What owning it opens is opened."""
    call = await Call.open(request, Scope.MEMBERS)
    body = await call.body(ItemBody)
    common = call.common(call.required_key(), await call.member())
    return await call.decide(GiveItem(**common, **body.model_dump()))


@router.post(
    "/members/{member}/items/take",
    operation_id="take_item",
    summary="Take an item",
    **Documented.order(Scope.MEMBERS, body=ItemBody).arguments(),
)
async def take_item(request: Request) -> Response:
    """Take an item out of it. 409 `item.not_enough` when there are fewer. What it has opened stays open."""
    call = await Call.open(request, Scope.MEMBERS)
    body = await call.body(ItemBody)
    common = call.common(call.required_key(), await call.member())
    return await call.decide(TakeItem(**common, **body.model_dump()))


@router.post(
    "/members/{member}/content",
    operation_id="open_content",
    summary="Open content",
    **Documented.order(Scope.MEMBERS, body=ContentBody).arguments(),
)
async def open_content(request: Request) -> Response:
    """Open content for a member. 409 `content.already_open` when it is."""
    call = await Call.open(request, Scope.MEMBERS)
    body = await call.body(ContentBody)
    common = call.common(call.required_key(), await call.member())
    return await call.decide(OpenContent(**common, opens=body.content, reason=body.reason))


async def _holdings(call: Call, member_id: int) -> Holdings:
    return await call.service.engine.look(member_id, lambda view: view.get(HOLDINGS.of(member_id)))


def _item_read(call: Call, key: str, count: int) -> ItemRead:
    item = call.service.engine.game.document.find("item", key, Item)
    return ItemRead(
        item=key,
        name=name_in(call, key, item),
        type=None if item is None else item.type,
        icon=None if item is None else item.icon,
        rarity=None if item is None else item.rarity,
        can_be_used=item is not None and item.use is not None,
        count=count,
    )
