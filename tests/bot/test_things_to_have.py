"""/start: what it says of VIP time, of boosts that run, of modules and of the backpack."""

from datetime import timedelta
from typing import Any

import pytest

from besitos.mechanics.boost.model import StartBoost
from besitos.mechanics.shop.model import GiveItem
from besitos.mechanics.vip.model import GiveVip
from tests.bot.stage import EVENING, lines, stage
from tests.world import happened, new_key

GAME = """
game: {name: {es: La plaza, en: The square}}
boosts: {perfume: {name: {es: Perfume, en: Scent}, multiply: 1.5, lasts: 2h}}
items: {llave: {name: {es: Llave, en: Key}, type: narrative_key}, rosa: {name: Rosa, type: collectible}}
modules:
  uno: {name: Uno, completed_if: {mensajes: 1+, at: uno}}
  dos: {name: Dos, completed_if: {mensajes: 9+, at: dos}}
metrics: {mensajes: {when: message.posted, per: module}}
"""
SAID = {
    "es": [
        "👑 Eres VIP; termina en 1 h, 19:47 UTC.",
        "⚡ Perfume: lo que ganas, por 1,5; termina en 2 h, 20:47 UTC.",
        "📖 En curso: Dos",
        "✅ Completado: Uno",
        "🎒 En tu mochila: Llave (2) y Rosa",
    ],
    "en": [
        "👑 You are VIP; it ends in 1 h, 19:47 UTC.",
        "⚡ Scent: what you earn, times 1.5; it ends in 2 h, 20:47 UTC.",
        "📖 In progress: Dos",
        "✅ Completed: Uno",
        "🎒 In your bag: Key (2) and Rosa",
    ],
}


@pytest.mark.parametrize("language", ["es", "en"])
async def test_what_a_member_has_is_told_at_the_start(sqlite_url: str, language: str) -> None:
    async with stage(sqlite_url, GAME) as scene:
        ana = scene.playground.person("Ana", language_code=language)
        member = await scene.member(ana)
        before = lines(await scene.ask(ana, "/start"))
        common: dict[str, Any] = {"member_id": member, "occurred_at": EVENING}
        await scene.do(
            GiveVip(key=new_key(), lasts=3_600, **common),
            StartBoost(key=new_key(), boost="perfume", **common),
            GiveItem(key=new_key(), item="llave", count=2, **common),
            GiveItem(key=new_key(), item="rosa", **common),
            happened(member, "message.posted", EVENING, module="uno"),
            happened(member, "message.posted", EVENING, module="dos"),
        )

        after = lines(await scene.ask(ana, "/start"))

    assert not set(SAID[language]) & set(before)
    assert [line for line in after if line in SAID[language]] == SAID[language]


async def test_the_grace_is_told_apart_and_an_end_is_told_no_more(sqlite_url: str) -> None:
    async with stage(sqlite_url, GAME) as scene:
        ana = scene.playground.person("Ana", language_code="en")
        member = await scene.member(ana)
        await scene.do(GiveVip(key=new_key(), member_id=member, occurred_at=EVENING, lasts=60))

        scene.clock.moment = EVENING + timedelta(hours=1)
        within = lines(await scene.ask(ana, "/start"))
        scene.clock.moment = EVENING + timedelta(days=2)
        over = lines(await scene.ask(ana, "/start"))

    assert any(line.startswith("👑 Your VIP time is over; you stop being VIP in") for line in within)
    assert not any("👑" in line for line in over)
