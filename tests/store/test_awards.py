"""Who holds which badge, counted on each database, with the index that makes it cheap."""

import asyncio

import pytest

from besitos.mechanics.badge.model import GiveBadge, RevokeBadge
from besitos.store import awards
from besitos.store.awards import awards_of, count_holders, holders
from besitos.store.protocol import Database
from tests.world import ANA, BEA, MONDAY, SetClock, day, engine, new_key

GAME = """
game: {name: Prueba}
metrics: {m: {when: message.posted, per: module}}
modules: {uno: {name: U, completed_if: {earned: 9+}}, dos: {name: D, completed_if: {earned: 9+}}}
badges:
  a: {name: A, kind: special}
  a_b: {name: AB, kind: special}
  x: {name: X, kind: module_expert, per: module, if: {m: 9+}}
"""
KNOWN = {"a": "", "a_b": "", "x": "module"}


async def do(store: Database, *orders: tuple[int, str, str, bool]) -> None:
    """Give, or revoke: to whom, which, for which value."""
    running = engine(store, SetClock(day(40)), GAME)
    for member_id, badge, value, is_given in orders:
        common = {"key": new_key(), "member_id": member_id, "occurred_at": MONDAY, "badge": badge, "value": value}
        order = GiveBadge(**common) if is_given else RevokeBadge(**common, reason="r")  # type: ignore[arg-type]  # by name
        assert (await running.submit(order)).accepted


async def test_members_are_counted_once_for_each_badge_and_what_is_revoked_is_not(database: Database) -> None:
    await do(
        database,
        (ANA, "a", "", True),
        (BEA, "a", "", True),
        (BEA, "a_b", "", True),
        (ANA, "x", "uno", True),
        (ANA, "x", "dos", True),
        (BEA, "x", "uno", True),
    )
    before = await count_holders(database, KNOWN)
    await do(database, (BEA, "a", "", False), (BEA, "x", "uno", False), (ANA, "x", "dos", False))
    after = await count_holders(database, KNOWN)
    await do(database, (BEA, "a", "", True))
    again = await count_holders(database, KNOWN)

    assert (before.members, before.of) == (20, {"a": 2, "a_b": 1, "x": 2})
    assert after.of == {"a": 1, "a_b": 1, "x": 1}
    assert again.of == {"a": 2, "a_b": 1, "x": 1}
    assert (before.percent("a"), before.percent("nobody")) == (10.0, 0.0)


async def test_a_count_serves_for_a_while_and_those_who_come_at_once_share_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await do(database, (ANA, "a", "", True))
    both = await asyncio.gather(holders(database, KNOWN), holders(database, KNOWN))
    await do(database, (BEA, "a", "", True))
    remembered = await holders(database, KNOWN)
    monkeypatch.setattr(awards, "COUNTED_SECONDS", 0)
    monkeypatch.setattr(awards, "SHARE", 1e9)

    assert both[0] is both[1]
    assert remembered.of["a"] == 1
    assert (await holders(database, KNOWN)).of["a"] == 2


async def test_what_takes_long_to_count_is_counted_seldom(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([0.0, 3.0, 299.0, 300.0, 300.5])
    monkeypatch.setattr(awards, "_now", lambda: next(moments))
    await do(database, (ANA, "a", "", True))
    first = await holders(database, KNOWN)
    await do(database, (BEA, "a", "", True))

    assert first.of["a"] == 1
    assert (await holders(database, KNOWN)).of["a"] == 1, "three seconds of counting serve for five minutes"
    assert (await holders(database, KNOWN)).of["a"] == 2


async def test_the_awards_of_a_member_are_theirs_alone(database: Database) -> None:
    await do(database, (ANA, "a", "", True), (ANA, "x", "uno", True), (BEA, "a_b", "", True), (ANA, "a", "", False))

    found = await awards_of(database, ANA)

    assert [name for name, _ in found] == ["a", "x/uno"]
    assert "is_revoked" in dict(found)["a"]
