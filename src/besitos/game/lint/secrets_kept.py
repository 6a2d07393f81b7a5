"""Secrets that are told: where members read of a secret definition before they have found it."""

import re
from collections.abc import Iterable, Iterator, Mapping

from besitos.game.lint.facts import lines_of, needed
from besitos.game.lint.look import Look
from besitos.game.lint.whole import One, Told, Whole
from besitos.game.text import EVERY, Text

PUBLIC = {
    "mission": ("name", "description"),
    "reward": ("name", "description", "locked_text"),
    "badge": ("name", "description"),
    "item": ("name", "description"),
    "plan": ("name", "description"),
    "boost": ("name", "description"),
    "leaderboard": ("name", "description"),
    "module": ("name", "description"),
    "streak": ("name", "description"),
    "fragment": ("locked_text",),
    "post": ("text",),
}
"""What anybody can read of a definition that is no secret."""

TELLS = frozenset(("mission", "reward", "streak", "levels", "leaderboard", "plan", "item", "module"))
"""Kinds that say beforehand what they pay."""

SHORTEST, SHORTEST_WORD = 8, 6
"""A name of several words, and of one, that is long enough to be no word of the language."""

WORD = re.compile(r"\w+")
Name = tuple[str, ...]


def secret_leaks(look: Look) -> Iterator[Told]:
    """A secret badge, reward or fragment of which members can read before they have found it.

    A post leads to it, something that is no secret says that it pays it, or its name stands in a text that anybody can
    read. Conditions do not tell: a refusal never names a secret. A mission that asks for the secret is seen by who
    has found it.
    Found: a post with `fragment: x`, where `x` is secret. Fine: a badge with `if: {fragment: x}`.
    """
    whole = look.whole
    secrets = {one for kind in ("badge", "reward", "fragment") for one in whole.all(kind).values() if one.body.secret}
    if not secrets:
        return
    for post in whole.all("post").values():
        fragment = whole.all("fragment").get(post.body.fragment or "")
        if fragment in secrets:
            yield Told(post, ("fragment",), {"secret": f"fragments.{post.body.fragment}"})
    for payment in whole.payments:
        if payment.one.kind in TELLS and _is_public(payment.one) and not _is_for_knowing(whole, payment.one, secrets):
            for number, key in enumerate(payment.payout.badges):
                if (badge := whole.all("badge").get(key)) in secrets and badge is not None:
                    path = (*payment.path, "badges", str(number))
                    yield Told(payment.one, path, {"secret": badge.name})
    yield from _named(whole, secrets)


def _is_public(one: One) -> bool:
    body = one.body
    is_shown = one.kind != "badge" or body.kind != "milestone"
    return is_shown and not getattr(body, "secret", False) and (one.kind != "item" or body.price is not None)


def _is_for_knowing(whole: Whole, one: One, secrets: set[One]) -> bool:
    """Whether only members see a mission who have found a secret."""
    return one.kind == "mission" and any(
        (thing := needed(facts[0])) is not None and whole.all(thing[0]).get(thing[1]) in secrets
        for condition in whole.asked_by(one)
        if condition.word == "if"
        for _, facts in lines_of(condition)
        if len(facts) == 1
    )


def _named(whole: Whole, secrets: set[One]) -> Iterator[Told]:
    names = {language: _Names(secrets, language) for language in (*whole.document.about.languages, EVERY)}
    for kind, words in PUBLIC.items():
        for one in whole.all(kind).values():
            if not _is_public(one) or _is_for_knowing(whole, one, secrets):
                continue
            for word in words:
                text = getattr(one.body, word)
                if text is not None and (secret := _told_in(text, names)) is not None:
                    yield Told(one, (word,), {"secret": secret.name})


class _Names:
    """The names of secrets in one language, word by word."""

    def __init__(self, secrets: Iterable[One], language: str) -> None:
        self._named: dict[Name, tuple[Name, One]] = {}
        for one in sorted(secrets, key=lambda each: each.path):
            title = one.body.title if one.kind == "fragment" else one.body.name
            name = tuple(WORD.findall(title.in_language(language)))
            if sum(map(len, name)) >= (SHORTEST if len(name) > 1 else SHORTEST_WORD):
                self._named.setdefault(_folded(name), (name, one))
        self._lengths = sorted({len(name) for name in self._named})

    def told_in(self, said: str) -> One | None:
        """The secret whose name stands in a text. One word alone is a name only if it is written like one."""
        words = tuple(WORD.findall(said)) if self._named else ()
        folded = _folded(words)
        for at in range(len(words)):
            for length in self._lengths:
                found = self._named.get(folded[at : at + length])
                if found is not None and (length > 1 or words[at : at + 1] == found[0]):
                    return found[1]
        return None


def _told_in(text: Text, names: Mapping[str, _Names]) -> One | None:
    told = (names[language].told_in(said) for language, said in text.items() if language in names)
    return next((one for one in told if one is not None), None)


def _folded(words: Name) -> Name:
    return tuple(word.casefold() for word in words)
