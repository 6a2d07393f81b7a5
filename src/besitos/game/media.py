"""Photos, videos, sounds and documents that a game shows."""

from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from besitos.game.definition import Part
from besitos.game.problem import refuse
from besitos.game.text import AtMost, Line, Text
from besitos.game.units import line

Kind: TypeAlias = Literal["photo", "video", "audio", "document"]
KINDS: tuple[Kind, ...] = ("photo", "video", "audio", "document")

Source: TypeAlias = Annotated[str, BeforeValidator(line), Field(min_length=1, max_length=1_000)]
"""A file beside the game, an https address, or the id of a file in Telegram."""


class Media(Part):
    """One thing to see or to hear, with words beside it and words for who cannot see it."""

    photo: Source | None = None
    video: Source | None = None
    audio: Source | None = None
    document: Source | None = None
    alt: Line | None = Field(None, description="What is to be seen, for who cannot see it.")
    caption: Annotated[Text, AtMost(1_024)] | None = None

    @model_validator(mode="after")
    def _is_one(self) -> "Media":
        written = tuple(kind for kind in KINDS if getattr(self, kind) is not None)
        if len(written) != 1:
            refuse("media.one", found=written)
        return self


Medias: TypeAlias = Annotated[tuple[Media, ...], Field(max_length=10)]
