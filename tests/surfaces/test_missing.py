"""What is missing, as the table of the language says it, in both languages."""

from typing import Any

import msgspec
import pytest

from besitos.game.asking import Unmet
from besitos.game.condition import NUMBERS
from besitos.surfaces.texts import LANGUAGES, Texts
from besitos.surfaces.texts.missing import Missing, is_open, unmet_in
from tests.world import document

GAME = """
game: {name: Prueba, language: es}
currencies: {gemas: {name: {es: gemas, en: gems}}}
metrics:
  mensajes: {when: message.posted, name: {es: mensajes, en: messages}}
  horas: {when: live.watched, sum: minutes}
streaks: {semanal: {name: Semanal, when: message.posted, every: week}}
badges:
  amiga: {name: {es: Amiga, en: Friend}, kind: special}
  oculta: {name: Oculta, kind: special, secret: true}
  hito: {name: Hito, kind: milestone, if: {mensajes: 3+}}
rewards: {beso: {name: {es: Un beso, en: A kiss}, pays: {besitos: 1}}}
items: {llave: {name: {es: Llave, en: Key}, type: narrative_key}}
rules: {r: {when: message.posted, pays: {flags: [confianza]}}}
"""
GAME_OF = document(GAME)


def say(*unmet: Unmet, language: str = "es") -> list[str]:
    return Missing(Texts(language), GAME_OF).lines(unmet)


@pytest.mark.parametrize(
    ("unmet", "spanish", "english"),
    [
        (Unmet(0, "level", have=3, need="5+", missing=2), "te faltan 2 niveles", "2 levels to go"),
        (Unmet(0, "level", have=4, need="5+", missing=1), "te falta 1 nivel", "1 level to go"),
        (Unmet(0, "level", have=5, need="..3"), "solo hasta el nivel 3", "only up to level 3"),
        (Unmet(0, "mensajes", have=238, need="250+", missing=12), "te faltan 12 mensajes", "12 messages to go"),
        (
            Unmet(0, "mensajes", span="day", have=0, need="3+", missing=3),
            "te faltan 3 mensajes hoy",
            "3 messages to go today",
        ),
        (
            Unmet(0, "mensajes", span="7d", have=0, need="3000+", missing=3_000),
            "te faltan 3.000 mensajes en los últimos 7 días",
            "3,000 messages to go in the last 7 days",
        ),
        (
            Unmet(0, "mensajes", at="fundamentos", have=0, need="3+", missing=3),
            "te faltan 3 mensajes en «fundamentos»",
            "3 messages to go in “fundamentos”",
        ),
        (Unmet(0, "mensajes", have=9, need="..5"), "solo hasta 5 mensajes", "only up to 5 messages"),
        (Unmet(0, "mensajes", is_not=True, have=9, need="5+"), "ya tienes 9 mensajes", "you already have 9 messages"),
        (Unmet(0, "horas", have="0.5", need="2+", missing="1.5"), "te faltan 1,5 horas", "1.5 horas to go"),
        (
            Unmet(0, "member_for", have=26 * 86_400 + 5, need="30d+", missing=4 * 86_400 - 5),
            "podrás dentro de 4 días",
            "in 4 days",
        ),
        (Unmet(0, "streak", have=5, need="7+", missing=2), "te faltan 2 días seguidos", "2 more days in a row"),
        (
            Unmet(0, "streak", "semanal", have=6, need="7+", missing=1),
            "te falta 1 semana más",
            "1 more week in a row",
        ),
        (Unmet(0, "balance", "besitos", have=20, need="30+", missing=10), "te faltan 10 besitos", "10 besitos to go"),
        (Unmet(0, "earned", "gemas", have=0, need="3+", missing=3), "te falta ganar 3 gemas", "3 more gems to earn"),
        (Unmet(0, "xp", "xp", have=0, need="3+", missing=3), "te faltan 3 XP", "3 XP to go"),
        (Unmet(0, "purchases", have=0, need="1+", missing=1), "te falta 1 compra", "1 purchase to go"),
        (Unmet(0, "badge", "amiga", have=0), "te falta «Amiga»", "you need “Friend”"),
        (Unmet(0, "item", "llave", have=0), "te falta «Llave»", "you need “Key”"),
        (
            Unmet(0, "item", "llave", have=1, need="3+", missing=2),
            "te faltan 2 de «Llave»",
            "you need 2 more of “Key”",
        ),
        (Unmet(0, "member", "vip", have="free"), "es solo para VIP", "VIP only"),
        (
            Unmet(0, "member", "vip", is_not=True, have="vip"),
            "es solo para quien no es VIP",
            "only for those who are not VIP",
        ),
        (Unmet(0, "reward", "beso", is_not=True, have=1), "ya tienes «Un beso»", "you already have “A kiss”"),
    ],
)
def test_every_kind_of_fact_is_said_in_both_languages(unmet: Unmet, spanish: str, english: str) -> None:
    assert say(unmet) == [spanish]
    assert say(unmet, language="en") == [english]


def test_of_a_group_the_alternatives_stand_in_one_line() -> None:
    lines = (
        Unmet(0, "level", have=3, need="5+", missing=2),
        Unmet(1, "streak", have=5, need="7+", missing=2),
        Unmet(1, "item", "llave", have=0),
    )

    assert say(*lines) == ["te faltan 2 niveles", "una de estas cosas: te faltan 2 días seguidos o te falta «Llave»"]
    assert say(*lines, language="en")[1] == "one of these: 2 more days in a row or you need “Key”"


@pytest.mark.parametrize(
    "unmet",
    [
        Unmet(0, "badge", "oculta", have=0),
        Unmet(0, "badge", "hito", have=0),
        Unmet(0, "badge", "archivada", have=0),
        Unmet(0, "flag", "confianza", have=0),
    ],
)
def test_what_is_secret_is_never_named_to_members(unmet: Unmet) -> None:
    assert say(unmet) == ["algo que aún no conoces"]
    assert say(unmet, language="en") == ["something you do not know yet"]


def test_two_secrets_are_one_line() -> None:
    assert say(Unmet(0, "badge", "oculta"), Unmet(0, "badge", "hito")) == ["algo que aún no conoces"]


def test_operators_see_all_names() -> None:
    unmet = [Unmet(0, "badge", "oculta", have=0), Unmet(0, "flag", "confianza", have=0)]

    assert Missing(Texts("es"), GAME_OF, is_open).lines(unmet) == ["te falta «Oculta»", "te falta «confianza»"]


def test_lines_are_read_again_from_what_is_stored() -> None:
    unmet = [Unmet(1, "level", have=3, need="5+", missing=2)]
    stored: dict[str, Any] = {"unmet": msgspec.to_builtins(unmet)}

    assert unmet_in(stored) == unmet_in({"unmet": unmet}) == unmet
    assert unmet_in({}) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_that_all_games_have_has_words(language: str) -> None:
    for name in NUMBERS:
        [line] = say(Unmet(0, name, have=0, need="2d+" if name == "member_for" else "2+", missing=2), language=language)

        assert "missing." not in line
        assert "{" not in line
