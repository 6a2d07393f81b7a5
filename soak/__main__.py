"""`python -m soak [part…]`: try every promise to its full count, in slices, going on where the last soak stopped.

A part is asked for by its name (`kills/sqlite`) or its family (`kills`). The exit code is 1 when a promise was broken;
what was seen stands in `.soak/broken-….txt` with the seed that shows it again.
"""

import argparse
import asyncio
import random
import signal
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

from soak.cut import CUTS
from soak.kills import KILLS
from soak.lost import LOSSES
from soak.model import MODELS
from soak.part import Part
from soak.progress import Progress
from soak.questions import QUESTIONS
from soak.races import RACES
from soak.writers import WRITERS

FOLDER = Path(".soak")
PARTS: tuple[Part, ...] = (*KILLS, *RACES, *MODELS, *LOSSES, *CUTS, *WRITERS, *QUESTIONS)


def main(arguments: Sequence[str]) -> int:
    """Run what is asked for and say how it went. Ctrl-C or SIGTERM ends the slice, and what it has started with it."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    asked = read(arguments)
    chosen = [part for part in PARTS if not asked.parts or {part.name, part.family} & set(asked.parts)]
    unknown = set(asked.parts) - {name for part in PARTS for name in (part.name, part.family)}
    if unknown or not chosen:
        print(f"There is no part {', '.join(sorted(unknown))}. There are: {', '.join(part.name for part in PARTS)}")
        return 2
    path = FOLDER / "progress.json"
    progress = Progress.read(path, asked.seed)
    if asked.anew or is_complete(progress, PARTS):
        progress = Progress(path, asked.seed)
    deadline = time.monotonic() + asked.seconds if asked.seconds else None
    is_whole = True
    try:
        for part in slices(chosen, progress, asked.slices, deadline):
            is_whole = asyncio.run(run_slice(part, progress))
            if not is_whole:
                break
    except KeyboardInterrupt:
        print("Interrupted: what was done until the last slice is kept.")
    show(chosen, progress)
    return 0 if is_whole else 1


def read(arguments: Sequence[str]) -> argparse.Namespace:
    """What was typed."""
    parser = argparse.ArgumentParser(prog="python -m soak", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(part.name for part in PARTS))
    parser.add_argument("--slices", type=int, default=0, help="stop after so many slices of each part")
    parser.add_argument("--seconds", type=float, default=0, help="begin no slice after so many seconds")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30), help="of a new soak")
    parser.add_argument("--anew", action="store_true", help="forget what is done")
    return parser.parse_args(arguments)


def is_complete(progress: Progress, parts: Sequence[Part]) -> bool:
    """Whether nothing of these parts is left to do."""
    return all(progress.of(part.name).units >= part.units for part in parts)


def slices(chosen: Sequence[Part], progress: Progress, most: int, deadline: float | None) -> Iterator[Part]:
    """The parts that have a slice left to do, in turns, so that a short soak tries a little of everything."""
    turn = 0
    while not is_complete(progress, chosen) and (not most or turn < most):
        turn += 1
        for part in chosen:
            if deadline is not None and time.monotonic() > deadline:
                return
            if progress.of(part.name).units < part.units:
                yield part


async def run_slice(part: Part, progress: Progress) -> bool:
    """Try one slice and remember it; False if a promise was broken."""
    done = progress.of(part.name)
    units, seed = min(part.per_slice, part.units - done.units), progress.seed + done.slices
    started = time.monotonic()
    try:
        figures = await part.run(seed, units)
    except Exception:  # noqa: BLE001 - whatever it is, it is what we looked for
        broken = FOLDER / f"broken-{part.name.replace('/', '-')}-{seed}.txt"
        broken.parent.mkdir(parents=True, exist_ok=True)
        broken.write_text(traceback.format_exc())
        print(f"{part.name}: BROKEN with seed {seed}\n{traceback.format_exc(limit=-8)}\nThe whole is in {broken}")
        return False
    seconds = time.monotonic() - started
    progress.add(part.name, units, seconds, figures)
    said = ", ".join(f"{count:,} {name}" for name, count in sorted(figures.items()))
    print(
        f"{part.name}: {progress.of(part.name).units:,} of {part.units:,} {part.unit} ({seconds:.0f} s; {said})",
        flush=True,
    )
    return True


def show(parts: Sequence[Part], progress: Progress) -> None:
    """The table of what is done."""
    print(f"\nseed {progress.seed}")
    for part in parts:
        done = progress.of(part.name)
        said = ", ".join(f"{count:,} {name}" for name, count in sorted(done.figures.items()))
        print(f"{part.name:<20} {done.units:>6,} of {part.units:<6,} {part.unit:<12} {done.seconds:>7.0f} s  {said}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
