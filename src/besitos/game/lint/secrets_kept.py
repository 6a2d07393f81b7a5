"""Secrets that are told: where members read of a secret definition before they have found it."""

import re
from collections.abc import Iterable, Iterator, Mapping

from besitos.game.lint.facts import lines_of, needed
from besitos.game.lint.look import Look
from besitos.game.lint.whole import One, Told, Whole
from besitos.game.problem import Path
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


def _is_for_knowing(whole: Whole, one: One, secrets: Iterable[One]) -> bool:
    """Whether only members see a mission who have found a secret."""
    known = {(secret.kind, secret.key) for secret in secrets}
    return one.kind == "mission" and any(
        needed(facts[0]) in known
        for condition in whole.asked_by(one)
        if condition.word == "if"
        for _, facts in lines_of(condition)
        if len(facts) == 1
    )


def _named(whole: Whole, secrets: set[One]) -> Iterator[Told]:
    names = {language: _by_first_word(secrets, language) for language in (*whole.document.about.languages, EVERY)}
    for kind, words in PUBLIC.items():
        for one in whole.all(kind).values():
            if not _is_public(one) or _is_for_knowing(whole, one, secrets):
                continue
            for word in words:
                text = getattr(one.body, word)
                if text is not None and (secret := _told_in(text, names)) is not None:
                    path: Path = (word,)
                    yield Told(one, path, {"secret": secret.name})


def _by_first_word(secrets: Iterable[One], language: str) -> Mapping[str, list[tuple[Name, One]]]:
    """The names of secrets in a language, by how they begin."""
    found: dict[str, list[tuple[Name, One]]] = {}
    for one in secrets:
        title = one.body.title if one.kind == "fragment" else one.body.name
        name = _words(title.in_language(language))
        if sum(map(len, name)) >= (SHORTEST if len(name) > 1 else SHORTEST_WORD):
            found.setdefault(name[0].casefold(), []).append((name, one))
    return found


def _told_in(text: Text, names: Mapping[str, Mapping[str, list[tuple[Name, One]]]]) -> One | None:
    for language, said in text.items():
        words = _words(said)
        for at, word in enumerate(words):
            for name, one in names.get(language, {}).get(word.casefold(), ()):
                if _is_same(words[at : at + len(name)], name):
                    return one
    return None


def _is_same(words: Name, name: Name) -> bool:
    """Whether these words are a name. One word alone is a name only if it is written like one."""
    return words == name or (len(name) > 1 and [*map(str.casefold, words)] == [*map(str.casefold, name)])


def _words(text: str) -> Name:
    return tuple(WORD.findall(text))
