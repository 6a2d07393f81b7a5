"""What every definition is: a frozen model that refuses words it does not know."""

from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from besitos.game.text import Line, Name
from besitos.game.units import Key, Moment, Order, Words, YesNo


class Part(BaseModel):
    """A map of words inside a definition. Read by the operator's words, which are the aliases."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Definition(Part):
    """One thing that the operator designs, under a key of its section."""

    name: Name | None = Field(None, description="What people see; else the key stands in for it.")
    description: Line | None = None
    starts: Moment | None = Field(None, alias="from", description="In play from then on.")
    ends: Moment | None = Field(None, alias="until", description="Out of play from then on.")
    paused: YesNo = Field(False, description="Out of play; who has it keeps it.")
    order: Order = Field(0, description="Place in menus; then by name.")
    note: Words | None = Field(None, description="For operators; members never see it.")
    allow: dict[Key, Words] = Field({}, description="Lint findings accepted here: code and reason.")


class Named(Definition):
    """A definition that cannot do without a name."""

    name: Name = Field(description="What people see.")


class Timeless(Definition):
    """A definition that is always in play: it has no window."""

    if not TYPE_CHECKING:  # a word that is no field is refused, and the attribute still answers
        starts: ClassVar[None] = None
        ends: ClassVar[None] = None
        paused: ClassVar[bool] = False


class Setting(Timeless):
    """The definition of a section that exists once. Of the common words it has `note` and `allow` only."""

    if not TYPE_CHECKING:  # as above
        name: ClassVar[None] = None
        description: ClassVar[None] = None
        order: ClassVar[int] = 0
