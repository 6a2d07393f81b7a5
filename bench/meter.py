"""Measuring: wall time, processor time of ours and of the database's, and how long each caller waited."""

import os
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

TICK = 1 / os.sysconf("SC_CLK_TCK")

NOT_MEASURED = float("nan")


class Sample(NamedTuple):
    """One run of one subject. Rates in operations a second, CPU in µs per operation, waits in ms.

    Memory in MiB; `wal` is what the database wrote to its log, in bytes per operation.
    """

    rate: float
    ours: float = NOT_MEASURED
    database: float = NOT_MEASURED
    p50: float = NOT_MEASURED
    p99: float = NOT_MEASURED
    memory: float = NOT_MEASURED
    wal: float = NOT_MEASURED


Subject = Callable[[], Awaitable[Sample]]
"""Something that is measured: does its work once, and says how it went."""

Cpu = Callable[[], float]
"""Seconds of processor time that somebody has used so far."""


def own_cpu() -> float:
    """This process's."""
    return time.process_time()


def no_cpu() -> float:
    """Nobody's: there is no server."""
    return NOT_MEASURED


def process_cpu(pid: int) -> float:
    """One other process's, without its children."""
    return sum(_ticks(pid)[:2]) * TICK


def family_cpu(pid: int) -> float:
    """A server's with all its processes, those that have ended included."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return (sum(_ticks(pid)) + sum(sum(_ticks(int(child))[:2]) for child in children)) * TICK


def resident_mib(pid: int) -> float:
    """The memory that a process holds, in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS:")).split()[1]) / 1024


@contextmanager
def peak_mib() -> Iterator[Callable[[], float]]:
    """The most memory that this process holds in the meantime, in MiB."""
    Path("/proc/self/clear_refs").write_text("5")
    lines = Path("/proc/self/status")
    yield lambda: next(
        int(line.split()[1]) / 1024 for line in lines.read_text().splitlines() if line.startswith("VmHWM:")
    )


async def timed(
    count: int, work: Awaitable[list[float] | None], *, database: Cpu = no_cpu, ours: Cpu = own_cpu
) -> Sample:
    """Do `work`, which is `count` operations. What it gives back are the waits of its callers, in seconds."""
    database_before, ours_before, started = database(), ours(), time.perf_counter()
    waits = await work
    wall = time.perf_counter() - started
    ours_used, database_used = ours() - ours_before, database() - database_before
    p50, p99 = percentiles(waits) if waits else (NOT_MEASURED, NOT_MEASURED)
    return Sample(count / wall, ours_used / count * 1e6, database_used / count * 1e6, p50, p99)


def percentiles(waits: list[float]) -> tuple[float, float]:
    """The middle one and the one that 99 of 100 do not reach, in ms."""
    ordered = sorted(waits)
    return ordered[len(ordered) // 2] * 1e3, ordered[len(ordered) * 99 // 100] * 1e3


def _ticks(pid: int) -> list[int]:
    """In the program, in the kernel, and the same of its children that have ended. None if it has ended itself."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return [0, 0, 0, 0]
    return [int(field) for field in stat.rpartition(")")[2].split()[11:15]]
