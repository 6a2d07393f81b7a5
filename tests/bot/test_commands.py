"""What members can ask, in both languages, and how they are answered."""

import pytest

from besitos.apps.bot import FEATURES
from besitos.core.member import PROFILE, Profile
from besitos.engine.codec import to_raw
from besitos.mechanics.daily_gift.model import GIFT, DailyGift
from besitos.store.protocol import Query
from besitos.surfaces.telegram.home import entries_of
from tests.bot.stage import EVENING, Stage, hours, labels, lines, stage
from tests.world import happened

COMMANDS = (("/ayuda", "/help"), ("/saldo", "/balance"), ("/historial", "/history"), ("/diario", "/daily"))
FIRST_LINES = {
    "es": ["Ayuda", "Tu saldo", "Tu historial", "🎁 El regalo de hoy ya es tuyo. Vuelve en 5 h 13 min, 00:00 UTC."],
    "en": [
        "Help",
        "Your balance",
        "Your history",
        "🎁 Today's gift is already yours. Come back in 5 h 13 min, 00:00 UTC.",
    ],
}


@pytest.mark.parametrize("language", ["es", "en"])
async def test_every_command_works_under_both_names_in_both_languages(scene: Stage, language: str) -> None:
    ana = scene.playground.person("Ana", language_code=f"{language}-MX")
    await scene.ask(ana, "/diario")

    for names, first_line in zip(COMMANDS, FIRST_LINES[language], strict=True):
        answers = [
            await scene.ask(ana, name) for name in (*names, names[0].upper(), f"{names[1]}@besitos_playground_bot")
        ]

        assert {answer.text for answer in answers} == {answers[0].text}
        assert lines(answers[0])[0] == first_line
    assert await scene.besitos_of(ana) == 10


async def test_the_gift_says_where_it_comes_from_what_there_is_now_and_when_the_next_one_comes(scene: Stage) -> None:
    ana = scene.playground.person("Ana")

    answer = await scene.ask(ana, "/diario")

    assert lines(answer) == [
        "🎁 Regalo diario: +10 besitos y +5 XP",
        "Ahora tienes 10 besitos y 5 XP.",
        "El próximo, en 5 h 13 min, 00:00 UTC.",
    ]
    assert await scene.balances(ana) == {"besitos": 10, "xp": 5}


async def test_the_second_claim_is_refused_until_midnight(scene: Stage) -> None:
    ana = scene.playground.person("Ana")
    await scene.ask(ana, "/diario")

    scene.clock.moment = EVENING + hours(1)
    refused = await scene.ask(ana, "/diario")
    scene.clock.moment = EVENING + hours(6)
    granted = await scene.ask(ana, "/diario")

    assert refused.text == "🎁 El regalo de hoy ya es tuyo. Vuelve en 4 h 13 min, 00:00 UTC."
    assert "Ahora tienes 20 besitos y 10 XP." in lines(granted)


async def test_times_are_those_of_the_member_where_they_are_known(scene: Stage) -> None:
    ana = scene.playground.person("Ana")
    await scene.ask(ana, "/diario")
    standing = {PROFILE.name: Profile(zone="America/Sao_Paulo"), GIFT.name: DailyGift(EVENING.date())}
    await scene.set_column(ana, "state", to_raw(standing))

    refused = await scene.ask(ana, "/diario")

    assert refused.text == "🎁 El regalo de hoy ya es tuyo. Vuelve en 5 h 13 min, 21:00 UTC-03."


async def test_start_says_who_and_what_and_offers_one_button_however_often(scene: Stage) -> None:
    ana = scene.playground.person("Ana")

    first = await scene.ask(ana, "/start")
    before = await scene.state()
    again = await scene.ask(ana, "/start referral_42")

    assert first.text == again.text
    assert lines(first) == [
        "👋 Hola, Ana",
        "",
        "Esto es La plaza: participas, y lo que haces aquí cuenta.",
        "",
        "Ven a charlar.",
        "",
        "🎁 Tu regalo de hoy te espera: 10 besitos y 5 XP.",
        "💰 Tienes 0 besitos.",
        "",
        "Todo lo que puedes hacer: /ayuda",
    ]
    assert labels(first) == labels(again) == ["🎁 Recoger mi regalo"]
    assert await scene.state() == before


async def test_the_button_of_start_claims_and_its_message_becomes_the_receipt(scene: Stage) -> None:
    ana = scene.playground.person("Ana", language_code="en")
    offer = await scene.ask(ana, "/start")

    toast, receipt = await scene.press(ana, offer, "🎁 Claim my gift")
    after = await scene.ask(ana, "/start")

    assert (toast.text, toast.show_alert) == ("🎁 Daily gift: +10 besitos and +5 XP", False)
    assert receipt.message_id == offer.message_id
    assert lines(receipt)[1] == "You now have 10 besitos and 5 XP."
    assert labels(receipt) == labels(after) == ["💰 My balance"]
    assert "🎁 Today's gift is already yours. Come back in 5 h 13 min, 00:00 UTC." in lines(after)


async def test_the_button_refuses_with_an_alert_and_works_anew_the_day_after(scene: Stage) -> None:
    ana = scene.playground.person("Ana")
    offer = await scene.ask(ana, "/start")
    await scene.ask(ana, "/diario")

    toast, refused = await scene.press(ana, offer, "🎁 Recoger mi regalo")
    scene.clock.moment = EVENING + hours(6)
    _, ready = await scene.press(ana, offer, "🎁 Recoger mi regalo")
    _, receipt = await scene.press(ana, ready, "🎁 Recoger mi regalo")

    assert toast.show_alert
    assert toast.text == refused.text == "🎁 El regalo de hoy ya es tuyo. Vuelve en 5 h 13 min, 00:00 UTC."
    assert ready.text == "🎁 Ya puedes recoger el regalo de hoy."
    assert "Ahora tienes 20 besitos y 10 XP." in lines(receipt)


async def test_a_game_without_gift_says_so(sqlite_url: str) -> None:
    async with stage(sqlite_url, "game: {name: Vacío}") as scene:
        ana = scene.playground.person("Ana")
        start, claim = await scene.ask(ana, "/start"), await scene.ask(ana, "/diario")

    assert claim.text == "Este juego no tiene regalo diario."
    assert labels(start) == ["💰 Mi saldo"]


async def test_before_there_is_a_game_everything_answers(sqlite_url: str) -> None:
    async with stage(sqlite_url, apply=False) as scene:
        ana = scene.playground.person("Ana")
        answers = [
            (await scene.ask(ana, name)).text for name in ("/start", "/diario", "/saldo", "/historial", "/ayuda")
        ]

    assert all(answers)
    assert answers[1] == "Este juego no tiene regalo diario."


async def test_a_game_that_is_applied_elsewhere_is_played_at_once(scene: Stage, sqlite_url: str) -> None:
    ana = scene.playground.person("Ana")
    await scene.ask(ana, "/start")

    async with stage(sqlite_url, "game: {name: Otra}\ndaily_gift: {pays: {besitos: 7}}"):
        pass

    assert "🎁 Tu regalo de hoy te espera: 7 besitos." in lines(await scene.ask(ana, "/start"))


async def test_the_balance_shows_every_currency_and_what_expires(scene: Stage) -> None:
    ana = scene.playground.person("Ana")
    member = await scene.member(ana)
    await scene.do(*(happened(member, kind, EVENING) for kind in ("salary.paid", "promotion.given", "prize.won")))
    scene.clock.moment = EVENING + hours(24 * 24)

    in_time = await scene.ask(ana, "/saldo")
    scene.clock.moment = EVENING + hours(24 * 40)
    expired = await scene.ask(ana, "/saldo")

    assert lines(in_time) == [
        "Tu saldo",
        "",
        "💋 220 besitos",
        "     ⌛ 120 caducan en 7 días, 25 dic 2026, 00:00 UTC",
        "⭐ 0 XP",
        "💎 3 Gemas",
    ]
    assert lines(expired)[2:4] == ["💋 100 besitos", "⭐ 0 XP"]


async def test_one_besito_is_no_besitos(sqlite_url: str) -> None:
    async with stage(sqlite_url, "game: {name: Uno}\ndaily_gift: {pays: {besitos: 1}}") as scene:
        answer = await scene.ask(scene.playground.person("Ana"), "/diario")

    assert lines(answer)[:2] == ["🎁 Regalo diario: +1 besito", "Ahora tienes 1 besito."]


async def test_one_of_what_has_a_symbol_stands_behind_it_once(sqlite_url: str) -> None:
    game = "game: {name: Uno}\ncurrencies: {petalos: {name: pétalos, symbol: 🌸}}\ndaily_gift: {pays: {petalos: 1}}"
    async with stage(sqlite_url, game) as scene:
        ana = scene.playground.person("Ana")

        claimed, balance = await scene.ask(ana, "/diario"), await scene.ask(ana, "/saldo")

    assert lines(claimed)[:2] == ["🎁 Regalo diario: +1 🌸", "Ahora tienes 1 🌸."]
    assert lines(balance)[4] == "🌸 1"


async def test_what_nobody_understands_gets_a_hint_in_one_line(scene: Stage) -> None:
    ana = scene.playground.person("Ana")
    for said in ("hola", "/nada", "💋", "/saldo@another_bot", "/", "1", "a\nb", "/saldos", "saldo"):
        answer = await scene.ask(ana, said)

        assert answer.text == "No te he entendido. Con /ayuda ves lo que puedo hacer."


async def test_a_button_of_another_time_is_answered(scene: Stage) -> None:
    ana = scene.playground.person("Ana")
    offer = await scene.ask(ana, "/start")
    own = offer.buttons()[0]

    for data in ("bet:7:100", "go:nowhere", "gift", "history:besitos:x:y", "x" * 64):
        press = await scene.playground.press(ana, offer, type(own)(text="?", callback_data=data))
        toast = await scene.playground.toast(press)

        assert toast.show_alert
        assert toast.text == "Ese botón ya no sirve. Con /ayuda ves lo que hay."


HOSTILE = [
    ("<b>Ana</b> & <script>", "<b>Ana</b> & <script>"),
    ("\u062f\u064a\u0646\u0627", "\u2068\u062f\u064a\u0646\u0627\u2069"),
    ("Ana\u202e\u2069<i", "Ana<i"),
    ("&lt;b&gt;", "&lt;b&gt;"),
    ("A\x00B\nC", "AB C"),
    ("{name}{0}%s", "{name}{0}%s"),
]


async def test_names_are_shown_as_they_are_and_change_nothing_around_them(scene: Stage) -> None:
    for called, shown in HOSTILE:
        answer = await scene.ask(scene.playground.person(called), "/start")

        assert lines(answer)[0] == f"👋 Hola, {shown}"
        assert [entity.type for entity in answer.entities if entity.offset < 20] == ["bold"]


async def test_the_language_that_was_chosen_wins_over_that_of_the_account(scene: Stage) -> None:
    ana, bob = scene.playground.person("Ana", language_code="es"), scene.playground.person("Bob", language_code="de")
    none = scene.playground.person("Nadie", language_code=None)
    await scene.ask(ana, "/saldo")
    await scene.set_column(ana, "language", "en")

    assert lines(await scene.ask(ana, "/saldo"))[0] == "Your balance"
    assert lines(await scene.ask(bob, "/saldo"))[0] == "Tu saldo"
    assert lines(await scene.ask(none, "/saldo"))[0] == "Tu saldo"


async def test_members_are_known_by_the_names_of_today(scene: Stage) -> None:
    ana = scene.playground.person("Ana", last_name="García", username="ana")
    await scene.ask(ana, "/start")
    renamed = scene.playground.person("Anita", id=ana.id)
    await scene.ask(renamed, "/start")

    [[row]] = await scene.besitos.store.read(Query("SELECT telegram_id, username, display_name FROM members"))

    assert (row[0], row[1] or None, row[2]) == (ana.id, None, "Anita")


async def test_commands_are_listed_for_private_chats_in_each_language(scene: Stage) -> None:
    await scene.ask(scene.playground.person("Ana"), "/start")

    told = {
        call.get("language_code", ""): [each["command"] for each in call["commands"]]
        for call in scene.calls("setMyCommands")
    }

    assert told["es"] == told[""] == [entry.es for entry in entries_of(FEATURES)]
    assert told["en"] == [entry.en for entry in entries_of(FEATURES)]
    assert {"diario", "saldo", "perfil", "inicio", "ayuda"} <= set(told["es"])
    assert {call["scope"]["type"] for call in scene.calls("setMyCommands")} == {"all_private_chats"}
    assert scene.calls("getUpdates")[-1]["allowed_updates"] == ["message", "callback_query"]
