"""What a member is told when something pays less than it might."""

from datetime import timedelta

import pytest

from besitos.core.member import PROFILE, Profile
from besitos.engine.codec import to_raw
from tests.bot.stage import EVENING, GAME, Stage, lines, stage
from tests.world import happened, message

CAPPED = """
game: {name: Tope}
activities: {salary.paid: {}}
daily_gift: {pays: {besitos: 30}}
rules: {salary: {when: salary.paid, pays: {besitos: 100}}}
caps: {dia: {limit: 120 besitos/day, sources: [daily_gift, salary], then: cut}}
"""


async def test_what_a_cap_cuts_is_explained(sqlite_url: str) -> None:
    async with stage(sqlite_url, CAPPED) as scene:
        ana = scene.playground.person("Ana")
        member = await scene.member(ana)
        await scene.do(happened(member, "salary.paid", EVENING))
        cut = await scene.ask(ana, "/diario")

        bea = scene.playground.person("Bea", language_code="en")
        member = await scene.member(bea)
        await scene.do(happened(member, "salary.paid", EVENING), happened(member, "salary.paid", EVENING))
        nothing = await scene.ask(bea, "/daily")

    assert lines(cut) == [
        "🎁 Regalo diario: +20 besitos",
        "Ahora tienes 120 besitos.",
        "Has llegado al tope: 120 besitos al día. Vuelve en 5 h 13 min, 00:00 UTC.",
        "El próximo, en 5 h 13 min, 00:00 UTC.",
    ]
    assert lines(nothing)[:2] == [
        "Done, but this time it paid nothing.",
        "You have reached the cap: 120 besitos a day. Come back in 5 h 13 min, 00:00 UTC.",
    ]


async def test_what_is_under_review_stands_apart(sqlite_url: str) -> None:
    async with stage(sqlite_url, CAPPED.replace("then: cut", "then: quarantine")) as scene:
        ana = scene.playground.person("Ana")
        member = await scene.member(ana)
        await scene.do(happened(member, "salary.paid", EVENING))
        receipt, balance = await scene.ask(ana, "/diario"), await scene.ask(ana, "/saldo")
        history = await scene.ask(ana, "/historial")

    assert lines(receipt)[0] == "🎁 Regalo diario: +30 besitos (en revisión)"
    assert lines(balance)[2:4] == ["💋 100 besitos", "     🔒 y 30 besitos en reserva"]
    assert lines(history)[2:5] == [
        "🎁 +30 besitos · Regalo diario",
        "     ahora mismo · saldo: 30 besitos",
        "     🔒 en reserva",
    ]


async def test_who_is_banned_is_told_and_earns_nothing(scene: Stage) -> None:
    ana = scene.playground.person("Ana")
    await scene.ask(ana, "/start")
    await scene.set_column(ana, "state", to_raw({PROFILE.name: Profile(is_banned=True)}))

    answer = await scene.ask(ana, "/diario")

    assert lines(answer)[0] == "Hecho, pero esta vez no ha pagado nada."
    assert lines(answer)[1].startswith("Tu cuenta está vetada y no gana nada.")
    assert await scene.besitos_of(ana) == 0


async def test_a_gift_for_vip_members_is_offered_as_theirs(sqlite_url: str) -> None:
    text = GAME.replace(
        "daily_gift: {pays: {besitos: 10, xp: 5}}", "daily_gift: {pays: {besitos: {free: 1, vip: 20}, bonus: 3}}"
    )
    async with stage(sqlite_url, text) as scene:
        ana = scene.playground.person("Ana")
        start = await scene.ask(ana, "/start")

    assert "🎁 Tu regalo de hoy te espera: 1 besito y 3 besitos que caducan." in lines(start)


WHY = """
game: {name: Por qué}
metrics: {mensajes: {when: message.posted, name: {es: mensajes, en: messages}}}
rules:
  charla: {when: message.posted, pays: {besitos: 1}, limit: 2/day, name: {es: "Charla <3", en: Chat}}
  muda: {when: message.posted, if: [{mensajes: 9+}, {badge: oculta}], pays: {besitos: 1}}
badges: {oculta: {name: Oculta, kind: special, secret: true}}
"""


@pytest.mark.parametrize("command", ["/porque", "/why"])
async def test_why_says_what_paid_and_what_did_not_without_secrets(sqlite_url: str, command: str) -> None:
    async with stage(sqlite_url, WHY) as scene:
        ana = scene.playground.person("Ana")
        nothing = await scene.ask(ana, command)
        member = await scene.member(ana)
        await scene.do(*(message(member, EVENING + timedelta(seconds=number)) for number in range(3)))
        scene.clock.moment = EVENING + timedelta(seconds=5)
        said = await scene.ask(ana, command)

    assert lines(nothing) == [
        "Todavía no hay nada que explicar. Cuando algo te pague, o no te pague, aquí verás por qué."
    ]
    assert lines(said)[:5] == [
        "🔎 Por qué",
        "",
        "Un mensaje · ahora mismo",
        "• Charla <3: Se alcanzó el límite: 2 veces al día",
        "• muda: todavía no: te faltan 6 mensajes, algo que aún no conoces",
    ]
    assert "• Charla <3: +1 besito" in lines(said)


async def test_why_speaks_english_and_has_a_button(sqlite_url: str) -> None:
    async with stage(sqlite_url, WHY) as scene:
        ana = scene.playground.person("Ana", language_code="en")
        await scene.ask(ana, "/start")
        await scene.do(message(await scene.member(ana), EVENING))
        _, said = await scene.press(ana, await scene.ask(ana, "/menu"), "🔎 Why")

    assert "A message · just now" in lines(said)
    assert "• muda: not yet: 8 messages to go, something you do not know yet" in lines(said)
