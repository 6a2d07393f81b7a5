"""Following the game: a new version is read beside the loop, once, and what it replaces goes."""

import asyncio
import gc
import threading
import weakref
from collections.abc import Iterable

import pytest

from besitos.engine import games as following
from besitos.engine.editing.manager import Manager, Signature
from besitos.engine.engine import Engine
from besitos.engine.games import StoredGames
from besitos.engine.intake import Intake, Sent
from besitos.game.document import Document
from besitos.game.mechanic import Mechanic
from besitos.mechanics import MECHANICS, SECTIONS
from besitos.store.protocol import Database, MemberRef
from tests.world import ANA, MONDAY, SetClock, document, message

GAME = """
game: {name: Prueba}
rules:
  charla: {when: message.posted, pays: {besitos: 2}}
  otra: {when: message.posted, pays: {xp: %d}}
"""


async def apply(store: Database, xp: int) -> int:
    return (await Manager(store, SetClock(), SECTIONS).apply(document(GAME % xp), Signature("test"))).version


async def test_a_version_is_compiled_beside_the_loop_while_others_are_answered(database: Database) -> None:
    threads: list[int] = []
    has_begun, may_end = threading.Event(), threading.Event()

    def compile_slowly(_: Document) -> Iterable[tuple[str, None]]:
        threads.append(threading.get_ident())
        if len(threads) > 1:
            has_begun.set()
            assert may_end.wait(30)
        yield "slow", None

    games = await StoredGames.open(database, (*MECHANICS, Mechanic(name="slow", compile=compile_slowly)))
    running = Engine(database, games, SetClock())
    version = await apply(database, 1)
    waiting = [asyncio.create_task(running.submit(message(ANA))) for _ in range(3)]
    assert await asyncio.to_thread(has_begun.wait, 30)

    assert games.current().version == 0
    assert await database.versions.latest() == version
    assert not any(each.done() for each in waiting)
    may_end.set()
    assert all(outcome.accepted for outcome in await asyncio.gather(*waiting))

    assert games.current().version == version
    assert len(threads) == 2
    assert threading.get_ident() not in threads


async def test_what_stays_as_it_was_is_not_read_again(database: Database) -> None:
    games = await StoredGames.open(database, MECHANICS)
    await games.catch_up(await apply(database, 1))
    before = games.current().document.all("rule")

    await games.catch_up(await apply(database, 2))

    after = games.current().document.all("rule")
    assert after["charla"] is before["charla"]
    assert after["otra"] != before["otra"]
    assert games.current().document == Document.from_rows(games.current().document.rows, SECTIONS)


async def test_a_game_that_was_replaced_is_let_go_of(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "GONE_AFTER", 0.0)
    games = await StoredGames.open(database, MECHANICS)
    await games.catch_up(await apply(database, 1))
    old = weakref.ref(games.current().document.all("rule")["otra"])

    await games.catch_up(await apply(database, 2))
    while old() is not None:
        await asyncio.sleep(0.001)
        gc.collect()

    assert games.current().version == 2


async def test_a_process_that_works_for_long_leaves_the_game_out_of_its_collections(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "RARELY", 1)
    games = await StoredGames.open(database, MECHANICS)
    try:
        await games.catch_up(await apply(database, 1))

        assert gc.isenabled()
        assert not any(each is games.current() for each in gc.get_objects())
    finally:
        gc.unfreeze()


KINDS = "game: {name: Prueba}\nactivities: {%s.done: {}}\n"


@pytest.mark.parametrize(("may_be_unknown", "reason"), [(False, "activity.unknown_kind"), (True, "")])
async def test_what_was_admitted_by_a_game_that_knew_its_kind_is_refused_by_one_that_does_not(
    database: Database, *, may_be_unknown: bool, reason: str
) -> None:
    manager = Manager(database, SetClock(), SECTIONS)
    await manager.apply(document(KINDS % "old"), Signature("test"))
    games = await StoredGames.open(database, MECHANICS)
    running, intake = Engine(database, games, SetClock(MONDAY)), Intake("api:shop", records_unknown=may_be_unknown)
    sent = Sent("k", MemberRef(member_id=ANA), "old.done")
    before = intake.activity(sent._replace(key="first"), ANA, games.current(), MONDAY)
    first = await running.submit(before)
    assert intake.refuse(sent, games.current(), MONDAY) is None
    activity = intake.activity(sent, ANA, games.current(), MONDAY)

    await manager.apply(document(KINDS % "new"), Signature("test"))

    assert (await running.submit(activity)).reason == reason
    again = await running.submit(before)
    assert (again.accepted, again.replayed, again.paid) == (True, True, first.paid)
