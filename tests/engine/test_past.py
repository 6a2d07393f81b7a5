"""The past: metrics computed from the log, badges and rules that would have been, all of it once."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from besitos.core import metric
from besitos.core.account import purse
from besitos.core.activity import Activity
from besitos.core.holding import HOLDINGS
from besitos.engine.catchup import CatchUp
from besitos.engine.coverage import Covered, units_of
from besitos.engine.engine import Engine
from besitos.engine.games import FixedGame
from besitos.game.game import Game, compile_game
from besitos.mechanics import MECHANICS
from besitos.mechanics.badge.model import AWARD, RevokeBadge
from besitos.mechanics.member.model import BanMember
from besitos.store.protocol import Database
from tests.books import wallets_in
from tests.mechanics.scene import HEAD
from tests.world import ANA, BEA, SetClock, day, document, happened, new_key, spend

KINDS = "thing.begun: {attributes: {who: text, topic: text}}"


def game(text: str, version: int) -> Game:
    """A version of the game; the one in force is the number that the store gives, so it is set here."""
    whole = HEAD.format(zone="UTC", kinds=KINDS) + text
    return compile_game(MECHANICS, document(whole), seed="seed", version=version)


def running(store: Database, text: str) -> Engine:
    return Engine(store, FixedGame(game(text, 0)), SetClock(day(90)))


def a_season() -> Sequence[Activity]:
    """Ana does eight things on as many days, Bea three; each names one of two things that began with a topic."""
    begun = [happened(ANA, "thing.begun", day(0), who=who, topic=topic) for who, topic in (("x", "sea"), ("y", "sky"))]
    of_ana = [happened(ANA, "thing.done", day(n), who="xy"[n % 2], n=n) for n in range(1, 9)]
    of_bea = [happened(BEA, "thing.done", day(n), who="x", n=n) for n in range(1, 4)]
    return [*begun, *of_ana, *of_bea]


METRICS = """
metrics: {done: {when: thing.done}, per_who: {when: thing.done, per: who}, best: {when: thing.done, max: n}}
"""


async def held(engine: Engine, member_id: int) -> dict[str, int]:
    return dict(await engine.look(member_id, lambda view: view.get(HOLDINGS.of(member_id)).badges))


async def balance(store: Database, member_id: int) -> int:
    return wallets_in(await store.export())[purse(member_id)].balance


async def test_a_new_badge_is_given_to_all_who_ever_qualified_dated_as_it_would_have_been(database: Database) -> None:
    await running(database, "").run(a_season())
    after = running(database, METRICS + "badges: {b: {name: B, if: {done: 5+}, pays: {besitos: 7}}}")

    preview = await CatchUp(after, database).preview(["badge/b"])
    given = await CatchUp(after, database).back_fill(["badge/b"])

    assert {part: (gain.members, dict(gain.amounts)) for part, gain in preview.items()} == {
        "badge/b": ({ANA}, {"besitos": 7})
    }
    assert given == preview
    assert await held(after, ANA) == {"b": 1}
    assert (await after.look(ANA, lambda view: view.get(AWARD.of(ANA, "b")))).at == day(5)
    assert await held(after, BEA) == {}


async def test_doing_it_again_gives_nothing_more(database: Database) -> None:
    await running(database, "").run(a_season())
    after = running(database, METRICS + "badges: {b: {name: B, if: {per_who: 3+}, per: who, pays: {besitos: 7}}}")

    first = await CatchUp(after, database).back_fill(["badge/b"])
    second = await CatchUp(after, database).back_fill(["badge/b"])

    assert (first["badge/b"].times, second["badge/b"].times) == (3, 0)
    assert await balance(database, ANA) == 14


async def test_numbers_that_have_fallen_since_still_count(database: Database) -> None:
    rich = "rules: {r: {when: thing.done, pays: {besitos: 10}}, p: {when: thing.begun, pays: {besitos: -1}}}\n"
    before = running(database, rich)
    await before.run([*a_season(), *(happened(ANA, "thing.begun", day(20), who="z", topic="t") for _ in range(80))])
    after = running(database, rich + "badges: {b: {name: B, if: {balance: 50+}}}")

    await CatchUp(after, database).back_fill(["badge/b"])

    assert await held(after, ANA) == {"b": 1}


async def test_a_rule_is_back_filled_within_its_limits(database: Database) -> None:
    await running(database, "").run(a_season())
    rule = "rules: {r: {when: thing.done, where: {who.topic: sea}, pays: {besitos: 2}, limit: 1/day}}\n"
    after = running(database, "things: {who: {begins: thing.begun, keeps: [topic]}}\n" + rule)

    gains = await CatchUp(after, database).back_fill(["rule/r"])
    again = await CatchUp(after, database).back_fill(["rule/r"])

    assert (gains["rule/r"].times, again["rule/r"].times) == (7, 0)
    assert [await balance(database, member_id) for member_id in (ANA, BEA)] == [8, 6]


async def test_a_back_filled_rule_shares_its_cap_with_what_was_paid_then(database: Database) -> None:
    capped = "caps: {c: {limit: 3 besitos/day, sources: all}}\nrules: {a: {when: thing.done, pays: {besitos: 2}}"
    await running(database, capped + "}").run(a_season())
    after = running(database, capped + ", b: {when: thing.done, pays: {besitos: 2}}}")

    gains = await CatchUp(after, database).back_fill(["rule/b"])

    assert dict(gains["rule/b"].amounts) == {"besitos": 11}


@pytest.mark.parametrize("condition", ["{done: 8+}", "{best: 8+}", "{per_who: 4+, at: x}"])
async def test_a_new_metric_is_computed_over_what_was_recorded(database: Database, condition: str) -> None:
    before = running(database, "")
    await before.run(a_season())
    text = METRICS + f"rules: {{r: {{when: thing.begun, if: {condition}, pays: {{besitos: 1}}}}}}"
    after = running(database, text)

    gaps = Covered().gaps(units_of(after.game.document), {}, 1)
    count = await CatchUp(after, database).recall(gaps, after.game)
    again = await CatchUp(after, database).recall(gaps, after.game)
    [outcome] = await after.run([happened(ANA, "thing.begun", day(40), who="q", topic="t")])

    assert (count > 0, again) == (True, 0)
    assert outcome.paid_to(purse(ANA)) == 1


@pytest.mark.parametrize("condition", ["{numbers: 11..11}", "{numbers: 4..4, in: day}"])
async def test_values_on_shelves_are_computed_over_the_past_and_joined(
    database: Database, condition: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metric, "KEPT_TOGETHER", 2)
    monkeypatch.setattr(metric, "SHELVES", 3)
    await running(database, "").run(a_season())
    numbers = "metrics: {numbers: {when: thing.done, distinct: n}}\n"
    after = running(database, numbers + f"rules: {{r: {{when: thing.begun, if: {condition}, pays: {{besitos: 1}}}}}}")
    await after.run([happened(ANA, "thing.done", day(40), n=n) for n in (8, 20, 21, 22)])

    gaps = Covered().gaps(units_of(after.game.document), {}, 1)
    await CatchUp(after, database).recall(gaps, after.game)
    [outcome] = await after.run([happened(ANA, "thing.begun", day(40), who="q", topic="t")])

    assert outcome.paid_to(purse(ANA)) == 1


async def test_what_a_rule_paid_while_it_was_in_force_is_not_paid_again(database: Database) -> None:
    rule = "rules: {r: {when: thing.done, pays: {besitos: 2}}}"
    engine = running(database, rule)
    await running(database, "").run([happened(ANA, "thing.done", day(1))])
    await engine.run([happened(ANA, "thing.done", day(2))])

    gains = await CatchUp(engine, database).back_fill(["rule/r"])

    assert gains["rule/r"].times == 1
    assert await balance(database, ANA) == 4


async def test_what_a_rule_paid_to_whose_clock_was_ahead_of_ours_is_not_paid_again(database: Database) -> None:
    game = running(database, "rules: {r: {when: thing.done, pays: {besitos: 2}}}").game
    early = Engine(database, FixedGame(game), SetClock(day(1)))
    assert (await early.submit(happened(ANA, "thing.done", day(1) + timedelta(minutes=2)))).accepted

    gains = await CatchUp(Engine(database, FixedGame(game), SetClock(day(90))), database).back_fill(["rule/r"])

    assert gains["rule/r"].times == 0
    assert await balance(database, ANA) == 2


async def test_a_rule_is_not_back_filled_again_when_its_keys_are_forgotten(database: Database) -> None:
    await running(database, "").run(a_season())
    after = running(database, "rules: {r: {when: thing.done, pays: {besitos: 2}}}")
    await CatchUp(after, database).back_fill(["rule/r"])
    much_later = Engine(database, FixedGame(after.game), SetClock(day(90 + 100)))

    again = await CatchUp(much_later, database).back_fill(["rule/r"])

    assert again["rule/r"].times == 0
    assert [await balance(database, member_id) for member_id in (ANA, BEA)] == [16, 6]


async def test_the_past_gives_nobody_back_what_an_operator_took_away(database: Database) -> None:
    engine = running(database, METRICS + "badges: {b: {name: B, if: {done: 5+}, pays: {besitos: 7}}}")
    await engine.run(a_season())
    taken = RevokeBadge(key=new_key(), member_id=ANA, occurred_at=day(20), badge="b", reason="cheated")
    assert (await engine.submit(taken)).accepted

    gains = await CatchUp(engine, database).back_fill(["badge/b"])

    assert gains["badge/b"].times == 0
    assert await held(engine, ANA) == {}


async def test_a_banned_member_is_not_paid_for_the_past(database: Database) -> None:
    before = running(database, "")
    await before.run([*a_season(), BanMember(key=new_key(), member_id=ANA, occurred_at=day(20))])
    after = running(database, "rules: {r: {when: thing.done, pays: {besitos: 2}}}")

    gains = await CatchUp(after, database).back_fill(["rule/r"])

    assert gains["rule/r"].members == {BEA}


async def test_a_penalty_of_the_past_takes_what_is_there_now(database: Database) -> None:
    pays = "rules: {a: {when: thing.begun, pays: {besitos: 5}}"
    before = running(database, pays + "}")
    await before.run([*a_season(), spend(ANA, 7, day(30))])
    after = running(database, pays + ", z: {when: thing.done, pays: {besitos: -2, xp: 1}}}")

    await CatchUp(after, database).back_fill(["rule/z"])

    assert await balance(database, ANA) == 0
    assert wallets_in(await database.export())[purse(ANA, "xp")].balance == 8


async def test_what_is_looked_at_through_a_thing_counts_only_from_its_beginning_on(database: Database) -> None:
    done = [happened(ANA, "thing.done", day(number), who="x") for number in (1, 3, 4)]
    await running(database, "").run([*done, happened(BEA, "thing.begun", day(2), who="x", topic="sea")])
    rule = "rules: {r: {when: thing.done, where: {who.topic: sea}, pays: {besitos: 2}}}\n"
    after = running(database, "things: {who: {begins: thing.begun, keeps: [topic]}}\n" + rule)

    gains = await CatchUp(after, database).back_fill(["rule/r"])

    assert gains["rule/r"].times == 2
