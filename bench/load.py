"""The load: two games, a hundred thousand members, and what they do."""

import bisect
import random
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import accumulate

from besitos.core.activity import Activity, Happened
from besitos.core.event import MemberCreated
from besitos.engine.codec import to_raw
from besitos.engine.engine import Engine
from besitos.game.game import Game, compile_game
from besitos.game.reader import read_texts
from besitos.mechanics import MECHANICS, SECTIONS
from besitos.store.protocol import MemberRef, NewMember, Store

MEMBERS = 100_000
BATCH = 1_000
SEEDED_AT_ONCE = 5_000

KINDS = ("chat.message", "post.reaction", "live.watch", "day.opened", "quiz.answer", "stage.visit")
WEIGHTS = (60, 20, 12, 5, 2, 1)

DECLARED = f"""
game: {{name: Bench}}
activities:
{"".join(f"  {kind}: {{attributes: {{chat: number, post: number}}}}" + chr(10) for kind in KINDS)}
"""

BARE = f"""{DECLARED}
rules:
  message: {{when: chat.message, pays: {{besitos: 1}}}}
"""
"""One rule pays besitos."""

ORDINARY = f"""{DECLARED}
rules:
  message: {{when: chat.message, pays: {{besitos: 1}}, limit: 50/day}}
  reaction: {{when: post.reaction, pays: {{besitos: 5}}, limit: 3/day}}
  watch: {{when: live.watch, pays: {{besitos: 2}}, limit: 60/day}}
  opened: {{when: day.opened, pays: {{xp: 10}}, limit: 1/day}}
  quiz: {{when: quiz.answer, pays: {{besitos: 7}}, limit: 5/day}}
  stage: {{when: stage.visit, pays: {{besitos: 20}}, limit: 2/day}}
caps:
  total: {{limit: 300 besitos/day, sources: all}}
metrics:
  messages: {{when: chat.message}}
  reactions_given: {{when: post.reaction}}
  watched: {{when: live.watch}}
  days: {{when: day.opened}}
  answers: {{when: quiz.answer}}
  visits: {{when: stage.visit}}
streaks:
  presence: {{name: Presence, when: [{", ".join(KINDS)}], bonuses: {{7: {{besitos: 30}}}}}}
levels: {{curve: {{exponential: {{base: 100, growth: 1.5}}}}, top: 20}}
badges:
  talker: {{name: Talker, if: {{messages: 250+}}, pays: {{besitos: 50}}}}
  fan: {{name: Fan, if: {{reactions_given: 100+}}, pays: {{besitos: 50}}}}
  regular: {{name: Regular, if: {{streak: 7+}}, pays: {{besitos: 50}}}}
  spectator: {{name: Spectator, if: {{watched: 600+}}, pays: {{besitos: 50}}}}
  voice: {{name: Voice, if: {{messages: 1000+}}, pays: {{besitos: 50}}}}
missions:
  chat: {{name: Chat, type: daily, repeats: daily, goals: {{messages: 10+}}, pays: {{besitos: 10}}}}
  roses: {{name: Roses, type: daily, repeats: daily, goals: {{reactions_given: 3+}}, pays: {{besitos: 10}}}}
  talk: {{name: Talk, type: weekly, repeats: weekly, goals: {{messages: 50+}}, pays: {{besitos: 35}}}}
  watch: {{name: Watch, type: weekly, repeats: weekly, goals: {{watched: 30+}}, pays: {{besitos: 35}}}}
  quiz: {{name: Quiz, type: special, goals: {{answers: 1+}}, pays: {{besitos: 20}}}}
"""
"""What an ordinary game has: six rules with limits, one of which pays XP, a cap over all of them, a streak with a
bonus, twenty levels, five badges and five missions."""

RULES_ALONE = ORDINARY.partition("metrics:\n")[0]
"""Of the ordinary game its rules and its cap."""

Draw = Callable[[], int]
"""Picks a member."""


def game(text: str) -> Game:
    """The game that `text` describes, as version 0: what an empty database has in force."""
    document, problems = read_texts({"bench.yaml": text.encode()}, SECTIONS)
    assert document is not None, problems
    return compile_game(MECHANICS, document, seed="bench")


def with_definitions(count: int) -> str:
    """The six rules, and badges and rules besides, up to `count` definitions in all.

    Two thirds are badges on what everybody here does, which take more of it than anybody here has done; the others are
    rules with limits for what nobody here does.
    """
    more = range(count - len(KINDS))
    kinds = "".join(f"  idle.kind_{n}: {{}}\n" for n in range(min(len(more), 50)))
    rules = "".join(
        f"  idle_{n}: {{when: idle.kind_{n % 50}, if: {{metric_{n % 6}: {n}+}}, pays: {{besitos: 1}}, limit: 5/day}}\n"
        for n in more
        if n % 3 == 0
    )
    metrics = "".join(f"  metric_{n}: {{when: {kind}}}\n" for n, kind in enumerate(KINDS))
    badges = "".join(
        f"  badge_{n}: {{name: Badge {n}, if: [{{metric_{n % 6}: {1000 + n}+}}, {{metric_{n % 5}: 10+}}]}}\n"
        for n in more
        if n % 3
    )
    return (
        RULES_ALONE.replace("activities:\n", f"activities:\n{kinds}").replace("rules:\n", f"rules:\n{rules}")
        + f"metrics:\n{metrics}badges:\n{badges}"
    )


def uniform() -> int:
    """Any member as often as any other."""
    return random.randint(1, MEMBERS)


_ZIPF = list(accumulate(rank**-1.1 for rank in range(1, MEMBERS + 1)))


def zipf() -> int:
    """A few members often and most seldom: exponent 1.1."""
    return bisect.bisect_left(_ZIPF, random.random() * _ZIPF[-1]) + 1


def new_key() -> str:
    """A key never used before, anywhere in one space: what comes next is written between what is there."""
    return f"bench:{random.getrandbits(63)}"


def activities(count: int, draw: Draw = uniform, kind: str | None = None) -> list[Activity]:
    """So many activities of now, of `kind` or, if none is named, of all kinds in their proportions."""
    now = datetime.now(UTC)
    kinds = [kind] * count if kind else random.choices(KINDS, WEIGHTS, k=count)
    return [
        Happened(
            key=new_key(),
            member_id=draw(),
            occurred_at=now,
            kind=each,
            attributes={"chat": -100123, "post": random.getrandbits(16)},
        )
        for each in kinds
    ]


def bare_activities(count: int, draw: Draw = uniform) -> list[Activity]:
    """So many messages, which is all that the bare game pays for."""
    return activities(count, draw, KINDS[0])


def chunks(count: int, size: int) -> Iterator[range]:
    """The numbers 1 to `count`, `size` at a time."""
    for start in range(1, count + 1, size):
        yield range(start, min(start + size, count + 1))


def newcomers(ids: Iterable[int]) -> list[NewMember]:
    """Members to be, whom applications call m1, m2 and so on."""
    return [NewMember(MemberRef(external_id=f"m{n}"), n, to_raw(MemberCreated(member_id=n))) for n in ids]


async def seed(store: Store, text: str, members: int = MEMBERS) -> None:
    """Open all members, and let each do one thing, so that all have a document and a wallet."""
    engine = Engine(store, game(text))
    now = datetime.now(UTC)
    for ids in chunks(members, SEEDED_AT_ONCE):
        await store.open_members(newcomers(ids), now)
        numbers = iter(ids)
        await engine.run(bare_activities(len(ids), lambda: next(numbers)))  # noqa: B023 - used up at once
