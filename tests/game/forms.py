"""What the tests of templates share: sections of which parts are made, the example of the language, helpers."""

import json
from typing import Any

from besitos.game.document import Document
from besitos.game.problem import Problem
from besitos.game.reader import read_texts
from besitos.game.writing import maker_of
from besitos.mechanics.auction.model import AUCTION_HOUSE_SECTION, AUCTIONS_SECTION
from besitos.mechanics.badge.model import BADGES_SECTION
from besitos.mechanics.boost.model import BOOSTS_SECTION
from besitos.mechanics.cap.model import CAPS_SECTION
from besitos.mechanics.channel.model import CHANNELS_SECTION, POSTS_SECTION
from besitos.mechanics.metric.model import METRICS_SECTION
from besitos.mechanics.mission.model import MISSIONS_SECTION
from besitos.mechanics.reward.model import REWARDS_SECTION
from besitos.mechanics.rule.model import RULES_SECTION
from besitos.mechanics.shop.model import CONTENT_SECTION, ITEMS_SECTION
from besitos.mechanics.story.model import FRAGMENTS_SECTION, STORIES_SECTION
from besitos.mechanics.trivia.model import QUESTIONS_SECTION, TRIVIA_SECTION
from besitos.surfaces.texts import Texts

SECTIONS = (
    FRAGMENTS_SECTION,
    STORIES_SECTION,
    MISSIONS_SECTION,
    ITEMS_SECTION,
    BADGES_SECTION,
    POSTS_SECTION,
    CHANNELS_SECTION,
    REWARDS_SECTION,
    QUESTIONS_SECTION,
    TRIVIA_SECTION,
    CONTENT_SECTION,
    AUCTIONS_SECTION,
    AUCTION_HOUSE_SECTION,
    BOOSTS_SECTION,
    METRICS_SECTION,
    RULES_SECTION,
    CAPS_SECTION,
)

EXAMPLE = """\
templates:
  encuentro:
    name: Un encuentro
    fields:
      titulo: {type: text, min: 5, max: 50}
      premio: {type: number, min: 5, max: 200, default: 10}
      vip: {type: boolean, default: false}
      respuestas: {type: list, min: 2, max: 4, fields: {clave: {type: text}, texto: {type: text}}}
    checks:
      - {where: {vip: true}, require: {premio: 20+}, message: {es: Las experiencias VIP deben otorgar al menos 20 besitos}}
    makes:
      fragments:
        "{key}":
          title: "{titulo}"
          decisions: [{each: respuestas, key: "{each.clave}", text: "{each.texto}", next: "{key}_fin"}]
      missions:
        "{key}_mision": {only_when: {vip: true}, name: "{titulo}", type: narrative, goals: {fragment: "{key}_fin"}, pays: {besitos: "{premio}"}}
experiences:
  baile: {template: encuentro, status: active, with: {titulo: {es: El baile, en: The ball}, premio: 30, vip: true, respuestas: […]}}
"""  # noqa: E501 - as the language has it
"""The example of the language, word by word. It is a sketch: its list is cut short, and its fragment lacks a story."""

ANSWERS = "[{clave: bailar, texto: {es: Bailo, en: I dance}}, {clave: mirar, texto: Miro}]"
WHOLE = (
    "game: {name: Prueba, zone: America/Mexico_City}\n"
    "stories: {diana: {name: Diana, begins: baile, levels: {1: {title: Uno}}}}\n"
    + EXAMPLE.replace("[…]", ANSWERS)
    .replace(
        'title: "{titulo}"',
        'title: "{titulo}"\n          story: diana\n          level: 1\n          text: "Hay: {titulo}"',
    )
    .replace(
        "      missions:",
        '        "{key}_fin": {story: diana, level: 1, title: Fin, text: Fin, ending: true}\n      missions:',
    )
)
"""The example, with what it lacks."""

RULE = "when: message.posted, pays: {besitos: 1}"


def game(fields: str, makes: str, *experiences: str, more: str = "") -> str:
    """A game with one template `t`, and experiences `a`, `b`, … of it, each given as its settings.

    `RULE` in `makes` stands for the words of a rule that is in order.
    """
    lines = ["game: {name: Prueba}", "templates:", "  t:", "    name: T", f"    fields: {fields}"]
    lines += [f"    makes: {makes.replace('RULE', RULE)}", "experiences:" if experiences else ""]
    lines += [f"  {key}: {{template: t, {settings}}}" for key, settings in zip("abcde", experiences, strict=False)]
    return "\n".join([*lines, more])


def active(values: str = "{}") -> str:
    """The settings of an experience that is in play."""
    return f"status: active, with: {values}"


def reading(text: str) -> tuple[Document | None, list[Problem]]:
    """What comes of reading a game."""
    return read_texts({"juego.yaml": text.encode()}, SECTIONS)


def load(text: str) -> Document:
    """A game that must be in order."""
    document, problems = reading(text)
    assert document is not None, [Texts("en").problem(each) for each in problems]
    return document


def codes_of(text: str) -> list[str]:
    """The codes of what is wrong with a game."""
    return [problem.code for problem in reading(text)[1]]


def told(text: str, language: str = "en") -> list[str]:
    """What is wrong with a game, in words."""
    return [Texts(language).problem(problem) for problem in reading(text)[1]]


def made_by(document: Document, experience: str) -> dict[tuple[str, str], dict[str, Any]]:
    """What an experience makes: kind and key → stored body."""
    rows = document.rows.items()
    return {key: json.loads(row) for key, row in rows if maker_of(row) == experience}
