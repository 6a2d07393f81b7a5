"""Words of the game for whoever asks: names of definitions, and what is missing to somebody."""

from collections.abc import Sequence
from typing import Any

import msgspec
from pydantic import Field

from besitos.core.payout import Payout
from besitos.game.asking import Unmet
from besitos.game.definition import Definition
from besitos.game.text import Text
from besitos.surfaces.http.call import Call
from besitos.surfaces.http.models import Read
from besitos.surfaces.texts.missing import Missing, is_open


class UnmetRead(Read):
    """A line of a condition that does not hold. Those of a group other than 0 are alternatives."""

    group: int = Field(examples=[0])
    fact: str = Field(description="The metric or possession that is asked for.", examples=["level"])
    of: str = Field(description="The currency, the streak or the key of what must be had.", examples=["besitos"])
    span: str = Field(description="The period that is asked about; empty for ever.", examples=["day"])
    at: str = Field(description="The value of the attribute that it is kept per.", examples=["fundamentos"])
    is_not: bool = Field(description="Whether it must not be so.")
    have: Any = Field(description="What there is: a number, a word, yes or no.", examples=[3])
    need: str = Field(description="What it takes.", examples=["5+"])
    missing: Any = Field(description="How much more it takes, where more would do.", examples=[2])


def unmet_read(unmet: Unmet) -> UnmetRead:
    """A line as it is told."""
    return UnmetRead(**{name: msgspec.to_builtins(getattr(unmet, name)) for name in UnmetRead.model_fields})


class GivenRead(Read):
    """One thing that is given besides amounts."""

    word: str = Field(description="`badges`, `content`, `flags`, `items` or `vip`.", examples=["items"])
    key: str = Field(description="Of what; of `vip` it is empty.", examples=["llave"])
    count: int = Field(description="How many; of `vip` so many seconds.", examples=[1])


class PromisedRead(Read):
    """Something that a member gets something for: what it is called, what is missing for it, and what it gives."""

    name: str
    description: str | None
    missing: list[str] = Field(description="What is missing for it, in the caller's language.")
    unmet: list[UnmetRead]
    pays: dict[str, int] = Field(description="Amounts by currency or `bonus`.", examples=[{"besitos": 20}])
    gives: list[GivenRead] = Field(description="What else.")


def promised_read(
    call: Call, key: str, definition: Definition | None, unmet: Sequence[Unmet], payout: Payout
) -> dict[str, Any]:
    """The fields of a `PromisedRead`, of a definition that the game may have no longer."""
    description = definition.description if definition is not None else None
    words = Missing(call.texts, call.service.engine.game.document, is_open)
    return {
        "name": name_in(call, key, definition),
        "description": None if description is None else text_in_language(call, description),
        "missing": words.lines(unmet),
        "unmet": [unmet_read(each) for each in unmet],
        "pays": dict(payout.amounts),
        "gives": [GivenRead(word=given.word, key=given.key, count=given.count) for given in payout.givings],
    }


def name_in(call: Call, key: str, definition: Definition | None) -> str:
    """What a definition is called in the caller's language; else its key."""
    return key if definition is None or definition.name is None else text_in_language(call, definition.name)


def text_in_language(call: Call, text: Text) -> str:
    """A text of the game in the caller's language, or in the game's."""
    return text.in_language(call.language, call.service.engine.game.document.about.language)
