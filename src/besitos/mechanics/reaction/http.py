"""Reactions: the route by which those to a post are counted. They are added as activities."""

from urllib.parse import unquote

import msgspec
from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from besitos.mechanics.reaction.model import Reacted, to
from besitos.store.once import counted_below
from besitos.surfaces.http.call import Call, answer
from besitos.surfaces.http.documented import Documented, in_path
from besitos.surfaces.http.keys import Scope
from besitos.surfaces.http.models import Read
from besitos.surfaces.http.problem import Refused

router = APIRouter(tags=["reactions"])

POST = in_path(
    "post",
    "The post as activities name it.",
    {"type": "string", "minLength": 1, "pattern": r"^[^\u0000]+$"},
    example="foto-17",
)


class ReactionCountRead(Read):
    """How many members reacted in one way."""

    reaction: str = Field(description="Its key; empty where the game designs no reactions.", examples=["rosa"])
    emoji: str = Field(examples=["🌹"])
    count: int = Field(examples=[12])


class ReactionsRead(Read):
    """The reactions to a post, the most frequent first."""

    post: str
    total: int
    reactions: list[ReactionCountRead]


@router.get(
    "/posts/{post}/reactions",
    operation_id="get_reactions",
    summary="Count the reactions to a post",
    **Documented(scope=Scope.READ, answers={200: ReactionsRead}, refuses=(422,), parameters=[POST]).arguments(),
)
async def get_reactions(request: Request) -> Response:
    """How many members reacted to a post, by emoji. Nobody asks whether there is such a post: one without any has 0."""
    call = await Call.open(request, Scope.READ)
    post = _post(request.path_params["post"])
    found = [(_decode(body), count) for body, count in await counted_below(call.service.store, to(post))]
    counts = [ReactionCountRead(reaction=each.reaction, emoji=each.emoji, count=count) for each, count in found]
    return answer(ReactionsRead(post=post, total=sum(each.count for each in counts), reactions=counts))


def _post(raw: str) -> str:
    """What the path names. It comes still encoded: a post may be called anything."""
    try:
        post = unquote(raw, errors="strict")
        post.encode()
    except UnicodeError as error:
        raise Refused(422, "text.not_unicode") from error
    if "\0" in post:
        raise Refused(422, "text.nul")
    return post


_decode = msgspec.json.Decoder(Reacted).decode
