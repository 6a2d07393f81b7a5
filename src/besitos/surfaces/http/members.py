"""Members: created, found, named, and linked to the person in Telegram."""

from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter
from pydantic import Field, model_validator
from starlette.requests import Request
from starlette.responses import Response

from besitos.engine.refs import EXTERNAL_ID_MAX, TELEGRAM_ID_MAX
from besitos.store import people
from besitos.store.protocol import MemberRef, Person
from besitos.store.reads import Card, cards
from besitos.surfaces.http.call import Call, answer
from besitos.surfaces.http.documented import MEMBER, Documented, KeyUse
from besitos.surfaces.http.faults import refuse_value
from besitos.surfaces.http.keys import Scope
from besitos.surfaces.http.models import Body, MemberId, Read
from besitos.surfaces.http.once import Act, once
from besitos.surfaces.http.problem import Refused

EXAMPLE = {"external_id": "student-9", "display_name": "Ana", "language": "es"}
ONE_NAME = {"oneOf": [{"required": ["external_id"]}, {"required": ["telegram_id"]}]}

router = APIRouter(tags=["members"])


class MemberBody(Body, json_schema_extra={**ONE_NAME, "examples": [EXAMPLE]}):
    """A member, by exactly one name from outside, and what is known of them."""

    external_id: Annotated[str, Field(min_length=1, max_length=EXTERNAL_ID_MAX)] = ""
    telegram_id: Annotated[int, Field(ge=1, le=TELEGRAM_ID_MAX)] = 0
    username: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    display_name: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    language: Annotated[str, Field(max_length=35, pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")] | None = None

    @model_validator(mode="after")
    def _has_one_name(self) -> Self:
        if len(self.model_fields_set & {"external_id", "telegram_id"}) != 1:
            refuse_value("member.one_name")
        return self

    @property
    def ref(self) -> MemberRef:
        """How they are named."""
        return MemberRef(telegram_id=self.telegram_id) if self.telegram_id else MemberRef(external_id=self.external_id)

    @property
    def person(self) -> Person:
        """What is known of them."""
        return Person(self.username, self.display_name, self.language)


class MemberRead(Read):
    """A member."""

    member_id: MemberId
    telegram_id: int | None
    external_id: str | None
    username: str | None
    display_name: str | None
    language: str | None
    created_at: datetime
    last_active: datetime | None


class LinkBody(Body):
    """A code that was made for a member."""

    code: str = Field(min_length=1, max_length=100, description="What `link-code` gave.")


class LinkCodeRead(Read):
    """A code by which the other account of the same person proves that it is theirs."""

    code: str
    expires_at: datetime


SEE = {
    "operationId": "get_member",
    "parameters": {"member": "$response.body#/member_id"},
    "description": "The member who was created or found.",
}
BALANCE = {**SEE, "operationId": "get_balance", "description": "What they have."}


@router.post(
    "/members",
    operation_id="create_member",
    summary="Create or find a member",
    **Documented(
        scope=Scope.MEMBERS,
        body=MemberBody,
        answers={201: MemberRead, 200: MemberRead},
        key=KeyUse.OPTIONAL,
        links={"member": SEE, "balance": BALANCE},
    ).arguments(),
)
async def create_member(request: Request) -> Response:
    """Create a member, or find the one who has this name: 201 the first time, 200 after that.

    What is told of them is written down in both cases; what is left out stays as it was.
    """
    call = await Call.open(request, Scope.MEMBERS)
    body = await call.body(MemberBody)

    async def prepare() -> Act:
        existed = await call.service.directory.find((body.ref,))
        found = existed or await call.service.directory.open((body.ref,))
        card = _named((await cards(call.service.store, found.values()))[found[body.ref]], body.person)
        effects = [people.naming(card.member_id, body.person)] if any(body.person) else []
        return Act(200 if existed else 201, member_read(card), effects)

    return await once(call, body.model_dump(), prepare)


@router.get(
    "/members/{member}",
    operation_id="get_member",
    summary="A member",
    **Documented.of_member(MemberRead).arguments(),
)
async def get_member(request: Request) -> Response:
    """Who a member is."""
    call = await Call.open(request, Scope.READ)
    return answer(member_read(await card_of(call, await call.member())))


@router.post(
    "/members/{member}/link-code",
    operation_id="create_link_code",
    summary="A code to link a member by",
    **Documented(scope=Scope.MEMBERS, answers={201: LinkCodeRead}, refuses=(404, 422), parameters=[MEMBER]).arguments(),
)
async def create_link_code(request: Request) -> Response:
    """Make a code that holds for 15 minutes. Whoever brings it from the other side is the same person.

    In Telegram it fits into a deep link to the bot: `https://t.me/<bot>?start=link_<code>`.
    """
    call = await Call.open(request, Scope.MEMBERS)
    code, ends = call.service.links.code_for(await call.member(), call.service.clock.now())
    return answer(LinkCodeRead(code=code, expires_at=ends), 201)


@router.post(
    "/members/{member}/link",
    operation_id="link_member",
    summary="Link a member to their other account",
    **Documented(
        scope=Scope.MEMBERS,
        body=LinkBody,
        answers={200: MemberRead},
        refuses=(409,),
        key=KeyUse.OPTIONAL,
        parameters=[MEMBER],
    ).arguments(),
)
async def link_member(request: Request) -> Response:
    """Let the name in the path, `tg:…` or `ext:…`, mean the member that the code was made for.

    409 `member.both_exist` if that name is another member's already, and `member.already_linked` if the member has
    another name of that kind. Linking again what is linked changes nothing.
    """
    call = await Call.open(request, Scope.MEMBERS)
    body, ref = await call.body(LinkBody), call.ref()

    async def prepare() -> Act:
        member_id = call.service.links.member_of(body.code, call.service.clock.now())
        if member_id is None:
            raise Refused(422, "member.wrong_code")
        return await link(call, member_id, ref)

    return await once(call, {"code": body.code}, prepare)


async def link(call: Call, member_id: int, ref: MemberRef) -> Act:
    """What linking comes to, or why it cannot be."""
    if ref.member_id is not None:
        raise Refused(422, "member.link_by_name")
    card = await card_of(call, member_id)
    known = await call.service.directory.find((ref,))
    if known and known[ref] != member_id:
        raise Refused(409, "member.both_exist", {"member_id": str(member_id), "other_id": str(known[ref])})
    if known:
        return Act(200, member_read(card))
    if (card.telegram_id if ref.telegram_id is not None else card.external_id) is not None:
        raise Refused(409, "member.already_linked", {"member_id": str(member_id)})
    linked = card._replace(
        telegram_id=ref.telegram_id or card.telegram_id, external_id=ref.external_id or card.external_id
    )
    return Act(200, member_read(linked), [people.linking(member_id, ref)])


async def card_of(call: Call, member_id: int) -> Card:
    """A member as they are now. 404 if there is none."""
    found = await cards(call.service.store, (member_id,))
    if member_id not in found:
        raise Refused(404, "member.unknown", {"member": str(member_id)})
    return found[member_id]


def member_read(card: Card) -> MemberRead:
    """What is told of a member."""
    known: dict[str, Any] = {name: getattr(card, name) for name in MemberRead.model_fields if name != "member_id"}
    return MemberRead(member_id=str(card.member_id), **known)


def _named(card: Card, person: Person) -> Card:
    told = {name: value for name, value in person._asdict().items() if value is not None}
    return card._replace(**told)
