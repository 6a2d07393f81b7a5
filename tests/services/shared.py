"""Servers that all workers of one test session use: started by whoever asks first, stopped when the session ends."""

import fcntl
import json
import shutil
import signal
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from tests.services import processes
from tests.services.errors import ServiceError
from tests.services.postgres import PostgresAddress, PostgresServer
from tests.services.redis import RedisServer


@dataclass(frozen=True)
class Running:
    """A server that one worker started and every other may use."""

    url: str
    pid: int
    room: str


@dataclass(frozen=True)
class SharedServices:
    """Where the workers of one session find each other, and what the caller gave."""

    folder: str
    database_url: str
    redis_url: str

    @classmethod
    def open(cls, environment: Mapping[str, str]) -> Self:
        """Begin a session; DATABASE_URL and REDIS_URL are used if they name servers."""
        folder = tempfile.mkdtemp(prefix="besitos-tests-")
        return cls(folder, environment.get("DATABASE_URL", ""), environment.get("REDIS_URL", ""))

    def postgres(self) -> PostgresAddress:
        """The PostgreSQL that was given, or the session's own."""
        given = PostgresAddress.parse(self.database_url)
        return given or PostgresAddress(self._once("postgres", _start_postgres).url)

    def redis(self) -> str:
        """The URL of the Redis-protocol server that was given, or of the session's own."""
        return self.redis_url or self._once("redis", _start_redis).url

    def close(self) -> None:
        """Stop what any worker started, and forget its data."""
        for record in Path(self.folder).glob("*.json"):
            said = json.loads(record.read_text())
            if "failed" not in said:
                running = Running(**said)
                processes.end(running.pid, signal.SIGINT)
                shutil.rmtree(running.room, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _once(self, name: str, start: Callable[[], Running]) -> Running:
        """What the first caller started; a failure is remembered too, so that nobody waits for it again."""
        record = Path(self.folder) / f"{name}.json"
        with (Path(self.folder) / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not record.exists():
                try:
                    said = asdict(start())
                except ServiceError as error:
                    said = {"failed": str(error)}
                record.write_text(json.dumps(said))
        said = json.loads(record.read_text())
        if "failed" in said:
            raise ServiceError(said["failed"])
        return Running(**said)


# The processes outlive the worker that started them; holding them here keeps Python from complaining about that.
_STARTED_HERE: list[PostgresServer | RedisServer] = []


def _start_postgres() -> Running:
    server = PostgresServer.start()
    _STARTED_HERE.append(server)
    return Running(server.address.url, server.pid, str(server.room))


def _start_redis() -> Running:
    server = RedisServer.start()
    _STARTED_HERE.append(server)
    return Running(server.url, server.pid, str(server.room))
