"""What is kept for a while goes, step by step; what the past is read from stays, and what is gone is said to be."""

import asyncio
from datetime import timedelta

import pytest

from besitos.core.activity import topic_of
from besitos.core.event import AchievementUnlocked, MissionAssigned, MissionExpired
from besitos.engine.catchup import CatchUp
from besitos.engine.coverage import Covered, units_of
from besitos.engine.engine import Engine
from besitos.engine.past import EVENTS, lasting_in
from besitos.store import retention, why
from besitos.store.audit import audit
from besitos.store.protocol import Database, Query, TransientError
from besitos.store.requests import Answered, find, remember
from besitos.store.retention import Terms, clear, cleared
from besitos.surfaces.texts import Texts
from besitos.surfaces.texts.missing import Missing
from besitos.surfaces.texts.why import Why
from tests.books import comparable
from tests.world import ALL, ANA, BEA, MONDAY, SetClock, day, document, engine, game, message

GAME = """
game: {name: Prueba}
rules: {charla: {when: message.posted, pays: {besitos: 1}, limit: 1/day}}
missions: {diaria: {repeats: daily, type: daily, goals: {reactions: 3+}, pays: {besitos: 1}, name: Diaria}}
badges: {rica: {name: Rica, if: {earned: 2+}}}
"""
ASSIGNED, EXPIRED = topic_of(MissionAssigned), topic_of(MissionExpired)
COUNTING = GAME + "metrics: {asignadas: {when: gamification.mission_assigned}}\n"
OLD, NEW = day(3), day(120)


def at(store: Database, days: int, text: str = GAME) -> Engine:
    return engine(store, SetClock(day(days)), text)


async def live(store: Database) -> None:
    """Ana and Bea speak twice on each of three days, and again four months later."""
    for number in (0, 1, 2, 119):
        running = at(store, number)
        for member_id in (ANA, BEA):
            for minutes in (2, 1):
                outcome = await running.submit(message(member_id, day(number) - timedelta(minutes=minutes)))
                assert outcome.accepted


def dispensable(text: str = GAME) -> frozenset[str]:
    return frozenset(EVENTS.keys() - lasting_in(game(text)))


def old_ones(types: dict[str, int]) -> int:
    """What is dispensable of the first three days: a mission a day, which expires in the end, for two members."""
    return len(ALL) + types[ASSIGNED] - 2 + types[EXPIRED] - 2


async def types_of(store: Database) -> dict[str, int]:
    [rows] = await store.read(Query("SELECT type, count(*) FROM events GROUP BY type"))
    return dict(map(tuple, rows))


async def traces_in(store: Database) -> int:
    [[[count]]] = await store.read(Query("SELECT count(*) FROM activities WHERE trace IS NOT NULL"))
    return int(count)


async def test_traces_and_dispensable_events_go_after_their_time_and_nothing_else_does(database: Database) -> None:
    await live(database)
    before, types, traces = comparable(await database.export()), await types_of(database), await traces_in(database)

    gone = await clear(database, NEW, Terms(), dispensable(), pause=0)

    after, left = comparable(await database.export()), await types_of(database)
    assert (traces, await traces_in(database)) == (8, 2)
    assert types[ASSIGNED] == 8
    assert left[ASSIGNED] == 2
    assert left[topic_of(AchievementUnlocked)] == types[topic_of(AchievementUnlocked)] == 2
    gone_by_name = {"traces": 6, "events": old_ones(types), "requests": 0, "staff_log": 0}
    assert (await cleared(database)).rows == gone_by_name
    assert gone == sum(gone_by_name.values())
    for table in before.keys() - {"events", "activities"}:
        assert after[table] == before[table], table
    assert [row._replace(trace=None) for row in after["activities"]] == [
        row._replace(trace=None) for row in before["activities"]
    ]


async def test_doing_it_again_in_two_processes_at_once_changes_nothing_more(database: Database) -> None:
    await live(database)
    await clear(database, NEW, Terms(), dispensable(), pause=0)
    first = comparable(await database.export())

    again = await asyncio.gather(
        *(clear(database, NEW, Terms(), dispensable(), pause=0) for _ in range(2)), return_exceptions=True
    )

    assert set(map(type, again)) <= {int, TransientError}
    assert sum(each for each in again if isinstance(each, int)) == 0
    assert comparable(await database.export()) == first


async def test_every_step_is_small_and_others_write_between(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await live(database)
    monkeypatch.setattr(retention, "ROWS_MAX", 1)
    most, amend = 0, database.amend

    async def watched(*queries: Query) -> object:
        nonlocal most
        answers = await amend(*queries)
        most = max(most, len(queries), *map(len, answers))
        await amend(Query("UPDATE deployment SET value = value"))
        return answers

    monkeypatch.setattr(database, "amend", watched)
    await clear(database, NEW, Terms(), dispensable(), pause=0)

    assert (await types_of(database))[ASSIGNED] == 2
    assert await traces_in(database) == 2
    assert most <= len(ALL)  # twenty members were opened at once, and on PostgreSQL their events share a position


async def test_the_audit_is_silent_after_it_and_still_finds_what_is_missing(database: Database) -> None:
    await live(database)
    await clear(database, NEW, Terms(), dispensable(), pause=0)
    assert [finding.code for finding in (await audit(database)).violations] == []

    for number in (120, 121):
        assert (await at(database, number).submit(message(ANA, day(number)))).accepted
    [[[last]]] = await database.read(Query("SELECT max(member_seq) FROM events WHERE member_id = 1"))
    await database.amend(Query("DELETE FROM events WHERE member_id = 1 AND member_seq = :seq", {"seq": last - 1}))

    assert [finding.code for finding in (await audit(database)).violations] == ["audit.events"]


async def test_why_says_that_it_is_forgotten_and_what_was_paid_all_the_same(database: Database) -> None:
    await live(database)
    await clear(database, NEW, Terms(), dispensable(), pause=0)

    found = await why.newest(database, ANA, 20)
    words = Why(Texts("en"), document(GAME), Missing(Texts("en"), document(GAME)))
    told = [[line.sentence for line in words.told(each)] for each in found]

    forgotten = "No more details of this are kept: it was too long ago."
    assert [each.is_forgotten for each in found] == [False, False, True, True, True]
    assert told[2:] == [["charla: +1 besito", forgotten]] * 3
    assert forgotten not in told[0] + told[1]


async def test_what_a_game_counts_stays_and_what_it_did_not_is_said_to_be_gone(database: Database) -> None:
    await live(database)
    await clear(database, NEW, Terms(), dispensable(COUNTING), pause=0)
    assert (await types_of(database))[ASSIGNED] == 8

    await clear(database, NEW, Terms(), dispensable(), pause=0)
    assert (await types_of(database))[ASSIGNED] == 2
    after = at(database, 121, COUNTING)
    catching_up = CatchUp(after, database)
    await catching_up.recall(Covered().gaps(units_of(after.game.document), {}, 1), after.game)

    assert catching_up.forgotten == {ASSIGNED: NEW - Terms().events}


async def test_the_past_is_given_once_whatever_was_cleared(database: Database) -> None:
    await live(database)
    running = at(database, 120)
    before = await CatchUp(running, database).preview(["badge/rica", "rule/charla"])
    await clear(database, NEW, Terms(), dispensable(), pause=0)

    catching_up = CatchUp(running, database)
    given = await catching_up.back_fill(["badge/rica", "rule/charla"])

    assert given == before
    assert {gain.times for gain in given.values()} == {0}
    assert catching_up.forgotten == {}


async def test_the_answers_to_acts_without_a_member_are_remembered_for_a_month(database: Database) -> None:
    for key, moment in (("old", OLD), ("new", NEW)):
        await remember(database, Answered(key, "{}", 200, "{}", "ana"), moment)

    await clear(database, NEW, Terms(), (), pause=0)

    assert await find(database, "old") is None
    assert await find(database, "new") is not None


async def test_the_log_of_the_staff_is_kept_as_long_as_is_said(database: Database) -> None:
    added = "INSERT INTO staff_log (actor, act, details, recorded_at) VALUES ('ana', :act, '{}', :at)"
    await database.amend(*(Query(added, {"act": act, "at": when}) for act, when in (("old", MONDAY), ("new", OLD))))

    await clear(database, NEW, Terms(staff_log=NEW - OLD), (), pause=0)

    [rows] = await database.read(Query("SELECT act FROM staff_log"))
    assert [act for [act] in rows] == ["new"]
