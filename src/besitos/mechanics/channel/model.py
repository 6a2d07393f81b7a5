"""Channels and posts: what the operator may write."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from besitos.game.definition import Definition, Named, Part
from besitos.game.known import Checked
from besitos.game.lists import ReactionNames
from besitos.game.media import Medias
from besitos.game.problem import Finding
from besitos.game.reference import Names, Reference
from besitos.game.section import Section
from besitos.game.text import AtMost, Body, Text
from besitos.game.units import Address, Duration, Moment, YesNo
from besitos.game.words import Audience, Chat


class Channel(Named):
    """A channel in Telegram."""

    chat: Chat = Field(description="Its number in Telegram.")
    audience: Audience = Field("free", alias="for", description="For whom it is.")
    reactions: ReactionNames = Field((), description="The reactions that stand under its posts.")
    protected: YesNo = Field(False, description="Whether its posts cannot be forwarded or saved.")
    admits_after: Duration | None = Field(None, description="How long a request to join waits.")


class Button(Part):
    """A button under a post: it opens a page of the bot, or of the web."""

    text: Annotated[Text, AtMost(64)]
    open: (
        Literal["daily", "shop", "missions", "rewards", "story", "trivia", "auctions", "vip", "ranking", "profile"]
        | None
    ) = None
    url: Address | None = None


class Post(Definition):
    """What is published in a channel."""

    channel: Annotated[Reference, Names("channel")]
    publish: Moment | None = Field(None, description="When; without it, by hand.")
    text: Body
    media: Medias = ()
    reactions: ReactionNames = Field((), description="Its own reactions instead of those of the channel.")
    buttons: Annotated[tuple[Button, ...], Field(max_length=20)] = ()
    mission: Annotated[Reference, Names("mission")] | None = Field(None, description="The mission that it offers.")
    fragment: Annotated[Reference, Names("fragment")] | None = Field(None, description="The fragment that it opens.")
    question: Annotated[Reference, Names("question")] | None = Field(None, description="The question that it asks.")
    protected: YesNo | None = Field(None, description="Else as the channel says.")


def check_post(one: Checked[Post]) -> Iterator[Finding]:
    """It leads to one thing, and so does each of its buttons."""
    post = one.definition
    links = tuple(word for word in ("mission", "fragment", "question") if getattr(post, word) is not None)
    if len(links) > 1:
        yield Finding((links[1],), "post.links", {"found": links}, at_key=True)
    for number, each in enumerate(post.buttons):
        if (each.open is None) == (each.url is None):
            yield Finding(("buttons", str(number)), "post.button")


CHANNELS_SECTION = Section("channels", "channel", Channel, is_pending=True)
POSTS_SECTION = Section("posts", "post", Post, check=check_post, is_pending=True)
