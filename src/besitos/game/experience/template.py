"""Templates and experiences: a form, what it makes, and the form filled in (GAME-LANGUAGE §9)."""

from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, PlainValidator, WithJsonSchema

from besitos.game.definition import Definition, Named, Part
from besitos.game.filter import Match, is_number
from besitos.game.problem import refuse, shown
from besitos.game.reference import Names, Reference
from besitos.game.text import Line
from besitos.game.units import KEY, Key, Words, matching
from besitos.game.written import Dec, Int, raw

# fmt: off
MADE = frozenset((
    "fragments", "missions", "items", "badges", "posts", "rewards", "questions", "content", "auctions", "boosts",
    "metrics", "rules",
))
"""The sections of which a template may make definitions."""

FieldType: TypeAlias = Literal[
    "text", "number", "boolean", "choice", "duration", "moment", "badge", "item", "fragment", "mission", "channel",
    "content", "list",
]
# fmt: on
REFERRING: tuple[FieldType, ...] = ("badge", "item", "fragment", "mission", "channel", "content")
"""Types of fields whose value is the key of such a definition."""


def _plain(value: Any) -> Any:  # noqa: ANN401 - any plain value
    """A value as JSON keeps it: a number that no number is written as, such as `007`, is the text it was."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return raw(value) if isinstance(value, (Int, Dec)) and not is_number(value) else value


def _bound(value: object) -> int | Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        refuse("value.not_number", found=shown(value))
    return value


Plain: TypeAlias = Annotated[Any, AfterValidator(_plain)]
"""Whatever stands in a document; what it means is seen where it is put."""

Bound: TypeAlias = Annotated[int | Decimal, PlainValidator(_bound), WithJsonSchema({"type": "number"})]
Choices: TypeAlias = Annotated[tuple[Words, ...], Field(min_length=1, max_length=50)]
ListName: TypeAlias = Annotated[str, BeforeValidator(matching(rf"{KEY}(?:\.{KEY})?", "key.wrong"))]
Asked: TypeAlias = Annotated[dict[Key, Match], Field(min_length=1, max_length=10)]


class FormField(Part):
    """One field of a form. It is required unless it has a default."""

    type: FieldType = Field(description="What belongs in it.")
    label: Line | None = Field(None, description="What the wizards call it.")
    default: Plain = Field(None, description="What it is where nothing is written.")
    min: Bound | None = Field(None, description="The least number, or the length of the shortest text or list.")
    max: Bound | None = Field(None, description="The greatest number, or the length of the longest text or list.")
    choices: Choices | None = Field(None, description="What can be chosen.")
    fields: dict[Key, "FormField"] = Field({}, description="The columns of a list.")

    @property
    def is_required(self) -> bool:
        """Whether an experience must give a value."""
        return self.default is None


class FormCheck(Part):
    """If the fields are as `where` says, they must be as `require` says; else the message."""

    where: Asked = Field({}, description="When it is looked at; always, if nothing is said.")
    require: Asked = Field(description="What must hold then.")
    message: Line = Field(description="What to tell whoever fills in the form.")


class Pattern(Part):
    """A definition with holes. Its words are those of its section; they are read when the holes are filled."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Plain] = Field(init=False)

    only_when: Asked = Field({}, description="It is left out unless the fields are like this.")
    each: ListName | None = Field(None, description="The list for each row of which it is made once.")

    @property
    def body(self) -> dict[str, Any]:
        """Its words, without those that say whether and how often it is made."""
        return self.__pydantic_extra__ or {}


class Template(Named):
    """A form, and the definitions that are made of each one that is filled in."""

    type: Literal["experience", "event", "mission_chain"] = Field("experience", description="What wizards call it.")
    fields: Annotated[dict[Key, FormField], Field(min_length=1, max_length=50)] = Field(description="The form.")
    checks: Annotated[tuple[FormCheck, ...], Field(max_length=50)] = Field((), description="What fields must fit.")
    makes: dict[str, dict[str, Pattern]] = Field(description="Section, key and body of all that is made.")


class Experience(Definition):
    """A form that somebody filled in. Active, it makes all parts; its window is theirs."""

    template: Annotated[Reference, Names("template")] = Field(description="The form.")
    status: Literal["draft", "active", "archived"] = Field("draft", description="Only `active` makes anything.")
    values: dict[Key, Plain] = Field({}, alias="with", description="Field and value.")
