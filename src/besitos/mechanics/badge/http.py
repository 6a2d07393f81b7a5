"""Badges: the routes by which they are read and shown, given and revoked, and by which operators write them."""

import re
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from besitos.core.view import View
from besitos.game.units import KEY
from besitos.game.writing import written_of
from besitos.mechanics.badge.decide import AwardSeen, Progress, Seen, awards_in, badges_in, look_at, shown_of
from besitos.mechanics.badge.model import (
    Badge,
    BadgeReason,
    GiveBadge,
    How,
    RevokeBadge,
    ShowBadges,
)
from besitos.store.awards import Holders, awards_of, holders
from besitos.store.reads import Card
from besitos.surfaces.http.call import Call, answer
from besitos.surfaces.http.documented import MEMBER, Documented, KeyUse, in_query, key_in_path
from besitos.surfaces.http.faults import request_fault
from besitos.surfaces.http.gamebody import IF_MATCH, REASON, base_in, signature_in
from besitos.surfaces.http.gamemodels import AppliedRead, changes, reply
from besitos.surfaces.http.keys import Scope
from besitos.surfaces.http.models import Body, MemberId, Read
from besitos.surfaces.http.pages import text_in
from besitos.surfaces.http.problem import Refused, Wrong
from besitos.surfaces.http.profile import ProfilePart
from besitos.surfaces.http.wording import UnmetRead, name_in, text_in_language, unmet_read
from besitos.surfaces.http.writing import Written, write_definition
from besitos.surfaces.texts.missing import Missing, is_hidden, is_open

router = APIRouter(tags=["badges"])

VALUE_MOST = 200

BADGE = key_in_path("badge", "amiga")
VALUE = in_query(
    "value",
    "For which value of `per`, where the badge is kept per one.",
    {"type": "string", "minLength": 1, "maxLength": VALUE_MOST},
)
WHY = {**REASON, "required": True, "description": "Why it is taken away."}

GONE = Badge.model_validate({"name": "gone"})
"""What is said of a badge that is not in the game any more, but that somebody holds."""

BadgeKey = Annotated[str, Field(pattern=f"^{KEY}$", max_length=60, examples=["amiga"])]


class BadgeBody(
    Body, json_schema_extra={"examples": [{"badge": "gracias", "definition": {"name": "Gracias", "kind": "special"}}]}
):
    """One badge, as it stands in a game."""

    badge: BadgeKey
    definition: dict[str, Any] = Field(description="What stands under its key in `badges`.")


class GiveBody(Body, json_schema_extra={"examples": [{"badge": "amiga", "reason": "Por ayudar a todos"}]}):
    """A badge for a member."""

    badge: BadgeKey
    value: Annotated[str, Field(max_length=VALUE_MOST)] = ""
    reason: Annotated[str, Field(max_length=1_000)] = ""


class ShownBody(Body, json_schema_extra={"examples": [{"badges": ["amiga"]}]}):
    """The badges that a member shows, in their order; none is the newest."""

    badges: Annotated[list[BadgeKey], Field(max_length=50)]


class BadgeRead(Read):
    """A badge of the game, and how many members hold it."""

    badge: str = Field(examples=["amiga"])
    name: str
    description: str | None
    kind: str = Field(examples=["achievement"])
    icon: str = Field(examples=["🏅"])
    rarity: str = Field(examples=["rare"])
    points: int
    per: str | None = Field(description="It is given for each value of this attribute.", examples=["module"])
    held_by: int = Field(description="How many members hold it; a minute old at most.")
    held_by_percent: float = Field(description="The same as a share of all members.", examples=[12.5])


class BadgesRead(Read):
    """The badges that members may hear of, in the order of menus: no secret ones, no milestones."""

    badges: list[BadgeRead]


class BadgeWholeRead(BadgeRead):
    """A badge with its definition."""

    secret: bool
    definition: dict[str, Any]


class BadgeCatalogueRead(Read):
    """Every badge of the game, as it was written."""

    badges: list[BadgeWholeRead]


class AwardRead(Read):
    """That a badge was given."""

    value: str = Field(description="For which value of `per`; empty where it is kept per none.")
    at: datetime
    how: How = Field(description="By its conditions, by an operator, in a payout, or for the past.")
    is_revoked: bool


class BadgeProgressRead(Read):
    """How near a badge is: its nearest unmet line."""

    line: UnmetRead
    value: str = Field(description="At which value of `per` it is nearest.")
    percent: int = Field(description="How much of that line is done.", examples=[95])
    text: str = Field(description="What is missing, in the caller's language.", examples=["te faltan 12 mensajes"])


class MemberBadgeRead(BadgeRead):
    """How a member is with a badge."""

    is_held: bool
    awards: list[AwardRead]
    progress: BadgeProgressRead | None = Field(description="Of what can still be earned.")


class MemberBadgesRead(Read):
    """The badges of a member: those they hold, then those that may still come."""

    member_id: MemberId
    shown: list[str] = Field(description="Those they show, in their order.")
    badges: list[MemberBadgeRead]


class ShownRead(Read):
    """A badge that a member shows."""

    badge: str = Field(examples=["amiga"])
    name: str
    icon: str = Field(examples=["🏅"])
    rarity: str = Field(examples=["rare"])


class BadgesPart(Read):
    """What a profile says of badges."""

    badges: list[ShownRead] = Field(description="Those that the member shows, in their order.")


@router.get(
    "/badges",
    operation_id="get_badges",
    summary="The badges of the game",
    **Documented(scope=Scope.READ, answers={200: BadgesRead}).arguments(),
)
async def get_badges(request: Request) -> Response:
    """What there is to earn, with how many have it. `/admin/badges` has those, too, that members do not hear of."""
    call = await Call.open(request, Scope.READ)
    found = await _holders(call)
    return answer(
        BadgesRead(badges=[badge_read(call, key, each, found) for key, each in _ordered(call) if each.is_open])
    )


@router.get(
    "/admin/badges",
    operation_id="get_badge_catalogue",
    summary="Every badge, as it was written",
    **Documented(scope=Scope.GAME_READ, answers={200: BadgeCatalogueRead}).arguments(),
)
async def get_catalogue(request: Request) -> Response:
    """Every badge of the game, secret ones and milestones among them. Its `ETag` is the version of the game."""
    call = await Call.open(request, Scope.GAME_READ)
    found, game = await _holders(call), call.service.engine.game
    badges = [
        BadgeWholeRead(
            **badge_read(call, key, each, found).model_dump(),
            secret=each.secret,
            definition=written_of(game.document.rows["badge", key]),
        )
        for key, each in _ordered(call)
    ]
    answered = answer(BadgeCatalogueRead(badges=badges))
    answered.headers["etag"] = f'"{game.version}"'
    return answered


@router.post(
    "/admin/badges",
    operation_id="add_badge",
    summary="Add a badge",
    **Documented(
        scope=Scope.GAME_WRITE, body=BadgeBody, answers={201: AppliedRead}, refuses=(409, 412), parameters=[REASON]
    ).arguments(),
)
async def add_badge(request: Request) -> Response:
    """Add one badge to the game in force, as one new version. 409 `badge.exists` where another has its key.

    422 `game.broken` says in `errors` what is wrong with it. Who qualified already is not given it by this.
    """
    call = await Call.open(request, Scope.GAME_WRITE)
    body = await call.body(BadgeBody)
    written = Written("badges", "badge", body.badge, body.definition)
    applied = await write_definition(call, written, signature_in(call), None, must_be_new=True)
    return reply(changes(*applied), 201, applied.version)


@router.put(
    "/admin/badges",
    operation_id="change_badge",
    summary="Change a badge",
    **Documented(
        scope=Scope.GAME_WRITE,
        body=BadgeBody,
        answers={200: AppliedRead},
        refuses=(404, 412, 428),
        parameters=[IF_MATCH, REASON],
    ).arguments(),
)
async def change_badge(request: Request) -> Response:
    """Let a badge of the game in force say this from now on, as one new version. Who holds it keeps it."""
    call = await Call.open(request, Scope.GAME_WRITE)
    base, by = base_in(call), signature_in(call)
    body = await call.body(BadgeBody)
    written = Written("badges", "badge", body.badge, body.definition)
    applied = await write_definition(call, written, by, base, must_be_new=False)
    return reply(changes(*applied), 200, applied.version)


@router.get(
    "/members/{member}/badges",
    operation_id="get_member_badges",
    summary="Read a member's badges",
    **Documented.of_member(MemberBadgesRead).arguments(),
)
async def get_member_badges(request: Request) -> Response:
    """What a member holds, since when and how they came by it, and how near the others are.

    A secret one stands here once it is held; what was revoked and milestones never do.
    """
    call = await Call.open(request, Scope.READ)
    return answer(await _badges_of(call, is_for_members=True))


@router.get(
    "/admin/users/{member}/badges",
    operation_id="get_user_badges",
    summary="Read everything about a member's badges",
    **Documented(
        scope=Scope.MEMBERS, answers={200: MemberBadgesRead}, refuses=(404, 422), parameters=[MEMBER]
    ).arguments(),
)
async def get_user_badges(request: Request) -> Response:
    """The same for operators: secret ones, milestones, and what was revoked."""
    call = await Call.open(request, Scope.MEMBERS)
    return answer(await _badges_of(call, is_for_members=False))


@router.put(
    "/members/{member}/badges/shown",
    operation_id="show_badges",
    summary="Choose which badges to show",
    **Documented.order(Scope.ACTIVITIES, body=ShownBody, key=KeyUse.OPTIONAL).arguments(),
)
async def show_badges(request: Request) -> Response:
    """Show these, in this order, at most five. None: the newest, whichever they are."""
    call = await Call.open(request, Scope.ACTIVITIES)
    body = await call.body(ShownBody)
    common = call.common(call.some_key(), await call.member())
    return await call.decide(ShowBadges(**common, badges=tuple(body.badges)))


@router.post(
    "/admin/users/{member}/badges",
    operation_id="give_badge",
    summary="Give a badge",
    **Documented.order(Scope.MEMBERS, body=GiveBody).arguments(),
)
async def give_badge(request: Request) -> Response:
    """Give a badge by hand, in play or not; it pays as if it were earned. 409 `badge.already_held`."""
    call = await Call.open(request, Scope.MEMBERS)
    key, body = call.required_key(), await call.body(GiveBody)
    badge = _known(call, body.badge)
    return await call.decide(
        GiveBadge(**call.common(key, await call.member()), badge=badge, value=body.value, reason=body.reason)
    )


@router.delete(
    "/admin/users/{member}/badges/{badge}",
    operation_id="revoke_badge",
    summary="Take a badge away",
    **Documented.order(Scope.MEMBERS, BADGE, VALUE, WHY).arguments(),
)
async def revoke_badge(request: Request) -> Response:
    """Take a badge away, for a reason. What it paid stays paid, and the same conditions do not give it again."""
    call = await Call.open(request, Scope.MEMBERS)
    key, reason, value = call.required_key(), text_in(request, "reason", 2_000), text_in(request, "value", VALUE_MOST)
    if reason is None:
        raise request_fault([Wrong("reason", "request.wrong_length", {"least": 1, "most": 2_000})])
    badge = _known(call, request.path_params["badge"])
    return await call.decide(
        RevokeBadge(**call.common(key, await call.member()), badge=badge, value=value or "", reason=reason)
    )


def badge_read(call: Call, key: str, badge: Badge | None, found: Holders) -> BadgeRead:
    """A badge as it is told; one that is not in the game any more by its key."""
    known = badge or GONE
    return BadgeRead(
        badge=key,
        name=name_in(call, key, badge),
        description=text_in_language(call, badge.description) if badge and badge.description else None,
        kind=known.kind,
        icon=known.icon,
        rarity=known.rarity,
        points=known.points,
        per=known.per,
        held_by=found.of.get(key, 0),
        held_by_percent=found.percent(key),
    )


async def _badges_of(call: Call, *, is_for_members: bool) -> MemberBadgesRead:
    """What a member holds, the newest first, then what may still come, in the order of menus."""
    member_id = await call.member()
    at_work, written = badges_in(call.service.engine.game), dict(_ordered(call))
    hidden = frozenset(key for key, each in written.items() if not each.is_shown)
    seen, shown = await call.service.engine.look(
        member_id,
        lambda view: (look_at(view, member_id, at_work.values()), shown_of(view, member_id, hidden)),
    )
    awards, found = await _awards(call, member_id, is_for_members=is_for_members), await _holders(call)
    near = {each.key: each for each in seen}
    keys = dict.fromkeys((*awards, *written))
    words = Missing(call.texts, call.service.engine.game.document, is_hidden if is_for_members else is_open)
    read = []
    for key in keys:
        given, badge = awards.get(key, []), written.get(key)
        if is_for_members and (key in hidden or (not given and badge is not None and badge.secret)):
            continue
        told = badge_read(call, key, badge, found).model_dump()
        held = any(not each.is_revoked for each in given)
        read.append(MemberBadgeRead(**told, is_held=held, awards=given, progress=_progress(near.get(key), words)))
    return MemberBadgesRead(member_id=str(member_id), shown=list(shown), badges=read)


def _progress(seen: Seen | None, words: Missing) -> BadgeProgressRead | None:
    return None if seen is None or seen.progress is None else progress_read(seen.progress, words)


def progress_read(progress: Progress, words: Missing) -> BadgeProgressRead:
    """How near it is, as it is told."""
    return BadgeProgressRead(
        line=unmet_read(progress.unmet),
        value=progress.value,
        percent=int(100 * progress.part),
        text=words.line(progress.unmet),
    )


async def _awards(call: Call, member_id: int, *, is_for_members: bool) -> dict[str, list[AwardRead]]:
    """What a member was given, by badge, the newest first."""
    found = awards_in(await awards_of(call.service.store, member_id), revoked=not is_for_members)
    return {key: [award_read(each) for each in awards] for key, awards in found.items()}


def award_read(given: AwardSeen) -> AwardRead:
    """An award as it is told."""
    return AwardRead(value=given.value, at=given.at, how=given.award.how, is_revoked=given.award.is_revoked)


def _ordered(call: Call) -> list[tuple[str, Badge]]:
    return list(call.service.engine.game.document.in_order("badge", Badge, call.language).items())


async def _holders(call: Call) -> Holders:
    return await holders(call.service.store, {key: badge.per or "" for key, badge in _ordered(call)})


def _known(call: Call, key: str) -> str:
    """The key of a badge that is in the game. What is no key names nothing."""
    if not re.fullmatch(KEY, key) or key not in call.service.engine.game.document.all("badge"):
        raise Refused(404, BadgeReason.UNKNOWN.value, {"badge": key[:60]})
    return key


def badges_part(call: Call, view: View, card: Card) -> BadgesPart:
    """The badges in a profile."""
    written = dict(_ordered(call))
    hidden = frozenset(key for key, each in written.items() if not each.is_shown)
    shown = [(key, written[key]) for key in shown_of(view, card.member_id, hidden) if key in written]
    return BadgesPart(
        badges=[
            ShownRead(badge=key, name=name_in(call, key, each), icon=each.icon, rarity=each.rarity)
            for key, each in shown
        ]
    )


PART = ProfilePart(BadgesPart, badges_part)
