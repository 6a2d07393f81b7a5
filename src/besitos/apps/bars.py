"""Progress bars: on a terminal, and nowhere else."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from besitos.apps.terminal import Terminal

Advance: TypeAlias = Callable[[float, str], None]
"""How far it is, from 0 to 1, and what stands beside the bar."""


@contextmanager
def bar(terminal: Terminal) -> Iterator[Advance]:
    """A bar on stderr that goes away when it is done. Where nobody watches it costs nothing."""
    if terminal.quiet or not sys.stderr.isatty():
        yield lambda done, text: None  # noqa: ARG005 - named as the caller names them
        return
    columns = (BarColumn(), TaskProgressColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=1.0)
        yield lambda done, text: progress.update(task, completed=done, description=text)
