"""Badges: when they are given, for which value, and what they bring about."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from besitos.core.activity import Activity
from besitos.core.holding import HOLDINGS
from besitos.core.past import BackFillBadge
from besitos.engine.outcome import Outcome, Status
from besitos.game.asking import Vocabulary
from besitos.mechanics.badge.decide import badges_in, look_at
from besitos.mechanics.badge.model import GiveBadge, RevokeBadge
from tests.mechanics.scene import Scene, done, reasons
from tests.world import ALL, ANA, MONDAY, day, grant, happened, message, new_key

HOUR = timedelta(hours=1)


def given(outcome: Outcome) -> list[str]:
    """The badges that paid."""
    return [paid.definition for paid in outcome.paid if paid.definition.startswith("badge/")]


async def held(scene: Scene, member_id: int = ANA) -> dict[str, int]:
    return dict(await scene.engine.look(member_id, lambda view: view.get(HOLDINGS.of(member_id)).badges))


def needs(scene: Scene, activity: Activity) -> set[str]:
    """What is loaded for an activity beforehand."""
    return {key.scope for key in scene.engine.game.needs_of(activity) if not isinstance(key, int)}


async def test_a_badge_is_given_at_the_activity_that_completes_it_and_once() -> None:
    scene = await Scene.of("metrics: {m: {when: thing.done}}\nbadges: {b: {name: B, if: {m: 2+}, pays: {besitos: 50}}}")

    outcomes = await scene.do(done(), done(), done())

    assert [given(outcome) for outcome in outcomes] == [[], ["badge/b"], []]
    assert await held(scene) == {"b": 1}


async def test_a_badge_wakes_the_badge_that_asks_for_it() -> None:
    scene = await Scene.of(
        "metrics: {m: {when: thing.done}}\n"
        "badges: {b: {name: B, if: {m: 1+}}, a: {name: A, if: {badge: b}}, c: {name: C, if: {badges: 2+}}}"
    )

    await scene.do(done())

    assert await held(scene) == {"a": 1, "b": 1, "c": 1}


async def test_a_badge_per_value_is_given_once_for_each() -> None:
    scene = await Scene.of(
        "metrics: {m: {when: thing.done, per: who}}\nbadges: {b: {name: B, if: {m: 2+}, per: who, pays: {besitos: 1}}}"
    )

    assert await scene.paid(*(done(who=who) for who in "xyxyxz")) == [0, 0, 1, 1, 0, 0]
    assert await held(scene) == {"b": 2}


async def test_what_a_badge_reads_at_a_value_is_known_before_anything_is_decided() -> None:
    scene = await Scene.of(
        "metrics: {m: {when: thing.done, per: who}, d: {when: message.posted, distinct: chat, per: module},\n"
        "  n: {when: message.posted, per: module}}\n"
        "badges: {b: {name: B, if: {m: 2+}, per: who}, c: {name: C, if: [{d: 2+}, {n: 3+}], per: module}}"
    )
    metrics = Vocabulary(scene.engine.game.document).stored

    assert needs(scene, done(who="x")) == {f"metric/{metrics['m']}/x", "badge/b/x", "badge_near/b"}
    assert needs(scene, message(ANA, module="mar")) == {
        f"metric/{metrics['n']}/mar",
        f"distinct/{metrics['d']}/mar",
        "badge/c/mar",
        "badge_near/c",
    }
    assert needs(scene, message(ANA)) == set()


async def test_a_value_that_waits_for_the_member_is_given_when_the_member_is_ready() -> None:
    scene = await Scene.of(
        "metrics: {m: {when: thing.done, per: who}, all: {when: thing.done}}\n"
        "badges: {b: {name: B, if: [{m: 1+}, {all: 3+}], per: who, pays: {besitos: 1}}}"
    )

    assert await scene.paid(done(who="x"), done(who="y"), done()) == [0, 0, 2]
    assert await held(scene) == {"b": 2}


async def test_once_is_for_the_first_value_only() -> None:
    scene = await Scene.of(
        "metrics: {m: {when: thing.done, per: who}}\n"
        "badges: {b: {name: B, if: {m: 1+}, per: who, once: true, pays: {besitos: 1}}}"
    )

    assert await scene.paid(done(who="x"), done(who="y")) == [1, 0]


async def test_the_event_of_a_badge_carries_the_value_under_its_name() -> None:
    scene = await Scene.of(
        "metrics: {m: {when: thing.done, per: who}}\n"
        "badges: {b: {name: B, if: {m: 1+}, per: who}}\n"
        "rules: {r: {when: gamification.achievement_unlocked, where: {who: x}, pays: {besitos: 1}}}"
    )

    assert await scene.paid(done(who="x"), done(who="y")) == [1, 0]


async def test_out_of_its_window_a_badge_is_not_given_and_the_window_wakes_nothing() -> None:
    scene = await Scene.of(
        "metrics: {m: {when: thing.done}}\n"
        f"badges: {{b: {{name: B, from: {day(1):%Y-%m-%d}, if: {{m: 1+}}, pays: {{besitos: 1}}}}}}"
    )

    assert await scene.paid(done(day(0)), done(day(2))) == [0, 1]


async def test_a_badge_of_a_payout_is_given_as_if_earned() -> None:
    scene = await Scene.of(
        "rules: {r: {when: thing.done, pays: {badges: [b]}, limit: 1/ever}}\n"
        "badges: {b: {name: B, kind: special, pays: {besitos: 7}}}"
    )

    outcomes = await scene.do(done(), done())

    assert [given(outcome) for outcome in outcomes] == [["badge/b"], []]
    assert reasons(outcomes[1]) == [("rule/r", "limit.reached")]


async def test_what_gives_only_what_is_held_pays_nothing_and_counts_nothing() -> None:
    scene = await Scene.of(
        "rules: {a: {when: thing.done, pays: {flags: [f]}}, b: {when: thing.done, if: {flag: f}, "
        "pays: {besitos: 1, flags: [f]}}}"
    )

    assert await scene.paid(done(), done()) == [1, 1]


async def test_the_community_gets_no_more_than_its_limit_however_many_come_at_once() -> None:
    scene = await Scene.of(
        "metrics: {m: {when: thing.done}}\n"
        "badges: {b: {name: B, if: {m: 1+}, limit: 5/ever for all, pays: {besitos: 1}}}"
    )

    outcomes = await asyncio.gather(*(scene.engine.submit(done(member_id=member_id)) for member_id in ALL))

    assert sum(len(given(outcome)) for outcome in outcomes) == 5


async def test_an_operator_gives_and_revokes_and_it_is_not_earned_again() -> None:
    scene = await Scene.of("metrics: {m: {when: thing.done}}\nbadges: {b: {name: B, if: {m: 2+}, pays: {besitos: 5}}}")
    give = GiveBadge(key=new_key(), member_id=ANA, occurred_at=MONDAY, badge="b")
    again = GiveBadge(key=new_key(), member_id=ANA, occurred_at=MONDAY, badge="b")
    revoke = RevokeBadge(key=new_key(), member_id=ANA, occurred_at=MONDAY, badge="b", reason="por error")

    outcomes = await scene.do(give, again, revoke, done(), done())

    assert [outcome.reason for outcome in outcomes] == ["", "badge.already_held", "", "", ""]
    assert [given(outcome) for outcome in outcomes] == [["badge/b"], [], [], [], []]
    assert await held(scene) == {}


async def test_a_back_filled_badge_is_dated_as_it_would_have_been() -> None:
    scene = await Scene.of("metrics: {m: {when: thing.done}}\nbadges: {b: {name: B, if: {m: 2+}}}")
    order = BackFillBadge(key=new_key(), member_id=ANA, occurred_at=day(9), badge="b", earned_at=day(3))

    [outcome] = await scene.do(order)

    assert outcome.status is Status.ACCEPTED
    assert await held(scene) == {"b": 1}


async def test_a_badge_that_is_not_in_the_game_cannot_be_given() -> None:
    scene = await Scene.of("badges: {b: {name: B, kind: special}}")

    [outcome] = await scene.do(GiveBadge(key=new_key(), member_id=ANA, occurred_at=MONDAY, badge="nada"))

    assert outcome.reason == "payout.not_there"


async def test_who_may_have_a_badge_once_is_given_it_by_hand_once_whatever_the_value() -> None:
    scene = await Scene.of(
        "metrics: {m: {when: thing.done, per: who}}\nbadges: {b: {name: B, if: {m: 1+}, per: who, once: true}}"
    )

    outcomes = await scene.do(
        *(GiveBadge(key=new_key(), member_id=ANA, occurred_at=MONDAY, badge="b", value=value) for value in "xy"),
        RevokeBadge(key=new_key(), member_id=ANA, occurred_at=MONDAY, badge="b", value="z", reason="r"),
    )

    assert [outcome.reason for outcome in outcomes] == ["", "badge.already_held", ""]
    assert await held(scene) == {}


async def test_a_badge_that_is_kept_per_nothing_is_not_given_for_a_value() -> None:
    scene = await Scene.of("badges: {b: {name: B, kind: special}}")

    [outcome] = await scene.do(GiveBadge(key=new_key(), member_id=ANA, occurred_at=MONDAY, badge="b", value="x"))

    assert outcome.reason == "badge.no_values"
    assert await held(scene) == {}


async def test_a_badge_that_is_given_for_each_value_is_given_for_one() -> None:
    scene = await Scene.of(
        "metrics: {m: {when: thing.done, per: who}}\n"
        "badges: {b: {name: B, if: {m: 9+}, per: who}, una: {name: Una, if: {m: 9+}, per: who, once: true}}"
    )

    outcomes = await scene.do(
        *(GiveBadge(key=new_key(), member_id=ANA, occurred_at=MONDAY, badge=badge) for badge in ("b", "una"))
    )

    assert [outcome.reason for outcome in outcomes] == ["badge.needs_value", ""]
    assert await held(scene) == {"una": 1}


async def near(scene: Scene) -> dict[str, tuple[str, str, Fraction] | None]:
    """What is nearest of each badge: the fact, at which value, and which part of it is done."""
    seen = await scene.engine.look(ANA, lambda view: look_at(view, ANA, badges_in(scene.engine.game).values()))
    return {
        each.key: None if each.progress is None else (each.progress.unmet.fact, each.progress.value, each.progress.part)
        for each in seen
    }


async def test_progress_is_that_of_the_nearest_unmet_line() -> None:
    scene = await Scene.of(
        "metrics: {m: {when: thing.done}}\n"
        "badges: {a: {name: A, if: [{m: 8+}, {earned: 100+}, {badge: z}]}, b: {name: B, if: {m: 1+}}, "
        "c: {name: C, if: {m: ..0}, from: 2040-01-01}, z: {name: Z, kind: special}}"
    )

    await scene.do(done(), done())

    assert await near(scene) == {"a": ("m", "", Fraction(1, 4)), "b": None, "c": None, "z": None}


async def test_progress_of_a_badge_per_value_is_that_of_the_nearest_value_that_is_not_given_yet() -> None:
    scene = await Scene.of(
        "modules: {uno: {name: U, completed_if: {earned: 9+}}, dos: {name: D, completed_if: {earned: 9+}}}\n"
        "metrics: {m: {when: message.posted, per: module}}\n"
        "badges: {b: {name: B, if: {m: 4+}, per: module, kind: module_expert}}"
    )

    await scene.do(*(message(ANA, module=module) for module in ("uno", "dos", "dos", "dos")))
    first = await near(scene)
    await scene.do(message(ANA, module="dos"))

    assert first == {"b": ("m", "dos", Fraction(3, 4))}
    assert await near(scene) == {"b": ("m", "uno", Fraction(1, 4))}


async def test_equal_values_are_one_however_a_condition_writes_them() -> None:
    scene = await Scene.of(
        "metrics: {of_n: {when: thing.done, per: n}, of_b: {when: door.shut, per: b}}\n"
        "badges:\n"
        "  plain: {name: A, if: {of_n: 1+, at: 7}}\n"
        "  decimal: {name: B, if: {of_n: 1+, at: 7.0}}\n"
        "  quoted: {name: C, if: {of_n: 1+, at: '7.00'}}\n"
        "  shut: {name: D, if: {of_b: 1+, at: true}}\n"
        "  open: {name: E, if: {of_b: 1+, at: false}}\n"
        "missions: {seven: {name: S, type: special, goals: {of_n: 1+, at: 7.0}, pays: {besitos: 1}}}\n",
        kinds="door.shut: {attributes: {b: boolean}}",
    )

    await scene.do(happened(ANA, "door.shut", b=True), done(n=7), done(n=Decimal("7.0")))

    held = await scene.engine.look(ANA, lambda view: view.get(HOLDINGS.of(ANA)))
    assert set(held.badges) == {"plain", "decimal", "quoted", "shut"}
    assert set(held.missions) == {"seven"}


async def test_a_chain_of_badges_is_as_deep_as_its_rounds() -> None:
    chain = "".join(f", b{number}: {{name: B, if: {{badge: b{number - 1}}}}}" for number in range(2, 11))
    scene = await Scene.of(f"metrics: {{m: {{when: thing.done}}}}\nbadges: {{b1: {{name: B, if: {{m: 1+}}}}{chain}}}")

    [outcome] = await scene.do(done())

    assert sorted(await held(scene)) == [f"b{number}" for number in range(1, 9)]
    assert reasons(outcome) == [("rounds", "rounds.too_deep")]


async def test_a_badge_that_asks_at_one_value_is_not_read_for_another() -> None:
    scene = await Scene.of("metrics: {m: {when: thing.done, per: who}}\nbadges: {b: {name: B, if: {m: ..2, at: x}}}")

    await scene.do(done(who="y"))
    before = await held(scene)
    await scene.do(done(who="x"))

    assert (before, await held(scene)) == ({}, {"b": 1})


async def test_values_that_were_ready_before_a_badge_is_in_play_are_found_when_the_member_changes() -> None:
    scene = await Scene.of(
        "metrics: {m: {when: thing.done, per: who}}\n"
        "badges: {b: {name: B, per: who, from: 2026-11-25, if: [{m: 1+}, {balance: 1+}]}}"
    )

    await scene.do(done(who="x"), grant(ANA, 5, at=day(3)))

    assert await held(scene) == {"b": 1}


async def test_a_value_whose_period_comes_to_fit_is_found_when_the_member_changes() -> None:
    scene = await Scene.of(
        "metrics: {m: {when: thing.done, per: who}}\n"
        "badges: {b: {name: B, per: who, if: [{m: ..1, in: day}, {m: 1+}, {balance: 1+}]}}"
    )

    await scene.do(done(who="x"), done(who="x"), grant(ANA, 5, at=day(1)))

    assert await held(scene) == {"b": 1}
