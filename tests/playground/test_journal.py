"""The journal: what the bot did, and about what."""

from datetime import timedelta
from pathlib import Path

import msgspec

from besitos.playground import Call, Playground, User
from tests.playground.scene import NOON, Api, MovedClock, button, keyboard


async def test_a_call_is_written_down_whole(api: Api, playground: Playground, ana: User, clock: MovedClock) -> None:
    clock.move(timedelta(seconds=3))
    await api.client.post(
        f"{api.base}/sendMessage",
        data={"chat_id": ana.id, "text": "[1]", "reply_markup": '{"inline_keyboard": []}'},
    )

    [call] = playground.journal.calls("sendMessage", ana.id)
    assert (call.number, call.at, call.status, call.chat_id) == (1, NOON + timedelta(seconds=3), 200, ana.id)
    assert call.parameters == {"chat_id": str(ana.id), "text": "[1]", "reply_markup": {"inline_keyboard": []}}
    assert call.answer["result"]["text"] == "[1]"
    assert call.is_ok
    assert call.was_heard
    assert 0 <= call.took <= call.elapsed + call.took


async def test_refusals_and_unknown_methods_are_written_down_too(api: Api, playground: Playground) -> None:
    await api.call("sendHugs", chat_id="@ana")

    [call] = playground.journal
    assert (call.method, call.status, call.is_ok, call.chat_id) == ("sendHugs", 404, False, None)


async def test_calls_are_told_by_the_update_that_they_answer(api: Api, playground: Playground, ana: User) -> None:
    bea = playground.person("Bea")
    await playground.say(bea, "/start")
    started, other = playground.updates
    await api.ok("getUpdates")
    await api.send(ana, "?", reply_markup=keyboard([button("Sí", "yes")]))
    press = await playground.press(ana, playground.messages(ana)[-1], "Sí")
    await api.send(bea, "hola")
    await api.ok("answerCallbackQuery", callback_query_id=press.query_id)

    assert [call.method for call in playground.journal.calls(chat_id=ana.id)] == ["sendMessage", "answerCallbackQuery"]

    def methods(update_id: int | None) -> list[str]:
        return [call.method for call in playground.journal.of_update(update_id or 0)]

    assert methods(started.update_id) == ["sendMessage"]
    assert methods(other.update_id) == ["sendMessage"]
    assert methods(press.update_id) == ["answerCallbackQuery"]


async def test_it_is_saved_as_json_lines(api: Api, playground: Playground, ana: User, tmp_path: Path) -> None:
    await api.send(ana, "ñ")
    await api.ok("getMe")

    playground.journal.save(tmp_path / "calls.jsonl")

    lines = (tmp_path / "calls.jsonl").read_bytes().splitlines()
    assert [msgspec.json.decode(line, type=Call) for line in lines] == list(playground.journal)
    playground.journal.clear()
    await api.ok("getMe")
    assert [call.number for call in playground.journal] == [3]
    assert len(playground.journal) == 1
