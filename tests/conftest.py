"""Fixtures for every test: an empty PostgreSQL database and an empty Redis database, whatever the machine has."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest
import redis
from xdist.workermanage import WorkerController

from besitos.store import migrate
from besitos.store.database import open_store
from besitos.store.memory import MemoryStore
from besitos.store.protocol import Database, Store
from tests.services.postgres import PostgresAddress
from tests.services.shared import SharedServices
from tests.world import people

T = TypeVar("T")

SERVICES = pytest.StashKey[SharedServices]()
MEMORY, ENOUGH_MEMORY = Path("/dev/shm"), 2**30
NOT_FOR_TESTS = ("DATABASE_URL", "REDIS_URL", "BOT_TOKEN", "TELEGRAM_BOT_TOKEN")


def pytest_configure(config: pytest.Config) -> None:
    """Open the session's services once, in the process that leads; its workers are told where they are.

    What names the operator's own database and bot then leaves the environment: no test writes there by accident.
    """
    given = getattr(config, "workerinput", {}).get("services")
    config.stash[SERVICES] = SharedServices(**given) if given else SharedServices.open(os.environ)
    for name in NOT_FOR_TESTS:
        os.environ.pop(name, None)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: WorkerController) -> None:
    """Tell a worker of pytest-xdist, before it starts, where the services are."""
    node.workerinput["services"] = asdict(node.config.stash[SERVICES])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the services when all workers are done."""
    if not hasattr(config, "workerinput"):
        config.stash[SERVICES].close()


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> PostgresAddress:
    """The PostgreSQL server of this session."""
    return pytestconfig.stash[SERVICES].postgres()


@pytest.fixture
async def postgres_dsn(postgres_server: PostgresAddress) -> AsyncIterator[str]:
    """The URL of an empty database that is gone after the test."""
    database = f"besitos_test_{uuid4().hex[:16]}"
    yield await postgres_server.create(database)
    await postgres_server.drop(database)


@pytest.fixture(scope="session")
def redis_database(pytestconfig: pytest.Config) -> str:
    """The URL of the Redis database of this worker; one that holds somebody's keys is refused."""
    parts = urlsplit(pytestconfig.stash[SERVICES].redis())
    worker = getattr(pytestconfig, "workerinput", {}).get("workerid", "gw0").removeprefix("gw")
    number = int(parts.path.strip("/") or 0) + int(worker)
    url = urlunsplit((parts.scheme, parts.netloc, f"/{number}", parts.query, ""))
    with redis.Redis.from_url(url) as client:
        keys = client.dbsize()
    assert keys == 0, f"database {number} of REDIS_URL holds {keys} keys, and tests empty what they use: give another"
    return url


@pytest.fixture
def redis_url(redis_database: str) -> Iterator[str]:
    """The URL of an empty Redis database."""
    yield redis_database
    with redis.Redis.from_url(redis_database) as client:
        client.flushdb()


def apart(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, done in a loop of its own: a fixture may be asked for while another loop runs."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, work).result()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with all tables and nothing in them, to be copied."""
    path = tmp_path_factory.mktemp("template") / "besitos.db"
    apart(migrate.upgrade(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def migrated_database(postgres_server: PostgresAddress) -> Iterator[str]:
    """The name of a PostgreSQL database with all tables and nothing in them, to be copied."""
    name = f"besitos_template_{uuid4().hex[:16]}"
    apart(migrate.upgrade(apart(postgres_server.create(name))))
    yield name
    apart(postgres_server.drop(name))


@pytest.fixture(scope="session")
def quick_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory, where there is room for one: what is not about the disk need not wait for it to sync."""
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ENOUGH_MEMORY:
        yield tmp_path_factory.mktemp("databases")
        return
    with tempfile.TemporaryDirectory(prefix="besitos-tests-", dir=MEMORY) as folder:
        yield Path(folder)


@pytest.fixture
def sqlite_url(migrated_file: Path, quick_disk: Path) -> Iterator[str]:
    """The URL of a SQLite database with all tables."""
    with tempfile.TemporaryDirectory(dir=quick_disk) as folder:
        path = Path(folder) / "besitos.db"
        shutil.copyfile(migrated_file, path)
        yield f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_server: PostgresAddress, migrated_database: str) -> Iterator[str]:
    """The URL of a PostgreSQL database with all tables."""
    name = f"besitos_test_{uuid4().hex[:16]}"
    yield apart(postgres_server.create(name, template=migrated_database))
    apart(postgres_server.drop(name))


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database with all tables, of each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Each kind of database, with members 1 to 20."""
    opened = await open_store(database_url, connections=8)
    await people(opened)
    yield opened
    await opened.close()


@pytest.fixture(params=["memory", "sqlite", "postgres"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    """Each kind of store, with members 1 to 20."""
    opened: Store = MemoryStore()
    if request.param != "memory":
        opened = await open_store(request.getfixturevalue(f"{request.param}_url"), connections=8)
    await people(opened)
    yield opened
    await opened.close()
