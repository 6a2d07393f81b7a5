"""Sources and limits: what waits in vain, what a cap can come to, and where members queue."""

import pytest

from tests.game.lint.looking import found_in


@pytest.mark.parametrize(
    "kind",
    [
        "gamification.trivia_answered", "gamification.streak_extended", "gamification.item_used", "daily.claim",
        "gamification.auction_won", "narrative.fragment_completed", "mission.take", "admin.subscription_started",
    ],
)  # fmt: skip
def test_what_waits_for_a_section_that_is_not_written_waits_in_vain(kind: str) -> None:
    assert found_in(f"metrics: {{cuenta: {{when: {kind}}}}}\n") == [("dead_source", "metrics.cuenta.when")]
    assert found_in(f"metrics: {{cuenta: {{when: [{kind}, member.visited]}}}}\n") == []


@pytest.mark.parametrize(
    "kind",
    [
        "gamification.gift_sent", "gamification.reaction_added", "gamification.besitos_earned", "admin.game_applied",
        "member.joined", "gamification.transfer_reversed",
    ],
)  # fmt: skip
def test_what_happens_in_every_game_is_not_waited_for_in_vain(kind: str) -> None:
    assert found_in(f"metrics: {{cuenta: {{when: {kind}}}}}\n") == []


def test_a_boost_over_a_source_that_pays_none_of_its_currency_does_nothing() -> None:
    game = """\
rules: {{charla: {{when: message.posted, pays: {{besitos: 1}}, limit: 1/ever per chat}}}}
boosts: {{doble: {{name: Doble, multiply: 2, sources: [charla], currency: {}}}}}
"""
    assert found_in(game.format("xp")) == [("dead_source", "boosts.doble.sources.0")]
    assert found_in(game.format("besitos")) == []


@pytest.mark.parametrize(
    ("limits", "cap", "binds"),
    [
        ("20/day", "140 besitos/week", False),
        ("20/day", "139 besitos/week", True),
        ("20/day", "59 besitos/24h", True),
        ("20/day", "60 besitos/24h", False),
        ("[1/2m, 20/day]", "20/day", False),
        ("1/2m", "720/day", True),
        ("1/2m", "750/day", False),
        ("20/day", "1000000 besitos/ever", True),
        ("3/ever", "3 besitos/day", False),
        ("1/day per chat", "100 besitos/day", True),
        ("8 besitos/day", "8 besitos/day", False),
        ("8 besitos/day", "8/day", True),
        ("1/week", "6 besitos/month", False),
        ("2/week", "11 besitos/month", True),
    ],
)
def test_what_a_rule_can_pay_in_a_period_is_reckoned_at_its_most(limits: str, cap: str, binds: bool) -> None:
    found = found_in(f"""\
rules: {{charla: {{when: message.posted, pays: {{besitos: 1}}, limit: {limits}}}}}
caps: {{charla: {{limit: {cap}, sources: charla}}}}
""")

    assert (found == []) == binds


def test_sources_add_up_and_boosts_multiply() -> None:
    game = """\
daily_gift: {{pays: {{besitos: {{free: 5, vip: 10}}}}, day: game}}
rules: {{charla: {{when: message.posted, pays: {{besitos: 1, bonus: 1}}, limit: 10/day}}}}
caps: {{dia: {{limit: {} besitos/day, sources: [charla, daily_gift]}}}}
{}
"""
    assert found_in(game.format(30, "")) == [("cap_never_binds", "caps.dia.limit")]
    assert found_in(game.format(29, "")) == []
    assert found_in(game.format(30, "boosts: {doble: {name: Doble, multiply: 2, sources: [charla]}}")) == []


def test_each_limit_of_a_cap_is_looked_at_by_itself() -> None:
    assert found_in("""\
rules: {charla: {when: message.posted, pays: {besitos: 1}, limit: 20/day}}
caps: {charla: {limit: [15 besitos/day, 200 besitos/week], sources: charla}}
""") == [("cap_never_binds", "caps.charla.limit.1")]


def test_a_source_without_bound_needs_its_cap() -> None:
    assert (
        found_in("""\
reactions: {beso: {emoji: 💋, pays: {besitos: 1}}}
missions: {hoy: {name: Hoy, type: daily, repeats: daily, goals: {reactions: 1+}, pays: {besitos: 5}}}
caps: {total: {limit: 100000 besitos/day, sources: all}}
""")
        == []
    )


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("when: message.posted, limit: 3/day for all", ["shared_limit_hot"]),
        ("when: reaction.added, limit: 3/day per post for all", []),
        ("when: reply.posted, limit: [1/day, 3/day for all]", []),
        ("when: message.posted, limit: [90 besitos/day, 3/day per chat for all]", ["shared_limit_hot"]),
        ("when: member.joined, limit: 100/ever for all", []),
    ],
)
def test_a_limit_for_all_is_hot_where_members_come_to_it_again_and_again(rule: str, found: list[str]) -> None:
    game = f"rules: {{primeros: {{{rule}, pays: {{besitos: 1}}}}}}\n"

    assert [code for code, _ in found_in(game)] == found
