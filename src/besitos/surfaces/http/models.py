"""What several routes answer with, and what more than one takes. Numbers are exact; our ids are texts."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from besitos.core.account import BESITOS
from besitos.core.transaction import MAX_AMOUNT
from besitos.engine.codec import to_raw
from besitos.surfaces.http.faults import refuse_value

METADATA_MAX = 4_096
"""Bytes of free metadata."""


class Body(BaseModel):
    """What a caller sends. A word that we do not know is refused: a misspelt one is never silently ignored."""

    model_config = ConfigDict(extra="forbid", strict=True, arbitrary_types_allowed=True)


class Read(BaseModel):
    """What we answer with."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


def _small(metadata: dict[str, Any]) -> dict[str, Any]:
    if len(to_raw(metadata).encode()) > METADATA_MAX:
        refuse_value("request.metadata_too_large", most=METADATA_MAX)
    return metadata


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or "T" not in text.upper():
        refuse_value("request.not_a_moment")
    return moment


Amount = Annotated[int, Field(ge=1, le=MAX_AMOUNT, description="A whole number from 1 to 2^53 - 1.", examples=[100])]
CurrencyName = Annotated[
    str, Field(min_length=1, max_length=60, description="A currency of the game.", examples=[BESITOS])
]
NoteText = Annotated[
    str, Field(max_length=1_000, description="Free text for people. Kept apart from the books, and erasable.")
]
Metadata = Annotated[
    dict[str, Any],
    AfterValidator(_small),
    Field(description="Anything of yours, at most 4 KiB. It stays in the books."),
]
Moment = Annotated[
    Any,
    Field(description="RFC 3339, with its zone.", examples=["2026-11-20T09:00:00Z"]),
    AfterValidator(lambda value: _moment(value) if isinstance(value, str) else _moment("")),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
MemberId = Annotated[
    str, Field(pattern=r"^[1-9][0-9]{0,17}$", description="Our id of the member.", examples=["373662154752"])
]


class PaidRead(Read):
    """What one account got, or gave where the amount is below zero."""

    definition: str = Field(
        description="What paid: the key of a rule, `daily_gift`, `transfer`.", examples=["rule/charla"]
    )
    member_id: MemberId
    account: str = Field(description="A currency, or a hold of it: `besitos@auction/7`.", examples=[BESITOS])
    amount: int = Field(examples=[100])
    balance: int = Field(description="What the account held afterwards.", examples=[350])
    transfer_id: str = Field(examples=["373662154752-7"])


class StepRead(Read):
    """One line of why something was not paid, or not in full."""

    definition: str
    reason: str = Field(description="A reason code.", examples=["limit.reached"])
    details: dict[str, Any]


class OutcomeRead(Read):
    """What an accepted activity came to."""

    status: Literal["accepted"]
    key: str = Field(description="The key that it is remembered by.", examples=["order-1001"])
    member_id: MemberId
    kind: str = Field(examples=["message.posted"])
    paid: list[PaidRead]
    trace: list[StepRead]


class WrongRead(Read):
    """One wrong place of a body."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

    place: str = Field(
        description="Where, with dots: `activities.2.kind`. In a game document `file:line:column`.", examples=["amount"]
    )
    path: str = Field("", description="In a game document, the way through sections and words.")
    code: str = Field(examples=["request.too_small"])
    detail: str = Field(examples=["at least 1"])


class ProblemRead(Read):
    """Why a request was not carried out (RFC 9457). `code` is stable; the texts are in the caller's language."""

    type: str = Field(description="The reason code, as a relative reference.", examples=["ledger.insufficient_funds"])
    title: str = Field(description="What the status means.")
    status: int = Field(examples=[409])
    detail: str = Field(description="What is wrong here, and what to do.")
    code: str = Field(description="The reason code.", examples=["ledger.insufficient_funds"])
    details: dict[str, Any] = Field({}, description="The values behind the text.", examples=[{"needed": 50}])
    errors: list[WrongRead] = Field([], description="The wrong places of a body.")
