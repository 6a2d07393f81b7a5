"""The directory: one name, one member, however many processes see it first."""

import asyncio

from besitos.engine.directory import Directory
from besitos.store.protocol import MemberRef, Store
from tests.world import SetClock

NAMES = [MemberRef(external_id=f"student-{number}") for number in range(50)]
LARGEST_IN_JAVASCRIPT = 2**53 - 1


async def test_a_name_seen_by_eight_processes_at_once_is_one_member(database: Store) -> None:
    clock = SetClock()
    directories = [Directory(database, clock) for _ in range(8)]

    found = await asyncio.gather(*(each.open(NAMES) for each in directories))

    assert all(each == found[0] for each in found)
    assert len(set(found[0].values())) == len(NAMES)
    events = [row for row in (await database.export()).events if row.member_id in set(found[0].values())]
    assert [(row.type, row.member_seq) for row in events] == [("admin.member_created", 1)] * len(NAMES)


async def test_ids_grow_with_time_and_javascript_reads_them(store: Store) -> None:
    directory = Directory(store, SetClock())

    ids = list((await directory.open(NAMES)).values())

    assert all(0 < member_id <= LARGEST_IN_JAVASCRIPT for member_id in ids)
    assert len(set(ids)) == len(ids)


async def test_two_processes_that_draw_the_same_id_both_get_one(store: Store) -> None:
    """Both clocks stand at the same millisecond, so both begin with the same number."""
    one, other = Directory(store, SetClock()), Directory(store, SetClock())

    first = await one.open([MemberRef(telegram_id=1)])
    second = await other.open([MemberRef(telegram_id=2), MemberRef(external_id="x")])

    assert len({*first.values(), *second.values()}) == 3


async def test_our_own_ids_are_never_invented(store: Store) -> None:
    directory = Directory(store, SetClock())

    assert await directory.open([MemberRef(4711)]) == {}
    assert await directory.find([MemberRef(external_id="nobody")]) == {}
    assert await directory.find([MemberRef(7)]) == {MemberRef(7): 7}
