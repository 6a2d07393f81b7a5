"""The configuration manager on each kind of store: one version at a time, however many try."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from besitos.core.clock import Clock
from besitos.engine.editing.drafts import BROKEN, MOVED, Drafts
from besitos.engine.editing.manager import (
    BrokenGameError,
    EditedElsewhereError,
    Manager,
    NotOursError,
    Signature,
    UnknownVersionError,
)
from besitos.game.document import Document
from besitos.mechanics import SECTIONS
from besitos.store.drafts import Draft, DraftState, keeping
from besitos.store.protocol import Database, GameChange, GameMovedError, Keyed, Query, Store
from besitos.store.versions import history, version_of
from tests.world import GAME, SetClock, document

ANA = Signature("ana", "because")
KINDER, THEIRS = GAME.replace("besitos: 2", "besitos: 3"), GAME.replace("besitos: 100", "besitos: 200")


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def manager(store: Store, clock: SetClock) -> Manager:
    return Manager(store, clock, SECTIONS)


def of(database: Database, clock: Clock) -> tuple[Manager, Drafts]:
    manager = Manager(database, clock, SECTIONS)
    return manager, Drafts(database, clock, manager)


async def in_force(store: Store) -> Mapping[Keyed, str]:
    return await store.versions.definitions(await store.versions.latest())


async def test_applying_puts_every_row_and_archives_the_rest(store: Store, manager: Manager) -> None:
    await manager.apply(document(), ANA)
    without = GAME.replace("  salary: {when: salary.paid, pays: {besitos: 100}}\n", "")

    applied = await manager.apply(document(without), ANA)

    assert (applied.version, applied.difference.archived) == (2, (("rule", "salary"),))
    assert set(await in_force(store)) == set(document(without).rows)
    assert set(await store.versions.definitions(1)) == set(document().rows)
    again = await manager.apply(document(), ANA)
    assert again.difference.added == (("rule", "salary"),)
    assert set(await in_force(store)) == set(document().rows)


async def test_an_empty_change_writes_nothing(store: Store, manager: Manager) -> None:
    await manager.apply(document(), ANA)

    assert (await manager.apply(document(), ANA)).version == 1
    assert (await manager.apply(document(), ANA, base=1)).version == 1
    assert await store.versions.latest() == 1


async def test_of_many_who_build_on_one_version_one_stands(store: Store, manager: Manager) -> None:
    await manager.apply(document(), ANA)
    games = [document(GAME.replace("besitos: 2", f"besitos: {number}")) for number in range(3, 11)]

    tried = await asyncio.gather(*(manager.apply(each, ANA, base=1) for each in games), return_exceptions=True)

    stood = [each for each in tried if not isinstance(each, BaseException)]
    refused = [each for each in tried if isinstance(each, EditedElsewhereError)]
    assert (len(stood), len(refused)) == (1, 7)
    assert {(each.base, each.version, each.difference.changed) for each in refused} == {(1, 2, (("rule", "message"),))}
    assert await store.versions.latest() == 2


async def test_a_base_that_is_not_there_is_refused(store: Store, manager: Manager) -> None:
    with pytest.raises(UnknownVersionError):
        await manager.apply(document(), ANA, base=5)
    with pytest.raises(GameMovedError):
        await store.versions.apply(GameChange(5, {}, SetClock().now(), "ana", ""))
    with pytest.raises(UnknownVersionError):
        await manager.rollback(1, ANA)

    assert await store.versions.latest() == 0


async def test_a_rollback_is_a_version_that_equals_the_old_one(manager: Manager) -> None:
    for text in (GAME, KINDER, THEIRS):
        await manager.apply(document(text), ANA)

    assert (await manager.rollback(2, ANA)).version == 4

    assert not await manager.between(2, 4)
    assert (await manager.rollback(2, ANA)).version == 4


async def test_a_rollback_to_what_this_program_no_longer_accepts_says_why(store: Store, manager: Manager) -> None:
    rows = {("game", "game"): '{"name":"X"}', ("rule", "a"): '{"when":["gone.kind"],"pays":{"xp":1}}'}
    await store.prepare((), SetClock().now())
    await store.versions.apply(GameChange(0, rows, SetClock().now(), "ana", ""))
    await manager.apply(document(), ANA)

    with pytest.raises(BrokenGameError) as caught:
        await manager.rollback(1, ANA)

    [problem] = caught.value.problems
    assert (problem.code, problem.path, str(problem.place)) == ("kind.unknown", "rules.a.when", "rules.yaml:2:13")
    assert await store.versions.latest() == 2


async def test_rows_that_this_program_does_not_read_stay_and_are_never_lost_by_a_rollback(
    store: Store, manager: Manager
) -> None:
    await manager.apply(document(), ANA)
    ghost = {("ghost", "x"): '{"name":"X"}'}
    await store.versions.apply(GameChange(1, ghost, SetClock().now(), "ana", ""))
    await manager.apply(document(KINDER), ANA)
    await manager.apply(document(THEIRS), ANA)

    assert (await in_force(store))["ghost", "x"] == '{"name":"X"}'
    assert (await manager.rollback(3, ANA)).version == 5
    with pytest.raises(NotOursError) as caught:
        await manager.rollback(1, ANA)
    assert caught.value.kinds == ("ghost",)
    assert (await in_force(store))["ghost", "x"] == '{"name":"X"}'


async def test_texts_of_all_kinds_survive_the_way_into_the_database_and_back(manager: Manager) -> None:
    note = """ñ 💋 ' " \\\\ \\u0041 $1 :name %s {} -- ;"""
    made = Document.from_rows(
        {
            ("game", "game"): '{"name":"A","note":' + json.dumps(note, ensure_ascii=False) + "}",
            ("rule", "a"): '{"pays":{"xp":1},"when":["a.b"]}',
        },
        SECTIONS,
    )

    await manager.apply(made, ANA)

    assert not await manager.between(1, 1)
    assert not (await manager.compare(made))[1]


async def test_history_counts_what_each_version_changed(database: Database, clock: SetClock) -> None:
    manager, _ = of(database, clock)
    for text in (GAME, KINDER, GAME.replace("  promotion:", "  other:")):
        await manager.apply(document(text), ANA)

    told = await history(database, 10)

    assert [(each.version, each.added, each.changed, each.archived) for each in told] == [
        (3, 1, 1, 1),
        (2, 0, 1, 0),
        (1, len(document().rows), 0, 0),
    ]
    assert [each.version for each in await history(database, 1, before=3)] == [2]
    assert (told[0].author, told[0].reason) == ("ana", "because")
    assert await version_of(database, 3) == told[0][:4]


async def test_a_game_of_thousands_of_definitions_is_written_in_a_few_statements(
    database: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager, _ = of(database, clock)
    sent: list[int] = []
    amend = database.amend

    async def counting(*queries: Query) -> list[list[Sequence[Any]]]:
        sent.append(len(queries))
        return await amend(*queries)

    monkeypatch.setattr(database, "amend", counting)
    rules = "".join(f"  r{number}: {{when: message.posted, pays: {{xp: 1}}}}\n" for number in range(3_000))
    large = document(f"game: {{name: A}}\nrules:\n{rules}")

    await manager.apply(large, ANA)
    await manager.apply(document(), ANA)
    await manager.rollback(1, ANA)

    assert sent == [5, 5, 5]
    assert await manager.rows(3) == large.rows


async def test_a_draft_that_is_due_is_applied_once_whoever_tries(database: Database, clock: SetClock) -> None:
    manager, drafts = of(database, clock)
    await manager.apply(document(), ANA)
    await drafts.add_scheduled({"a.yaml": KINDER}, clock.now() + timedelta(hours=1), ANA)
    assert await drafts.publish_due() == []
    assert await drafts.next_due() == clock.now() + timedelta(hours=1)

    clock.moment += timedelta(hours=2)
    tried = await asyncio.gather(*(of(database, clock)[1].publish_due() for _ in range(6)))

    assert await manager.latest() == 2
    assert {each.version for done in tried for each in done} <= {2}
    [draft] = await drafts.all()
    assert (draft.state, draft.version) == (DraftState.APPLIED, 2)
    assert await drafts.next_due() is None


async def test_a_draft_whose_moment_comes_too_late_is_refused_and_says_so(database: Database, clock: SetClock) -> None:
    manager, drafts = of(database, clock)
    await manager.apply(document(), ANA)
    soon = clock.now() + timedelta(hours=1)
    moved = await drafts.add_scheduled({"a.yaml": KINDER}, soon, ANA)
    await manager.apply(document(THEIRS), ANA)
    broken = await drafts.add_scheduled({"a.yaml": KINDER}, soon, ANA)
    await _spoil(database, broken)
    same = await drafts.add_scheduled({"a.yaml": THEIRS}, soon + timedelta(minutes=1), ANA)

    clock.moment += timedelta(hours=2)
    done = {each.name: (each.state, each.refused, each.version) for each in await drafts.publish_due()}

    assert done == {
        moved.name: (DraftState.REFUSED, MOVED, None),
        broken.name: (DraftState.REFUSED, BROKEN, None),
        same.name: (DraftState.APPLIED, None, 2),
    }
    assert await manager.latest() == 2


async def _spoil(database: Database, draft: Draft) -> None:
    """What a newer program finds where an older one was content."""
    await database.amend(keeping(draft._replace(files='{"a.yaml":"game: {}"}')))


async def test_a_merge_that_is_not_in_order_as_a_whole_is_told(database: Database, clock: SetClock) -> None:
    manager, drafts = of(database, clock)
    await manager.apply(document(), ANA)
    gem = GAME.replace("pays: {besitos: 2}", "pays: {gema: 2}").replace(
        "activities:", "currencies: {gema: {name: G}}\nactivities:"
    )
    await manager.apply(document(gem.replace("pays: {gema: 2}", "pays: {besitos: 2}")), ANA)
    await drafts.save("mine", {"a.yaml": gem}, ANA)
    await manager.apply(document(), ANA)

    with pytest.raises(BrokenGameError) as caught:
        await drafts.apply("mine", ANA, rebase=True)

    assert [each.path for each in caught.value.problems] == ["rules.message.pays.gema"]
