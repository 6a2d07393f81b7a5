"""The servers that the other tests stand on do what those tests believe."""

import os
import socket
from pathlib import Path

import asyncpg
import pytest
import redis

from tests.services.postgres import PostgresAddress, PostgresServer
from tests.services.shared import SharedServices


async def test_each_test_has_an_empty_database(postgres_dsn: str) -> None:
    connection = await asyncpg.connect(postgres_dsn)
    tables = await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    await connection.close()

    assert tables == 0


async def test_a_durable_server_keeps_what_was_committed_when_it_is_killed() -> None:
    with PostgresServer.start(durable=True) as server:
        connection = await asyncpg.connect(server.dsn())
        await connection.execute("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")

        server.kill()
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            await connection.fetchval("SELECT n FROM kept")
        connection.terminate()
        server.restart()

        connection = await asyncpg.connect(server.dsn())
        assert await connection.fetchval("SELECT n FROM kept") == 7
        assert await connection.fetchval("SHOW fsync") == "on"
        await connection.close()
    assert not server.room.exists()


def test_redis_forgets_between_tests(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("left behind", "1")


def test_redis_has_forgotten(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0


@pytest.mark.parametrize("url", ["postgres://ana@h:1/x", "postgresql://ana@h:1/x", "postgresql+asyncpg://ana@h:1/x"])
def test_a_given_url_may_carry_any_name_of_postgresql(url: str) -> None:
    address = PostgresAddress.parse(url)

    assert address is not None
    assert address.dsn("other") == "postgresql://ana@h:1/other"


def test_a_given_url_of_another_database_is_not_ours_to_use(tmp_path: Path) -> None:
    assert PostgresAddress.parse(f"sqlite:///{tmp_path}/besitos.db") is None


def test_the_operators_own_urls_are_out_of_reach() -> None:
    assert not {"DATABASE_URL", "REDIS_URL", "BOT_TOKEN"} & set(os.environ)


def test_what_was_given_is_used_and_nothing_is_started() -> None:
    services = SharedServices.open({"DATABASE_URL": "postgres://ana@h/x", "REDIS_URL": "redis://h:1/3"})

    assert services.postgres().url == "postgresql://ana@h/x"
    assert services.redis() == "redis://h:1/3"
    assert list(Path(services.folder).iterdir()) == []
    services.close()


def test_a_password_guards_the_port_of_redis(redis_url: str) -> None:
    client = redis.Redis.from_url(redis_url)
    where = client.connection_pool.connection_kwargs
    client.close()
    if where.get("password") is None:
        pytest.skip("REDIS_URL names a server without a password")

    with socket.create_connection((where["host"], where["port"])) as stranger:
        stranger.sendall(b"PING\r\n")
        assert stranger.recv(64).startswith(b"-NOAUTH")
