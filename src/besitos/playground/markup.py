"""Text as Telegram takes it: parsed, trimmed, with commands and links found, counted in UTF-16 code units."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from besitos.playground.objects import Entity
from besitos.playground.refusals import refuse
from besitos.playground.tags import TagParser, units

LONGEST_TEXT = 4096
MOST_ENTITIES = 100

FOUND = {
    "url": re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,:;!?)]"),
    "mention": re.compile(r"(?<![\w@/])@[A-Za-z]\w{2,31}\b", re.ASCII),
    "hashtag": re.compile(r"(?<![\w#])#(?!\d+\b)\w+"),
    "bot_command": re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{2,31})?(?![\w/])", re.ASCII),
}
UNTOUCHABLE = {"code", "pre", "text_link", "text_mention"}


@dataclass(frozen=True)
class Formatted:
    """Plain text with what stands where."""

    text: str
    entities: tuple[Entity, ...] = ()


def formatted(text: str, parse_mode: str, entities: object) -> Formatted:
    """What a bot's text becomes. Refuses what cannot be parsed, and text of which nothing is left."""
    mode = parse_mode.lower()
    if mode not in ("", "none", "html"):
        # Markdown is not spoken here, and pretending would show markup that Telegram would have refused.
        refuse("unsupported parse_mode")
    marked = parse_html(text) if mode == "html" else Formatted(text, given_entities(entities))
    trimmed = trim(marked)
    if not trimmed.text:
        refuse("text must be non-empty")
    return Formatted(trimmed.text, ordered([*trimmed.entities, *found(trimmed)])[:MOST_ENTITIES])


def parse_html(html: str) -> Formatted:
    """The text without its tags, and what they meant."""
    parser = TagParser(html)
    parser.parse()
    return Formatted(parser.text, ordered(parser.entities))


def given_entities(entities: object) -> tuple[Entity, ...]:
    """The entities that a bot worked out by itself, instead of a parse mode."""
    if entities is None:
        return ()
    try:
        return msgspec.convert(entities, tuple[Entity, ...])
    except msgspec.ValidationError as error:
        refuse(f"can't parse MessageEntity: {error}")


def found(marked: Formatted) -> list[Entity]:
    """Commands, mentions, hashtags and links, wherever the author did not say otherwise."""
    taken = [(mark.offset, mark.offset + mark.length) for mark in marked.entities if mark.type in UNTOUCHABLE]
    entities: list[Entity] = []
    for kind, pattern in FOUND.items():
        for match in pattern.finditer(marked.text):
            offset = units(marked.text[: match.start()])
            end = offset + units(match.group())
            if not any(offset < others_end and begin < end for begin, others_end in taken):
                taken.append((offset, end))
                entities.append(Entity(type=kind, offset=offset, length=end - offset))
    return entities


def ordered(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """By where they begin, the outer before the inner."""
    return tuple(sorted(entities, key=lambda entity: (entity.offset, -entity.length)))


def trim(marked: Formatted) -> Formatted:
    """Without the white space around it, which Telegram never shows; entities move along or go."""
    text = "".join(" " if character < " " and character not in "\n\t" else character for character in marked.text)
    lead = units(text) - units(text.lstrip())
    text = text.strip()
    length = units(text)
    kept: list[Entity] = []
    for entity in marked.entities:
        begin = max(0, entity.offset - lead)
        end = min(length, entity.offset + entity.length - lead)
        if begin < end:
            kept.append(msgspec.structs.replace(entity, offset=begin, length=end - begin))
    return Formatted(text, tuple(kept))
