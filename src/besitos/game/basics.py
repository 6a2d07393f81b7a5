"""The definitions that belong to the game itself: what it is about, its currencies, its kinds of activities."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar, TypeAlias

from pydantic import BeforeValidator, Field

from besitos.game.catalogue import BUILT_IN, KNOWN_OF_ALL, AttributeType, is_ours
from besitos.game.definition import Definition, Named, Timeless
from besitos.game.known import Checked
from besitos.game.payout import Payout
from besitos.game.problem import Finding, Value
from besitos.game.text import Line, Name
from besitos.game.units import Duration, Key, Language, Whole, YesNo, Zone, line


class About(Timeless):
    """What the game is called, what it speaks, and where its days begin."""

    name: Name = Field(description="What the community calls it.")
    description: Line | None = None
    language: Language = Field("es", description="The language that every text has.")
    languages: Annotated[tuple[Language, ...], Field(min_length=1, max_length=20)] = ("es", "en")
    zone: Zone = Field("UTC", description="Time zone of its moments, days and weeks.")
    day_begins: Annotated[int, Field(strict=True, ge=0, le=23)] = Field(
        0, description="The hour at which a day begins."
    )
    if not TYPE_CHECKING:  # there is one game: it has no place among others
        order: ClassVar[int] = 0


Symbol: TypeAlias = Annotated[str, BeforeValidator(line), Field(max_length=16)]


class Currency(Named):
    """What can be earned. `besitos` and `xp` exist in every game and may be written to be changed."""

    symbol: Symbol = ""
    spendable: YesNo = Field(True, description="Whether it can be spent; XP never can.")
    giftable: YesNo = Field(False, description="Whether members may give it to each other.")
    bonus_expires: Duration = Field(Duration.read("30d"), description="How long besitos of a `bonus` live.")
    max_balance: Whole | None = Field(None, description="What a member can hold; what exceeds it is not paid.")


class ActivityKind(Definition):
    """A kind of activity of an application's own, or attributes that are added to one that is built in."""

    attributes: Annotated[dict[Key, AttributeType], Field(max_length=50)] = Field(
        {}, description="Attribute and its type: text, number, boolean or time."
    )


def check_currency(one: Checked[Currency]) -> Iterator[Finding]:
    """A currency may not be named like something else that can be paid, and XP cannot be spent."""
    if one.key in Payout.model_fields:
        yield Finding((), "currency.is_a_word", {"word": one.key}, at_key=True)
    if one.key == "xp" and one.definition.spendable:
        yield Finding(("spendable",), "currency.xp_is_not_spent")


def check_activity(one: Checked[ActivityKind]) -> Iterator[Finding]:
    """Attributes are added to what members do; what is built in stays what it is, and what we publish is ours."""
    if is_ours(one.key):
        yield Finding((), "activity.ours", {"kind": one.key}, at_key=True)
    built_in = BUILT_IN.get(one.key, {})
    for name, written in one.definition.attributes.items():
        if name in KNOWN_OF_ALL:
            yield Finding(("attributes", name), "activity.known_of_all", {"name": name}, at_key=True)
        elif built_in.get(name, written) != written:
            values: dict[str, Value] = {"name": name, "kind": one.key, "type": built_in[name]}
            yield Finding(("attributes", name), "activity.built_in", values)
