"""Caps: limits over several sources, and what happens above them."""

from datetime import timedelta

from msgspec.structs import replace

from besitos.core.account import purse
from besitos.core.holding import HOLDINGS
from besitos.core.payout import Given
from besitos.core.quarantine import RefusePayout, ReleasePayout
from besitos.engine.outcome import given_in
from besitos.mechanics.member.model import BanMember
from tests.books import balances_in, wallets_in
from tests.mechanics.scene import Scene, details, done, reasons
from tests.world import ANA, MONDAY, claim, day, grant, new_key

RULES = """
daily_gift: {pays: {besitos: 10}}
rules:
  a: {when: thing.done, where: {who: a}, pays: {besitos: 6}}
  b: {when: thing.done, where: {who: b}, pays: {besitos: 6, xp: 1}}
  rude: {when: thing.done, where: {who: rude}, pays: {besitos: -4}}
"""


async def test_a_cap_holds_over_its_sources_together() -> None:
    scene = await Scene.of(RULES + "caps: {c: {limit: 10 besitos/day, sources: [a, b]}}")

    outcomes = await scene.do(done(who="a"), done(who="b"), done(who="b"), claim(ANA))

    assert [outcome.paid_to(purse(ANA)) for outcome in outcomes] == [6, 4, 0, 10]
    assert outcomes[2].paid_to(purse(ANA, "xp")) == 1
    assert reasons(outcomes[1]) == [("rule/b", "cap.reached")]
    assert details(outcomes[1])["by"] == "cap/c"


async def test_all_is_whatever_the_game_pays_and_not_what_people_do() -> None:
    scene = await Scene.of(RULES + "caps: {c: {limit: 12 besitos/day, sources: all}}")

    outcomes = await scene.do(claim(ANA), done(who="a"), grant(ANA, 50))

    assert [outcome.paid_to(purse(ANA)) for outcome in outcomes] == [10, 2, 50]


async def test_a_claim_stands_though_a_cap_leaves_it_nothing() -> None:
    scene = await Scene.of(RULES + "caps: {c: {limit: 1/day, sources: all}}")

    outcomes = await scene.do(done(who="a"), claim(ANA), claim(ANA))

    assert [outcome.accepted for outcome in outcomes] == [True, True, False]
    assert outcomes[1].paid == ()
    assert reasons(outcomes[1]) == [("daily_gift", "cap.reached")]


async def test_penalties_give_room_back_only_where_the_cap_is_net() -> None:
    acts = [done(who=who) for who in ("a", "a", "rude", "a")]
    gross = await Scene.of(RULES + "caps: {c: {limit: 10 besitos/day, sources: [a, rude]}}")
    net = await Scene.of(RULES + "caps: {c: {limit: 10 besitos/day, sources: [a, rude], net: true}}")

    assert await gross.paid(*acts) == [6, 4, -4, 0]
    assert await net.paid(*acts) == [6, 4, -4, 4]


async def test_a_cap_that_reports_pays_and_remembers_the_member() -> None:
    scene = await Scene.of(RULES + "caps: {c: {limit: 10 besitos/day, sources: a, then: report}}")

    assert await scene.paid(done(who="a"), done(who="a"), done(who="a")) == [6, 6, 6]
    rows = (await scene.engine.store.export()).rows
    assert '"times":2' in rows[ANA, "anomaly/cap/c"]


async def test_what_is_above_a_quarantine_waits_whole_for_review() -> None:
    scene = await Scene.of(RULES + "caps: {c: {limit: 10 besitos/day, sources: b, then: quarantine}}")

    first, second = await scene.do(done(who="b"), done(who="b"))

    assert (first.paid_to(purse(ANA)), second.paid_to(purse(ANA))) == (6, 0)
    tables = await scene.engine.store.export()
    held = {account.currency: wallet for account, wallet in wallets_in(tables).items() if account.is_hold}
    assert {currency: (wallet.balance, wallet.earned) for currency, wallet in held.items()} == {
        "besitos": (6, 0),
        "xp": (1, 0),
    }
    assert wallets_in(tables)[purse(ANA)].earned == 6
    assert tables.timers == {}


async def test_a_rule_in_quarantine_releases_itself_once() -> None:
    scene = await Scene.of("rules: {r: {when: thing.done, pays: {bonus: 5, xp: 1}, quarantine: 2d}}", now=MONDAY)
    await scene.do(done())

    scene.clock.moment = day(2)
    assert await scene.engine.run_due_timers() == 1

    tables = await scene.engine.store.export()
    assert balances_in(tables) == {purse(ANA): 5, purse(ANA, "xp"): 1}
    wallet = wallets_in(tables)[purse(ANA)]
    assert (wallet.earned, wallet.lots[0].expires_at) == (5, day(33).replace(hour=0))


async def test_what_waits_for_a_banned_member_goes_on_waiting_until_it_is_reviewed() -> None:
    scene = await Scene.of("rules: {r: {when: thing.done, pays: {besitos: 5}, quarantine: 2d}}", now=MONDAY)
    await scene.do(done(), BanMember(key=new_key(), member_id=ANA, occurred_at=MONDAY))
    scene.clock.moment = day(2)
    await scene.engine.run_due_timers()
    [waiting] = [account for account in balances_in(await scene.engine.store.export()) if account.is_quarantine]

    name = waiting.purpose.partition("/")[2]
    [reviewed] = await scene.do(ReleasePayout(key=new_key(), member_id=ANA, occurred_at=day(2), payout=name))

    assert reviewed.accepted
    assert balances_in(await scene.engine.store.export())[purse(ANA)] == 5


async def test_a_reviewed_payout_is_released_or_refused_once() -> None:
    scene = await Scene.of("rules: {r: {when: thing.done, pays: {besitos: 5}, quarantine: 2d}}", now=MONDAY)
    await scene.do(done(), done())
    [one, two] = sorted(scope for _, scope in (await scene.engine.store.export()).rows)

    def review(kind: type[ReleasePayout | RefusePayout], scope: str) -> ReleasePayout | RefusePayout:
        payout = scope.removeprefix("quarantine/")
        return kind(key=new_key(), member_id=ANA, occurred_at=MONDAY, payout=payout)

    outcomes = await scene.do(
        review(ReleasePayout, one), review(RefusePayout, two), review(ReleasePayout, two), review(RefusePayout, one)
    )
    scene.clock.moment = MONDAY + timedelta(days=3)

    assert [outcome.accepted for outcome in outcomes] == [True, True, False, False]
    assert outcomes[2].reason == "quarantine.not_waiting"
    assert await scene.engine.run_due_timers() == 0
    assert balances_in(await scene.engine.store.export()) == {purse(ANA): 5}


async def test_what_is_released_tells_what_it_gave_besides_money_and_nothing_that_was_had_by_then() -> None:
    scene = await Scene.of(
        """
badges: {amiga: {name: A, kind: special}}
rules: {r: {when: thing.done, pays: {besitos: 5, badges: [amiga]}, quarantine: 2d}}
""",
        now=MONDAY,
    )
    held_back = await scene.do(done(), done())
    one, two = sorted(scope.removeprefix("quarantine/") for _, scope in (await scene.engine.store.export()).rows)

    released = await scene.do(
        *(ReleasePayout(key=new_key(), member_id=ANA, occurred_at=MONDAY, payout=payout) for payout in (one, two))
    )

    assert [reasons(outcome) for outcome in held_back] == [[], []]
    assert [given_in(outcome) for outcome in released] == [{"rule/r": [Given("badges", "amiga", 1)]}, {}]


async def test_what_a_member_may_hold_at_most_is_not_exceeded() -> None:
    scene = await Scene.of(RULES + "currencies: {besitos: {name: besitos, max_balance: 13}}")

    outcomes = await scene.do(claim(ANA), done(who="a"), done(who="a"))

    assert [outcome.paid_to(purse(ANA)) for outcome in outcomes] == [10, 3, 0]
    assert details(outcomes[1]) == {"currency": "besitos", "wanted": 6, "left": 3}


async def test_a_cap_out_of_play_does_not_hold() -> None:
    scene = await Scene.of(RULES + "caps: {c: {limit: 1/day, sources: all, until: 2026-11-20}}")

    assert await scene.paid(done(who="a"), done(who="a")) == [6, 6]


async def test_a_late_penalty_does_not_make_a_cap_forget_today() -> None:
    scene = await Scene.of(RULES + "caps: {c: {limit: 10 besitos/day, sources: [a, rude], net: true}}", now=day(4))

    acts = [done(day(3), who="a"), done(day(3), who="a"), done(MONDAY, who="rude"), done(day(3), who="a")]

    assert await scene.paid(*acts) == [6, 4, -4, 0]


async def test_a_late_activity_does_not_open_a_quarantine_again() -> None:
    scene = await Scene.of(RULES + "caps: {c: {limit: 10 besitos/day, sources: a, then: quarantine}}", now=day(4))

    acts = [done(at, who="a") for at in (day(3), day(3), MONDAY, day(3))]

    assert await scene.paid(*acts) == [6, 0, 0, 0]


async def test_one_key_in_two_months_leaves_two_payouts_waiting() -> None:
    scene = await Scene.of("rules: {r: {when: thing.done, pays: {besitos: 5}, quarantine: 3d}}", now=day(9))
    one = replace(done(day(7)), key="test:k1")

    outcomes = await scene.do(one, replace(one, occurred_at=day(8)))

    assert [outcome.accepted for outcome in outcomes] == [True, True]
    tables = await scene.engine.store.export()
    assert len(tables.timers) == len([scope for _, scope in tables.rows if scope.startswith("quarantine/")]) == 2
    scene.clock.moment = day(12)
    assert await scene.engine.run_due_timers() == 2
    assert balances_in(await scene.engine.store.export()) == {purse(ANA): 10}


async def test_a_cap_on_times_that_is_full_lets_penalties_pass_and_does_not_count_them() -> None:
    scene = await Scene.of(
        "rules: {r: {when: thing.done, pays: {besitos: -4, xp: 1}}}\ncaps: {c: {limit: 1/day, sources: all}}"
    )
    await scene.do(grant(ANA, 20))

    outcomes = await scene.do(done(), done(), done())

    assert [outcome.paid_to(purse(ANA)) for outcome in outcomes] == [-4, -4, -4]
    assert [outcome.paid_to(purse(ANA, "xp")) for outcome in outcomes] == [1, 0, 0]


async def test_a_badge_in_a_payout_that_is_held_is_given_at_its_release() -> None:
    held = "rules: {r: {when: thing.done, pays: {besitos: -4, xp: 1, badges: [b]}, quarantine: 2d}}\n"
    scene = await Scene.of(held + "badges: {b: {name: B, kind: special}}", now=MONDAY)
    await scene.do(grant(ANA, 20), done())
    before = await scene.engine.look(
        ANA, lambda view: (view.balance(purse(ANA)), dict(view.get(HOLDINGS.of(ANA)).badges))
    )

    scene.clock.moment = day(2)
    await scene.engine.run_due_timers()

    after = await scene.engine.look(
        ANA, lambda view: (view.balance(purse(ANA)), dict(view.get(HOLDINGS.of(ANA)).badges))
    )
    assert (before, after) == ((20, {}), (16, {"b": 1}))


async def test_what_a_cap_holds_back_waits_for_a_person_though_its_rule_would_release_it() -> None:
    scene = await Scene.of(
        "rules: {r: {when: thing.done, pays: {besitos: 9}, quarantine: 2d}}\n"
        "caps: {c: {limit: 5 besitos/day, sources: all, then: quarantine}}",
        now=MONDAY,
    )
    await scene.do(done())

    assert (await scene.engine.store.export()).timers == {}
