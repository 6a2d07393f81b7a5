"""How a sentence of the language becomes a case: a game, a short history, and what is seen of it.

A case says nothing of who plays it: `Seen` is filled by the oracle or by the product, and compared by `differences`.
Kinds that the language does not name (`ledger.grant`, `ledger.spend`, `member.vip`, `member.zone`, `streak.freeze`,
`streak.pause`, `streak.repair`, `badge.give`, `item.give`) stand for what an operator or the member asks of a mechanic.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeAlias

Expected: TypeAlias = dict[str, Any]

WAIT = "wait"


@dataclass(frozen=True)
class Step:
    """An activity of a member, or (`wait`) time that passes; and what is seen at once."""

    kind: str
    at: datetime
    by: str
    attributes: dict[str, Any]
    expect: Expected = field(default_factory=dict)

    def then(self, **expect: object) -> "Step":
        """What this step gives.

        Of the step itself: `paid` (currency → sum), `entries` ((currency, amount, after), in order), `types`,
        `causes`, `awards` ((badge, value), in order), `events` (type without its first word → how many),
        `reasons` (the codes, sorted, each once), `refused` (a code, or True for any), `lacks` ("kind/key" → rows).
        Of the member after it, each a part of the whole: `balance`, `streaks`, `items`, `rewards`, `modules`,
        `missions` (states in order of assignment); whole: `level`, `grade`, `type`, `badges`; `board` (key → rows).
        """
        return replace(self, expect={**self.expect, **expect})


@dataclass(frozen=True)
class Case:
    """One sentence of the language, by its section."""

    name: str
    section: str
    game: str
    history: tuple[Step, ...]


@dataclass
class Seen:
    """What whoever played a step saw of it."""

    paid: dict[str, int] = field(default_factory=dict)
    entries: list[tuple[str, int, int]] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    causes: list[str] = field(default_factory=list)
    awards: list[tuple[str, str]] = field(default_factory=list)
    events: dict[str, int] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    refused: str | None = None
    lacks: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    balance: dict[str, int] = field(default_factory=dict)
    streaks: dict[str, dict[str, int]] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)
    rewards: dict[str, str] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)
    missions: dict[str, list[str]] = field(default_factory=dict)
    board: dict[str, list[tuple[int, str, Any]]] = field(default_factory=dict)
    level: int = 1
    grade: str | None = None
    type: str = "free"
    badges: list[tuple[str, str]] = field(default_factory=list)
    is_known: bool = True


PARTS = {
    "balance": 0,
    "streaks": {},
    "items": 0,
    "rewards": "LOCKED",
    "modules": "NotStarted",
    "missions": [],
    "events": 0,
}


def case(name: str, section: str, game: str, *history: Step) -> Case:
    """A case; a game that says nothing of itself is called Juego."""
    about = "" if game.lstrip().startswith("game:") else "game: {name: Juego}\n"
    return Case(name, section, about + game, history)


def act(at: str, kind: str = "message.posted", /, *, by: str = "ana", **attributes: object) -> Step:
    return Step(kind, when(at), by, attributes)


def wait(until: str, by: str = "ana") -> Step:
    return Step(WAIT, when(until), by, {})


def when(text: str) -> datetime:
    """`07 12:00` in December of 2026, a Monday; or a whole moment. All are of UTC."""
    whole = text if len(text) > 11 else f"2026-12-{text}"
    return datetime.fromisoformat(whole).replace(tzinfo=UTC)


def differences(step: Step, seen: Seen) -> list[str]:
    """What was expected and is not what was seen, a line each."""
    found = []
    if step.kind != WAIT and "refused" not in step.expect and seen.refused is not None:
        found.append(f"refused: {seen.refused}")
    for name, expected in step.expect.items():
        actual = getattr(seen, name)
        if name == "refused":
            is_same = actual is not None if expected is True else actual == expected
        elif name in PARTS:
            is_same = all(is_part(each, actual.get(key, PARTS[name])) for key, each in expected.items())
        else:
            is_same = actual == expected
        if not is_same:
            found.append(f"{name}: {actual}, not {expected}")
    return found


def is_part(expected: object, actual: object) -> bool:
    """Whether a map says at least this (of a streak), or a value exactly this."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return all(actual.get(key, 0) == each for key, each in expected.items())
    return expected == actual
