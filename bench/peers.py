"""The peers: PostgreSQL alone, as pgbench drives it, and SQLAlchemy's ORM with a session for each operation."""

import asyncio
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Integer, MetaData, Text, event, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bench.load import MEMBERS, chunks
from bench.meter import Cpu, Sample, timed
from tests.services.postgres import PostgresServer

SESSIONS = 32
ORM_AT_ONCE = 5_000
Big = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """The peer's own tables."""

    metadata = MetaData()


class PeerMember(Base):
    """A member with a balance, as most would write it."""

    __tablename__ = "peer_members"
    __table_args__ = (CheckConstraint("balance >= 0"), {"postgresql_with": {"fillfactor": 80}})

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=False)
    balance: Mapped[int] = mapped_column(Big, default=0)
    lifetime: Mapped[int] = mapped_column(Big, default=0)


class PeerAward(Base):
    """One award. Its key makes it happen once."""

    __tablename__ = "peer_awards"

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    member_id: Mapped[int] = mapped_column(Big, index=True)
    amount: Mapped[int] = mapped_column(Big)
    key: Mapped[str] = mapped_column(Text, unique=True)


Sessions = async_sessionmaker[AsyncSession]


async def award(session: AsyncSession, member_id: int, amount: int, key: str) -> int | None:
    """Pay once, in the session's transaction: the balance afterwards, None if the key was there already."""
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(PeerAward).values(member_id=member_id, amount=amount, key=key)
    inserted = await session.scalar(row.on_conflict_do_nothing(index_elements=["key"]).returning(PeerAward.id))
    if inserted is None:
        return None
    change = update(PeerMember).where(PeerMember.id == member_id)
    change = change.values(balance=PeerMember.balance + amount, lifetime=PeerMember.lifetime + amount)
    balance: int | None = await session.scalar(change.returning(PeerMember.balance))
    return balance


class Orm:
    """An application on SQLAlchemy's ORM: its engine, its sessions and its tables with all members in them."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.sessions: Sessions = async_sessionmaker(engine, expire_on_commit=False)

    @classmethod
    async def open(cls, url: str, *, makes_tables: bool = True) -> "Orm":
        """Connect; on an empty database also make and fill the tables."""
        scheme, _, rest = url.partition("://")
        driver = "sqlite+aiosqlite" if scheme == "sqlite" else "postgresql+asyncpg"
        # SQLite has one writer: sessions that wait for a connection are faster than connections that wait for the file.
        size = 1 if scheme == "sqlite" else SESSIONS
        engine = create_async_engine(f"{driver}://{rest}", pool_size=size, max_overflow=0, pool_timeout=600)
        if scheme == "sqlite":
            event.listen(engine.sync_engine, "connect", _as_durable_as_ours)
        orm = cls(engine)
        if makes_tables:
            await orm._fill()
        return orm

    async def awards(self, count: int, database: Cpu) -> Sample:
        """So many awards, each in a session of its own, by as many callers as there are sessions."""
        waiting = iter([(random.randint(1, MEMBERS), f"r:{random.getrandbits(63)}") for _ in range(count)])
        return await timed(count, self._work_off(waiting), database=database)

    async def close(self) -> None:
        """Disconnect."""
        await self.engine.dispose()

    async def _work_off(self, waiting: Iterator[tuple[int, str]]) -> list[float]:
        waits: list[float] = []

        async def caller() -> None:
            for member_id, key in waiting:
                started = time.perf_counter()
                async with self.sessions() as session, session.begin():
                    await award(session, member_id, 5, key)
                waits.append(time.perf_counter() - started)

        await asyncio.gather(*(caller() for _ in range(SESSIONS)))
        return waits

    async def _fill(self) -> None:
        async with self.engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
            for ids in chunks(MEMBERS, ORM_AT_ONCE):
                await connection.execute(PeerMember.__table__.insert(), [{"id": n} for n in ids])  # type: ignore[attr-defined]  # a Table has it


class Pgbench:
    """pgbench on tables of its own."""

    SCHEMA = f"""
        CREATE TABLE bench_member (id int PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0),
            lifetime bigint) WITH (fillfactor = 80);
        CREATE TABLE bench_ledger (id bigserial PRIMARY KEY, member_id int, delta bigint, idem text UNIQUE);
        CREATE INDEX ON bench_ledger (member_id, id);
        INSERT INTO bench_member SELECT i, 0, 0 FROM generate_series(1, {MEMBERS}) i;
    """
    SCRIPT = f"""
\\set m random(1,{MEMBERS})
\\set r random(1,9000000000000000000)
BEGIN;
INSERT INTO bench_ledger(member_id,delta,idem) VALUES (:m,5,'r:'||(:r)::bigint)
    ON CONFLICT (idem) DO NOTHING RETURNING id;
UPDATE bench_member SET balance=balance+5, lifetime=lifetime+5 WHERE id=:m RETURNING balance;
COMMIT;
"""

    def __init__(self, program: str, dsn: str, database: Cpu) -> None:
        self._program = program
        self._dsn = dsn
        self._database = database

    async def measure(self, clients: int, seconds: int) -> Sample:
        """What it says of so many seconds of so many clients."""
        before = self._database()
        printed = await asyncio.to_thread(self._run, clients, seconds)
        rate = _figure(printed, "tps = ")
        done = _figure(printed, "number of transactions actually processed: ")
        wait = _figure(printed, "latency average = ")
        return Sample(rate, database=(self._database() - before) / done * 1e6, p50=wait)

    def _run(self, clients: int, seconds: int) -> str:
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
            script.write(self.SCRIPT)
            script.flush()
            options = ["-n", "-M", "prepared", "-j", "2", "-T", str(seconds), "-c", str(clients), "-f", script.name]
            done = subprocess.run([self._program, *options, self._dsn], capture_output=True, text=True, check=True)
        return done.stdout


def pgbench_program(server: PostgresServer) -> str | None:
    """Where pgbench is: beside the server or on the path; None where nobody has it."""
    return shutil.which("pgbench", path=str(server.programs)) or shutil.which("pgbench")


def _figure(printed: str, label: str) -> float:
    line = next(line for line in printed.splitlines() if line.startswith(label))
    return float(line.removeprefix(label).split()[0].partition("/")[0])


def _as_durable_as_ours(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's
    cursor = connection.cursor()
    for setting in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 60000"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()
