"""Grades: the highest that XP and the type of member reach."""

from msgspec.structs import replace

from besitos.core.activity import Activity
from besitos.core.decision import Accepted, Change, Decision, Put
from besitos.core.event import GradeChanged
from besitos.core.holding import HOLDINGS
from besitos.core.member import PROFILE, MemberType
from besitos.core.transfer import Policy
from besitos.core.view import View
from besitos.engine.engine import Engine
from besitos.game.mechanic import Handles, Mechanic
from besitos.store.memory import MemoryStore
from besitos.store.protocol import Database
from tests.mechanics.scene import HEAD, MEXICO, Scene, done
from tests.mechanics.versions import apply, first_version
from tests.world import ANA, MONDAY, SetClock, day, game, grant, new_key, people, undo

GRADES = """
grades:
  rookie: {name: Rookie, min_xp: 0}
  veteran: {name: Veteran, min_xp: 100}
  oracle: {name: Oracle, min_xp: 200, for: vip}
"""


class Become(Activity, frozen=True, kw_only=True, tag="test.become"):
    """Somebody becomes VIP, or free again."""

    into: MemberType


def become(view: View, order: Become, _rules: None) -> Decision:
    key = PROFILE.of(order.member_id)
    return Accepted(Put(key, replace(view.get(key), type=order.into)), Change(order.member_id, "member"))


BECOMING: Mechanic[None] = Mechanic(name="test", compile=lambda _: [("test", None)], handles=(Handles(Become, become),))


def becomes(type_of_member: MemberType) -> Become:
    return Become(key=new_key(), member_id=ANA, occurred_at=MONDAY, into=type_of_member)


def xp(amount: int) -> Activity:
    return grant(ANA, amount, currency="xp")


async def scene_of(text: str) -> Scene:
    store, clock = MemoryStore(), SetClock(day(40))
    await people(store)
    return Scene(Engine(store, game(HEAD.format(zone=MEXICO, kinds="") + text, BECOMING), clock), clock)


async def grade_of(scene: Scene) -> str:
    return await scene.engine.look(ANA, lambda view: view.get(HOLDINGS.of(ANA)).grade)


async def told(scene: Scene) -> list[str]:
    events = (await scene.engine.store.export()).events
    return [row.body for row in events if row.type == GradeChanged.__struct_config__.tag]


async def test_the_first_grade_is_no_event() -> None:
    scene = await scene_of(GRADES)

    await scene.do(done())

    assert (await grade_of(scene), await told(scene)) == ("rookie", [])


async def test_a_grade_follows_xp_and_says_what_it_was() -> None:
    scene = await scene_of(GRADES)

    await scene.do(done(), xp(99))
    assert await grade_of(scene) == "rookie"
    await scene.do(xp(1))

    [body] = await told(scene)
    assert ('"grade":"veteran"' in body, '"before":"rookie"' in body) == (True, True)


async def test_a_grade_follows_the_type_of_the_member_both_ways() -> None:
    scene = await scene_of(GRADES)
    grades = []

    for each in (xp(250), becomes(MemberType.VIP), becomes(MemberType.FREE)):
        await scene.do(each)
        grades.append(await grade_of(scene))

    assert grades == ["veteran", "oracle", "veteran"]
    assert len(await told(scene)) == 2


async def test_a_grade_falls_when_xp_is_taken_back() -> None:
    scene = await scene_of(GRADES)
    [outcome] = await scene.do(xp(150))

    await scene.do(undo(outcome.paid[0].transfer_id, Policy.TO_ZERO))

    assert await grade_of(scene) == "rookie"


async def test_a_new_grade_is_reached_by_the_next_thing_that_a_member_does(database: Database) -> None:
    scene = await first_version(database, GRADES)
    await scene.do(xp(150))

    await apply(database, GRADES + "  adept: {name: Adept, min_xp: 120}\n")
    await scene.do(done())

    assert await grade_of(scene) == "adept"


async def test_a_grade_out_of_play_is_kept_and_reached_by_nobody() -> None:
    paused = GRADES.replace("min_xp: 100}", "min_xp: 100, paused: true}")
    scene = await scene_of(GRADES)
    await scene.do(xp(150))
    later = scene.under(paused)

    await later.do(xp(1), grant(2, 150, currency="xp"))

    assert await grade_of(later) == "veteran"
    assert await later.engine.look(2, lambda view: view.get(HOLDINGS.of(2)).grade) == "rookie"


async def test_a_condition_on_a_grade_holds_for_the_higher_ones_too() -> None:
    rules = "rules: {thing: {when: thing.done, if: {grade: rookie}, pays: {besitos: 5}}}"
    scene = await scene_of(GRADES + rules)

    assert await scene.paid(xp(150), done()) == [0, 5]
