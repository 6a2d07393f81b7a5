"""A batch: how often it decides what it has to decide again because something was missing."""

from collections.abc import Iterable

from besitos.core.decision import Accepted, Decision, Put
from besitos.core.state import Hot, Row, State
from besitos.core.view import View
from besitos.engine.outcome import Status
from besitos.game.document import Document
from besitos.game.mechanic import Listens, Mechanic, Phase, Signal
from besitos.store.memory import MemoryStore
from tests.world import ANA, SetClock, engine, message, people


class Count(State, frozen=True):
    """How many there were."""

    number: int = 0


COUNT = Hot("count", Count)
ROUND_NUMBER = Row("round_number", Count)
LENGTH, APART = 1_000, 100


async def test_what_is_missing_far_apart_is_found_without_deciding_the_batch_again_for_each() -> None:
    decided = 0

    def count(view: View, signal: Signal, _: None) -> Decision:
        nonlocal decided
        decided += 1
        after = Count(view.get(COUNT.of(signal.member_id)).number + 1)
        if after.number % APART == 0:
            view.get(ROUND_NUMBER.of(signal.member_id, str(after.number)))
        return Accepted(Put(COUNT.of(signal.member_id), after))

    def compile_counter(_: Document) -> Iterable[tuple[str, None]]:
        yield "counter", None

    listens = Listens(lambda _: ("message.posted",), count, Phase.RULE)
    counter = Mechanic(name="counter", compile=compile_counter, listens=(listens,))
    store = MemoryStore()
    await people(store)
    running = engine(store, SetClock(), "game: {name: Prueba}", counter)

    outcomes = await running.run([message(ANA) for _ in range(LENGTH)])

    assert {outcome.status for outcome in outcomes} == {Status.ACCEPTED}
    assert await running.look(ANA, lambda view: view.get(COUNT.of(ANA)).number) == LENGTH
    assert decided < 3 * LENGTH
