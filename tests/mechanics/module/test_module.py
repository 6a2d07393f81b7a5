"""Modules: begun by the first activity that names one, completed once, for whom they are."""

from datetime import datetime, timedelta

from besitos.core.activity import Activity, Scalar
from besitos.mechanics.module.decide import enrolled_in, place_of
from besitos.mechanics.module.model import Attendance, ModuleAtWork, ModuleState, Place
from besitos.mechanics.vip.model import GiveVip
from besitos.store.once import names_below
from besitos.store.protocol import Database
from tests.mechanics.scene import Scene
from tests.world import ANA, BEA, MONDAY, day, engine, happened, message, new_key

COURSE = """
metrics: {mensajes: {when: message.posted, per: module}}
modules:
  uno: {name: Uno, completed_if: {mensajes: 3+, at: uno}, pays: {besitos: 80}}
  dos: {name: Dos, for: vip, if: [{module: uno}, {balance: 100+}], completed_if: {mensajes: 1+, at: dos}}
  tres: {name: Tres, completed_if: {module: uno}, from: 2026-12-25}
  libre: {name: Libre}
rules: {completed: {when: gamification.module_completed, pays: {xp: 5}}}
"""


def written(module: str, at: datetime = MONDAY, member_id: int = ANA) -> Activity:
    return message(member_id, at, module=module)


def tell(kind: str, module: str, **more: Scalar) -> Activity:
    return happened(ANA, kind, MONDAY, module=module, **more)


async def place(scene: Scene, module: str, member_id: int = ANA) -> Place:
    definition = the_module(scene, module)
    return await scene.engine.look(member_id, lambda view: place_of(view, member_id, definition))


def the_module(scene: Scene, key: str) -> ModuleAtWork:
    from_readers = (reader.part for readers in scene.engine.game.readers.of.values() for reader in readers)
    [found] = {id(part.definition): part.definition for part in from_readers if part.name == f"module/{key}"}.values()
    assert isinstance(found, ModuleAtWork)
    return found


async def test_it_is_in_progress_from_the_first_activity_that_names_it() -> None:
    scene = await Scene.of(COURSE)

    assert (await place(scene, "uno")).attendance.state is ModuleState.NOT_STARTED
    await scene.do(written("uno", day(1)), written("uno", day(2)), tell("live.commented", "dos"), written("nada"))

    assert (await place(scene, "uno")).attendance == Attendance(started_at=day(1), messages=2)
    assert (await place(scene, "dos")).attendance.state is ModuleState.IN_PROGRESS
    assert (await place(scene, "uno", BEA)).attendance.state is ModuleState.NOT_STARTED


async def test_it_is_completed_once_at_the_activity_that_completes_it() -> None:
    scene = await Scene.of(COURSE)

    outcomes = await scene.do(*(written("uno", day(number)) for number in range(4)))

    paid = [[(paid.definition, paid.account, paid.amount) for paid in outcome.paid] for outcome in outcomes]
    assert paid == [[], [], [("module/uno", "besitos", 80), ("rule/completed", "xp", 5)], []]
    attendance = (await place(scene, "uno")).attendance
    assert (attendance.state, attendance.completed_at, attendance.messages) == (ModuleState.COMPLETED, day(2), 4)
    [row] = [each for each in (await scene.engine.store.export()).transactions if each.account == "besitos"]
    assert (row.type, row.counter, row.definition) == ("EARN_ACHIEVEMENT", "source:module", "module/uno")


async def test_completing_one_wakes_what_asks_for_it() -> None:
    scene = await Scene.of(COURSE.replace(", from: 2026-12-25", ", pays: {besitos: 4}"))

    assert await scene.paid(*(written("uno") for _ in range(3))) == [0, 0, 84]


async def test_it_can_be_completed_by_who_may_not_enter_it() -> None:
    scene = await Scene.of(COURSE)

    await scene.do(written("dos"))

    dos = await place(scene, "dos")
    assert (dos.attendance.state, dos.may_enter) == (ModuleState.COMPLETED, False)


async def test_who_may_not_enter_is_told_what_is_missing() -> None:
    scene = await Scene.of(COURSE)
    await scene.do(*(written("uno") for _ in range(3)))

    before = await place(scene, "dos")
    assert [(unmet.fact, unmet.of) for unmet in before.to_enter] == [("member", "vip"), ("balance", "besitos")]
    assert [(unmet.fact, unmet.missing) for unmet in before.to_complete] == [("mensajes", 1)]

    await scene.do(GiveVip(key=new_key(), member_id=ANA, occurred_at=MONDAY, lasts=99), happened(ANA, "thing.done"))
    richer = scene.under(COURSE.replace("100+", "80+"))
    assert (await place(richer, "dos")).may_enter


async def test_one_that_is_not_in_play_is_neither_entered_nor_completed() -> None:
    scene = await Scene.of(COURSE, now=day(1))

    await scene.do(*(written("uno") for _ in range(3)))

    tres = await place(scene, "tres")
    assert (tres.attendance.state, tres.may_enter) == (ModuleState.NOT_STARTED, False)


async def test_without_an_end_it_is_only_ever_in_progress() -> None:
    scene = await Scene.of(COURSE)

    outcomes = await scene.do(*(written("libre") for _ in range(5)))

    assert all(outcome.paid == () for outcome in outcomes)


async def test_minutes_that_an_application_tells_are_counted_too() -> None:
    scene = await Scene.of(COURSE)

    await scene.do(tell("live.watched", "uno", minutes=12), tell("stage.joined", "uno", minutes=3))

    assert (await place(scene, "uno")).attendance.minutes == 15


async def test_membership_completes_one_too() -> None:
    scene = await Scene.of("modules: {old: {name: Antigua, completed_if: {member_for: 7d+}, pays: {besitos: 9}}}")

    assert await scene.paid(written("x"), written("x", day(6)), written("x", day(8))) == [0, 0, 9]


async def test_who_is_in_a_module_can_be_listed(database: Database) -> None:
    running = engine(database, text="game: {name: Prueba}\n" + COURSE)
    for member in (11, 2, 7):
        await running.submit(written("uno", member_id=member))
        await running.submit(written("uno", MONDAY + timedelta(hours=1), member_id=member))
    await running.submit(written("dos", member_id=5))

    first = await names_below(database, enrolled_in("uno"), limit=2)
    rest = await names_below(database, enrolled_in("uno"), after=first[-1], limit=2)

    assert [int(name) for name in (*first, *rest)] == [2, 7, 11]
    assert [int(name) for name in await names_below(database, enrolled_in("dos"))] == [5]
