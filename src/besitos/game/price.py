"""What is taken: amounts of currencies that can be spent."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from besitos.game.definition import Part
from besitos.game.problem import refuse, shown
from besitos.game.units import Amount


def _takeable(amount: Amount) -> Amount:
    for share in amount.shares:
        if share.number < 0 or share.attribute is not None:
            refuse("price.wrong", found=shown(share.written()))
    return amount


Cost: TypeAlias = Annotated[Amount, AfterValidator(_takeable)]
"""A whole number above 0, or one for each type of member, of whom one may pay nothing."""


class Price(Part):
    """What something costs. Every word is a currency of the game; who pays, pays all of them."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Cost] = Field(init=False)

    @model_validator(mode="after")
    def _is_something(self) -> "Price":
        if not self.__pydantic_extra__:
            refuse("price.nothing")
        return self

    @cached_property
    def amounts(self) -> Mapping[str, Amount]:
        """Currency → amount."""
        return dict(self.__pydantic_extra__ or {})
