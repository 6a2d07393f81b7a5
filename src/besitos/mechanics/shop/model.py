"""Items and content: what operators do, and what they may write."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from besitos.core.activity import Activity
from besitos.game.checking.amounts import of_a_member
from besitos.game.condition import If
from besitos.game.definition import Named, Part
from besitos.game.known import Checked
from besitos.game.lists import ContentNames, Limits
from besitos.game.media import Media, Source
from besitos.game.payout import Payout
from besitos.game.price import Price
from besitos.game.problem import Finding
from besitos.game.reference import Names, Reference
from besitos.game.section import Section
from besitos.game.units import Whole, YesNo
from besitos.game.words import Icon, Rarity


class GiveItem(Activity, frozen=True, kw_only=True, tag="item.give"):
    """An operator puts so many of an item into a member's backpack, and may say why."""

    item: str
    count: int = 1
    reason: str = ""


class TakeItem(Activity, frozen=True, kw_only=True, tag="item.take"):
    """An operator takes so many of an item out of it, and may say why. What it has opened stays open."""

    item: str
    count: int = 1
    reason: str = ""


class OpenContent(Activity, frozen=True, kw_only=True, tag="content.open"):
    """An operator opens content, named by `opens`, for a member, and may say why."""

    opens: str
    reason: str = ""


class ShopReason(StrEnum):
    """Why an item is neither given nor taken, and content not opened."""

    UNKNOWN_ITEM = "item.unknown"
    UNKNOWN_CONTENT = "content.unknown"
    WRONG_COUNT = "item.wrong_count"
    NOT_ENOUGH = "item.not_enough"
    ALREADY_OPEN = "content.already_open"


MOST_AT_ONCE = 1_000_000
"""The most of an item that one act gives or takes."""


@dataclass(frozen=True, slots=True)
class Shelves:
    """What there is to have: the items, each with the content that owning it opens, and all content."""

    items: Mapping[str, tuple[str, ...]]
    content: frozenset[str]


class Use(Part):
    """What using an item does. It consumes one."""

    boost: Annotated[Reference, Names("boost")] | None = Field(None, description="Starts this boost.")
    freeze: Annotated[Reference, Names("streak")] | None = Field(None, description="A freeze for this streak.")
    repair: Annotated[Reference, Names("streak")] | None = Field(None, description="Repairs this streak.")
    hint: Annotated[Reference, Names("fragment")] | None = Field(None, description="Tells the way to this fragment.")
    reveal: Annotated[Reference, Names("fragment")] | None = Field(None, description="Opens this fragment.")
    pays: Payout | None = Field(None, description="Gives this.")


class Item(Named):
    """Something that stands in the shop, in a backpack, or both."""

    type: Literal["narrative_key", "collectible", "power_up", "cosmetic", "content", "hint"]
    icon: Icon = "🎁"
    image: Source | None = None
    rarity: Rarity = "common"
    price: Price | None = Field(None, description="What it costs; without a price it is not in the shop.")
    stock: Whole | None = Field(None, description="How many there are for the whole community.")
    limit: Limits = Field((), description="How often a member may buy it.")
    requires: If = Field((), alias="if", description="Who may buy it; all lines must hold.")
    content: ContentNames = Field((), description="What owning it opens.")
    use: Use | None = Field(None, description="What using it does.")
    giftable: YesNo = Field(True, description="Whether members may give it to each other.")
    auctionable: YesNo = Field(True, description="Whether members may put it up for auction.")
    fulfilled_by_hand: YesNo = Field(False, description="Whether a purchase waits for somebody to fulfil it.")


class Content(Named):
    """Media that are opened for a member and delivered at once."""

    media: Annotated[tuple[Media, ...], Field(min_length=1, max_length=50)]
    protected: YesNo = Field(True, description="Whether it cannot be forwarded or saved.")


def check_item(one: Checked[Item]) -> Iterator[Finding]:
    """Using it does one thing that can be done; its limit is each member's."""
    item = one.definition
    yield from of_a_member(item.limit, "limit")
    for number, limit in enumerate(item.limit):
        if limit.shared:
            yield Finding(("limit", str(number)), "item.shared_limit")
    if item.type == "content" and not item.content:
        yield Finding((), "item.no_content", at_key=True)
    if item.use is None:
        return
    done = tuple(word for word in Use.model_fields if getattr(item.use, word) is not None)
    if len(done) != 1:
        yield Finding(("use",), "item.use", {"found": done})
    boost = one.known.all("boost").get(item.use.boost or "")
    if boost is not None and getattr(boost, "lasts", None) is None:
        yield Finding(("use", "boost"), "item.boost_always_on", {"boost": item.use.boost or ""})


ITEMS_SECTION = Section("items", "item", Item, check=check_item, sources=lambda _: ("item",), is_pending=True)
CONTENT_SECTION = Section("content", "content", Content, is_pending=True)
