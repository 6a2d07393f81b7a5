"""What the routes of the game answer with, and how a difference and a draft are told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from pydantic import ConfigDict, Field
from starlette.responses import Response

from besitos.engine.editing.difference import Difference, as_data
from besitos.surfaces.http.models import Read, WrongRead

DOCUMENT = Field(
    description="Section → key → definition, as it was written: it may be sent back as it is.",
    examples=[{"game": {"name": "Campus"}, "rules": {"charla": {"when": "message.posted", "pays": {"besitos": 1}}}}],
)


class GameSchemaRead(Read):
    """The JSON Schema (draft 2020-12) of a file of a game."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["object"])


class GameRead(Read):
    """The game in force."""

    version: int = Field(description="Its number, which is its `ETag` too.", examples=[3])
    applied_at: datetime
    author: str = Field(examples=["api:panel/ana"])
    reason: str
    document: dict[str, Any] = DOCUMENT


class VersionRead(Read):
    """A version: whose, when, why, and how much it changed."""

    version: int = Field(examples=[3])
    applied_at: datetime
    author: str
    reason: str
    added: int
    changed: int
    archived: int


class VersionsRead(Read):
    """Versions, the newest first."""

    items: list[VersionRead]
    next: str | None = Field(description="The `cursor` of the page after this one.")


class GameVersionRead(VersionRead):
    """A version with its document, as far as this program reads it."""

    document: dict[str, Any] = DOCUMENT


class WordRead(Read):
    """A word that says something else than before. A side that is missing was not written."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

    word: str = Field(examples=["pays.besitos"])
    before: Any = Field(None, examples=[1])
    after: Any = Field(None, examples=[2])


class DifferenceRead(Read):
    """What parts two versions, by `kind/key`."""

    added: list[str] = Field(examples=[["rule/charla"]])
    changed: list[str]
    archived: list[str]
    words: dict[str, list[WordRead]] = Field(description="Of each that changed, the words.")


class PlanRead(Read):
    """What applying would do to `version`, which is in force."""

    version: int
    differs: bool
    difference: DifferenceRead
    findings: list[WrongRead] = Field(description="What is in order and worth a look all the same.")


class AppliedRead(Read):
    """The version in force. Where nothing differs, nothing was written."""

    version: int
    differs: bool
    difference: DifferenceRead


class DraftRead(Read):
    """A document that is not in force, and what is to become of it."""

    name: str = Field(examples=["spring"])
    base: int = Field(description="The version that it was written on.")
    state: str = Field(description="`open`, `scheduled`, `applied` or `refused`.", examples=["open"])
    author: str
    reason: str
    saved_at: datetime
    publish_at: datetime | None = Field(description="When it is applied, once scheduled.")
    version: int | None = Field(description="The version that it became, once applied.")
    refused: str | None = Field(description="Why it was not applied at its moment: `game.moved`, `game.broken`.")


class DraftsRead(Read):
    """Every draft, by name."""

    items: list[DraftRead]


class DraftWholeRead(DraftRead):
    """A draft with its files."""

    files: dict[str, str] = Field(examples=[{"game.yaml": "game: {name: Campus}\n"}])


class SavedDraftRead(DraftRead):
    """A draft that was kept, and what is wrong with it so far."""

    problems: list[WrongRead]


class DraftPlanRead(PlanRead):
    """What applying a draft would do. Where its base is no longer in force it is put on top of what is."""

    base: int
    theirs: DifferenceRead = Field(description="What others have changed since the base.")
    conflicts: list[str] = Field(description="What both have changed in different ways.")


def reply(said: Mapping[str, Any], status: int = 200, version: int | None = None) -> Response:
    """An answer; with the version of the game as its ETag where there is one."""
    headers = {} if version is None else {"etag": f'"{version}"'}
    return Response(msgspec.json.encode(said), status, headers, "application/json")


def changes(version: int, found: Difference) -> dict[str, Any]:
    """A version, and what differs from it or in it."""
    return {"version": version, "differs": bool(found), "difference": as_data(found)}
