"""/ranking in the bot: the boards, the member's own place, and not being seen."""

import pytest

from tests.bot.stage import GAME, labels, lines, stage
from tests.world import grant

RANKED = (
    GAME
    + """
levels: {curve: {linear: 100}, top: 3, steps: {2: {name: {es: Plata, en: Silver}}}}
grades: {rookie: {name: Rookie, min_xp: 0}}
leaderboards:
  ganado: {name: {es: Lo ganado, en: Earned}, by: earned, shows: 2}
  del_mes: {name: {es: El mes, en: The month}, by: xp, every: month, order: 1}
"""
)


async def test_the_first_places_and_the_members_own(sqlite_url: str) -> None:
    async with stage(sqlite_url, RANKED) as scene:
        ana, bea, carla = (scene.playground.person(name) for name in ("Ana", "Bea", "Carla"))
        for person, amount in ((ana, 90), (bea, 50), (carla, 20)):
            await scene.ask(person, "/start")
            await scene.do(grant(await scene.member(person), amount))

        shown = await scene.ask(carla, "/ranking")

        assert lines(shown) == [
            "🏆 Lo ganado",
            "De siempre",
            "",
            "🥇 Ana · 90",
            "🥈 Bea · 50",
            "",
            "Vas en el puesto 3 de 3.",
        ]
        assert labels(shown) == ["🔎 Mi puesto", "🙈 Ocultarme", "El mes"]
        _, around = await scene.press(carla, shown, "🔎 Mi puesto")
        assert "🥉 Carla · 20" in lines(around)


async def test_who_hides_is_no_longer_seen_and_knows_it(sqlite_url: str) -> None:
    async with stage(sqlite_url, RANKED) as scene:
        ana, bea = scene.playground.person("Ana"), scene.playground.person("Bea", language_code="en")
        for person, amount in ((ana, 90), (bea, 50)):
            await scene.ask(person, "/start")
            await scene.do(grant(await scene.member(person), amount))

        toast, own = await scene.press(ana, await scene.ask(ana, "/top"), "🙈 Ocultarme")
        seen = await scene.ask(bea, "/ranking")

        assert toast.text == "Ya nadie más te ve en los rankings; tu puesto sigue siendo tuyo."
        assert "🥇 Ana · 90" in lines(own)
        assert lines(seen)[3:] == ["🥈 Bea · 50", "", "You are number 2 of 2."]
        _, back = await scene.press(ana, own, "👀 Mostrarme")
        assert "🙈 Ocultarme" in labels(back)


async def test_a_board_of_another_period_where_nobody_is_yet(sqlite_url: str) -> None:
    async with stage(sqlite_url, RANKED) as scene:
        ana = scene.playground.person("Ana")

        _, month = await scene.press(ana, await scene.ask(ana, "/ranking"), "El mes")

        assert lines(month) == [
            "🏆 El mes",
            "Este mes",
            "⌛ Termina en 7 días, 1 dic 2026, 00:00 UTC",
            "",
            "Todavía no hay nadie: puedes ser la primera persona.",
        ]


PRIZED = """
game: {name: Plaza, zone: America/Mexico_City}
badges: {reina: {name: {es: Reina, en: Queen}, kind: special}, hito: {name: Hito, kind: milestone, if: {earned: 9999+}}}
leaderboards:
  del_mes:
    name: {es: El mes, en: The month}
    by: xp
    every: month
    prizes:
      4..10: {besitos: 10}
      1: {besitos: 100, badges: [reina]}
      2..3: {besitos: {free: 50, vip: 75}}
      11: {badges: [hito]}
      12: {besitos: 1}
  hecha: {name: Hecha, by: xp, every: season, from: 2026-11-01, until: 2026-11-19, order: 1}
"""


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "es",
            [
                "Este mes",
                "⌛ Termina en 7 días, 1 dic 2026, 00:00 CST",
                "🎁 🥇 · 100 besitos y «Reina»",
                "🎁 🥈 a 🥉 · 50 besitos",
                "🎁 4. a 10. · 10 besitos",
                "… y 1 premio más.",
                "",
            ],
        ),
        (
            "en",
            [
                "This month",
                "⌛ It ends in 7 days, 1 Dec 2026, 00:00 CST",
                "🎁 🥇 · 100 besitos and “Queen”",
                "🎁 🥈 to 🥉 · 50 besitos",
                "🎁 4. to 10. · 10 besitos",
                "… and 1 more prize.",
                "",
            ],
        ),
    ],
)
async def test_what_the_first_win_and_until_when_are_said(sqlite_url: str, language: str, said: list[str]) -> None:
    async with stage(sqlite_url, PRIZED) as scene:
        ana = scene.playground.person("Ana", language_code=language)

        assert lines(await scene.ask(ana, "/ranking"))[1:-1] == said


async def test_of_a_season_that_is_over_is_said_since_when(sqlite_url: str) -> None:
    async with stage(sqlite_url, PRIZED) as scene:
        ana = scene.playground.person("Ana")

        _, season = await scene.press(ana, await scene.ask(ana, "/ranking"), "Hecha")

        assert lines(season)[1:3] == ["Esta temporada", "⌛ Terminó hace 5 días"]


async def test_a_game_without_boards_says_so(sqlite_url: str) -> None:
    async with stage(sqlite_url) as scene:
        ana = scene.playground.person("Ana")

        assert lines(await scene.ask(ana, "/ranking")) == ["Por ahora no hay ningún ranking."]


async def test_start_says_the_level_with_what_is_missing_and_the_grade(sqlite_url: str) -> None:
    async with stage(sqlite_url, RANKED) as scene:
        ana = scene.playground.person("Ana")
        await scene.ask(ana, "/start")
        await scene.do(grant(await scene.member(ana), 130))

        told = lines(await scene.ask(ana, "/start"))

        assert "⬆️ Nivel 2, «Plata»: te faltan 70 besitos para el 3." in told
        assert "🎓 Tu grado: Rookie" in told


async def test_a_board_may_be_called_like_a_tag(sqlite_url: str) -> None:
    game = GAME + 'leaderboards: {a: {name: Uno, by: xp}, b: {name: "<&>", by: earned, order: 1}}\n'
    async with stage(sqlite_url, game) as scene:
        shown = await scene.ask(scene.playground.person("Ana"), "/ranking")

        assert "<&>" in labels(shown)
