"""Conditions: what must be true of a member, as it was written (GAME-LANGUAGE §6)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, ConfigDict, Field

from besitos.game.definition import Part
from besitos.game.lists import Many
from besitos.game.problem import Path, refuse, shown
from besitos.game.reference import Names, Reference
from besitos.game.units import Key, Range, Within
from besitos.game.written import raw

Possession: TypeAlias = Literal["badge", "item", "fragment", "mission", "reward", "content", "module", "grade"]
POSSESSIONS: tuple[Possession, ...] = (
    "badge", "item", "fragment", "mission", "reward", "content", "module", "grade",
)  # fmt: skip
"""What a member can have of the game's own; each word is the kind of the definition that it names."""

HELD = (*POSSESSIONS, "flag", "member")
"""The words of a condition that are no metric."""


@dataclass(frozen=True, slots=True)
class Number:
    """A metric that every game has. `of` is the kind that `of:` names; one of now cannot be asked `in` a period."""

    of: Literal["currency", "streak"] | None = None
    is_of_now: bool = False
    is_of_time: bool = False


NUMBERS: Mapping[str, Number] = {
    "balance": Number("currency", is_of_now=True),
    "earned": Number("currency"),
    "spent": Number("currency"),
    "xp": Number(),
    "level": Number(is_of_now=True),
    "member_for": Number(is_of_now=True, is_of_time=True),
    "streak": Number("streak", is_of_now=True),
    "best_streak": Number("streak", is_of_now=True),
    "reactions": Number(),
    "daily_gifts": Number(),
    "purchases": Number(),
    "trivia_answers": Number(),
    "trivia_right": Number(),
    "gifts_sent": Number(),
    "gifts_received": Number(),
    "auctions_won": Number(),
    "missions_completed": Number(),
    "rewards_claimed": Number(),
    "badges": Number(),
    "fragments_completed": Number(),
}
"""Every metric that is built in. No metric of a game may be named like one."""


def _value(value: object) -> object:
    if isinstance(value, (dict, list)):
        refuse("at.wrong", found=shown(value))
    return None if value is None else raw(value)


At: TypeAlias = Annotated[str, BeforeValidator(_value), Field(min_length=1, max_length=200)]
"""A value of an attribute, as it was written."""


class Fact(Part):
    """One thing that is true of a member or not: a metric in a range, or a possession.

    Any word that is not listed here is a metric. That a fact says one thing, and beside it only what goes
    with it, is checked with the whole game, where each mistake is told at its place.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Range] = Field(init=False)

    badge: Annotated[Reference, Names("badge")] | None = Field(None, description="Holds this badge.")
    item: Annotated[Reference, Names("item")] | None = Field(None, description="Has this in the backpack.")
    quantity: Range | None = Field(None, description="How many of the item; else one or more.")
    fragment: Annotated[Reference, Names("fragment")] | None = Field(None, description="Completed this fragment.")
    mission: Annotated[Reference, Names("mission")] | None = Field(None, description="Completed this mission.")
    reward: Annotated[Reference, Names("reward")] | None = Field(None, description="Claimed this reward.")
    content: Annotated[Reference, Names("content")] | None = Field(None, description="Has this content opened.")
    module: Annotated[Reference, Names("module")] | None = Field(None, description="Completed this module.")
    grade: Annotated[Reference, Names("grade")] | None = Field(None, description="Has this grade or a higher one.")
    flag: Key | None = Field(None, description="Has this flag.")
    member: Literal["free", "vip"] | None = Field(None, description="Is of this type now.")
    of: Key | None = Field(None, description="Of which currency or streak.")
    within: Within | None = Field(None, alias="in", description="Only in the present period, or so far back from now.")
    at: At | None = Field(None, description="For which value, of a metric that is kept per an attribute.")

    @property
    def metric(self) -> tuple[str, Range] | None:
        """The metric that is asked for, and what it must be."""
        return next(iter((self.__pydantic_extra__ or {}).items()), None)

    @property
    def possession(self) -> tuple[str, str] | None:
        """What must be held: the word and its key, `("member", "vip")` and `("flag", …)` among them."""
        return next(((word, value) for word in HELD if (value := getattr(self, word)) is not None), None)

    @property
    def said(self) -> tuple[str, ...]:
        """Every thing that it says; a fact that is in order says one."""
        return (*(word for word in HELD if getattr(self, word) is not None), *(self.__pydantic_extra__ or ()))

    def __str__(self) -> str:
        words = self.model_dump(by_alias=True, exclude_unset=True)
        asked = [word for word in words if word in (self.__pydantic_extra__ or ())]
        return ", ".join(f"{word}: {shown(words[word])}" for word in dict.fromkeys([*asked, *words]))


class Negatable(Fact):
    """A fact, or the opposite of one."""

    absent: Fact | None = Field(None, alias="not", description="What must not be true.")

    @property
    def said(self) -> tuple[str, ...]:
        """Every thing that it says; one that is in order says one."""
        return (*super().said, *(("not",) if self.absent is not None else ()))

    @property
    def fact(self) -> Fact:
        """What it is about, turned round or not."""
        return self.absent or self


class Line(Negatable):
    """One line of a condition. All lines must hold; of a line `any`, which is a group of its own, at least one fact."""

    any: Annotated[tuple[Negatable, ...], Field(min_length=2, max_length=20)] | None = Field(
        None, description="At least one of these must hold."
    )

    @property
    def said(self) -> tuple[str, ...]:
        """Every thing that it says; one that is in order says one."""
        return (*super().said, *(("any",) if self.any is not None else ()))

    @property
    def facts(self) -> Iterator[Negatable]:
        """The facts of the line: those of its group, or itself."""
        yield from self.any if self.any is not None else (self,)


If: TypeAlias = Annotated[tuple[Line, ...], Field(min_length=1, max_length=20), Many()]
Goals: TypeAlias = Annotated[tuple[Line, ...], Field(min_length=1, max_length=10), Many()]


def facts_of(lines: Iterable[Line], word: str) -> Iterator[tuple[Path, Fact]]:
    """Every fact of a condition that stands under `word`, out of its group and turned round, with its path."""
    for number, line in enumerate(lines):
        for inner, negatable in enumerate(line.facts):
            path: Path = (word, str(number), *(("any", str(inner)) if line.any is not None else ()))
            yield (path, negatable) if negatable.absent is None else ((*path, "not"), negatable.absent)
