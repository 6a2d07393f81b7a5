"""The game through the API: read, planned, applied by one of several editors, compared, restored, scheduled."""

import json
from datetime import timedelta
from typing import Any

import httpx2
import jsonschema_rs
import pytest

from besitos.apps.api import create_app
from besitos.apps.compose import open_besitos
from besitos.apps.jobs import publish
from besitos.apps.settings import Settings
from besitos.surfaces.http.gamebody import BODY_MAX
from tests.http.caller import ALL_SCOPES, Api, Caller, Said
from tests.http.conftest import GAME
from tests.world import SetClock

KINDER = GAME.replace("besitos: 2", "besitos: 3")
THEIRS = GAME.replace("besitos: 100", "besitos: 200")
YAML = {"content-type": "application/yaml"}


async def send(caller: Caller, method: str, path: str, text: str, **headers: str) -> Any:  # noqa: ANN401 - a response
    """Send a document as YAML."""
    return await caller.send(method, path, Said(content=text, headers=httpx2.Headers({**YAML, **headers})))


async def apply(caller: Caller, text: str, version: int | str = "*", query: str = "") -> Any:  # noqa: ANN401 - as above
    return await send(
        caller, "POST", f"/game/apply{query}", text, **{"if-match": f'"{version}"' if version != "*" else "*"}
    )


async def happen(caller: Caller, key: str) -> int:
    """What a message pays Ana."""
    told = await caller.post("/activities", {"key": key, "member": "ana", "kind": "message.posted"})
    return sum(paid["amount"] for paid in told.json()["paid"] if paid["definition"] == "rule/message")


async def test_the_game_is_read_with_its_version_and_can_be_sent_back_as_it_is(shop: Caller) -> None:
    found = await shop.get("/game")

    assert (found.json()["version"], found.headers["etag"], found.json()["author"]) == (1, '"1"', "test")
    assert found.json()["document"]["rules"]["message"] == {
        "when": "message.posted",
        "pays": {"besitos": 2},
        "limit": "3/day",
    }
    sent = await shop.post("/game/apply", found.json()["document"], headers={"if-match": found.headers["etag"]})
    assert (sent.status_code, sent.json()["differs"], sent.json()["version"]) == (200, False, 1)


async def test_numbers_keep_the_digits_that_they_were_written_with(app: Caller) -> None:
    exact = GAME.replace("when: lesson.done,", "when: lesson.done, where: {minutes: 1.10},")
    await apply(app, exact)

    found = await app.get("/game")

    assert '"minutes":1.10' in found.text
    sent = await app.post("/game/plan", content=json_of(found.text), headers={"content-type": "application/json"})
    assert sent.json()["differs"] is False


def json_of(answer: str) -> str:
    """The document in an answer, without reading its numbers."""
    return answer[answer.index('"document":') + len('"document":') : -1]


async def test_a_plan_tells_every_word_and_writes_nothing(shop: Caller) -> None:
    planned = await send(shop, "POST", "/game/plan", KINDER)

    assert planned.status_code == 200
    assert planned.json()["difference"] == {
        "added": [],
        "changed": ["rule/message"],
        "archived": [],
        "words": {"rule/message": [{"word": "pays.besitos", "before": 2, "after": 3}]},
    }
    assert (await shop.get("/game/versions")).json()["items"][0]["version"] == 1


async def test_applying_makes_a_version_with_author_and_reason(shop: Caller) -> None:
    applied = await apply(shop, KINDER, 1, "?author=ana&reason=kinder")

    assert (applied.status_code, applied.json()["version"], applied.headers["etag"]) == (200, 2, '"2"')
    [version, first] = (await shop.get("/game/versions")).json()["items"]
    assert (version["author"], version["reason"], version["changed"]) == ("api:shop/ana", "kinder", 1)
    assert (first["version"], first["added"]) == (1, 7)
    assert await happen(shop, "a") == 3


@pytest.mark.parametrize("form", ["yaml", "json", "files", "escaped"])
async def test_a_document_comes_as_yaml_as_json_or_as_files(app: Caller, form: str) -> None:
    document = {"game": {"name": "💋"}}
    bodies = {
        "yaml": ("application/yaml", "game: {name: 💋}"),
        "json": ("application/json", json.dumps(document, ensure_ascii=False)),
        "files": ("application/json", json.dumps({"files": {"a.yaml": "# hi\n", "b.yaml": "game: {name: 💋}"}})),
        "escaped": ("application/json; charset=utf-8", json.dumps(document)),
    }
    kind, content = bodies[form]

    applied = await app.post("/game/apply", content=content, headers={"content-type": kind, "if-match": "1"})

    assert applied.json()["version"] == 2
    assert (await app.get("/game")).json()["document"] == document


async def test_everything_that_is_wrong_is_told_at_once_in_the_language_asked_for(app: Caller) -> None:
    broken = "game: {name: X}\nrules:\n  a: {when: mesage.posted, pays: {besitos: 1}, limit: 3/dia}\n"

    for path in ("/game/plan", "/game/apply"):
        told = await send(app, "POST", path, broken, **{"accept-language": "es", "if-match": "*"})
        assert (told.status_code, told.json()["code"], told.json()["details"]) == (422, "game.broken", {"count": 2})
        assert told.json()["detail"].startswith("el juego tiene 2 problemas")
        [kind, limit] = sorted(told.json()["errors"], key=lambda each: each["place"])
        assert (kind["place"], kind["path"], kind["code"]) == ("game.yaml:3:13", "rules.a.when", "kind.unknown")
        assert kind["detail"].startswith("nada se sabe de la actividad `mesage.posted`; ¿quizá `message.posted`?")
        assert (limit["path"], limit["code"]) == ("rules.a.limit.0", "limit.wrong")
    assert (await app.get("/game")).json()["version"] == 1


async def test_of_two_editors_the_second_is_told_what_the_first_has_changed(shop: Caller) -> None:
    await apply(shop, THEIRS, 1)

    told = await apply(shop, KINDER, 1)

    assert (told.status_code, told.json()["code"], told.headers["etag"]) == (412, "game.moved", '"2"')
    details = told.json()["details"]
    assert (details["base"], details["version"]) == (1, 2)
    assert details["difference"]["words"] == {
        "rule/salary": [{"word": "pays.besitos", "before": 100, "after": 200}],
    }
    assert (await apply(shop, THEIRS, 1)).json()["version"] == 2, "its answer may have been lost"
    assert (await apply(shop, KINDER, 2)).json()["version"] == 3


@pytest.mark.parametrize(
    ("match", "status"),
    [(None, 428), ('"7"', 404), ("seven", 422), ('W/"1"', 200), ("1", 200), ("*", 200), ('"0"', 412)],
)
async def test_who_writes_says_what_they_have_seen(app: Caller, match: str | None, status: int) -> None:
    headers = {} if match is None else {"if-match": match}

    assert (await send(app, "POST", "/game/apply", KINDER, **headers)).status_code == status


async def test_every_process_follows_without_a_restart(database_url: str, api: Api) -> None:
    shop = await api.client(*ALL_SCOPES, name="shop")
    async with open_besitos(database_url, api.clock, connections=2) as other:
        second = Api(await create_app(other, Settings(language="en")), other, api.clock)
        elsewhere = Caller(second, shop.key)
        assert await happen(elsewhere, "a") == 2

        await apply(shop, KINDER)

        assert await happen(elsewhere, "b") == 3
        assert (await elsewhere.get("/game")).headers["etag"] == '"2"'
        await second.http.aclose()


async def test_what_was_archived_comes_back_with_what_members_had(shop: Caller) -> None:
    once = GAME.replace("limit: 3/day", "limit: 1/ever")
    await apply(shop, once)
    assert await happen(shop, "a") == 2
    await apply(shop, GAME.replace("  message: {when: message.posted, pays: {besitos: 2}, limit: 3/day}\n", ""))
    assert await happen(shop, "b") == 0

    await apply(shop, once)

    assert await happen(shop, "c") == 0, "the limit remembers what was paid before"


async def test_versions_are_listed_shown_compared_and_restored(shop: Caller) -> None:
    await apply(shop, KINDER)
    await apply(shop, THEIRS)

    page = (await shop.get("/game/versions?limit=2")).json()
    assert ([each["version"] for each in page["items"]], page["next"]) == ([3, 2], "2")
    rest = (await shop.get(f"/game/versions?limit=2&cursor={page['next']}")).json()
    assert ([each["version"] for each in rest["items"]], rest["next"]) == ([1], None)
    one = (await shop.get("/game/versions/2")).json()
    assert (one["changed"], one["document"]["rules"]["message"]["pays"]) == (1, {"besitos": 3})
    assert (await shop.get("/game/diff?from=1&to=2")).json()["changed"] == ["rule/message"]
    assert (await shop.get("/game/diff")).json()["changed"] == ["rule/message", "rule/salary"]
    assert (await shop.get("/game/diff?from=0")).json()["added"]

    back = await shop.post("/game/rollback?reason=enough", {"version": 1}, headers={"if-match": '"3"'})

    assert (back.json()["version"], back.json()["difference"]["changed"]) == (4, ["rule/salary"])
    assert (await shop.get("/game/diff?from=1&to=4")).json()["changed"] == []
    assert (await shop.post("/game/rollback", {"version": 2}, headers={"if-match": '"3"'})).status_code == 412
    for path in ("/game/versions/9", "/game/versions/x", "/game/diff?from=9"):
        assert (await shop.get(path)).json()["code"] == "game.no_version"


async def test_the_schema_fits_the_document(app: Caller) -> None:
    schema = (await app.get("/game/schema")).json()

    jsonschema_rs.validator_for(schema).validate((await app.get("/game")).json()["document"])


async def test_a_body_of_another_kind_is_refused(app: Caller) -> None:
    for kind, status in (("text/html", 415), ("", 415)):
        told = await app.post("/game/plan", content="game: {name: A}", headers={"content-type": kind})
        assert told.status_code == status
    told = await app.post("/game/plan", content=b"game: \xff", headers=YAML)
    assert told.json()["code"] == "request.not_utf8"
    told = await app.post("/game/plan", {"files": {}})
    assert told.json()["errors"][0]["place"] == "files"


async def test_what_is_too_large_is_refused_and_what_is_large_is_not(app: Caller) -> None:
    rules = "".join(f"  r{number}: {{when: message.posted, pays: {{xp: 1}}}}\n" for number in range(2_000))
    large = f"game: {{name: A}}\nrules:\n{rules}"

    assert (await apply(app, large)).json()["version"] == 2
    assert (await apply(app, large + "#" * 2**21)).json()["errors"][0]["code"] == "file.too_large"
    told = await app.post("/game/plan", content=b"#" * (BODY_MAX + 1), headers=YAML)
    assert (told.status_code, told.json()["code"]) == (413, "request.body_too_large")


async def test_drafts_are_kept_planned_applied_and_forgotten(shop: Caller) -> None:
    kept = await send(shop, "PUT", "/game/drafts/spring", f"# hi\n{KINDER}")

    assert (kept.status_code, kept.json()["base"], kept.json()["problems"]) == (200, 1, [])
    assert (await shop.get("/game/drafts/spring")).json()["files"] == {"game.yaml": f"# hi\n{KINDER}"}
    plan = (await shop.post("/game/drafts/spring/plan")).json()
    assert (plan["base"], plan["version"], plan["difference"]["changed"]) == (1, 1, ["rule/message"])

    await apply(shop, THEIRS)
    moved = await shop.post("/game/drafts/spring/apply")
    assert (moved.status_code, moved.json()["code"]) == (412, "game.moved")
    applied = await shop.post("/game/drafts/spring/apply?rebase=true")
    assert (applied.json()["version"], applied.json()["difference"]["changed"]) == (3, ["rule/message"])
    [listed] = (await shop.get("/game/drafts")).json()["items"]
    assert (listed["state"], listed["version"]) == ("applied", 3)

    assert (await shop.send("DELETE", "/game/drafts/spring", Said())).status_code == 200
    assert (await shop.get("/game/drafts/spring")).json()["code"] == "draft.unknown"


async def test_a_draft_tells_its_problems_and_its_conflicts(app: Caller) -> None:
    kept = await send(app, "PUT", "/game/drafts/spring", "game: {nam: X}")
    assert {each["code"] for each in kept.json()["problems"]} == {"word.unknown", "word.missing"}
    assert (await app.post("/game/drafts/spring/apply")).json()["code"] == "game.broken"

    await send(app, "PUT", "/game/drafts/spring", KINDER)
    await apply(app, GAME.replace("besitos: 2", "besitos: 9"))
    told = await app.post("/game/drafts/spring/apply?rebase=true")
    assert (told.status_code, told.json()["details"]["conflicts"]) == (412, ["rule/message"])
    assert (await send(app, "PUT", "/game/drafts/Spring", KINDER)).json()["code"] == "draft.wrong_name"


async def test_publishing_is_scheduled_done_once_and_refused_where_the_game_has_moved(shop: Caller) -> None:
    clock = shop.api.clock
    tomorrow = (clock.moment + timedelta(days=1)).isoformat().replace("+", "%2B")
    first = await apply(shop, KINDER, 1, f"?at={tomorrow}&reason=kinder")
    await send(shop, "PUT", "/game/drafts/second", THEIRS)
    second = await shop.post(f"/game/drafts/second/apply?at={tomorrow}")
    assert (first.status_code, second.status_code) == (202, 202)
    assert (await send(shop, "PUT", "/game/drafts/second", GAME)).json()["code"] == "draft.scheduled"
    await publish(shop.api.besitos)
    assert (await shop.get("/game")).headers["etag"] == '"1"'

    clock.moment += timedelta(days=2)
    await publish(shop.api.besitos)
    await publish(shop.api.besitos)

    assert (await shop.get("/game")).json()["reason"] == "kinder"
    states = {
        each["name"]: (each["state"], each["refused"]) for each in (await shop.get("/game/drafts")).json()["items"]
    }
    assert states == {first.json()["name"]: ("applied", None), "second": ("refused", "game.moved")}
    late = (clock.moment - timedelta(days=1)).isoformat().replace("+", "%2B")
    assert (await apply(shop, KINDER, "*", f"?at={late}")).json()["code"] == "draft.past_moment"
    assert (await apply(shop, KINDER, "*", "?at=tomorrow")).status_code == 422


async def test_a_scheduled_draft_can_be_cancelled(app: Caller) -> None:
    made = await apply(app, KINDER, 1, "?at=2099-01-01T00:00:00Z")

    told = await app.post(f"/game/drafts/{made.json()['name']}/cancel")

    assert (told.json()["state"], told.json()["publish_at"]) == ("open", None)


async def test_a_house_without_a_game_says_so(sqlite_url: str) -> None:
    async with open_besitos(sqlite_url, SetClock(), connections=2) as besitos:
        api = Api(await create_app(besitos, Settings(language="en")), besitos, SetClock())
        caller = await api.client(*ALL_SCOPES)

        assert (await caller.get("/game")).json()["code"] == "game.none"
        assert (await apply(caller, GAME, 0)).json()["version"] == 1
        await api.http.aclose()


async def test_a_method_that_a_path_does_not_have_is_answered_with_all_that_it_has(app: Caller) -> None:
    answer = await app.send("PATCH", "/game/drafts/spring", Said())

    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"DELETE", "GET", "HEAD", "PUT"}
