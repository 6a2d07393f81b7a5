"""What a member has: badges, items, content, flags, and what they have completed. Conditions ask for it."""

from collections.abc import Mapping

from besitos.core.state import Hot, State


class Holdings(State, frozen=True):
    """How many of each, by key. What is not there is none; as many keys as the game has definitions.

    A badge kept per value counts its values here; the values themselves stand in rows. `missions` and `rewards`
    count completions and claims. `grade` is the present one; "this grade or a higher one" is a matter of the game.
    """

    badges: Mapping[str, int] = {}
    items: Mapping[str, int] = {}
    content: Mapping[str, int] = {}
    flags: Mapping[str, int] = {}
    fragments: Mapping[str, int] = {}
    missions: Mapping[str, int] = {}
    rewards: Mapping[str, int] = {}
    modules: Mapping[str, int] = {}
    grade: str = ""


HOLDINGS = Hot("holdings", Holdings)

POSSESSIONS: Mapping[str, str] = {
    "badge": "badges",
    "item": "items",
    "content": "content",
    "flag": "flags",
    "fragment": "fragments",
    "mission": "missions",
    "reward": "rewards",
    "module": "modules",
}
"""The words of conditions that ask for a possession, and where it is counted. `grade` and `member` are no counts."""


def held(holdings: Holdings, word: str, key: str) -> int:
    """How many of `key` a member has."""
    counts: Mapping[str, int] = getattr(holdings, POSSESSIONS[word])
    return counts.get(key, 0)


def changed(counts: Mapping[str, int], key: str, by: int = 1) -> Mapping[str, int]:
    """The counts with `by` more of `key`; none of it is no entry."""
    after = {**counts, key: counts.get(key, 0) + by}
    if after[key] <= 0:
        del after[key]
    return after
