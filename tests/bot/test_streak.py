"""/racha: how a streak stands, and the buttons by which a member says that they will be away."""

import pytest

from tests.bot.stage import EVENING, hours, labels, lines, stage
from tests.world import happened

GAME = """
game: {name: {es: La plaza, en: The square}}
activities: {lesson.done: {}}
streaks: {diaria: {name: {es: Diaria, en: Daily}, when: lesson.done}}
"""


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "es",
            [
                *(
                    "Tu racha",
                    "",
                    "Diaria: 1 día",
                    "🔥",
                    "✅ Esta vez ya cuenta. La siguiente empieza en 5 h 13 min, 00:00 UTC.",
                ),
                "❄️ Protectores: 0 de 2.",
            ],
        ),
        (
            "en",
            [
                *(
                    "Your streak",
                    "",
                    "Daily: 1 day",
                    "🔥",
                    "✅ This one counts already. The next begins in 5 h 13 min, 00:00 UTC.",
                ),
                "❄️ Freezes: 0 of 2.",
            ],
        ),
    ],
)
async def test_a_streak_is_shown_in_both_languages(sqlite_url: str, language: str, said: list[str]) -> None:
    async with stage(sqlite_url, GAME) as scene:
        ana = scene.playground.person("Ana", language_code=language)
        await scene.do(happened(await scene.member(ana), "lesson.done", EVENING))

        answers = [await scene.ask(ana, name) for name in ("/racha", "/streak", "/rachas")]

    assert [lines(answer) for answer in answers] == [said, said, said]


async def test_a_member_pauses_from_tomorrow_on_and_takes_it_back(sqlite_url: str) -> None:
    async with stage(sqlite_url, GAME) as scene:
        ana = scene.playground.person("Ana")
        await scene.do(happened(await scene.member(ana), "lesson.done", EVENING))
        screen = await scene.ask(ana, "/racha")

        _, choices = await scene.press(ana, screen, "⏸ Pausar «Diaria»")
        paused, after = await scene.press(ana, choices, "⏸ 3 días")
        _, home = await scene.press(ana, after, "🔥 Mis rachas")
        _, choices = await scene.press(ana, home, "⏸ Pausar «Diaria»")
        undone, last = await scene.press(ana, choices, "✖️ Quitar la del 25 nov 2026")

    assert (paused.text, undone.text) == ("⏸ En pausa. ¡Hasta la vuelta!", "La pausa ya no está.")
    assert "⏸ En pausa del 25 nov 2026 al 27 nov 2026." in lines(home)
    assert labels(last) == ["⏸ Mañana", "⏸ 3 días", "⏸ 7 días", "⏸ 14 días", "🔥 Mis rachas"]


async def test_a_button_of_yesterday_is_refused_with_the_reason(sqlite_url: str) -> None:
    async with stage(sqlite_url, GAME) as scene:
        ana = scene.playground.person("Ana")
        screen = await scene.ask(ana, "/racha")
        _, choices = await scene.press(ana, screen, "⏸ Pausar «Diaria»")
        scene.clock.moment = EVENING + hours(48)

        toast, _ = await scene.press(ana, choices, "⏸ Mañana")

    assert (toast.text, toast.show_alert) == ("Una pausa empieza hoy (2026-11-26) o más tarde.", True)


async def test_a_lost_streak_can_still_be_repaired_and_says_so(sqlite_url: str) -> None:
    async with stage(sqlite_url, GAME) as scene:
        ana = scene.playground.person("Ana")
        await scene.do(happened(await scene.member(ana), "lesson.done", EVENING))
        scene.clock.moment = EVENING + hours(48)

        answer = await scene.ask(ana, "/racha")

    assert lines(answer)[2] == "Diaria: 0 días seguidos"
    assert any(line.startswith("💔 Se rompió en 1 día") for line in lines(answer))


async def test_where_there_are_no_streaks_that_is_said(sqlite_url: str) -> None:
    async with stage(sqlite_url) as scene:
        answer = await scene.ask(scene.playground.person("Ana"), "/racha")

    assert lines(answer) == ["Aquí todavía no hay rachas."]
