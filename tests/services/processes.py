"""Processes that are ours to end, also those that another process of the same test session started."""

import os
import signal
import time
from contextlib import suppress

import psutil

PATIENCE_SECONDS = 15.0
POLL_SECONDS = 0.01


def end(pid: int, how: signal.Signals) -> None:
    """Ask a process to end and wait until it has; one that does not listen is killed with all its children."""
    with suppress(ProcessLookupError):
        os.kill(pid, how)
    if not _has_ended(pid, PATIENCE_SECONDS):
        kill_family(pid)


def kill_family(pid: int) -> None:
    """SIGKILL a process and then its children, without a moment for any of them to tidy up."""
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    for process in family:
        _has_ended(process.pid, PATIENCE_SECONDS)


def _has_ended(pid: int, seconds: float) -> bool:
    """Whether it is gone after so long at most; a zombie is gone, its parent may never come for it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(POLL_SECONDS)
    return False
