"""Reactions: one per member and post whatever the key, paid once, and counted."""

import asyncio
from datetime import datetime, timedelta

import msgspec
import pytest

from besitos.core.account import purse
from besitos.core.activity import Activity
from besitos.core.event import ReactionAdded
from besitos.mechanics.reaction.model import AddReaction, Reacted, to
from besitos.store.database import open_store
from besitos.store.once import counted_below
from besitos.store.protocol import Database, Store
from tests.books import assert_books_balance
from tests.mechanics.scene import Scene, reasons
from tests.world import ALL, ANA, BEA, MONDAY, day, engine, grant, new_key, people

REACTIONS = """
game: {name: Prueba, zone: America/Mexico_City}
reactions:
  rosa: {emoji: 🌹, pays: {besitos: {free: 1, vip: 5}}}
  fuego: {emoji: 🔥}
  luna: {emoji: 🌙, pays: {besitos: 9}, if: {balance: 10+}}
  nueva: {emoji: ✨, pays: {besitos: 1}, from: 2026-11-25}
  segunda_rosa: {emoji: 🌹, pays: {besitos: 70}}
"""
GAME = REACTIONS.replace("game: {name: Prueba, zone: America/Mexico_City}\n", "")


def react(
    post: str | None = "p1",
    reaction: str | None = "rosa",
    *,
    member_id: int = ANA,
    at: datetime = MONDAY,
    emoji: str | None = None,
) -> AddReaction:
    return AddReaction(key=new_key(), member_id=member_id, occurred_at=at, post=post, reaction=reaction, emoji=emoji)


async def counts(store: Database, post: str) -> dict[str, int]:
    found = await counted_below(store, to(post))
    return {msgspec.json.decode(body, type=Reacted).emoji: number for body, number in found}


async def test_a_reaction_pays_once_for_each_post() -> None:
    scene = await Scene.of(GAME)

    assert await scene.paid(react("p1"), react("p1"), react("p2"), react("p1", "fuego")) == [1, 0, 1, 0]


async def test_the_second_one_is_refused_and_changes_nothing() -> None:
    scene = await Scene.of(
        GAME
        + """
metrics: {posts: {when: reaction.added}}
rules: {first: {when: reaction.added, if: {posts: ..1}, pays: {xp: 1}}}
badges: {one: {name: Una, if: {reactions: 2+}, pays: {xp: 100}}}
"""
    )

    first, second = await scene.do(react(), react(reaction="fuego"))

    assert (second.reason, second.details) == ("reaction.already_added", {"post": "p1"})
    assert (first.paid_to(purse(ANA, "xp")), second.paid) == (1, ())
    assert await scene.paid(react("p2"), currency="xp") == [100]


async def test_it_is_booked_under_its_key_before_any_rule() -> None:
    scene = await Scene.of(GAME + "rules: {a_rule: {when: reaction.added, pays: {besitos: 2}}}")

    [outcome] = await scene.do(react())
    exported = await scene.engine.store.export()

    assert [(paid.definition, paid.amount) for paid in outcome.paid] == [("reaction/rosa", 1), ("rule/a_rule", 2)]
    assert next((row.type, row.counter) for row in exported.transactions) == ("EARN_REACTION", "source:reaction")
    [event] = [each for each in exported.events if each.type == "gamification.reaction_added"]
    told = msgspec.json.decode(event.body, type=ReactionAdded)
    assert told == ReactionAdded(member_id=ANA, post="p1", reaction="rosa", emoji="🌹")


async def test_one_that_pays_nothing_is_taken_and_told() -> None:
    scene = await Scene.of(GAME + "rules: {told: {when: gamification.reaction_added, pays: {xp: 1}}}")

    [outcome] = await scene.do(react(reaction="fuego"))

    assert [(paid.definition, paid.account) for paid in outcome.paid] == [("rule/told", "xp")]


async def test_an_emoji_alone_names_the_first_reaction_that_has_it() -> None:
    scene = await Scene.of(GAME)

    assert await scene.paid(react(reaction=None, emoji="🌹"), react("p2", "segunda_rosa")) == [1, 70]


@pytest.mark.parametrize(
    ("reacting", "reason", "said"),
    [
        (react(reaction="ros"), "reaction.unknown", {"reaction": "ros", "nearest": "rosa"}),
        (react(reaction=None, emoji="🥶"), "reaction.unknown", {"reaction": "🥶"}),
        (react(reaction=None), "reaction.unknown", {"reaction": ""}),
        (react(reaction="nueva"), "reaction.not_in_play", {"reaction": "nueva"}),
    ],
)
async def test_what_the_game_does_not_have_in_play_is_refused(
    reacting: Activity, reason: str, said: dict[str, str]
) -> None:
    scene = await Scene.of(GAME)

    refused, paid = await scene.do(reacting, react())

    assert (refused.reason, refused.details) == (reason, said)
    assert paid.paid_to(purse(ANA)) == 1  # the post is still free


async def test_who_does_not_meet_its_conditions_is_told_what_is_missing() -> None:
    scene = await Scene.of(GAME)

    refused, _, taken = await scene.do(react(reaction="luna"), grant(ANA, 10), react(reaction="luna"))

    assert refused.reason == "condition.unmet"
    [unmet] = refused.details["unmet"]
    assert (unmet["fact"], unmet["have"], unmet["missing"]) == ("balance", 0, 10)
    assert taken.paid_to(purse(ANA)) == 9


async def test_what_must_be_had_is_named_in_the_refusal() -> None:
    """The name of a definition stood there as what the document holds, which no outcome can be written with."""
    scene = await Scene.of(
        "items: {llave: {name: Llave, type: collectible}}\nreactions: {rosa: {emoji: 🌹, if: {item: llave}}}"
    )

    [refused] = await scene.do(react())

    assert refused.reason == "condition.unmet"
    assert [(unmet["fact"], unmet["of"]) for unmet in refused.details["unmet"]] == [("item", "llave")]


async def test_all_emoji_together_are_held_by_a_cap_on_their_source() -> None:
    scene = await Scene.of(GAME + "caps: {few: {limit: 3/day, sources: reaction}}")

    paid = await scene.paid(*(react(f"p{number}") for number in range(4)), react("p9", at=day(1)))

    assert paid == [1, 1, 1, 0, 1]


async def test_a_game_that_designs_none_takes_any_once() -> None:
    scene = await Scene.of("rules: {hearts: {when: reaction.added, where: {emoji: 👍}, pays: {besitos: 1}}}")

    outcomes = await scene.do(
        react(reaction=None, emoji="👍"), react(reaction=None, emoji="👍"), react(None, None, emoji="👍")
    )

    assert [(outcome.reason, outcome.paid_to(purse(ANA))) for outcome in outcomes] == [
        ("", 1),
        ("reaction.already_added", 0),
        ("", 1),
    ]


async def test_a_reaction_that_came_late_is_one_all_the_same() -> None:
    scene = await Scene.of(GAME)

    assert await scene.paid(react(at=day(3)), react(at=day(1))) == [1, 0]


async def test_posts_are_told_apart_whatever_they_are_called(database: Database) -> None:
    running = engine(database, text=REACTIONS)
    posts = ["a", "a/b", "a%2Fb", "a/", "", "A", "ñ", "x" * 200, "x" * 199, "a0"]

    outcomes = [await running.submit(react(post, member_id=member)) for post in posts for member in (ANA, BEA)]

    assert all(outcome.accepted for outcome in outcomes)
    assert [await counts(database, post) for post in posts] == [{"🌹": 2}] * len(posts)


async def test_64_at_once_by_one_member_are_one(store: Store) -> None:
    running = engine(store, text=REACTIONS)

    outcomes = await asyncio.gather(*(running.submit(react()) for _ in range(64)))

    assert sorted(outcome.reason for outcome in outcomes) == [""] + ["reaction.already_added"] * 63
    exported = await store.export()
    assert len(exported.transactions) == 1
    assert_books_balance(exported)


async def test_64_at_once_over_several_processes_are_one(database_url: str) -> None:
    stores = [await open_store(database_url) for _ in range(4)]
    engines = [engine(each, text=REACTIONS) for each in stores]
    await people(stores[0])

    outcomes = await asyncio.gather(*(engines[number % 4].submit(react()) for number in range(64)))

    assert sorted(outcome.reason for outcome in outcomes) == [""] + ["reaction.already_added"] * 63
    assert await counts(stores[0], "p1") == {"🌹": 1}
    for each in stores:
        await each.close()


async def test_a_storm_on_one_post_is_counted_to_the_last_press(database_url: str) -> None:
    stores = [await open_store(database_url) for _ in range(2)]
    engines = [engine(each, text=REACTIONS) for each in stores]
    await people(stores[0])
    presses = [react("p1", "rosa" if member % 2 else "fuego", member_id=member) for member in ALL for _ in range(3)]

    outcomes = await asyncio.gather(*(engines[number % 2].submit(each) for number, each in enumerate(presses)))

    assert sum(outcome.accepted for outcome in outcomes) == len(ALL)
    assert await counts(stores[0], "p1") == {"🌹": 10, "🔥": 10}
    assert await counts(stores[0], "p2") == {}
    for each in stores:
        await each.close()


async def test_presses_on_one_post_wait_for_no_lock_but_their_members_own() -> None:
    scene = await Scene.of(GAME)
    presses = [react("p1", member_id=member, at=MONDAY + timedelta(seconds=member)) for member in ALL]

    needed = [key for press in presses for key in scene.engine.game.needs_of(press)]

    assert {type(key.slot).__name__ for key in needed if not isinstance(key, int)} == {"Once"}


async def test_the_payment_says_what_cut_it() -> None:
    scene = await Scene.of(GAME + "caps: {few: {limit: 1/day, sources: reaction}}")

    *_, outcome = await scene.do(react("p1"), react("p2"))

    assert reasons(outcome) == [("reaction/rosa", "cap.reached")]


async def test_the_same_press_delivered_again_gets_the_first_answer(store: Store) -> None:
    running, press = engine(store, text=REACTIONS), react(reaction=None, emoji="🌹")

    first, again = await running.submit(press), await running.submit(press)

    assert (first.accepted, first.replayed, again.accepted, again.replayed) == (True, False, True, True)
    told = [row for row in (await store.export()).activities if row.kind == "reaction.added"]
    assert [msgspec.json.decode(row.content) for row in told] == [{"emoji": "🌹", "post": "p1"}]
