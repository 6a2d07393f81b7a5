"""Keys of the API: what each may do, how one is lost, and that nobody finds a secret anywhere."""

import logging

import pytest

from besitos.store.keys import ClientTakenError
from besitos.store.protocol import Query
from besitos.surfaces.http import keys
from besitos.surfaces.http.keys import KEY, Scope, create_key, list_keys, revoke_key
from tests.http.caller import Api, Caller, Said

ROUTES: list[tuple[str, str, object, Scope]] = [
    ("GET", "/members/ext:ana", None, Scope.READ),
    ("GET", "/members/ext:ana/balance", None, Scope.READ),
    ("GET", "/members/ext:ana/history", None, Scope.READ),
    ("POST", "/balances", {"members": ["ext:ana"]}, Scope.READ),
    ("POST", "/members", {"external_id": "bea"}, Scope.MEMBERS),
    ("POST", "/members/ext:ana/link-code", None, Scope.MEMBERS),
    ("POST", "/members/tg:42/link", {"code": "x"}, Scope.MEMBERS),
    ("POST", "/activities", {"key": "a", "member": "ana", "kind": "message.posted"}, Scope.ACTIVITIES),
    ("POST", "/activities/batch", {"activities": [{}]}, Scope.ACTIVITIES),
    ("POST", "/members/ext:ana/daily-gift", None, Scope.ACTIVITIES),
    ("POST", "/members/ext:ana/grants", {"amount": 1}, Scope.LEDGER),
    ("POST", "/members/ext:ana/spends", {"amount": 1}, Scope.LEDGER),
    ("POST", "/members/ext:ana/gifts", {"amount": 1, "to": "ext:ana"}, Scope.LEDGER),
    ("POST", "/transfers/1-1/reversal", {}, Scope.LEDGER),
    ("GET", "/members/ext:ana/profile", None, Scope.READ),
    ("GET", "/members/ext:ana/why", None, Scope.READ),
    ("GET", "/badges", None, Scope.READ),
    ("GET", "/members/ext:ana/badges", None, Scope.READ),
    ("PUT", "/members/ext:ana/badges/shown", {"badges": []}, Scope.ACTIVITIES),
    ("GET", "/admin/badges", None, Scope.GAME_READ),
    ("POST", "/admin/badges", {"badge": "x", "definition": {}}, Scope.GAME_WRITE),
    ("PUT", "/admin/badges", {"badge": "x", "definition": {}}, Scope.GAME_WRITE),
    ("GET", "/admin/users", None, Scope.MEMBERS),
    ("GET", "/admin/users/ext:ana/badges", None, Scope.MEMBERS),
    ("POST", "/admin/users/ext:ana/badges", {"badge": "x"}, Scope.MEMBERS),
    ("DELETE", "/admin/users/ext:ana/badges/x?reason=x", None, Scope.MEMBERS),
    ("GET", "/members/ext:ana/streaks", None, Scope.READ),
    ("POST", "/members/ext:ana/streaks/x/pause", {}, Scope.ACTIVITIES),
    ("DELETE", "/members/ext:ana/streaks/x/pause/2026-12-24", None, Scope.ACTIVITIES),
    ("POST", "/members/ext:ana/streaks/x/freeze", {}, Scope.MEMBERS),
    ("POST", "/members/ext:ana/streaks/x/repair", {}, Scope.MEMBERS),
    ("GET", "/posts/x/reactions", None, Scope.READ),
    ("GET", "/members/ext:ana/boosts", None, Scope.READ),
    ("POST", "/members/ext:ana/boosts", {}, Scope.MEMBERS),
    ("GET", "/modules", None, Scope.READ),
    ("GET", "/members/ext:ana/modules", None, Scope.READ),
    ("GET", "/admin/modules/x/users", None, Scope.READ),
    ("POST", "/members/ext:ana/watching", {}, Scope.ACTIVITIES),
    ("GET", "/members/ext:ana/items", None, Scope.READ),
    ("POST", "/members/ext:ana/items", {}, Scope.MEMBERS),
    ("GET", "/members/ext:ana/content", None, Scope.READ),
    ("POST", "/members/ext:ana/content", {}, Scope.MEMBERS),
    ("POST", "/members/ext:ana/items/take", {}, Scope.MEMBERS),
    ("GET", "/members/ext:ana/vip", None, Scope.READ),
    ("POST", "/members/ext:ana/vip", {}, Scope.MEMBERS),
    ("POST", "/members/ext:ana/vip/end", {}, Scope.MEMBERS),
    ("GET", "/missions", None, Scope.READ),
    ("GET", "/members/ext:ana/missions", None, Scope.READ),
    ("POST", "/members/ext:ana/missions/x/take", None, Scope.ACTIVITIES),
    ("GET", "/rewards", None, Scope.READ),
    ("GET", "/members/ext:ana/rewards", None, Scope.READ),
    ("POST", "/members/ext:ana/rewards/x/claim", None, Scope.ACTIVITIES),
    ("POST", "/members/ext:ana/rewards/x", None, Scope.MEMBERS),
    ("GET", "/levels", None, Scope.READ),
    ("GET", "/members/ext:ana/level", None, Scope.READ),
    ("GET", "/grades", None, Scope.READ),
    ("GET", "/members/ext:ana/grade", None, Scope.READ),
    ("GET", "/leaderboards", None, Scope.READ),
    ("GET", "/leaderboards/x", None, Scope.READ),
    ("GET", "/leaderboards/x/periods", None, Scope.READ),
    ("POST", "/members/ext:ana/leaderboard-visibility", {}, Scope.MEMBERS),
    ("GET", "/game", None, Scope.GAME_READ),
    ("GET", "/game/schema", None, Scope.GAME_READ),
    ("GET", "/game/diff", None, Scope.GAME_READ),
    ("GET", "/game/versions", None, Scope.GAME_READ),
    ("GET", "/game/versions/1", None, Scope.GAME_READ),
    ("POST", "/game/plan", {}, Scope.GAME_READ),
    ("POST", "/game/apply", {}, Scope.GAME_WRITE),
    ("POST", "/game/rollback", {"version": 1}, Scope.GAME_WRITE),
    ("POST", "/game/past", {"parts": ["badge/x"]}, Scope.GAME_WRITE),
    ("GET", "/game/drafts", None, Scope.GAME_READ),
    ("GET", "/game/drafts/x", None, Scope.GAME_READ),
    ("PUT", "/game/drafts/x", {}, Scope.GAME_WRITE),
    ("DELETE", "/game/drafts/x", None, Scope.GAME_WRITE),
    ("POST", "/game/drafts/x/plan", None, Scope.GAME_READ),
    ("POST", "/game/drafts/x/apply", None, Scope.GAME_WRITE),
    ("POST", "/game/drafts/x/cancel", None, Scope.GAME_WRITE),
]


async def ask(caller: Caller, method: str, path: str, body: object) -> tuple[int, str]:
    answer = await caller.send(method, path, Said(body, None if method == "GET" else "k"))
    return answer.status_code, answer.json().get("code", "")


async def test_each_route_asks_for_its_scope_and_no_other(light: Api) -> None:
    owner = await light.client()
    await owner.member("ana")
    for method, path, body, scope in ROUTES:
        assert (await ask(await light.client(scope), method, path, body))[0] not in {401, 403}, path

        others = await light.client(*(set(Scope) - {scope}))
        assert await ask(others, method, path, body) == (403, "api_key.scope"), path


async def test_every_route_is_in_the_matrix(light: Api) -> None:
    said = {
        (method.upper(), said["x-scope"])
        for each in light.app.document["paths"].values()
        for method, said in each.items()
    }

    assert said == {(method, scope.value) for method, _, _, scope in ROUTES}
    assert sum(len(each) for each in light.app.document["paths"].values()) == len(ROUTES)


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        (None, "api_key.missing"),
        ("", "api_key.missing"),
        ("Bearer", "api_key.wrong"),
        ("Bearer nonsense", "api_key.wrong"),
        ("Basic {key}", "api_key.wrong"),
        ("Bearer {key}x", "api_key.wrong"),
        ("Bearer bes_aaaaaaaa_" + "x" * 43, "api_key.wrong"),
        ("Bearer {head}" + "A" * 43, "api_key.wrong"),
    ],
)
async def test_without_a_good_key_nobody_comes_in(app: Caller, authorization: str | None, code: str) -> None:
    headers = {}
    if authorization is not None:
        headers["authorization"] = authorization.format(key=app.key, head=app.key[:13])

    answer = await app.api.http.get("/api/v1/members/1", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_revoked_key_is_refused_within_a_second(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "TRUSTED_SECONDS", 0.05)
    shop = await api.client(name="shop")
    ana = await shop.member("ana")

    revoked = await revoke_key(api.besitos.store, api.clock, "shop", "test")
    answers = [(await shop.get(f"/members/{ana}")).status_code]
    for _ in range(200):
        answers.append((await shop.get(f"/members/{ana}")).status_code)
        if answers[-1] == 401:
            break

    assert revoked is not None
    assert answers[-1] == 401
    assert keys.TRUSTED_SECONDS <= 1


async def test_a_client_has_one_key_until_it_is_revoked(api: Api) -> None:
    store, clock = api.besitos.store, api.clock
    await create_key(store, clock, "shop", [Scope.READ], "ana")
    with pytest.raises(ClientTakenError):
        await create_key(store, clock, "shop", [Scope.READ], "ana")

    assert await revoke_key(store, clock, "shop", "bea") is not None
    assert await revoke_key(store, clock, "shop", "bea") is None
    await create_key(store, clock, "shop", [Scope.LEDGER], "carla")

    [key] = await list_keys(store)
    assert (key.client, key.scopes, key.revoked_at) == ("shop", ("ledger",), None)
    [log] = await store.read(Query("SELECT actor, act FROM staff_log ORDER BY log_id"))
    assert [tuple(row) for row in log] == [
        ("ana", "api_key.created"),
        ("bea", "api_key.revoked"),
        ("carla", "api_key.created"),
    ]


@pytest.mark.parametrize("name", ["", "Shop", "a:b", "a b", "ñ", "x" * 64])
async def test_a_client_has_a_plain_name(light: Api, name: str) -> None:
    with pytest.raises(ValueError, match="a client is named"):
        await create_key(light.besitos.store, light.clock, name, [Scope.READ], "test")


async def test_no_secret_is_kept_or_told(app: Caller, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    match = KEY.fullmatch(app.key)
    assert match is not None

    await app.member("ana")
    answer = await app.api.http.get("/api/v1/members/ext:ana", headers={"authorization": f"Bearer {app.key}"})

    tables = await app.api.besitos.store.read(Query("SELECT * FROM api_keys"), Query("SELECT * FROM staff_log"))
    for told in (str(tables), caplog.text, answer.text, str(answer.headers)):
        assert match[2] not in told
    [key] = await list_keys(app.api.besitos.store)
    assert key.last_used_at is not None


def test_every_scope_is_explained(light: Api) -> None:
    said = light.app.document["components"]["securitySchemes"]["ApiKey"]["description"]

    assert all(f"`{scope.value}`" in said for scope in Scope)
