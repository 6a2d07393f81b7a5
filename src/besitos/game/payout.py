"""What is given: amounts of currencies, and what else a game can give."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, TypeAlias

from pydantic import ConfigDict, Field

from besitos.game.definition import Part
from besitos.game.lists import BadgeNames, ContentNames, Keys
from besitos.game.reference import Names, Reference
from besitos.game.units import Amount, Duration, Whole

Items: TypeAlias = Annotated[dict[Annotated[Reference, Names("item")], Whole], Field(min_length=1, max_length=50)]


class Payout(Part):
    """What is given. Any word that is not listed here is a currency of the game, with an amount."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Amount] = Field(init=False)

    bonus: Amount | None = Field(None, description="Besitos that expire after `currencies.besitos.bonus_expires`.")
    badges: BadgeNames = Field((), description="Given to who does not hold them yet.")
    items: Items = Field({}, description="Item and how many, into the backpack.")
    content: ContentNames = Field((), description="Opened for the member.")
    vip: Duration | None = Field(None, description="VIP time, added after the present end.")
    flags: Keys = Field((), description="Words that are remembered of the member.")

    @cached_property
    def amounts(self) -> Mapping[str, Amount]:
        """Currency → amount, without the bonus."""
        return dict(self.__pydantic_extra__ or {})

    @property
    def is_empty(self) -> bool:
        """Whether it gives nothing."""
        given = (self.amounts, self.badges, self.items, self.content, self.flags)
        return self.bonus is None and self.vip is None and not any(given)
