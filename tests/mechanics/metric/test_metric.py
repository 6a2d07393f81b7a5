"""Metrics and things: what is counted, per what, in which period, and what is looked at through a dot."""

from datetime import timedelta

import msgspec
import pytest

from besitos.core import metric as core
from besitos.core.metric import KEPT_TOGETHER
from tests.mechanics.scene import Scene, done, reasons
from tests.world import ANA, BEA, MONDAY, day, happened

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


async def pays_when(condition: str, metrics: str, now_at: int = 40) -> Scene:
    """A game in which every `thing.done` pays 1 to whom the condition is true of."""
    rule = f"rules: {{r: {{when: thing.done, if: {condition}, pays: {{besitos: 1}}}}}}\n"
    return await Scene.of(rule + f"metrics: {metrics}", day(now_at), "UTC")


async def test_a_condition_sees_the_metric_with_this_activity_counted() -> None:
    scene = await pays_when("{m: 3..3}", "{m: {when: thing.done}}")

    assert await scene.paid(done(), done(), done(), done()) == [0, 0, 1, 0]


async def test_a_sum_may_go_down() -> None:
    scene = await pays_when("{m: 5+}", "{m: {when: thing.done, sum: n}}")

    assert await scene.paid(done(n=5), done(n=-1), done(n=1)) == [1, 0, 1]


@pytest.mark.parametrize(
    ("takes", "condition", "expected"),
    [
        ("max: n", "{m: 5+}", [0, 1, 1, 1]),
        ("last: n", "{m: 5+}", [0, 1, 0, 1]),
        ("sum: n", "{m: 12+}", [0, 0, 0, 1]),
        ("distinct: n", "{m: 3+}", [0, 0, 1, 1]),
    ],
)
async def test_each_way_of_taking_an_attribute(takes: str, condition: str, expected: list[int]) -> None:
    scene = await pays_when(condition, f"{{m: {{when: thing.done, {takes}}}}}")

    assert await scene.paid(*(done(n=n) for n in (3, 6, 2, 6))) == expected


async def test_a_thousand_different_values_stand_in_no_row_together() -> None:
    scene = await pays_when("{m: 1000+}", "{m: {when: thing.done, distinct: n}}")

    outcomes = await scene.engine.run([done(n=number % 1000) for number in range(2_000)])
    rows = (await scene.engine.store.export()).rows
    kept = [len(msgspec.json.decode(body)["values"]) for (_, scope), body in rows.items() if "distinct" in scope]

    assert [bool(outcome.paid) for outcome in outcomes].index(True) == 999
    assert sum(kept) == 1000
    assert max(kept) <= KEPT_TOGETHER


async def test_no_more_different_values_are_counted_than_the_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, "MOST_DISTINCT", 7)
    monkeypatch.setattr(core, "KEPT_TOGETHER", 3)
    scene = await pays_when("{m: 7..7}", "{m: {when: thing.done, distinct: n}}")

    assert await scene.paid(*(done(n=n) for n in range(10))) == [0] * 6 + [1] * 4


async def test_what_lacks_the_attribute_does_not_count() -> None:
    scene = await pays_when("{m: 1+}", "{m: {when: thing.done, per: who}}")

    assert await scene.paid(done(), done(who="x")) == [0, 1]


async def test_a_metric_kept_per_a_value_is_read_at_the_value_of_the_activity() -> None:
    scene = await pays_when("{m: 2+}", "{m: {when: thing.done, per: who}}")

    assert await scene.paid(done(who="x"), done(who="y"), done(who="x"), done(who="y")) == [0, 0, 1, 1]


async def test_at_names_the_value() -> None:
    scene = await pays_when("{m: 2+, at: x}", "{m: {when: thing.done, per: who}}")

    assert await scene.paid(done(who="x"), done(who="y"), done(who="x"), done(who="y")) == [0, 0, 1, 1]


async def test_the_last_is_the_last_by_time() -> None:
    scene = await pays_when("{m: 5+}", "{m: {when: thing.done, last: n}}")

    assert await scene.paid(done(MONDAY + HOUR, n=5), done(MONDAY, n=1)) == [1, 1]


async def test_a_calendar_period_begins_anew() -> None:
    scene = await pays_when("{m: 2+, in: day}", "{m: {when: thing.done}}")

    assert await scene.paid(*(done(day(n)) for n in (0, 0, 1, 1))) == [0, 1, 0, 1]


async def test_a_late_activity_counts_in_its_own_day() -> None:
    scene = await pays_when("{m: 2+, in: day}", "{m: {when: thing.done}}")

    assert await scene.paid(done(day(0)), done(day(1)), done(day(0) + HOUR)) == [0, 0, 1]


async def test_a_rolling_window_looks_back_in_buckets_the_oldest_counting_whole() -> None:
    scene = await pays_when("{m: 2+, in: 1h}", "{m: {when: thing.done}}")
    late_in_the_minute = MONDAY + timedelta(seconds=50)

    paid = await scene.paid(done(MONDAY), done(late_in_the_minute + HOUR), done(late_in_the_minute + 2 * HOUR + MINUTE))

    assert paid == [0, 1, 0]


async def test_money_is_asked_for_in_a_period() -> None:
    scene = await Scene.of(
        "rules: {a: {when: thing.done, pays: {besitos: 2}}, b: {when: thing.done, if: {earned: 4+, in: day}, "
        "pays: {xp: 1}}}",
        day(40),
        "UTC",
    )

    assert await scene.paid(*(done(day(n)) for n in (0, 0, 1, 1)), currency="xp") == [0, 1, 0, 1]


async def test_what_a_thing_began_with_is_looked_at_through_a_dot() -> None:
    scene = await Scene.of(
        "things: {who: {begins: thing.begun, keeps: [topic]}}\n"
        "rules: {r: {when: thing.done, where: {who.topic: nature}, pays: {besitos: 1}}}",
        kinds="thing.begun: {attributes: {who: text, topic: text}}",
    )
    for topic in ("nature", "food"):
        await scene.do(happened(BEA, "thing.begun", who="x", topic=topic))

    assert await scene.paid(done(who="x"), done(who="y"), done(who="x", member_id=ANA)) == [1, 0, 1]


async def test_an_unmet_condition_says_how_far_it_is() -> None:
    scene = await pays_when("{m: 3+}", "{m: {when: thing.done}}")

    [outcome] = await scene.do(done())

    assert reasons(outcome) == [("rule/r", "condition.unmet")]
    assert outcome.trace[0].details["unmet"] == [{"group": 0, "fact": "m", "have": 1, "need": "3+", "missing": 2}]
