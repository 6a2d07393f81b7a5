"""What is given: amounts of currencies, and what else a game can give."""

from collections.abc import Mapping
from functools import cached_property

from pydantic import ConfigDict, Field

from besitos.game.definition import NotYet, Part
from besitos.game.units import Amount


class Payout(Part):
    """What is given. Any word that is not listed here is a currency of the game, with an amount."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Amount] = Field(init=False)

    bonus: Amount | None = Field(None, description="Besitos that expire after `currencies.besitos.bonus_expires`.")
    badges: NotYet = None
    items: NotYet = None
    content: NotYet = None
    vip: NotYet = None
    flags: NotYet = None

    @cached_property
    def amounts(self) -> Mapping[str, Amount]:
        """Currency → amount, without the bonus."""
        return dict(self.__pydantic_extra__ or {})
