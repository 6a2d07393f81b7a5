"""The shop: what pays for itself, through items, rules, boosts and other currencies."""

from tests.game.lint.looking import found_in, looked_at

SAVED = "  luna: {name: Luna, type: collectible, price: {besitos: 800}}\n"
GIFT = "daily_gift: {pays: {besitos: 1, gema: 1, perla: 1}}\n"
MONEY = "currencies: {gema: {name: Gema}, perla: {name: Perla}}\n" + GIFT


JOINED = "rules: {charla: {when: member.joined, pays: {besitos: 1}}}\n"
AUCTION = """\
auctions:
  una: {item: caja, start_price: {besitos: 5}, buy_now: {besitos: 50}, from: 2026-12-01, until: 2026-12-02}
"""


def shop(*items: str) -> str:
    return MONEY + "items:\n" + SAVED + "".join(f"  {item}\n" for item in items)


def test_what_an_item_gives_counts_as_what_using_that_yields() -> None:
    box = "caja: {name: Caja, type: power_up, price: {besitos: 30}, use: {pays: {items: {moneda: 3}}}}"

    assert found_in(shop(box, "moneda: {name: Moneda, type: power_up, use: {pays: {besitos: 11}}}")) == [
        ("cheaper_than_it_yields", "items.caja.price")
    ]
    assert found_in(shop(box, "moneda: {name: Moneda, type: power_up, use: {pays: {besitos: 10}}}")) == []


def test_the_price_of_either_type_is_looked_at() -> None:
    assert found_in(
        shop("caja: {name: Caja, type: power_up, price: {besitos: {free: 30, vip: 0}}, use: {pays: {besitos: 1}}}")
    ) == [("cheaper_than_it_yields", "items.caja.price")]


def test_a_boost_on_what_using_pays_may_make_it_pay_for_itself() -> None:
    item = shop("caja: {name: Caja, type: power_up, price: {besitos: 100}, use: {pays: {besitos: 60}}}")

    assert found_in(item + "boosts: {doble: {name: Doble, multiply: 2}}\n") == [
        ("cheaper_than_it_yields", "items.caja.price")
    ]
    assert found_in(item + "boosts: {doble: {name: Doble, multiply: 2, sources: charla}}\n" + JOINED) == []


def test_what_a_rule_pays_for_buying_counts_unless_it_has_a_limit() -> None:
    game = shop("caja: {name: Caja, type: collectible, price: {besitos: 5}}")
    rule = "rules: {gracias: {when: gamification.item_purchased, where: {item: %s}, pays: {besitos: 6}%s}}\n"

    assert found_in(game + rule % ("caja", "")) == [("cheaper_than_it_yields", "items.caja.price")]
    assert found_in(game + rule % ("luna", "")) == []
    assert found_in(game + rule % ("caja", ", limit: 1/day")) == []


def test_a_round_through_other_currencies_that_ends_with_more() -> None:
    there = "a: {name: A, type: power_up, price: {besitos: 10}, use: {pays: {gema: 5}}}"
    on = "b: {name: B, type: power_up, price: {gema: 5}, use: {pays: {perla: 1}}}"
    back = "c: {name: C, type: power_up, price: {perla: 1}, use: {pays: {besitos: %s}}}"

    assert found_in(shop(there, on, back % 11)) == [("cheaper_than_it_yields", "items.a.price")]
    assert found_in(shop(there, on, back % 10)) == []


def test_an_auction_that_ends_at_once_for_less_than_the_item_yields() -> None:
    assert found_in(shop("caja: {name: Caja, type: power_up, use: {pays: {besitos: 60}}}") + AUCTION) == [
        ("cheaper_than_it_yields", "auctions.una.buy_now")
    ]


def test_what_the_game_ever_pays_of_a_currency_bounds_its_prices() -> None:
    game = """\
currencies: {gema: {name: Gema%s}}
daily_gift: {pays: {besitos: 1}}
badges:
  una: {name: Una, if: {daily_gifts: 1+}, pays: {gema: 2}}
  dos: {name: Dos, if: {daily_gifts: 2+}, pays: {gema: {free: 1, vip: 3}}}
items:
  luna: {name: Luna, type: collectible, price: {besitos: 800}}
  rara: {name: Rara, type: collectible, price: {gema: %s}}
"""
    assert found_in(game % ("", 6)) == [("unaffordable", "items.rara.price.gema")]
    assert found_in(game % ("", 5)) == []
    assert found_in(game % (", giftable: true", 6)) == []


def test_a_price_in_what_nothing_pays_is_told_of_stories_too() -> None:
    game = """\
currencies: {gema: {name: Gema, giftable: true}}
stories: {casa: {name: La casa, begins: uno, levels: {1: {title: Uno}}}}
fragments:
  uno: {story: casa, level: 1, title: Uno, text: Uno, decisions: [{key: a, text: A, cost: {gema: 1}, next: dos}]}
  dos: {story: casa, level: 1, title: Dos, text: Dos, ending: true%s}
"""
    assert found_in(game % "") == [("unaffordable", "fragments.uno.decisions.0.cost.gema")]
    assert found_in(game % ", pays: {gema: 1}") == []


def test_a_thousand_items_in_items_are_looked_through_without_end_or_fall() -> None:
    chain = [f"i{n}: {{name: I, type: power_up, use: {{pays: {{items: {{i{n + 1}: 9}}}}}}}}" for n in range(1_500)]

    assert looked_at(shop(*chain, "i1500: {name: I, type: power_up}")) == []
