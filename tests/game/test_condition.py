"""Conditions: what is read of them, and what may stand in one."""

from datetime import timedelta

import pytest
from pydantic import TypeAdapter

from besitos.game.condition import If, Line, facts_of
from besitos.game.units import Range
from besitos.mechanics.reward.model import Reward
from tests.game.games import codes_of, load

IF: TypeAdapter[tuple[Line, ...]] = TypeAdapter(If)

HEAD = """\
game: {name: Prueba}
metrics:
  mensajes: {when: message.posted}
  por_modulo: {when: message.posted, per: module}
  por_chat: {when: message.posted, per: chat}
modules: {uno: {name: Uno}}
streaks: {visita: {name: Visita, when: daily.claim}}
badges: {amiga: {name: Amiga, kind: special}}
items: {llave: {name: Llave, type: narrative_key}}
grades: {oro: {name: Oro, min_xp: 100}}
currencies: {gema: {name: Gemas}}
"""


def reward(condition: str) -> str:
    return f"{HEAD}rewards: {{r: {{name: R, pays: {{besitos: 1, flags: [confianza]}}, if: {condition}}}}}\n"


def test_a_line_alone_is_a_list_of_one() -> None:
    assert IF.validate_python({"level": "3+"}) == IF.validate_python([{"level": "3+"}])


def test_a_fact_says_which_metric_or_what_is_held() -> None:
    level, badge, flag, vip = IF.validate_python(
        [{"level": "3+"}, {"badge": "amiga"}, {"flag": "confianza"}, {"member": "vip"}]
    )

    assert level.metric == ("level", Range.read("3+"))
    assert level.possession is None
    assert badge.metric is None
    assert badge.possession == ("badge", "amiga")
    assert flag.possession == ("flag", "confianza")
    assert vip.possession == ("member", "vip")


def test_a_period_is_of_the_calendar_or_rolls() -> None:
    today, week = IF.validate_python([{"xp": "3+", "in": "day"}, {"xp": "3+", "in": "7d"}])

    assert today.within is not None
    assert (today.within.period, today.within.window) == ("day", None)
    assert week.within is not None
    assert (week.within.period, week.within.window) == (None, timedelta(days=7))


def test_facts_come_with_the_path_under_which_they_stand() -> None:
    lines = IF.validate_python(
        [{"level": "3+"}, {"not": {"badge": "b"}}, {"any": [{"flag": "f"}, {"not": {"item": "i"}}]}]
    )

    found = [(".".join(path), fact.metric or fact.possession) for path, fact in facts_of(lines, "if")]

    assert found == [
        ("if.0", ("level", Range.read("3+"))),
        ("if.1.not", ("badge", "b")),
        ("if.2.any.0", ("flag", "f")),
        ("if.2.any.1.not", ("item", "i")),
    ]


def test_a_value_is_kept_as_it_was_written() -> None:
    game = load(reward("{por_chat: 3+, at: -1001}"))
    made = game.all("reward")["r"]

    assert isinstance(made, Reward)
    assert made.requires[0].at == "-1001"


@pytest.mark.parametrize(
    "condition",
    [
        "{level: 3+}",
        "[{level: 3+}, {not: {badge: amiga}}, {any: [{streak: 7+}, {earned: 500+, of: gema, in: month}]}]",
        "[{any: [{item: llave, quantity: 2..3}, {flag: confianza}]}, {any: [{grade: oro}, {member: vip}]}]",
        "[{mensajes: 3+}, {mensajes: 3+, in: day}, {mensajes: 3+, in: 7d}, {por_modulo: 20+, at: uno}]",
        "[{member_for: 30d+}, {member_for: 1w..90d}, {balance: -5..5}, {best_streak: 3+, of: visita}]",
        "[{spent: 1+}, {badges: 3+}, {badge: amiga}]",
    ],
)
def test_what_the_language_allows_is_in_order(condition: str) -> None:
    assert codes_of(reward(condition)) == []


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("[{level: 3+}, {level: 3+}]", "list.twice"),
        ("[{mensajes: 3+, in: 7d}, {mensajes: 3+, in: 1w}]", "list.twice"),
        ("[{level: 3}]", "range.bare"),
        ("[]", "list.too_short"),
        ("{any: [{level: 3+}]}", "list.too_short"),
        ("{any: [{level: 3+}, {any: [{level: 2+}, {level: 3+}]}]}", "condition.nested"),
        ("{not: {not: {level: 3+}}}", "condition.nested"),
        ("{not: {}}", "condition.nothing"),
        ("{level: 3+, any: [{xp: 3+}, {xp: 4+}]}", "condition.several"),
        ("{within: 3+}", "condition.unknown"),
        ("{member_for: 30+}", "metric.needs_duration"),
        ("{earned: 3d+}", "metric.no_duration"),
        ("{level: 3+, in: day}", "metric.of_now"),
        ("{por_modulo: 3+}", "metric.kept_per"),
        ("{por_modulo: 3+, at: dos}", "unknown.module"),
        ("{in: ever, xp: 3+}", "within.wrong"),
        ("{flag: confiansa}", "flag.never_set"),
    ],
)
def test_what_nobody_could_read_is_told(condition: str, code: str) -> None:
    assert codes_of(reward(condition)) == [code]


@pytest.mark.parametrize(
    ("definition", "codes"),
    [
        ("rules: {a: {when: message.posted, if: {por_modulo: 3+}, pays: {xp: 1}}}", []),
        ("rules: {a: {when: [message.posted, daily.claim], if: {por_modulo: 3+}, pays: {xp: 1}}}", ["metric.kept_per"]),
        ("badges: {b: {name: B, per: module, if: [{por_modulo: 3+}, {level: 2+}]}}", []),
        ("badges: {b: {name: B, per: chat, if: [{por_chat: 3+}, {por_modulo: 3+}]}}", ["metric.kept_per"]),
        ("boosts: {b: {name: B, multiply: 2, if: {por_modulo: 3+}}}", ["metric.kept_per"]),
        ("modules: {m: {name: M, completed_if: {por_modulo: 3+, at: m}}}", []),
        ("leaderboards: {l: {name: L, by: por_modulo, at: 7}}", ["unknown.module"]),
        ("leaderboards: {l: {name: L, by: por_chat, at: 7}}", []),
    ],
)
def test_a_metric_kept_per_an_attribute_is_read_where_the_attribute_is_known(definition: str, codes: list[str]) -> None:
    metrics = HEAD[HEAD.index("metrics:") : HEAD.index("modules:")]

    assert codes_of(f"game: {{name: Prueba}}\n{metrics}{definition}\n") == codes


def test_a_game_that_cannot_be_read_whole_accuses_nobody_of_names_that_may_stand_there() -> None:
    broken = reward("[{flag: otra}, {badge: otra}, {otra: 3+}, {streak: 3+, of: otra}]") + "cosas: [\n"

    assert codes_of(broken) == ["yaml.no_value"]
