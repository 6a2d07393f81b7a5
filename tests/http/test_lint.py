"""What lint finds, through the API: beside the plan of a document."""

from tests.http.caller import Caller
from tests.http.test_game import send

GAME = """\
game: {name: Casa}
rules:
  charla: {when: message.posted, pays: {besitos: 1}}
"""


async def test_a_plan_tells_what_lint_finds_in_the_language_of_the_caller(shop: Caller) -> None:
    planned = await send(shop, "POST", "/game/plan", GAME, **{"accept-language": "es"})

    (finding,) = planned.json()["findings"]
    assert planned.status_code == 200
    assert (finding["code"], finding["path"]) == ("mints_without_limit", "rules.charla.pays.besitos")
    assert "nada limita" in str(finding)
