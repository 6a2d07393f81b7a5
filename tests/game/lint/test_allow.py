"""What `allow` accepts, where it stands, and what is wrong with it when there is nothing to accept."""

import pytest

from besitos.game.lint import lint
from besitos.game.reader import examine
from besitos.surfaces.texts import Texts
from tests.game.games import EXAMPLES, SECTIONS
from tests.game.lint.looking import NOW, found_in, looked_at

RULE = "rules: {charla: {when: message.posted, pays: {besitos: 1}, %s}}\n"


def test_a_code_that_is_none_is_told_with_the_one_that_was_meant() -> None:
    (finding, other) = looked_at(RULE % "allow: {mint_without_limit: a propósito}")

    assert (finding.code, finding.path) == ("mints_without_limit", "rules.charla.pays.besitos")
    assert (other.code, other.path) == ("allow_unknown", "rules.charla.allow.mint_without_limit")
    assert "¿quizá `mints_without_limit`?" in Texts("es").problem(other)


def test_what_was_accepted_and_is_gone_is_told_at_its_word() -> None:
    (finding,) = looked_at(RULE % "limit: 1/day, allow: {mints_without_limit: a propósito}")

    assert (finding.code, str(finding.place)) == ("allow_idle", "juego.yaml:2:82")


def test_an_acceptance_holds_for_its_own_definition_and_code_only() -> None:
    game = """\
rules:
  uno: {when: message.posted, pays: {besitos: 1}, allow: {mints_without_limit: a propósito}}
  dos: {when: message.posted, pays: {besitos: 1}}
"""
    assert found_in(game) == [("mints_without_limit", "rules.dos.pays.besitos")]


def test_settings_accept_too() -> None:
    levels = "levels: {curve: {linear: 10}, pays: {besitos: 10}, allow: {reward_loop: un solo salto}}\n"

    assert found_in(levels) == []


def test_a_template_may_accept_what_only_some_of_its_experiences_bring_about() -> None:
    assert (
        found_in("""\
game: {name: La casa, languages: [es, en]}
templates:
  reto:
    name: Reto
    fields: {titulo: {type: text}}
    makes: {badges: {"{key}_insignia": {name: "{titulo}", if: {xp: 1+}, allow: {missing_translation: basta uno}}}}
experiences:
  verano: {template: reto, status: active, with: {titulo: {es: Verano}}}
  otono: {template: reto, status: active, with: {titulo: {es: Otoño, en: Autumn}}}
""")
        == []
    )


def test_of_a_game_that_is_not_in_order_lint_says_nothing() -> None:
    assert lint(examine(EXAMPLES / "no_such_game.yaml", SECTIONS), NOW) == []


@pytest.mark.parametrize("game", ["diana", "academia", "primero.yaml"])
def test_the_sample_games_have_nothing_to_find(game: str) -> None:
    texts = Texts("en")

    assert [texts.problem(finding) for finding in lint(examine(EXAMPLES / game, SECTIONS), NOW)] == []


def test_beyond_a_thousand_findings_are_counted() -> None:
    rules = "".join(f"  r{number}: {{when: message.posted, pays: {{besitos: 1}}}}\n" for number in range(1_002))

    found = looked_at(f"rules:\n{rules}")

    assert len(found) == 1_001
    assert (found[-1].code, found[-1].values) == ("game.more_problems", {"count": 2})
