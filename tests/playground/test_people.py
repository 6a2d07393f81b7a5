"""People, as tests and front ends play them; and the promise that the room stays light."""

import subprocess
import sys

import pytest

from besitos.playground import Playground
from besitos.playground.objects import Entity
from tests.playground.scene import NOON, Api, texts


async def test_people_are_numbered_and_named_like_telegrams(playground: Playground) -> None:
    ana = playground.person("Ana")
    bea = playground.person("Bea", id=42, last_name="Gil", username="bea", language_code=None)
    carla = playground.person("Carla", language_code="en")

    assert ana.as_json() == {"id": 1001, "is_bot": False, "first_name": "Ana", "language_code": "es"}
    assert bea.as_json() == {"id": 42, "is_bot": False, "first_name": "Bea", "last_name": "Gil", "username": "bea"}
    assert (carla.id, carla.language_code) == (1002, "en")


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("/diario", Entity(type="bot_command", offset=0, length=7)),
        ("💋💋 /start@besitos_bot code", Entity(type="bot_command", offset=5, length=18)),
    ],
)
async def test_commands_are_marked_in_utf16_units(playground: Playground, text: str, entity: Entity) -> None:
    message = await playground.say(playground.person("Ana"), text)

    assert message.entities == (entity,)
    assert message.date == int(NOON.timestamp())


async def test_only_ones_own_words_can_be_edited(api: Api, playground: Playground) -> None:
    ana, bea = playground.person("Ana"), playground.person("Bea")
    await playground.say(ana, "/start")
    hers = await playground.say(bea, "/start")
    await api.send(ana, "hola")

    for message in (playground.messages(ana)[1], hers):
        with pytest.raises(ValueError, match="could edit"):
            await playground.edit(ana, message, "mine now")
    assert texts(playground.messages(ana)) == ["/start", "hola"]


async def test_waiting_after_a_message_of_another_chat_is_a_mistake_of_the_test(playground: Playground) -> None:
    ana, bea = playground.person("Ana"), playground.person("Bea")
    hers = await playground.say(bea, "/start")

    with pytest.raises(LookupError):
        await playground.answer(ana, after=hers)


def test_the_playground_loads_no_bot_and_no_engine() -> None:
    heavy = ("aiogram", "aiohttp", "sqlalchemy", "besitos.engine", "besitos.store")
    code = f"import sys, besitos.playground; print([name for name in {heavy} if name in sys.modules])"

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert loaded.stdout.strip() == "[]"
