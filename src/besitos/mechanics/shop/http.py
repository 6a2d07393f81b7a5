"""The shop: the routes by which a backpack is read, and operators give, take and open."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from besitos.core.holding import HOLDINGS, Holdings
from besitos.mechanics.shop.model import MOST_AT_ONCE, GiveItem, Item, OpenContent, TakeItem
from besitos.surfaces.http.call import Call, answer
from besitos.surfaces.http.documented import MEMBER, Documented, KeyUse
from besitos.surfaces.http.keys import Scope
from besitos.surfaces.http.models import Body, MemberId, NoteText, OutcomeRead, Read
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
    **Documented(scope=Scope.READ, answers={200: ItemsRead}, refuses=(404, 422), parameters=[MEMBER]).arguments(),
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
    **Documented(scope=Scope.READ, answers={200: ContentRead}, refuses=(404, 422), parameters=[MEMBER]).arguments(),
)
async def get_content(request: Request) -> Response:
    """Which content a member has opened."""
    call = await Call.open(request, Scope.READ)
    member_id = await call.member()
    known = call.service.engine.game.document.all("content")
    held = (await _holdings(call, member_id)).content
    content = [OpenedRead(content=key, name=name_in(call, key, known.get(key))) for key in sorted(held)]
    return answer(ContentRead(member_id=str(member_id), content=content))


def _ordered(body: type[Body]) -> dict[str, Any]:
    """What the routes take and answer by which operators give and take."""
    return Documented(
        scope=Scope.MEMBERS,
        body=body,
        answers={201: OutcomeRead},
        refuses=(404, 409),
        key=KeyUse.REQUIRED,
        parameters=[MEMBER],
    ).arguments()


@router.post("/members/{member}/items", operation_id="give_item", summary="Give an item", **_ordered(ItemBody))
async def give_item(request: Request) -> Response:
    """Put an item into a member's backpack. What owning it opens is opened."""
    call = await Call.open(request, Scope.MEMBERS)
    body = await call.body(ItemBody)
    return await call.decide(GiveItem(**await _common(call), **body.model_dump()))


@router.post("/members/{member}/items/take", operation_id="take_item", summary="Take an item", **_ordered(ItemBody))
async def take_item(request: Request) -> Response:
    """Take an item out of it. 409 `item.not_enough` when there are fewer. What it has opened stays open."""
    call = await Call.open(request, Scope.MEMBERS)
    body = await call.body(ItemBody)
    return await call.decide(TakeItem(**await _common(call), **body.model_dump()))


@router.post("/members/{member}/content", operation_id="open_content", summary="Open content", **_ordered(ContentBody))
async def open_content(request: Request) -> Response:
    """Open content for a member. 409 `content.already_open` when it is."""
    call = await Call.open(request, Scope.MEMBERS)
    body = await call.body(ContentBody)
    return await call.decide(OpenContent(**await _common(call), opens=body.content, reason=body.reason))


async def _common(call: Call) -> Mapping[str, Any]:
    return {
        "key": f"{call.client.scope}:{call.required_key()}",
        "member_id": await call.member(),
        "occurred_at": call.service.clock.now(),
        "is_dated": False,
    }


async def _holdings(call: Call, member_id: int) -> Holdings:
    return await call.service.engine.look(member_id, lambda view: view.get(HOLDINGS.of(member_id)))


def _item_read(call: Call, key: str, count: int) -> ItemRead:
    known = call.service.engine.game.document.all("item").get(key)
    item = known if isinstance(known, Item) else None
    return ItemRead(
        item=key,
        name=name_in(call, key, item),
        type=None if item is None else item.type,
        icon=None if item is None else item.icon,
        rarity=None if item is None else item.rarity,
        can_be_used=item is not None and item.use is not None,
        count=count,
    )
