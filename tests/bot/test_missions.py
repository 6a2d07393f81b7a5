"""/misiones and /recompensas: what a member sees, and the buttons that take and claim, once."""

from collections.abc import AsyncIterator

import pytest

from besitos.engine.editing.manager import Manager, Signature
from besitos.mechanics import SECTIONS
from besitos.playground import User
from tests.bot.stage import EVENING, Stage, hours, labels, lines, stage
from tests.world import document, message

GAME = """
game: {name: Prueba}
metrics:
  mensajes: {when: message.posted, name: {es: mensajes, en: messages}}
badges:
  oculta: {name: Oculta, kind: special, secret: true}
missions:
  tres: {name: {es: Tres, en: Three}, type: daily, repeats: daily, goals: {mensajes: 3+}, pays: {besitos: 20}}
  reto:
    name: Reto
    type: special
    assign: taken
    goals: [{mensajes: 2+}, {any: [{badge: oculta}, {earned: 9+}]}]
    pays: {xp: 5}
  vip: {name: Selecta, type: special, assign: taken, if: {earned: 50+}, goals: {mensajes: 2+}, pays: {xp: 5}}
rewards:
  beso: {name: Un beso, if: {mensajes: 1+}, pays: {besitos: 10}}
  luz: {name: Luz, if: [{mensajes: 9+}, {badge: oculta}], pays: {besitos: 50}}
  sombra: {name: Sombra, if: {mensajes: 9+}, locked_text: Ya llegará., pays: {besitos: 50}}
  secreta: {name: Secreta, secret: true, if: {mensajes: 99+}, pays: {besitos: 50}}
"""


@pytest.fixture
async def scene(sqlite_url: str) -> AsyncIterator[Stage]:
    async with stage(sqlite_url, GAME) as made:
        yield made


async def somebody(scene: Stage, language: str = "es", messages: int = 1) -> User:
    ana = scene.playground.person("Ana", language_code=language)
    await scene.ask(ana, "/start")
    member = await scene.member(ana)
    await scene.do(*(message(member, EVENING) for _ in range(messages)))
    return ana


@pytest.mark.parametrize("command", ["/misiones", "/missions"])
async def test_missions_show_how_far_each_goal_is(scene: Stage, command: str) -> None:
    ana = await somebody(scene, messages=2)

    said = await scene.ask(ana, command)

    assert lines(said) == [
        "🎯 Misiones",
        "",
        "Tres",
        "▰▰▰▰▱▱ 2 / 3 mensajes",
        "🎁 20 besitos",
        "⌛ Termina en 5 h 13 min, 00:00 UTC",
        "",
        "Reto",
        "▱▱▱▱▱▱ 0 / 2 mensajes",
        "o bien: ▫️ algo que aún no conoces",
        "o bien: ▱▱▱▱▱▱ 0 / 9 besitos",
        "🎁 5 XP",
        "",
        "Selecta",
        "▱▱▱▱▱▱ 0 / 2 mensajes",
        "🎁 5 XP",
        "🔒 te falta ganar 50 besitos",
    ]
    assert labels(said) == ["Empezar: Reto"]


async def test_they_are_shown_in_the_members_language(scene: Stage) -> None:
    ana = await somebody(scene, "en", messages=3)

    said = await scene.ask(ana, "/misiones")

    assert "✅ Three: completed" in lines(said)
    assert "or: ▫️ something you do not know yet" in lines(said)
    assert labels(said) == ["Begin: Reto"]


async def test_a_mission_is_taken_by_its_button_and_a_second_tap_takes_nothing_more(scene: Stage) -> None:
    ana = await somebody(scene)
    said = await scene.ask(ana, "/misiones")

    toast, after = await scene.press(ana, said, "Empezar: Reto")

    assert (toast.text, toast.show_alert) == ("En marcha: Reto", False)
    assert labels(after) == []
    await scene.playground.press(ana, said, "Empezar: Reto")
    await scene.settle()
    tables = await scene.tables()
    assert [row.kind for row in tables.activities].count("mission.take") == 1


async def test_rewards_say_what_waits_and_what_is_missing_and_no_secret(scene: Stage) -> None:
    ana = await somebody(scene)

    said = await scene.ask(ana, "/recompensas")

    assert lines(said) == [
        "🎁 Recompensas",
        "",
        "🔓 Un beso",
        "🎁 10 besitos",
        "⌛ Caduca en 7 días, 1 dic 2026, 18:47 UTC",
        "",
        "🔒 Luz",
        "🎁 50 besitos",
        "▫️ te faltan 8 mensajes",
        "▫️ algo que aún no conoces",
        "",
        "🔒 Sombra",
        "🎁 50 besitos",
        "▫️ Ya llegará.",
    ]
    assert labels(said) == ["Recoger: Un beso"]


async def test_a_double_tap_gives_one(scene: Stage) -> None:
    ana = await somebody(scene)
    said = await scene.ask(ana, "/rewards")

    toast, after = await scene.press(ana, said, "Recoger: Un beso")
    await scene.playground.press(ana, said, "Recoger: Un beso")
    await scene.settle()

    assert (toast.text or "").startswith("🎁 Un beso")
    assert "✅ Un beso: recogida" in lines(after)
    assert await scene.besitos_of(ana) == 10


async def test_who_claims_is_told_what_is_given_besides_money(sqlite_url: str) -> None:
    game = "game: {name: P}\nmetrics: {m: {when: message.posted}}\nrewards:\n"
    game += "  ambas: {name: Ambas, if: {m: 1+}, pays: {besitos: 20, vip: 7d}}\n"
    game += "  solo: {name: Solo, if: {m: 1+}, pays: {vip: 1d}}\n"
    async with stage(sqlite_url, game) as scene:
        ana = await somebody(scene)
        said = await scene.ask(ana, "/recompensas")

        both, _ = await scene.press(ana, said, "Recoger: Ambas")
        only, _ = await scene.press(ana, said, "Recoger: Solo")

        assert "✨ Ambas: +20 besitos y 7 días de VIP" in (both.text or "").splitlines()
        assert "✨ Solo: 1 día de VIP" in (only.text or "").splitlines()


async def test_a_button_whose_time_is_over_says_so(scene: Stage) -> None:
    ana = await somebody(scene)
    said = await scene.ask(ana, "/rewards")

    scene.clock.moment = EVENING + hours(24 * 8)
    toast, after = await scene.press(ana, said, "Recoger: Un beso")

    assert (toast.text, toast.show_alert) == ("Se acabó el plazo para recoger esa recompensa.", True)
    assert "⌛ Un beso: se acabó el plazo" in lines(after)
    assert await scene.besitos_of(ana) == 0


async def test_where_there_are_none_that_is_said(sqlite_url: str) -> None:
    async with stage(sqlite_url) as bare:
        ana = bare.playground.person("Ana")

        assert lines(await bare.ask(ana, "/misiones")) == ["Ahora mismo no hay misiones para ti; vuelve pronto."]
        assert lines(await bare.ask(ana, "/recompensas")) == ["Todavía no hay recompensas a la vista; vuelve pronto."]


async def test_buttons_of_what_the_game_has_no_longer_say_so_however_often_they_are_pressed(scene: Stage) -> None:
    ana = await somebody(scene)
    missions, rewards = await scene.ask(ana, "/misiones"), await scene.ask(ana, "/recompensas")
    await scene.press(ana, rewards, "Recoger: Un beso")
    await scene.press(ana, missions, "Empezar: Reto")
    manager = Manager(scene.besitos.store, scene.clock, SECTIONS)
    await manager.apply(document("game: {name: Otra}\n"), Signature("tests"))
    await scene.besitos.games.catch_up(await scene.besitos.store.versions.latest())

    toasts = [
        (await scene.press(ana, message, label))[0]
        for message, label in ((rewards, "Recoger: Un beso"), (missions, "Empezar: Reto"))
    ]

    assert [(toast.text, toast.show_alert) for toast in toasts] == [
        ("Ese botón ya no sirve. Con /recompensas ves lo que hay.", True),
        ("Ese botón ya no sirve. Con /misiones ves lo que hay.", True),
    ]
