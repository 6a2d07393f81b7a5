"""The soak itself: it goes on where it stopped, and it notices what it is there to notice."""

import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from msgspec.structs import replace

from besitos.store.database import open_store, sqlite_path
from soak.__main__ import run_slice, slices
from soak.orders import SCOPE, Journal, Order, Reply
from soak.part import Figures, Part
from soak.progress import Progress
from tests.world import ANA, engine, grant, people

PAID = b'{"paid": [{"account": "besitos", "member_id": "1", "amount": 5}]}'


def part(units: int, per_slice: int) -> Part:
    async def run(_seed: int, tried: int) -> Figures:
        return Counter(tries=tried)

    return Part("nothing", units, per_slice, "units", run)


async def test_a_soak_goes_on_where_it_stopped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, few = tmp_path / "progress.json", part(5, 2)
    first = Progress.read(path, seed=7)
    for each in slices([few], first, 2, None):
        assert await run_slice(each, first)

    again = Progress.read(path, seed=8)
    for each in slices([few], again, 0, None):
        assert await run_slice(each, again)

    assert (again.seed, again.of("nothing").units, again.of("nothing").slices) == (7, 5, 3)
    assert again.of("nothing").figures == {"tries": 5}
    assert "5 of 5 units" in capsys.readouterr().out


async def test_a_broken_promise_is_written_down_and_not_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def run(_seed: int, _units: int) -> Figures:
        raise AssertionError("two besitos too many")  # noqa: EM101 - what a broken promise looks like

    monkeypatch.chdir(tmp_path)
    progress = Progress.read(tmp_path / "progress.json", seed=7)

    assert not await run_slice(Part("broken/part", 5, 2, "units", run), progress)

    assert "BROKEN with seed 7" in capsys.readouterr().out
    assert "two besitos too many" in (tmp_path / ".soak" / "broken-broken-part-7.txt").read_text()
    assert progress.of("broken/part").units == 0


async def journal_and_store(url: str) -> Journal:
    """One order, done and answered."""
    store = await open_store(url)
    await people(store)
    [outcome] = await engine(store).run([replace(grant(ANA, 5), key=f"{SCOPE}k1")])
    assert outcome.accepted
    await store.close()
    journal = Journal()
    journal.note(Order("k1", "/members/1/grants", "", ANA), Reply(201, PAID, is_replayed=False))
    return journal


@pytest.mark.parametrize(
    "tampering",
    [
        "DELETE FROM activities",
        "UPDATE activities SET key = 'api:soak:k2'",
        """UPDATE members SET wallets = '{"besitos": {"balance": 4}}' WHERE member_id = 1""",
    ],
)
async def test_what_is_lost_or_doubled_is_noticed(sqlite_url: str, tampering: str) -> None:
    journal = await journal_and_store(sqlite_url)
    store = await open_store(sqlite_url)
    await journal.check(store)

    with sqlite3.connect(sqlite_path(sqlite_url)) as connection:
        assert connection.execute(tampering).rowcount
    connection.close()

    with pytest.raises(AssertionError):
        await journal.check(store)
    await store.close()


def test_another_answer_under_the_same_key_is_noticed() -> None:
    journal, order = Journal(), Order("k1", "/members/1/grants", "", ANA)
    journal.note(order, Reply(201, PAID, is_replayed=False))
    journal.note(order, Reply(201, PAID, is_replayed=True))

    with pytest.raises(AssertionError, match="first answered"):
        journal.note(order, Reply(409, b"{}", is_replayed=True))
