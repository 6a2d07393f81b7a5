"""Rules: amounts, filters and limits, sentence by sentence of the language."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from besitos.core.account import purse
from besitos.core.member import PROFILE, MemberType, Profile
from besitos.engine.intake import Intake, Sent
from besitos.store.protocol import Changes, MemberChange, MemberRef, Transaction
from tests.books import wallets_in
from tests.mechanics.scene import Scene, details, done, reasons
from tests.world import ANA, BEA, CARLA, MONDAY, claim, day, grant

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


async def as_vip(scene: Scene, member_id: int) -> None:
    """Nothing makes a VIP yet: the member's document says so."""
    state = msgspec.json.encode({PROFILE.name: Profile(type=MemberType.VIP)}).decode()

    async def work(transaction: Transaction) -> None:
        change = MemberChange(member_id, state, "{}", 0, 1, 0, MONDAY)
        await transaction.write(Changes(MONDAY, members=[change]))

    await scene.engine.store.transact(work)


async def test_all_rules_that_match_pay_in_order_of_their_keys() -> None:
    scene = await Scene.of("rules: {b: {when: thing.done, pays: {besitos: 2}}, a: {when: thing.done, pays: {xp: 1}}}")

    [outcome] = await scene.do(done())

    assert [(paid.definition, paid.account, paid.amount) for paid in outcome.paid] == [
        ("rule/a", "xp", 1),
        ("rule/b", "besitos", 2),
    ]


@pytest.mark.parametrize(
    ("where", "attributes", "pays"),
    [
        ("{who: ana}", {"who": "ana"}, True),
        ("{who: ana}", {"who": "bea"}, False),
        ("{who: ana}", {}, False),
        ("{who: {not: ana}}", {"who": "bea"}, True),
        ("{who: {not: ana}}", {}, False),
        ("{n: 3+}", {"n": 3}, True),
        ("{n: 3+}", {"n": Decimal("2.99")}, False),
        ("{n: 1..2}", {"n": 2}, True),
        ("{weekday: mon, hour: 6}", {}, True),
        ("{weekday: [sat, sun]}", {}, False),
        ("{member_type: free}", {}, True),
    ],
)
async def test_where_filters_on_what_is_carried_and_on_what_is_known(
    where: str, attributes: dict[str, Any], pays: bool
) -> None:
    """Noon of UTC is six in the morning in the game's zone."""
    scene = await Scene.of(f"rules: {{r: {{when: thing.done, where: {where}, pays: {{besitos: 2}}}}}}")

    assert await scene.paid(done(**attributes)) == [2 if pays else 0]


async def test_free_and_vip_members_are_paid_their_own_amount() -> None:
    scene = await Scene.of("rules: {r: {when: thing.done, pays: {besitos: {free: 0, vip: 5}, xp: {free: 1, vip: 2}}}}")
    await as_vip(scene, BEA)

    assert await scene.paid(done(), done(member_id=BEA)) == [0, 5]
    assert await scene.paid(done(), done(member_id=BEA), currency="xp") == [1, 2]


async def test_units_are_paid_whole_and_the_rest_is_carried_over() -> None:
    scene = await Scene.of("rules: {r: {when: thing.done, pays: {besitos: 2 per 5 n}}}")

    assert await scene.paid(*(done(n=n) for n in (3, 3, 14, Decimal("0.5"), Decimal("4.5")))) == [0, 2, 6, 0, 2]


async def test_units_are_kept_when_a_limit_refuses_and_used_up_when_a_cap_cuts() -> None:
    refused = await Scene.of("rules: {r: {when: thing.done, pays: {besitos: 1 per 5 n}, limit: 1/hour}}")
    cut = await Scene.of(
        "rules: {r: {when: thing.done, pays: {besitos: 1 per 5 n}}}\ncaps: {c: {limit: 1/hour, sources: r}}"
    )

    acts = [done(n=8), done(n=1), done(MONDAY + HOUR, n=1), done(MONDAY + HOUR, n=1)]

    assert await refused.paid(*acts) == [1, 0, 0, 1]
    assert await cut.paid(*acts) == [1, 0, 1, 0]


async def test_a_penalty_takes_what_is_there_and_no_more() -> None:
    scene = await Scene.of("rules: {r: {when: thing.done, pays: {besitos: -5}}}")

    outcomes = await scene.do(grant(ANA, 8), done(), done(), done())

    assert [outcome.paid_to(purse(ANA)) for outcome in outcomes] == [8, -5, -3, 0]
    tables = await scene.engine.store.export()
    assert [row.type for row in tables.transactions] == ["EARN_ADMIN", "PENALTY", "PENALTY"]
    assert wallets_in(tables)[purse(ANA)].spent == 0


async def test_a_times_limit_counts_what_was_paid_in_the_calendar_of_the_game() -> None:
    """The day of the game's zone begins at six in the morning of UTC."""
    scene = await Scene.of("rules: {r: {when: thing.done, pays: {besitos: 1}, limit: 2/day}}")
    midnight = day(1).replace(hour=6)

    assert await scene.paid(done(), done(), done(midnight - MINUTE), done(midnight)) == [1, 1, 0, 1]
    [outcome] = await scene.do(done(midnight - MINUTE))
    assert details(outcome) == {"limit": "2/day"}, "a day that is over has no time at which it pays again"


async def test_a_late_activity_counts_in_its_own_day_and_an_older_one_pays_nothing() -> None:
    scene = await Scene.of("rules: {r: {when: thing.done, pays: {besitos: 1}, limit: 2/day}}")

    outcomes = await scene.do(done(day(2)), done(day(3)), done(day(2)), done(day(2)), done(day(1)))

    assert [outcome.paid_to(purse(ANA)) for outcome in outcomes] == [1, 1, 1, 0, 0]
    assert reasons(outcomes[3]) == [("rule/r", "limit.reached")]
    assert reasons(outcomes[4]) == [("rule/r", "late.closed")]


async def test_a_limit_lowered_below_what_it_has_counted_is_reached_and_not_closed() -> None:
    generous = await Scene.of("rules: {r: {when: thing.done, pays: {besitos: 1}, limit: 5/day}}")
    await generous.do(*(done() for _ in range(4)))
    strict = generous.under("rules: {r: {when: thing.done, pays: {besitos: 1}, limit: 3/day}}")

    [outcome] = await strict.do(done())

    assert reasons(outcome) == [("rule/r", "limit.reached")]


async def test_an_amount_limit_pays_what_still_fits_and_other_currencies_in_full() -> None:
    scene = await Scene.of("rules: {r: {when: thing.done, pays: {besitos: 7, xp: 1}, limit: 10 besitos/day}}")

    outcomes = await scene.do(done(), done(), done())

    assert [outcome.paid_to(purse(ANA)) for outcome in outcomes] == [7, 3, 0]
    assert [outcome.paid_to(purse(ANA, "xp")) for outcome in outcomes] == [1, 1, 1]
    assert details(outcomes[1])["left"] == 3


async def test_a_bonus_counts_as_besitos_in_a_limit() -> None:
    scene = await Scene.of("rules: {r: {when: thing.done, pays: {besitos: 6, bonus: 6}, limit: 10 besitos/day}}")

    [outcome] = await scene.do(done())

    assert [paid.amount for paid in outcome.paid] == [6, 4]
    [wallet] = wallets_in(await scene.engine.store.export()).values()
    assert (wallet.balance, [lot.amount for lot in wallet.lots]) == (10, [4])


async def test_a_rolling_limit_forgets_exactly_after_its_window() -> None:
    scene = await Scene.of("rules: {r: {when: thing.done, pays: {besitos: 1}, limit: 2/30m}}")
    moments = [0, 10, 29, 30, 39, 40]

    assert await scene.paid(*(done(MONDAY + each * MINUTE) for each in moments)) == [1, 1, 0, 1, 0, 1]


async def test_a_rolling_amount_looks_at_whole_buckets() -> None:
    scene = await Scene.of("rules: {r: {when: thing.done, pays: {besitos: 6}, limit: 10 besitos/2h}}")
    moments = [0, 30, 120, 121]

    assert await scene.paid(*(done(MONDAY + each * MINUTE) for each in moments)) == [6, 4, 0, 6]


async def test_a_limit_per_value_counts_each_value_and_needs_one() -> None:
    scene = await Scene.of("rules: {r: {when: thing.done, pays: {besitos: 1}, limit: 1/ever per who}}")

    outcomes = await scene.do(*(done(who=who) for who in ("a", "b", "a")), done())

    assert [outcome.paid_to(purse(ANA)) for outcome in outcomes] == [1, 1, 0, 0]
    assert reasons(outcomes[3]) == [("rule/r", "limit.no_value")]


async def test_a_limit_for_all_is_the_communitys() -> None:
    scene = await Scene.of("rules: {r: {when: thing.done, pays: {besitos: 1}, limit: 2/day per who for all}}")

    paid = await scene.paid(*(done(member_id=member_id, who="x") for member_id in (ANA, BEA, CARLA)))

    assert paid == [1, 1, 0]


async def test_several_limits_all_hold_and_a_changed_number_goes_on_counting() -> None:
    scene = await Scene.of("rules: {r: {when: thing.done, pays: {besitos: 1}, limit: [1/1m, 3/day, 2 besitos/day]}}")

    assert await scene.paid(*(done(MONDAY + each * MINUTE) for each in (0, 0, 1, 2))) == [1, 0, 1, 0]


async def test_a_rule_pays_inside_its_window_only() -> None:
    """From the first minute of the 23rd in the game's zone, which is six in the morning of UTC."""
    scene = await Scene.of("rules: {r: {when: thing.done, pays: {besitos: 1}, from: 2026-11-23, until: 2026-11-24}}")
    opens = MONDAY.replace(hour=6)

    moments = [opens - MINUTE, opens, opens + 24 * HOUR - MINUTE, opens + 24 * HOUR]

    assert await scene.paid(*(done(each) for each in moments)) == [0, 1, 1, 0]


async def test_a_paused_rule_pays_nothing() -> None:
    scene = await Scene.of("rules: {r: {when: thing.done, pays: {besitos: 1}, paused: true}}")

    assert await scene.paid(done()) == [0]


async def test_a_rule_may_pay_for_what_came_of_an_activity() -> None:
    scene = await Scene.of(
        "daily_gift: {pays: {besitos: 10}}\n"
        "rules: {r: {when: gamification.daily_claimed, pays: {xp: 3}}, s: {when: daily.claim, pays: {xp: 4}}}"
    )

    [outcome] = await scene.do(claim(ANA))

    assert [(paid.definition, paid.amount) for paid in outcome.paid] == [
        ("daily_gift", 10),
        ("rule/s", 4),
        ("rule/r", 3),
    ]


async def test_our_clock_is_the_latest_that_anything_happens() -> None:
    """Three minutes ahead of our clock counts as now, and is recognised by what was said."""
    scene = await Scene.of("rules: {r: {when: thing.done, pays: {besitos: 1}, limit: 1/day}}", now=MONDAY)
    ahead = replace(done(MONDAY + 3 * MINUTE), key="test:ahead")

    first, again = await scene.do(ahead, ahead)

    assert again.replayed
    assert first.paid == again.paid
    [row] = (await scene.engine.store.export()).transactions
    assert row.occurred_at == MONDAY


async def test_equal_numbers_are_one_value_of_a_limit() -> None:
    scene = await Scene.of("rules: {r: {when: thing.done, pays: {besitos: 1}, limit: 1/ever per n}}")

    numbers = (7, Decimal("7.0"), Decimal("7.00"), Decimal("7.01"), 0, Decimal("-0.0"))

    assert await scene.paid(*(done(n=number) for number in numbers)) == [1, 0, 0, 1, 1, 0]


async def test_two_penalties_of_one_payout_take_what_is_there_between_them() -> None:
    scene = await Scene.of("rules: {r: {when: thing.done, pays: {besitos: -5, bonus: -5}}}")

    outcomes = await scene.do(grant(ANA, 7), done())

    assert [outcome.paid_to(purse(ANA)) for outcome in outcomes] == [7, -7]


async def test_what_a_game_adds_to_a_kind_of_ours_is_carried_and_filtered_on() -> None:
    """Also under a word that every activity has for itself."""
    scene = await Scene.of(
        "daily_gift: {pays: {besitos: 10}}\nrules: {r: {when: daily.claim, where: {place: home}, pays: {xp: 4}}}",
        kinds="daily.claim: {attributes: {place: text, key: text}}",
    )
    sent = Sent("k1", MemberRef(ANA), "daily.claim", MONDAY, {"place": "home", "key": "x"})
    game = scene.engine.game

    assert Intake("tg", may_be_late=True).refuse(sent, game, scene.clock.now()) is None
    claimed = Intake("tg").activity(sent, ANA, game, MONDAY)

    assert (claimed.key, claimed.content) == ("tg:k1", {"place": "home", "key": "x"})
    assert await scene.paid(claimed, currency="xp") == [4]
