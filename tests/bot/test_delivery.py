"""Double taps, repetitions, bad lines and sudden death: one effect, and an answer."""

import asyncio
import logging
import random
import sqlite3
from pathlib import Path

import pytest

from besitos.apps.bot import run_bot
from besitos.apps.failure import CommandError
from besitos.core.activity import Activity
from besitos.engine.outcome import Outcome, Status
from besitos.playground import DropAnswer, Fault, Refuse
from besitos.playground.refusals import blocked, flood, internal_error
from besitos.store import sqlite
from tests.bot.stage import EVENING, Stage, hours, labels, lines, stage
from tests.world import grant


async def test_the_whole_way_on_both_databases(database_url: str) -> None:
    async with stage(database_url) as scene:
        ana = scene.playground.person("Ana <3", last_name="De la O", username="ana")
        offer = await scene.ask(ana, "/start")
        _, receipt = await scene.press(ana, offer, "🎁 Recoger mi regalo")
        refused = await scene.ask(ana, "/diario")
        _, balance = await scene.press(ana, receipt, "💰 Mi saldo")
        _, history = await scene.press(ana, balance, "📜 Historial")

        assert "Ahora tienes 10 besitos y 5 XP." in lines(receipt)
        assert "Vuelve en 5 h 13 min" in (refused.text or "")
        assert "💋 10 besitos" in lines(balance)
        assert "🎁 +10 besitos · Regalo diario" in lines(history)
        assert labels(history) == ["· Todo ·", "besitos", "XP", "💰 Mi saldo"]
        assert await scene.balances(ana) == {"besitos": 10, "xp": 5}


async def test_a_double_tap_claims_once_and_the_second_hears_that_it_is_done(scene: Stage) -> None:
    ana = scene.playground.person("Ana")
    offer = await scene.ask(ana, "/start")

    presses = [await scene.playground.press(ana, offer, "🎁 Recoger mi regalo") for _ in range(2)]
    toasts = [(await scene.playground.toast(press)).text for press in presses]
    await scene.settle()

    assert toasts == ["🎁 Regalo diario: +10 besitos y +5 XP", "Ya estaba hecho: el regalo de hoy es tuyo."]
    assert "Ahora tienes 10 besitos y 5 XP." in lines(scene.playground.messages(ana)[-1])
    assert await scene.besitos_of(ana) == 10
    assert len([row for row in (await scene.tables()).activities if row.kind == "daily.claim"]) == 1


async def test_every_press_is_answered_exactly_once_and_before_anything_else(scene: Stage) -> None:
    ana = scene.playground.person("Ana")
    page = await scene.ask(ana, "/start")
    for label in ("🎁 Recoger mi regalo", "💰 Mi saldo", "📜 Historial", "XP", "Todo", "💰 Mi saldo"):
        press = await scene.playground.press(ana, page, label)
        page = await scene.after(ana, press)
        await scene.settle()
        methods = [call.method for call in scene.playground.journal.of_update(press.update_id or 0)]

        assert methods == ["answerCallbackQuery", "editMessageText"]


async def test_updates_that_come_again_in_any_order_change_nothing(scene: Stage) -> None:
    people = [scene.playground.person(name) for name in ("Ana", "Bea", "Carla")]
    for day in range(2):
        scene.clock.moment = EVENING + hours(24 * day)
        for person in people:
            offer = await scene.ask(person, "/start")
            await scene.ask(person, "/diario")
            await scene.press(person, offer, "🎁 Recoger mi regalo")
            await scene.ask(person, "/saldo")
    before = await scene.state()

    for seed in range(3):
        updates = random.Random(seed).sample(scene.playground.updates, len(scene.playground.updates))
        scene.playground.redeliver(updates)
        await scene.settle()

    assert await scene.state() == before
    assert [await scene.besitos_of(person) for person in people] == [20, 20, 20]


async def test_two_copies_of_the_updates_end_as_one_would(scene: Stage) -> None:
    ana, bea = scene.playground.person("Ana"), scene.playground.person("Bea")
    for person in (ana, bea):
        for text in ("/start", "/diario", "/saldo"):
            await scene.playground.say(person, text)
    scene.playground.redeliver(random.Random(1).sample(scene.playground.updates, 6))
    await scene.settle()

    assert [await scene.besitos_of(person) for person in (ana, bea)] == [10, 10]


async def test_an_answer_that_was_lost_on_the_way_is_sent_again_and_pays_once(scene: Stage) -> None:
    ana = scene.playground.person("Ana")
    scene.playground.faults.add(Fault(DropAnswer(), method="sendMessage", times=1))

    said = await scene.playground.say(ana, "/diario")
    await scene.settle()
    scene.playground.redeliver()
    await scene.settle()

    answers = [each.text for each in scene.playground.messages(ana) if each.message_id > said.message_id]
    assert len(answers) == 3
    assert set(answers) == {answers[0]}
    assert await scene.besitos_of(ana) == 10


@pytest.mark.parametrize("text", ["/diario", "press"])
async def test_who_dies_between_the_commit_and_the_answer_answers_when_risen(scene: Stage, text: str) -> None:
    ana = scene.playground.person("Ana")
    offer = await scene.ask(ana, "/start")
    method = "sendMessage" if text == "/diario" else "answerCallbackQuery"
    scene.playground.faults.add(Fault(Refuse(internal_error()), method=method))
    if text == "/diario":
        await scene.playground.say(ana, text)
    else:
        await scene.playground.press(ana, offer, offer.buttons()[0])
    await until_claimed(scene)
    await scene.kill()
    assert scene.playground.telegram.queue.pending

    scene.playground.faults.clear()
    await scene.start()
    await scene.settle()

    assert "Ahora tienes 10 besitos y 5 XP." in lines(scene.playground.messages(ana)[-1])
    assert await scene.besitos_of(ana) == 10


async def until_claimed(scene: Stage) -> None:
    async with asyncio.timeout(5):
        while not any(row.kind == "daily.claim" for row in (await scene.tables()).activities):  # noqa: ASYNC110 - commits tell nobody
            await asyncio.sleep(0.005)


async def test_a_database_that_is_busy_is_told_once_and_the_update_waits_for_it(
    scene: Stage, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0)
    ana = scene.playground.person("Ana")
    await scene.ask(ana, "/start")
    await scene.besitos.store.amend()
    rival = sqlite3.connect(Path(sqlite_url.removeprefix("sqlite:///")), isolation_level=None)
    rival.execute("BEGIN IMMEDIATE")

    said = await scene.playground.say(ana, "/diario")
    excuse = await scene.after(ana, said)
    await asyncio.sleep(0.2)
    is_waiting = bool(scene.playground.telegram.queue.pending)
    rival.execute("ROLLBACK")
    rival.close()
    await scene.settle()

    texts = [each.text or "" for each in scene.playground.messages(ana) if each.message_id > said.message_id]
    assert is_waiting
    assert excuse.text == texts[0]
    assert texts[0].startswith("⏳ Ahora mismo no llego a mis libros.")
    assert [text.splitlines()[0] for text in texts[1:]] == ["🎁 Regalo diario: +10 besitos y +5 XP"]
    assert await scene.besitos_of(ana) == 10


async def test_a_fault_of_ours_is_told_with_an_id_and_does_not_stop_the_others(
    scene: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ana, bob = scene.playground.person("Ana"), scene.playground.person("Bob", language_code="en")
    offer = await scene.ask(ana, "/start")

    async def fails(_: Activity) -> Outcome:
        return Outcome(Status.FAILED, "activity.failed", {"error": "ZeroDivisionError()"})

    monkeypatch.setattr(scene.besitos.engine, "submit", fails)
    told = await scene.ask(bob, "/daily")
    press = await scene.playground.press(ana, offer, offer.buttons()[0])
    toast = await scene.playground.toast(press)
    await scene.settle()
    monkeypatch.undo()

    reference = (told.text or "")[-6:]
    assert (told.text or "").startswith("⚠️ Something failed on our side")
    assert reference in caplog.text
    assert toast.show_alert
    assert toast.text.startswith("⚠️ Algo ha fallado")
    assert toast.text[-6:] in caplog.text
    assert "Ahora tienes 10 besitos y 5 XP." in lines(await scene.ask(ana, "/diario"))


async def test_what_fails_after_the_press_was_answered_is_said_in_a_message(
    scene: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = scene.playground.person("Ana")
    balance = await scene.ask(ana, "/saldo")

    async def fails(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("besitos.mechanics.transfer.telegram.history", fails)
    toast, told = await scene.press(ana, balance, "📜 Historial")

    assert toast.text == ""
    assert (told.text or "").startswith("⚠️ Algo ha fallado por nuestra parte")
    assert len(scene.playground.journal.calls("answerCallbackQuery")) == 1


async def test_it_waits_as_long_as_telegram_asks_and_tries_again_what_broke(scene: Stage) -> None:
    ana = scene.playground.person("Ana")
    scene.playground.faults.add(
        Fault(Refuse(flood(1)), method="sendMessage", times=1),
        Fault(Refuse(internal_error()), method="sendMessage", every=2, times=1),
    )

    answer = await scene.ask(ana, "/diario")

    assert "Ahora tienes 10 besitos y 5 XP." in lines(answer)
    assert [call.status for call in scene.playground.journal.calls("sendMessage")] == [429, 500, 200]


async def test_polling_outlives_bad_days(scene: Stage) -> None:
    ana = scene.playground.person("Ana")
    scene.playground.faults.add(Fault(Refuse(internal_error()), method="getUpdates", times=3))

    for _ in range(4):
        await scene.ask(ana, "/saldo")

    assert len(scene.calls("sendMessage")) == 4


async def test_who_has_blocked_us_is_noted_and_still_gets_what_they_asked_for(
    scene: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "besitos")
    ana = scene.playground.person("Ana")
    scene.playground.faults.add(Fault(Refuse(blocked()), method="sendMessage", times=1))

    await scene.playground.say(ana, "/diario")
    await scene.settle()

    assert "cannot be reached" in caplog.text
    assert await scene.besitos_of(ana) == 10


async def test_stopping_confirms_what_was_handled(scene: Stage) -> None:
    ana = scene.playground.person("Ana")
    await scene.playground.say(ana, "/diario")
    await scene.after(ana, scene.playground.messages(ana)[0])
    await scene.stop()

    assert not scene.playground.telegram.queue.pending

    await scene.start()
    await scene.ask(ana, "/saldo")
    assert len(scene.calls("sendMessage")) == 2


async def test_a_member_in_a_hurry_does_not_hold_up_the_others(scene: Stage) -> None:
    people = [scene.playground.person(f"P{number}") for number in range(30)]
    for person in people:
        await scene.playground.say(person, "/diario")
        await scene.playground.say(person, "/diario")
    await scene.settle()

    assert [await scene.besitos_of(person) for person in people[::10]] == [10, 10, 10]
    assert all("Vuelve" in (scene.playground.messages(person)[-1].text or "") for person in people)


async def test_a_late_delivery_counts_for_the_day_on_which_it_was_sent(scene: Stage) -> None:
    ana = scene.playground.person("Ana")
    await scene.ask(ana, "/start")
    await scene.stop()
    await scene.playground.say(ana, "/diario")

    scene.clock.moment = EVENING + hours(6)
    await scene.start()
    await scene.settle()
    today = await scene.ask(ana, "/diario")

    receipt = next(each for each in scene.playground.messages(ana) if "Regalo diario" in (each.text or ""))
    assert lines(receipt)[-1] == "🎁 Ya puedes recoger el regalo de hoy."
    assert "Ahora tienes 20 besitos y 10 XP." in lines(today)


@pytest.mark.parametrize(
    ("token", "code"),
    [("700700:another", "bot.token_unknown"), ("no token", "bot.token_malformed"), ("", "bot.token_malformed")],
)
async def test_a_token_that_is_none_is_refused(scene: Stage, token: str, code: str) -> None:
    with pytest.raises(CommandError) as refused:
        await run_bot(scene.besitos, token, scene.playground.base_url, asyncio.Event())

    assert refused.value.failure.code == code


async def test_money_that_moves_while_one_looks_is_in_the_next_answer(scene: Stage) -> None:
    ana = scene.playground.person("Ana")
    await scene.ask(ana, "/saldo")
    await scene.do(grant(await scene.member(ana), 7, EVENING))

    assert "💋 7 besitos" in lines(await scene.ask(ana, "/saldo"))
