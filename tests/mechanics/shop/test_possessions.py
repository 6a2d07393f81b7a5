"""Items and content: how they come to a member, and how operators give, take and open them."""

import pytest

from besitos.core.activity import Activity
from besitos.core.holding import HOLDINGS, Holdings
from besitos.mechanics.shop.model import GiveItem, OpenContent, TakeItem
from tests.mechanics.scene import Scene, done, reasons
from tests.world import ANA, MONDAY, new_key

GAME = """
items:
  llave: {name: Llave, type: narrative_key, content: [album]}
  rosa: {name: Rosa, type: collectible}
content:
  album: {name: Álbum, media: [{photo: "https://example.org/a.jpg"}]}
  carta: {name: Carta, media: [{photo: "https://example.org/b.jpg"}]}
rules:
  keys: {when: thing.done, where: {who: keys}, pays: {items: {llave: 2}}}
  letter: {when: thing.done, where: {who: letter}, pays: {content: [carta]}, limit: 1/day}
  roses: {when: thing.done, where: {who: roses}, if: {item: rosa, quantity: 3+}, pays: {besitos: 5}}
modules:
  reader: {name: Lectora, completed_if: [{content: carta}, {item: llave, quantity: 2+}], pays: {besitos: 7}}
"""


def give(item: str, count: int = 1) -> Activity:
    return GiveItem(key=new_key(), member_id=ANA, occurred_at=MONDAY, item=item, count=count, reason="premio")


def take(item: str, count: int = 1) -> Activity:
    return TakeItem(key=new_key(), member_id=ANA, occurred_at=MONDAY, item=item, count=count)


def open_for(content: str) -> Activity:
    return OpenContent(key=new_key(), member_id=ANA, occurred_at=MONDAY, opens=content)


async def holdings(scene: Scene) -> Holdings:
    return await scene.engine.look(ANA, lambda view: view.get(HOLDINGS.of(ANA)))


async def test_a_payout_puts_items_into_the_backpack_and_opens_what_owning_them_opens() -> None:
    scene = await Scene.of(GAME)

    await scene.do(done(who="keys"), done(who="keys"))

    held = await holdings(scene)
    assert (held.items, held.content) == ({"llave": 4}, {"album": 1})


async def test_content_is_opened_once_and_what_is_open_is_no_payment() -> None:
    scene = await Scene.of(GAME)
    await scene.do(open_for("carta"))

    outcomes = await scene.do(done(who="letter"), done(who="letter"), open_for("carta"))

    assert (await holdings(scene)).content == {"carta": 1}
    assert [reasons(outcome) for outcome in outcomes[:2]] == [[], []]  # the limit of one a day was not used up
    assert outcomes[2].reason == "content.already_open"


async def test_an_operator_gives_and_takes() -> None:
    scene = await Scene.of(GAME)

    outcomes = await scene.do(give("rosa", 3), take("rosa", 2), take("rosa", 2), take("rosa"))

    assert [outcome.reason for outcome in outcomes] == ["", "", "item.not_enough", ""]
    assert outcomes[2].details == {"item": "rosa", "have": 1, "need": 2}
    assert (await holdings(scene)).items == {}


async def test_content_stays_open_when_its_item_is_taken() -> None:
    scene = await Scene.of(GAME)

    await scene.do(give("llave"), take("llave"))

    assert (await holdings(scene)).content == {"album": 1}


async def test_what_is_gone_from_the_game_can_be_taken_and_not_given() -> None:
    scene = await Scene.of(GAME)
    await scene.do(give("rosa"))

    without = scene.under("items: {roca: {name: Roca, type: collectible}}")
    refused, taken = await without.do(give("rosa"), take("rosa"))

    assert (refused.reason, refused.details) == ("item.unknown", {"key": "rosa", "nearest": "roca"})
    assert taken.accepted


@pytest.mark.parametrize("count", [0, -1, 1_000_001])
async def test_a_number_that_makes_no_sense_is_refused_both_ways(count: int) -> None:
    scene = await Scene.of(GAME)

    outcomes = await scene.do(give("rosa", count), take("rosa", count))

    assert [outcome.reason for outcome in outcomes] == ["item.wrong_count"] * 2


async def test_what_asks_for_them_is_woken() -> None:
    scene = await Scene.of(GAME)

    assert await scene.paid(give("rosa", 3), done(who="roses"), take("rosa"), done(who="roses")) == [0, 5, 0, 0]
    assert await scene.paid(open_for("carta"), give("llave"), give("llave")) == [0, 0, 7]


async def test_content_that_is_not_there_is_refused_with_the_nearest_word() -> None:
    scene = await Scene.of(GAME)

    [outcome] = await scene.do(open_for("cartas"))

    assert (outcome.reason, outcome.details) == ("content.unknown", {"key": "cartas", "nearest": "carta"})
