"""Money that makes itself: rounds of rules, items and levels, and what stops them."""

import pytest

from tests.game.lint.looking import found_in


def test_two_rules_that_hear_of_each_other_are_one_round_told_once() -> None:
    assert found_in("""\
rules:
  uno: {when: gamification.xp_earned, pays: {besitos: 1}}
  dos: {when: gamification.besitos_earned, pays: {xp: 1}}
""") == [("reward_loop", "rules.dos.pays")]


@pytest.mark.parametrize(
    "rule",
    [
        "{when: gamification.besitos_earned, pays: {besitos: 1}, limit: 1/hour}",
        "{when: gamification.besitos_earned, pays: {besitos: 1}, limit: 50 besitos/day}",
        "{when: gamification.besitos_earned, pays: {besitos: 1}, if: {earned: ..100}}",
        "{when: gamification.besitos_earned, pays: {besitos: 1, flags: [una_vez]}, if: {not: {flag: una_vez}}}",
        "{when: gamification.besitos_earned, where: {currency: gema}, pays: {besitos: 1}}",
        "{when: gamification.besitos_earned, pays: {besitos: -1}}",
        "{when: gamification.besitos_earned, pays: {besitos: 1}, paused: true}",
        "{when: gamification.achievement_unlocked, pays: {besitos: 1}}",
        "{when: gamification.besitos_expired, pays: {besitos: 1}}",
        "{when: admin.member_type_changed, where: {became: vip}, pays: {vip: 1d}}",
    ],
)
def test_what_bounds_a_payment_or_leaves_out_its_own_breaks_the_round(rule: str) -> None:
    badge = "badges: {una: {name: Una, if: {balance: 1+}}}"

    assert found_in(f"currencies: {{gema: {{name: Gema}}}}\n{badge}\nrules:\n  eco: {rule}\n") == []


@pytest.mark.parametrize(
    "rule",
    [
        "{when: gamification.besitos_earned, pays: {bonus: 1}, limit: 5 gema/day}",
        "{when: gamification.besitos_expired, pays: {bonus: 1}}",
        "{when: admin.member_type_changed, pays: {vip: 1d}}",
        "{when: gamification.besitos_earned, where: {source: [eco, charla]}, pays: {besitos: {free: 0, vip: 1}}}",
        "{when: gamification.besitos_earned, pays: {besitos: 1}, if: {balance: ..100}}",
    ],
)
def test_what_comes_back_to_itself_by_whatever_word_is_a_round(rule: str) -> None:
    found = found_in(f"currencies: {{gema: {{name: Gema}}}}\nrules:\n  eco: {rule}\n")

    assert found == [("reward_loop", "rules.eco.pays")]


@pytest.mark.parametrize(("then", "found"), [("cut", []), ("report", [("reward_loop", "rules.eco.pays")])])
def test_a_cap_breaks_a_round_where_it_holds_back(then: str, found: list[tuple[str, str]]) -> None:
    assert (
        found_in(f"""\
rules:
  eco: {{when: gamification.besitos_earned, pays: {{besitos: 1}}}}
caps:
  total: {{limit: 9 besitos/day, sources: all, then: {then}}}
""")
        == found
    )


def test_items_that_give_each_other_are_a_round_and_one_that_gives_another_is_none() -> None:
    items = """\
items:
  huevo: {name: Huevo, type: collectible, price: {besitos: {free: 500, vip: 600}}, use: {pays: {items: {gallina: 1}}}}
  gallina: {name: Gallina, type: collectible, use: {pays: {items: {%s: 1}}}}
  pollo: {name: Pollo, type: collectible}
"""
    assert found_in("daily_gift: {pays: {besitos: 1}}\n" + items % "huevo") == [("reward_loop", "items.gallina.use")]
    assert found_in("daily_gift: {pays: {besitos: 1}}\n" + items % "pollo") == []


def test_a_rule_that_gives_back_what_is_used_is_a_round() -> None:
    game = """\
boosts: {doble: {name: Doble, multiply: 2, lasts: 1h}}
items:
  pluma: {name: Pluma, type: power_up, use: {boost: doble}}
  rosa: {name: Rosa, type: power_up, use: {boost: doble}}
rules:
  otra: {when: gamification.boost_started, where: {boost: %s}, pays: {items: {pluma: 1}}}
"""
    assert found_in(game % "doble") == [("reward_loop", "items.pluma.use")]
    assert (
        found_in(
            game.replace("gamification.boost_started", "gamification.item_used").replace("boost: %s", "item: rosa")
        )
        == []
    )


@pytest.mark.parametrize(
    ("levels", "found"),
    [
        ("{curve: {linear: 10}, pays: {besitos: 10}}", [("reward_loop", "levels.pays")]),
        ("{curve: {linear: 10}, pays: {besitos: 9}}", []),
        (
            "{curve: {linear: 10}, pays: {besitos: 9}, steps: {5: {pays: {bonus: 1}}}}",
            [("reward_loop", "levels.steps.5.pays")],
        ),
        ("{curve: {linear: 10}, pays: {besitos: 9}, steps: {20: {pays: {bonus: 1}}}}", []),
        ("{curve: {linear: 10}, pays: {xp: 10}}", []),
        ("{curve: {exponential: {base: 100, growth: 1.5}}, pays: {besitos: 50}}", [("reward_loop", "levels.pays")]),
        ("{curve: {exponential: {base: 100, growth: 10}}, top: 1000, pays: {besitos: 50}}", []),
        (
            "{curve: {table: true}, steps: {2: {at: 10, pays: {besitos: 90}}, 3: {at: 100}}}",
            [("reward_loop", "levels.steps.2.pays")],
        ),
    ],
)
def test_a_level_that_pays_for_the_next_one(levels: str, found: list[tuple[str, str]]) -> None:
    assert found_in(f"levels: {levels}\n") == found


@pytest.mark.parametrize(
    "rule",
    [
        "{when: message.posted, pays: {xp: 1}}",
        "{when: message.posted, pays: {flags: [habla]}}",
        "{when: message.posted, pays: {besitos: -1}}",
        "{when: message.posted, if: {mensajes: 3..3}, pays: {besitos: 1}}",
        "{when: message.posted, pays: {besitos: 1}, limit: 1/ever per chat}",
        "{when: [daily.claim, member.joined, reaction.added], pays: {besitos: 1}}",
        "{when: gamification.mission_completed, pays: {besitos: 1}}",
    ],
)
def test_what_ends_or_is_no_money_needs_no_limit(rule: str) -> None:
    assert (
        found_in(f"""\
daily_gift: {{pays: {{xp: 1}}}}
missions: {{una: {{name: Una, type: special, goals: {{daily_gifts: 1+}}, pays: {{xp: 1}}}}}}
metrics: {{mensajes: {{when: message.posted}}}}
rules:
  charla: {rule}
""")
        == []
    )


@pytest.mark.parametrize(
    ("rule", "word"),
    [
        ("{when: replay.watched, pays: {besitos: 1 per minutes}}", "besitos"),
        ("{when: invite.accepted, pays: {xp: 5, bonus: 5}}", "bonus"),
        ("{when: message.posted, pays: {vip: 1h}}", "vip"),
        ("{when: message.posted, pays: {gema: 1, besitos: 1}, limit: 9 besitos/day}", "gema"),
        ("{when: gamification.gift_sent, pays: {besitos: 1}}", "besitos"),
        ("{when: message.posted, if: {level: ..3}, pays: {besitos: 1}, quarantine: 2d}", "besitos"),
    ],
)
def test_what_can_be_brought_about_at_will_needs_a_limit(rule: str, word: str) -> None:
    assert found_in(f"""\
currencies: {{gema: {{name: Gema}}}}
levels: {{curve: {{linear: 10}}}}
activities: {{invite.accepted: {{}}}}
rules:
  charla: {rule}
""") == [("mints_without_limit", f"rules.charla.pays.{word}")]


def test_gifts_with_limits_are_not_at_will() -> None:
    assert (
        found_in("""\
gifts: {sent: 3/day}
rules:
  generoso: {when: gamification.gift_sent, pays: {besitos: 1}}
""")
        == []
    )


def test_trivia_that_pays_money_without_end() -> None:
    game = """\
trivia: {right: {easy: {xp: 1}, medium: {besitos: 1}, hard: {besitos: 5}}%s}
questions: {una: {category: casa, difficulty: easy, text: T, options: {a: A, b: B}, right: a}}
"""
    assert found_in(game % "") == [("mints_without_limit", "trivia.right.medium.besitos")]
    assert found_in(game % ", limit: 5/day") == []
    assert found_in(game % "" + "caps: {trivia: {limit: 60 besitos/day, sources: trivia}}\n") == []
