"""The past through the API: reckoned, given once, and refused where it cannot be."""

from tests.http.caller import Caller
from tests.http.conftest import GAME
from tests.http.test_game import apply, happen

BADGE = "badges: {habladora: {name: Habladora, if: {mensajes: 2+}, pays: {besitos: 50}}}\n"
METRIC = "metrics: {mensajes: {when: message.posted}}\n"


async def test_a_new_badge_is_reckoned_and_given_once(shop: Caller) -> None:
    for key in ("a", "b"):
        await happen(shop, key)
    await apply(shop, GAME + METRIC + BADGE)

    asked = {"parts": ["badge/habladora"]}
    preview = await shop.post("/game/past", asked)
    given = await shop.post("/game/past", {**asked, "preview": False})
    again = await shop.post("/game/past", {**asked, "preview": False})

    gain = {"part": "badge/habladora", "members": 1, "times": 1, "amounts": {"besitos": 50}}
    assert preview.json() == {"preview": True, "gains": [gain], "forgotten": {}}
    assert given.json() == {"preview": False, "gains": [gain], "forgotten": {}}
    assert again.json()["gains"][0]["times"] == 0


async def test_what_is_not_in_force_is_refused(shop: Caller) -> None:
    said = await shop.post("/game/past", {"parts": ["badge/nada"]})

    assert (said.status_code, said.json()["code"]) == (409, "past.unknown_part")
