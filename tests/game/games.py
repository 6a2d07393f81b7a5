"""What the tests of the document share: every section that exists, and games to read."""

from pathlib import Path

from besitos.game.document import Document
from besitos.game.problem import Problem
from besitos.game.reader import read_texts
from besitos.mechanics import SECTIONS
from besitos.surfaces.texts import Texts

__all__ = ["BROKEN", "EXAMPLES", "SECTIONS", "WHOLE", "codes_of", "load", "problems_of", "said_of"]

EXAMPLES = Path(__file__).parents[2] / "examples"
BROKEN = Path(__file__).parent / "broken"

WHOLE = """\
game: {name: {es: La casa, en: The house}, zone: America/Mexico_City, day_begins: 4, languages: [es, en]}
currencies:
  besitos: {bonus_expires: 2w, max_balance: 100000}
  gema: {name: Gemas, symbol: 💎, giftable: true}
activities:
  invite.accepted: {description: Alguien entró con tu enlace., attributes: {guest: text, score: number}}
  message.posted: {attributes: {topic: text}}
daily_gift: {pays: {besitos: {free: 10, vip: 20}, xp: 5, bonus: 3}, day: game, auto: true, note: desde marzo}
rules:
  charla:
    name: 007
    when: message.posted
    where: {length: 10+, topic: 007, weekday: [sat, sun], media: {not: true}}
    pays: {besitos: 1, xp: {free: 1, vip: 2}}
    limit: [1/2m, 20/day]
    from: 2026-12-01
    until: 2026-12-31 18:00
  en_vivo:
    when: [live.watched, replay.watched]
    where: {minutes: 0.50+}
    pays: {xp: 2 per 5 minutes}
    limit: 240 xp/day
  falta:
    when: invite.accepted
    where: {score: [-1, -2.50]}
    pays: {besitos: -5}
    limit: 1/ever per guest
    quarantine: 2d
  gracias: {when: reply.posted, pays: {gema: 1}, source: charla, limit: 3/day per chat for all, paused: true, order: -3}
caps:
  total: {limit: 300 besitos/day, sources: all, net: true, then: report, allow: {cap_never_binds: a propósito}}
  ratos: {limit: [5/24h, 50 xp/7d], sources: [charla, daily_gift]}
"""


def load(text: str) -> Document:
    """A game that must be in order."""
    document, problems = read_texts({"juego.yaml": text.encode()}, SECTIONS)
    assert document is not None, problems
    return document


def problems_of(text: str | bytes) -> list[Problem]:
    """What is wrong with a game."""
    data = text.encode() if isinstance(text, str) else text
    return read_texts({"juego.yaml": data}, SECTIONS)[1]


def codes_of(text: str | bytes) -> list[str]:
    """The codes of what is wrong with a game, in order of place."""
    return [problem.code for problem in problems_of(text)]


def said_of(text: str) -> list[str]:
    """What an operator reads in English of what is wrong with a game, without the file."""
    texts = Texts("en")
    return [texts.problem(problem).removeprefix("juego.yaml:") for problem in problems_of(text)]
