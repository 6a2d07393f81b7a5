"""A game written for one test, and what it pays."""

from collections.abc import Mapping
from datetime import datetime

from besitos.core.account import purse
from besitos.core.activity import Activity, Scalar
from besitos.engine.engine import Engine
from besitos.engine.outcome import Outcome
from besitos.game.document import Document
from besitos.game.game import compile_game
from besitos.mechanics import MECHANICS, SECTIONS
from besitos.store.memory import MemoryStore
from tests.world import ANA, MONDAY, SetClock, day, document, engine, happened, people

HEAD = """
game: {{name: Prueba, zone: {zone}}}
activities: {{thing.done: {{attributes: {{n: number, who: text}}}}, {kinds}}}
"""
MEXICO = "America/Mexico_City"
"""Six hours behind UTC, all year round."""


class Scene:
    """Members 1 to 20 in a game of their own, in memory."""

    def __init__(self, running: Engine, clock: SetClock) -> None:
        self.engine = running
        self.clock = clock

    @classmethod
    async def of(cls, text: str, now: datetime | None = None, zone: str = MEXICO, kinds: str = "") -> "Scene":
        store, clock = MemoryStore(), SetClock(now or day(40))
        await people(store)
        return cls(engine(store, clock, HEAD.format(zone=zone, kinds=kinds) + text), clock)

    def under(self, text: str) -> "Scene":
        """The same members in another game, which may have had what it has no longer."""
        before, written = self.engine.game.document, document(HEAD.format(zone=MEXICO, kinds="") + text)
        past = [(name, 0, row) for name, row in before.rows.items()]
        later = compile_game(MECHANICS, Document.from_rows(written.rows, SECTIONS, past), seed="seed")
        return Scene(Engine(self.engine.store, later, self.clock), self.clock)

    async def do(self, *activities: Activity) -> list[Outcome]:
        """Each by itself, in order."""
        return [await self.engine.submit(activity) for activity in activities]

    async def paid(self, *activities: Activity, currency: str = "besitos") -> list[int]:
        """What each paid to whoever did it."""
        outcomes = await self.do(*activities)
        return [
            outcome.paid_to(purse(each.member_id, currency)) for each, outcome in zip(activities, outcomes, strict=True)
        ]


def done(at: datetime = MONDAY, member_id: int = ANA, **attributes: Scalar) -> Activity:
    return happened(member_id, "thing.done", at, **attributes)


def reasons(outcome: Outcome) -> list[tuple[str, str]]:
    return [(step.definition, step.reason) for step in outcome.trace]


def details(outcome: Outcome) -> Mapping[str, object]:
    [step] = outcome.trace
    return step.details
