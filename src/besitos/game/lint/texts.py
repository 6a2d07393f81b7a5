"""Texts: those that lack a language, and those that Telegram cuts."""

from collections.abc import Iterator

from besitos.game.lint.look import Look
from besitos.game.lint.whole import One, Told, Whole
from besitos.game.problem import Path, Value
from besitos.game.text import EVERY, Text

MOST_BUTTON = 64
"""What of a button is seen on a telephone."""

MOST_INVOICE_NAME, MOST_INVOICE_LINE = 32, 255
"""What Telegram takes as the title and the description of an invoice in stars."""

MOST_CAPTION = 1_024
"""What Telegram shows beside a photo."""


def missing_translation(look: Look) -> Iterator[Told]:
    """Texts that are written in some of the languages of the game (`game.languages`), and not in all.

    A text that is a single string is for everybody. Told once for a definition, at the first such text.
    Found: `name: {es: Hola}` in a game in `[es, en]`. Fine: `name: Hola`, `name: {es: Hola, en: Hello}`.
    """
    languages = look.whole.document.about.languages
    for one, values in look.whole.values:
        lacking = [
            (path, [language for language in languages if language not in value])
            for path, value in values
            if isinstance(value, Text) and EVERY not in value
        ]
        lacking = [(path, missing) for path, missing in lacking if missing]
        if lacking:
            missing = sorted({language for _, each in lacking for language in each})
            found: dict[str, Value] = {
                "languages": tuple(f"`{language}`" for language in missing),
                "count": len(lacking),
            }
            yield Told(one, lacking[0][0], found)


def text_cut(look: Look) -> Iterator[Told]:
    """A text that does not fit where Telegram shows it.

    On a button fit 64 characters: of a decision, of an option of a question, of what is sold with its icon and price.
    A plan that is sold for stars has a name of 32 and a description of 255; a post with media a text of 1,024.
    Found: a decision of 80 characters. Fine: one of 64.
    """
    for one in look.whole.ones:
        for path, text, beside, most in _shown(look.whole, one):
            longest = max(map(len, text.values())) + beside
            if longest > most:
                yield Told(one, path, {"length": longest, "most": most})


def _shown(whole: Whole, one: One) -> Iterator[tuple[Path, Text, int, int]]:
    """Texts with what stands beside them, and how much of both is shown."""
    body = one.body
    if one.kind == "fragment":
        for number, decision in enumerate(body.decisions):
            yield ("decisions", str(number), "text"), decision.text, 0, MOST_BUTTON
    elif one.kind == "question":
        for letter, option in body.options.items():
            yield ("options", letter), option, 0, MOST_BUTTON
    elif one.kind == "item" and body.price is not None:
        yield ("name",), body.name, _beside(whole, one), MOST_BUTTON
    elif one.kind == "plan" and body.stars is not None:
        yield ("name",), body.name, 0, MOST_INVOICE_NAME
        if body.description is not None:
            yield ("description",), body.description, 0, MOST_INVOICE_LINE
    elif one.kind == "post" and body.media:
        yield ("text",), body.text, 0, MOST_CAPTION


def _beside(whole: Whole, one: One) -> int:
    """How long the icon and the price are: `🧴 … · 80 💋`."""
    prices = [
        f"{max(share.number for share in amount.shares)} {getattr(whole.document.currencies.get(word), 'symbol', '')}"
        for word, amount in one.body.price.amounts.items()
    ]
    return len(f"{one.body.icon}  · {' + '.join(prices)}")
