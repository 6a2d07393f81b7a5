"""Users, as operators look members up: a page at a time, by any of their names."""

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from besitos.core.account import BESITOS
from besitos.core.holding import HOLDINGS
from besitos.core.member import PROFILE, MemberType
from besitos.core.standing import STANDING
from besitos.core.state import Hot, S
from besitos.engine.book import SECTIONS
from besitos.store.people import newest
from besitos.store.reads import Card, cards
from besitos.surfaces.http.call import Call, answer
from besitos.surfaces.http.documented import Documented, in_query
from besitos.surfaces.http.keys import Scope
from besitos.surfaces.http.members import MemberRead, member_read
from besitos.surfaces.http.models import Read
from besitos.surfaces.http.pages import CURSOR, LIMIT, page_of, text_in

router = APIRouter(tags=["members"])

USUAL, MOST = 20, 200
SEARCH_MOST = 200
SEARCH = in_query(
    "search",
    "Our id, Telegram's or an application's as a whole, or a part of a name.",
    {"type": "string", "minLength": 1, "maxLength": SEARCH_MOST},
    example="ana",
)


class UserRead(MemberRead):
    """A member in a list."""

    type: MemberType
    is_banned: bool
    level: int
    besitos: int = Field(description="What they can spend.")
    badges: int = Field(description="How many they hold.")


class UsersRead(Read):
    """Members, the newest first."""

    users: list[UserRead]
    next: str | None = Field(description="The `cursor` of the page after this one.")


@router.get(
    "/admin/users",
    operation_id="list_users",
    summary="Look members up",
    **Documented(
        scope=Scope.MEMBERS, answers={200: UsersRead}, refuses=(422,), parameters=[SEARCH, CURSOR, LIMIT]
    ).arguments(),
)
async def list_users(request: Request) -> Response:
    """Members, the newest first, all or those of a name. `Link: <…>; rel="next"` leads to the next page."""
    call = await Call.open(request, Scope.MEMBERS)
    page, search = page_of(request, USUAL, MOST), text_in(request, "search", SEARCH_MOST)
    ids = await newest(call.service.store, page.limit + 1, page.before, search or "")
    shown = ids[: page.limit]
    found = await cards(call.service.store, shown)
    following = str(shown[-1]) if len(ids) > page.limit else None
    now = call.service.clock.now()
    read = [user_read(found[each], found[each].wallet(BESITOS).spendable(now)) for each in shown if each in found]
    answered = answer(UsersRead(users=read, next=following))
    if following is not None:
        answered.headers["link"] = page.link(request, following)
    return answered


def user_read(card: Card, besitos: int) -> UserRead:
    """A member with where they stand, as of their last activity."""
    profile = _state_of(card, PROFILE)
    return UserRead(
        **member_read(card).model_dump(),
        type=profile.type,
        is_banned=profile.is_banned,
        level=_state_of(card, STANDING).level,
        besitos=besitos,
        badges=sum(_state_of(card, HOLDINGS).badges.values()),
    )


def _state_of(card: Card, slot: Hot[S]) -> S:
    written = SECTIONS.decode(card.state).get(slot.name)
    return slot.blank if written is None else slot.decode(written)
