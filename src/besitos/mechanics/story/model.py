"""Stories: what the operator may write."""

from collections.abc import Iterator
from typing import Annotated, TypeAlias

from pydantic import Field

from besitos.game.condition import If
from besitos.game.definition import Definition, Named, Part
from besitos.game.known import Checked
from besitos.game.lists import Keys
from besitos.game.media import Medias
from besitos.game.payout import Payout
from besitos.game.price import Price
from besitos.game.problem import Finding, Near, Path, Value
from besitos.game.reference import Names, Reference
from besitos.game.section import Section
from besitos.game.text import AtMost, Body, Line, Name, Text
from besitos.game.units import Key, Words, YesNo, numbered
from besitos.game.words import Audience, Icon

FragmentName: TypeAlias = Annotated[Reference, Names("fragment")]
CAPTION = 1_024
"""Telegram shows no more beside a photo."""

LevelNumber = Annotated[int, numbered(r"[1-9][0-9]{0,2}", "story.level")]


class StoryLevel(Part):
    """A chapter: fragments that open together."""

    title: Name
    audience: Audience = Field("all", alias="for", description="For whom it is.")
    requires: If = Field((), alias="if", description="Who may enter; all lines must hold.")
    pays: Payout | None = Field(None, description="What completing it gives.")


class Narrator(Part):
    """Who speaks."""

    name: Name
    icon: Icon | None = None


class Story(Named):
    """A story that members read their own way."""

    begins: FragmentName = Field(description="Where it begins.")
    levels: Annotated[dict[LevelNumber, StoryLevel], Field(min_length=1)] = Field(description="Number → chapter.")
    narrators: dict[Key, Narrator] = Field({}, description="Word → who speaks.")


class Decision(Part):
    """One way on, with a key that is its own within the fragment."""

    key: Key
    text: Annotated[Text, AtMost(100)]
    requires: If = Field((), alias="if", description="Who may choose it; all lines must hold.")
    or_pay: Price | None = Field(None, description="What one may pay instead of meeting `if`.")
    cost: Price | None = Field(None, description="What choosing it costs everybody.")
    pays: Payout | None = Field(None, description="What choosing it gives; less than nothing is a penalty.")
    drops: Keys = Field((), description="Flags that are taken away.")
    next: FragmentName = Field(description="Where it leads.")


class Fragment(Definition):
    """One page of a story, and how it goes on."""

    story: Annotated[Reference, Names("story")]
    level: Annotated[int, Field(strict=True, ge=1, le=999)]
    title: Name
    text: Body
    narrator: Key | None = Field(None, description="Who speaks: a narrator of the story.")
    tone: Words | None = None
    media: Medias = ()
    secret: YesNo = Field(False, description="Whether nobody hears of it before they find it.")
    locked_text: Line | None = Field(None, description="What members read instead of what is missing.")
    requires: If = Field((), alias="if", description="Who may enter; all lines must hold.")
    or_pay: Price | None = Field(None, description="What one may pay, once, instead of meeting `if`.")
    pays: Payout | None = Field(None, description="What completing it gives, once.")
    decisions: Annotated[tuple[Decision, ...], Field(min_length=1, max_length=8)] = Field((), description="Ways on.")
    question: Annotated[Reference, Names("question")] | None = Field(None, description="A question to go on by.")
    next: FragmentName | None = Field(None, description="What follows; after a right answer, where it asks.")
    otherwise: FragmentName | None = Field(None, description="What follows a wrong answer.")
    ending: YesNo = Field(False, description="Whether the story ends here.")


def check_story(one: Checked[Story]) -> Iterator[Finding]:
    """It begins with a fragment of its own."""
    begins = one.known.all("fragment").get(one.definition.begins)
    if isinstance(begins, Fragment) and begins.story != one.key:
        values = {"fragment": one.definition.begins, "story": begins.story}
        yield Finding(("begins",), "story.begins_elsewhere", values)


def check_fragment(one: Checked[Fragment]) -> Iterator[Finding]:
    """It has a place in its story and one way on; what can be paid for has a condition to be spared."""
    fragment = one.definition
    yield from _way_on(fragment)
    story = one.known.all("story").get(fragment.story)
    if isinstance(story, Story):
        yield from _place(fragment, story)
    if fragment.media and any(len(words) > CAPTION for words in fragment.text.values()):
        longest = max(map(len, fragment.text.values()))
        yield Finding(("text",), "fragment.long_caption", {"length": longest, "most": CAPTION})
    if fragment.or_pay is not None and not fragment.requires:
        yield Finding(("or_pay",), "fragment.or_pay_without_if", at_key=True)
    seen: set[str] = set()
    for number, decision in enumerate(fragment.decisions):
        here: Path = ("decisions", str(number))
        if decision.key in seen:
            yield Finding((*here, "key"), "fragment.decision_twice", {"key": decision.key})
        if decision.or_pay is not None and not decision.requires:
            yield Finding((*here, "or_pay"), "fragment.or_pay_without_if", at_key=True)
        seen.add(decision.key)


def _way_on(fragment: Fragment) -> Iterator[Finding]:
    """Decisions; one that follows; a question with two; or the end. One of these, and nothing of another."""
    if fragment.question is not None or fragment.otherwise is not None:
        if fragment.question is None or fragment.next is None or fragment.otherwise is None:
            yield Finding((), "fragment.mini_game", at_key=True)
        ways = ("question", *(("decisions",) if fragment.decisions else ()), *(("ending",) if fragment.ending else ()))
    else:
        ways = tuple(word for word in ("decisions", "next", "ending") if getattr(fragment, word))
    if not ways:
        yield Finding((), "fragment.dead_end", at_key=True)
    if len(ways) > 1:
        yield Finding((ways[-1],), "fragment.ways", {"found": ways}, at_key=True)


def _place(fragment: Fragment, story: Story) -> Iterator[Finding]:
    if fragment.level not in story.levels:
        levels = tuple(str(number) for number in sorted(story.levels))
        values: dict[str, Value] = {"story": fragment.story, "level": fragment.level, "choices": levels}
        yield Finding(("level",), "fragment.no_level", values)
    if fragment.narrator is not None and fragment.narrator not in story.narrators:
        near = Near(fragment.narrator, story.narrators)
        yield Finding(("narrator",), "fragment.no_narrator", {"narrator": fragment.narrator}, near=near)


STORIES_SECTION = Section("stories", "story", Story, check=check_story, sources=lambda _: ("story",), is_pending=True)
FRAGMENTS_SECTION = Section("fragments", "fragment", Fragment, check=check_fragment, may_take=True, is_pending=True)
