"""`python -m bench [repetitions] [--only NAME …]`: print the table."""

import argparse
import platform
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

import uvloop

from bench.in_memory import in_memory
from bench.on_postgres import on_postgres
from bench.on_sqlite import on_sqlite
from bench.rest import rest
from bench.section import Section
from bench.start import start
from bench.table import missed
from besitos.apps.process import prepare_for_work

SECTIONS: dict[str, Callable[[], AbstractAsyncContextManager[Section]]] = {
    "postgres": on_postgres,
    "sqlite": on_sqlite,
    "memory": in_memory,
    "rest": rest,
    "start": start,
}
REPETITIONS = 5

ABOUT = """
Every line is the median of {repetitions} repetitions; least and most beside it. Ratios are of one repetition, in which
all subjects run in turn. `ours` is the CPU of our process, `database` that of all the server's. The ordinary game has
six rules with limits and a cap over them, a streak with a bonus, 20 levels, 5 badges and 5 missions.
"""


async def main(names: Sequence[str], repetitions: int) -> int:
    """Measure the sections one after the other; 1 if a floor is not reached."""
    print(f"Python {platform.python_version()} on {platform.machine()}", ABOUT.format(repetitions=repetitions))
    below: list[str] = []
    for name in names:
        print(f"== {name} ", end="", flush=True)
        async with SECTIONS[name]() as section:
            prepare_for_work()
            runs = await section.run(repetitions)
            section.report(runs)
            below += missed(section.lines, runs)
    print("All floors are reached." if not below else f"Below the floor: {'; '.join(below)}.")
    return 1 if below else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("repetitions", nargs="?", type=int, default=REPETITIONS)
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=list(SECTIONS), metavar="NAME")
    return parser.parse_args()


if __name__ == "__main__":
    arguments = _arguments()
    sys.exit(uvloop.run(main(arguments.only, arguments.repetitions)))
