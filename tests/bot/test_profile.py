"""/perfil, /inicio and /insignias: what a member reads of themselves, and the buttons from there."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from besitos.mechanics.badge.model import GiveBadge
from besitos.playground import User
from tests.bot.stage import EVENING, Stage, labels, lines, stage
from tests.world import happened, message, new_key

GAME = """
game: {name: {es: La plaza, en: The square}}
metrics:
  mensajes: {when: message.posted, name: {es: mensajes, en: messages}}
daily_gift: {pays: {besitos: 10}}
levels: {curve: {linear: 40}, steps: {1: {name: {es: Bronce, en: Bronze}}}}
grades: {rookie: {name: Rookie, min_xp: 0}}
streaks: {diaria: {name: {es: Diaria, en: Daily}, when: message.posted}}
badges:
  amiga: {name: {es: Amiga, en: Friend}, icon: 💛, rarity: rare, if: {mensajes: 1+}, pays: {bonus: 10}}
  voz: {name: Voz, icon: 📣, if: {mensajes: 4+}}
  sigilo: {name: Sigilo, if: {badge: oculta}}
  oculta: {name: Oculta, kind: special, secret: true, icon: 🕯}
  hito: {name: Hito, kind: milestone, if: {mensajes: 1+}}
rewards:
  beso: {name: Un beso, if: {mensajes: 1+}, pays: {besitos: 10}}
leaderboards: {top: {name: Top, by: mensajes, every: ever}}
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


async def give(scene: Stage, person: User, badge: str) -> None:
    member = await scene.member(person)
    await scene.do(GiveBadge(key=new_key(), member_id=member, occurred_at=EVENING, badge=badge))


@pytest.mark.parametrize("command", ["/perfil", "/profile"])
async def test_the_profile_says_all_in_one_message(scene: Stage, command: str) -> None:
    ana = await somebody(scene)

    said = await scene.ask(ana, command)

    assert lines(said) == [
        "👤 Ana",
        "",
        "💋 10 besitos",
        "     ⌛ 10 caducan en 31 días, 25 dic 2026, 00:00 UTC",
        "⬆️ Nivel 1, «Bronce»",
        "▰▱▱▱▱▱ 30 besitos para el nivel 2",
        "🎓 Tu grado: Rookie",
        "🔥 Diaria: 1 día",
        "🏅 💛 Amiga",
        "🎁 Te espera 1 recompensa.",
        "🎁 Tu regalo de hoy te espera: 10 besitos.",
    ]
    assert labels(said) == [
        "🎁 Recoger mi regalo",
        "🔥 Mis rachas",
        "🏅 Insignias",
        "🎁 Recompensas",
        "🏆 Ranking",
        "💰 Mi saldo",
        "📜 Historial",
        "🔎 Por qué",
        "🏠 Inicio",
    ]


async def test_it_is_said_in_the_members_language(scene: Stage) -> None:
    ana = await somebody(scene, "en")

    said = await scene.ask(ana, "/perfil")

    assert "▰▱▱▱▱▱ 30 besitos to level 2" in lines(said)
    assert "🏅 💛 Friend" in lines(said)
    assert "🏠 Home" in labels(said)


async def test_every_button_of_the_menu_leads_somewhere_and_home_again(scene: Stage) -> None:
    ana = await somebody(scene)
    menu = await scene.ask(ana, "/inicio")

    assert lines(menu) == ["🏠 La plaza", "", "¿Adónde vamos?"]
    for label in labels(menu):
        shown = (await scene.press(ana, await scene.ask(ana, "/menu"), label))[1]
        assert lines(shown) != lines(menu), label
        assert "Ese botón ya no sirve" not in (shown.text or ""), label
    profile = (await scene.press(ana, menu, "👤 Mi perfil"))[1]
    home = (await scene.press(ana, profile, "🏠 Inicio"))[1]
    assert lines(home) == lines(menu)


async def test_where_a_game_has_little_the_profile_and_the_menu_offer_little(sqlite_url: str) -> None:
    async with stage(sqlite_url, "game: {name: Vacío}") as bare:
        ana = bare.playground.person("Ana")

        profile, menu = await bare.ask(ana, "/perfil"), await bare.ask(ana, "/menu")
        badges = await bare.ask(ana, "/insignias")

    assert lines(profile) == ["👤 Ana", "", "💋 0 besitos"]
    assert labels(profile) == ["💰 Mi saldo", "📜 Historial", "🔎 Por qué", "🏠 Inicio"]
    assert labels(menu) == ["👤 Mi perfil", "💰 Mi saldo", "📜 Historial", "🔎 Por qué", "❔ Ayuda"]
    assert lines(badges) == ["En este juego todavía no hay insignias."]


@pytest.mark.parametrize("command", ["/insignias", "/badges"])
async def test_badges_say_what_is_held_and_what_is_near_and_no_secret(scene: Stage, command: str) -> None:
    ana = await somebody(scene)

    said = await scene.ask(ana, command)

    assert lines(said) == [
        "🏅 Insignias",
        "",
        "💛 Amiga · rara · 24 nov 2026",
        "",
        "Las que tienes más cerca",
        "📣 Voz",
        "▰▱▱▱▱▱ te faltan 3 mensajes",
        "🏅 Sigilo",
        "▱▱▱▱▱▱ algo que aún no conoces",
        "",
        "Con los botones eliges cuáles se ven en tu perfil, hasta 5; si no eliges, las más nuevas.",
    ]
    assert labels(said) == ["⭐ Mostrar: Amiga"]


VALUED = """
game: {name: Curso}
metrics: {hechas: {when: message.posted, per: module}}
modules: {uno: {name: Saludos, completed_if: {hechas: 9+, at: uno}}}
badges: {experta: {name: Experta, kind: module_expert, per: module, if: {hechas: 1+}}}
"""


@pytest.mark.parametrize(
    ("modules", "said"),
    [
        (["uno"], "     ↳ Saludos"),
        (["uno", "dos"], "     ↳ dos y Saludos"),
        (["uno", "dos", "<b>", "tres", "cuatro"], "     ↳ cuatro, tres, <b> y 2 más"),
        (["x" * 60], f"     ↳ {'x' * 24}…"),
    ],
)
async def test_a_badge_of_several_values_says_which(sqlite_url: str, modules: list[str], said: str) -> None:
    async with stage(sqlite_url, VALUED) as scene:
        ana = scene.playground.person("Ana")
        await scene.ask(ana, "/start")
        member = await scene.member(ana)
        for number, module in enumerate(modules):
            await scene.do(happened(member, "message.posted", EVENING - timedelta(seconds=9 - number), module=module))

        assert lines(await scene.ask(ana, "/insignias"))[3] == said


async def test_a_secret_badge_is_named_once_it_is_held(scene: Stage) -> None:
    ana = await somebody(scene, messages=0)
    await give(scene, ana, "oculta")

    assert "🕯 Oculta · común · 24 nov 2026" in lines(await scene.ask(ana, "/insignias"))


async def test_a_member_chooses_what_the_profile_shows_and_pressing_twice_is_harmless(scene: Stage) -> None:
    ana = await somebody(scene)
    await give(scene, ana, "oculta")
    assert "🏅 🏅 Sigilo · 🕯 Oculta · 💛 Amiga" in lines(await scene.ask(ana, "/perfil"))
    said = await scene.ask(ana, "/insignias")

    toast, after = await scene.press(ana, said, "⭐ Mostrar: Amiga")
    await scene.playground.press(ana, said, "⭐ Mostrar: Amiga")
    await scene.settle()

    assert (toast.text, toast.show_alert) == ("Amiga se ve ahora en tu perfil.", False)
    assert "⭐ 💛 Amiga · rara · 24 nov 2026" in lines(after)
    assert "🏅 💛 Amiga" in lines(await scene.ask(ana, "/perfil"))
    _, undone = await scene.press(ana, after, "✖️ Quitar: Amiga")
    assert "💛 Amiga · rara · 24 nov 2026" in lines(undone)


async def test_no_more_than_five_are_shown(sqlite_url: str) -> None:
    game = "badges:\n" + "".join(f"  b{n}: {{name: B{n}, kind: special}}\n" for n in range(6))
    async with stage(sqlite_url, f"game: {{name: Muchas}}\n{game}") as many:
        ana = many.playground.person("Ana")
        await many.ask(ana, "/start")
        for number in range(6):
            await give(many, ana, f"b{number}")
        said = await many.ask(ana, "/insignias")

        for number in range(5):
            _, said = await many.press(ana, said, f"⭐ Mostrar: B{number}")
        toast = await many.playground.toast(await many.playground.press(ana, said, "⭐ Mostrar: B5"))

    assert (toast.text, toast.show_alert) == ("Se pueden mostrar como mucho 5 insignias.", True)
