"""A small part of the soak, so that a promise broken today is not found out at night."""

from collections import Counter
from datetime import UTC, datetime
from functools import partial

import pytest

from soak.cut import cut
from soak.kills import kill
from soak.lost import lose
from soak.model import LedgerMachine, beside_memory, beside_postgres, beside_sqlite, in_memory
from soak.places import POSTGRES, SQLITE
from soak.questions import differences, in_database
from soak.questions import in_memory as season_in_memory
from soak.races import race
from soak.writers import write
from tests.oracle.comparing import Books


@pytest.mark.parametrize(("kind", "kills"), [(SQLITE, 1), (POSTGRES, 2)])
async def test_a_killed_process_or_database_loses_and_doubles_nothing(kind: str, kills: int) -> None:
    figures = await kill(kind, 1, kills, server_every=2)

    assert (figures["kills"], figures["audits"]) == (kills, 1)
    assert figures["keys answered"] > 0


async def test_sixty_four_at_once() -> None:
    await race(SQLITE, 1, 1)


async def test_the_ledger_is_the_simple_one_in_memory() -> None:
    await beside_memory(1, 25)


async def test_the_ledger_is_the_simple_one_on_sqlite() -> None:
    await beside_sqlite(2, 8)


async def test_the_ledger_is_the_simple_one_on_postgres() -> None:
    await beside_postgres(3, 2)


@pytest.mark.parametrize("seed", range(8))
def test_a_gift_undone_again_and_again_is_the_same_in_both(seed: int) -> None:
    """Chance came to the third undoing once in a thousand machines, where the two ledgers differed."""
    kind = type("ChainMachine", (LedgerMachine,), {"opener": staticmethod(in_memory), "figures": Counter()})
    machine = kind()
    machine.open()
    for number in range(4):
        machine.a_gift_is_undone_again_and_again(seed=1_000 * seed + number, times=5)
    machine.teardown()

    assert machine.figures["undone"] >= 15


async def test_answers_may_be_lost() -> None:
    figures = await lose(SQLITE, 1, 150)

    assert figures["keys answered"] == 150
    assert figures["answers lost"] > 20


async def test_the_log_may_be_cut_anywhere() -> None:
    await cut(1, 40, a_day=8)


async def test_writers_do_not_see_each_other() -> None:
    await write(SQLITE, 0, 1, seconds=2)


async def test_a_short_season_is_paid_as_the_oracle_says() -> None:
    for play in (season_in_memory, partial(in_database, SQLITE)):
        assert (await play(1, 300))["movements"] > 100


def test_what_is_paid_otherwise_is_noticed() -> None:
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    said = Books({"ana": [("besitos", 5, 5, "EARN_RULE", "rule/a", moment)]}, {"ana": []}, {})
    done = Books({"ana": [("besitos", 4, 4, "EARN_RULE", "rule/a", moment)]}, {"ana": [("buena", "p1", moment)]}, {})

    assert [each.partition(":")[0] for each in differences(done, said)] == ["movements of ana", "awards of ana"]
