"""Telegram's HTML: few tags, every one closed, four named characters; complaints name the byte."""

import re
from dataclasses import dataclass
from functools import partial
from typing import NoReturn

from besitos.playground.objects import Entity
from besitos.playground.refusals import refuse

SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
KNOWN = {*SIMPLE, "a", "blockquote", "code", "pre", "tg-emoji", "tg-time"}

CHARACTER = re.compile(r"&(?:#(\d{1,7});?|#x([0-9a-fA-F]{1,6});?|(lt|gt|amp|quot)(?![A-Za-z]);?)")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
ATTRIBUTE = re.compile(r"""\s*([^\s=>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+)))?""")


@dataclass(frozen=True)
class Tag:
    """A start tag that waits for its end. `offset` counts UTF-16 code units of the text, `begin` characters."""

    name: str
    attributes: dict[str, str]
    offset: int
    begin: int


class TagParser:
    """One pass over one text."""

    def __init__(self, html: str) -> None:
        self.text = ""
        self.entities: list[Entity] = []
        self._html = html
        self._at = 0
        self._length = 0
        self._open: list[Tag] = []

    def parse(self) -> None:
        """Fill `text` and `entities`, or refuse."""
        while self._at < len(self._html):
            if self._html[self._at] != "<":
                piece, self._at = next_text(self._html, self._at)
                self.text += piece
                self._length += units(piece)
            elif self._html.startswith("</", self._at):
                self._end_tag()
            else:
                self._start_tag()
        if self._open:
            cannot_parse(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')

    def _start_tag(self) -> None:
        here = self._here()
        name_end = self._at + 1
        while name_end < len(self._html) and not self._html[name_end].isspace() and self._html[name_end] != ">":
            name_end += 1
        if name_end == len(self._html):
            cannot_parse(f"Unclosed start tag at {here}")
        name = self._html[self._at + 1 : name_end].lower()
        if name not in KNOWN:
            cannot_parse(f'Unsupported start tag "{name}" at {here}')
        attributes, at = attributes_from(self._html, name_end)
        if not self._html.startswith(">", at):
            cannot_parse(f'Unclosed start tag "{name}" at {here}')
        if name == "span" and attributes.get("class") != "tg-spoiler":
            cannot_parse(f'Tag "span" must have class "tg-spoiler" at {here}')
        self._open.append(Tag(name, attributes, self._length, len(self.text)))
        self._at = at + 1

    def _end_tag(self) -> None:
        here = self._here()
        if not self._open:
            cannot_parse(f"Unexpected end tag at {here}")
        end = self._html.find(">", self._at)
        if end < 0:
            cannot_parse(f"Unclosed end tag at {here}")
        name = self._html[self._at + 2 : end].strip().lower()
        tag = self._open.pop()
        if name not in ("", tag.name):
            cannot_parse(f'Unmatched end tag at {here}, expected "</{tag.name}>", found "</{name}>"')
        self._at = end + 1
        if self._length > tag.offset:
            self._close(tag)

    def _close(self, tag: Tag) -> None:
        """Add the entity that the tag made, if it made one."""
        entity = partial(Entity, offset=tag.offset, length=self._length - tag.offset)
        if tag.name == "a":
            url = opened_link(tag.attributes.get("href") or self.text[tag.begin :])
            self.entities += [entity(type="text_link", url=url)] if url else []
        elif tag.name in ("pre", "code"):
            self._close_code(tag, entity)
        elif tag.name == "blockquote":
            kind = "expandable_blockquote" if "expandable" in tag.attributes else "blockquote"
            self.entities.append(entity(type=kind))
        elif tag.name == "tg-emoji":
            emoji = number_of(tag, "emoji-id", "Invalid custom emoji identifier specified")
            self.entities.append(entity(type="custom_emoji", custom_emoji_id=emoji))
        elif tag.name == "tg-time":
            moment = int(number_of(tag, "unix", "Invalid date specified"))
            shown = tag.attributes.get("format")
            self.entities.append(entity(type="date_time", unix_time=moment, date_time_format=shown))
        else:
            self.entities.append(entity(type=SIMPLE[tag.name]))

    def _close_code(self, tag: Tag, entity: "partial[Entity]") -> None:
        """Code, or a block of it; a block around nothing but code takes that code's language."""
        if tag.name == "code":
            said = tag.attributes.get("class", "")
            language = said.removeprefix("language-") if said.startswith("language-") else None
            is_in_block = bool(self._open) and self._open[-1].name == "pre"
            self.entities.append(entity(type="code", language=language if is_in_block else None))
            return
        inner = self.entities[-1] if self.entities else None
        is_whole = inner is not None and (inner.type, inner.offset) == ("code", tag.offset)
        language = self.entities.pop().language if is_whole else None
        self.entities.append(entity(type="pre", language=language))

    def _here(self) -> str:
        """Telegram counts in bytes of UTF-8 when it complains."""
        return f"byte offset {len(self._html[: self._at].encode('utf-8', 'surrogatepass'))}"


def cannot_parse(what: str) -> NoReturn:
    """400 with the words that bots and their logs know."""
    refuse(f"can't parse entities: {what}")


def units(text: str) -> int:
    """How long Telegram finds a text: UTF-16 code units, so 💋 counts two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def next_text(html: str, at: int) -> tuple[str, int]:
    """The text up to the next tag or named character, and where it ends. Unknown names stay as they are."""
    match = CHARACTER.match(html, at)
    if match:
        decimal, hexadecimal, name = match.groups()
        code = ord(NAMED[name]) if name else int(decimal or hexadecimal, 10 if decimal else 16)
        if 0 < code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF:
            return chr(code), match.end()
    end = at + 1
    while end < len(html) and html[end] not in "<&":
        end += 1
    return html[at:end], end


def unescaped(value: str) -> str:
    """The value of an attribute with its characters read."""
    said, at = "", 0
    while at < len(value):
        piece, at = next_text(value, at)
        said += piece
    return said


def attributes_from(html: str, at: int) -> tuple[dict[str, str], int]:
    """The attributes that begin here, and where they end."""
    attributes: dict[str, str] = {}
    while match := ATTRIBUTE.match(html, at):
        said = next((value for value in match.groups()[1:] if value is not None), "")
        attributes[match[1].lower()] = unescaped(said)
        at = match.end()
    while html[at : at + 1].isspace():
        at += 1
    return attributes, at


def opened_link(url: str) -> str | None:
    """Where a link leads, if anywhere that Telegram would open."""
    if re.fullmatch(r"(?:https?|tg|mailto|tel|ton):\S+", url):
        return url
    if re.fullmatch(r"[\w-]+(?:\.[\w-]+)+(?:/\S*)?", url):
        return f"http://{url}" if "/" in url else f"http://{url}/"
    return None


def number_of(tag: Tag, attribute: str, otherwise: str) -> str:
    """An attribute that must be a number above 0, still as text."""
    value = tag.attributes.get(attribute, "")
    if not (value.isascii() and value.isdigit() and int(value)):
        cannot_parse(otherwise)
    return value
