"""The table: what was measured, each line with its floor and its aim, and whether they are reached."""

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from bench.meter import Sample

Run = Mapping[str, Sample]
"""One repetition: every subject once, in the same minute."""

Figure = Callable[[Run], float]


COLUMNS = {
    "rate": "ops/s",
    "ours": "ours µs",
    "database": "database µs",
    "p50": "p50 ms",
    "p99": "p99 ms",
    "memory": "MiB",
    "wal": "WAL bytes",
}
"""What a sample may hold, as it is headed."""


class Line(NamedTuple):
    """One line of ARCHITECTURE §7. `at_most` where less is better."""

    what: str
    figure: Figure
    floor: float
    aim: float
    unit: str = "x"
    at_most: bool = False


def faster(one: str, than: str) -> Figure:
    """How many times as many operations a second."""
    return lambda run: run[one].rate / run[than].rate


def wait(one: str, than: str, which: str) -> Figure:
    """How many times as long callers wait, at p50 or p99."""
    return lambda run: float(getattr(run[one], which) / getattr(run[than], which))


def of(one: str, what: str) -> Figure:
    """A figure of one subject alone."""
    return lambda run: float(getattr(run[one], what))


def times(one: str, than: str, what: str) -> Figure:
    """A figure of one subject over the same of another."""
    return lambda run: float(getattr(run[one], what) / getattr(run[than], what))


def subjects_table(runs: Sequence[Run]) -> str:
    """Every subject with the medians of what was measured."""
    medians = {name: _medians([run[name] for run in runs]) for name in runs[0]}
    columns = [column for column in COLUMNS if not all(math.isnan(row[column]) for row in medians.values())]
    width = max(map(len, medians)) + 1
    head = f"{'':{width}}" + "".join(f"{COLUMNS[column]:>13}" for column in columns)
    rows = (f"{name:{width}}" + "".join(_number(row[each], 13) for each in columns) for name, row in medians.items())
    return "\n".join([head, *rows])


def lines_table(lines: Sequence[Line], runs: Sequence[Run]) -> str:
    """Every line: the median of its figure over the repetitions, the least and the most, and how it stands."""
    head = f"{'':64}" + "".join(f"{word:>11}" for word in ("median", "least", "most", "floor", "aim"))
    return "\n".join([head, *(_line(line, runs) for line in lines if not _is_unmeasured(line, runs))])


def missed(lines: Sequence[Line], runs: Sequence[Run]) -> list[str]:
    """The lines whose floor is not reached."""
    measured = [line for line in lines if not _is_unmeasured(line, runs)]
    return [line.what for line in measured if not _is_reached(_median(line, runs), line.floor, at_most=line.at_most)]


def _medians(samples: Sequence[Sample]) -> Mapping[str, float]:
    return {column: statistics.median(getattr(sample, column) for sample in samples) for column in COLUMNS}


def _line(line: Line, runs: Sequence[Run]) -> str:
    figures, median = [line.figure(run) for run in runs], _median(line, runs)
    numbers = (median, min(figures), max(figures), line.floor, line.aim)
    return (
        f"{f'{line.what} ({line.unit})':64}"
        + "".join(_number(each, 11) for each in numbers)
        + f"  {_verdict(line, median)}"
    )


def _verdict(line: Line, median: float) -> str:
    if _is_reached(median, line.aim, at_most=line.at_most):
        return "aim reached"
    return "floor reached" if _is_reached(median, line.floor, at_most=line.at_most) else "BELOW THE FLOOR"


def _median(line: Line, runs: Sequence[Run]) -> float:
    return statistics.median(line.figure(run) for run in runs)


def _is_unmeasured(line: Line, runs: Sequence[Run]) -> bool:
    """Whether a subject is not there: no pgbench on this machine."""
    try:
        return math.isnan(_median(line, runs))
    except KeyError:
        return True


def _is_reached(value: float, goal: float, *, at_most: bool) -> bool:
    return value <= goal if at_most else value >= goal


def _number(value: float, width: int) -> str:
    digits = 0 if abs(value) >= 1_000 else 2
    return f"{'-' if math.isnan(value) else f'{value:,.{digits}f}':>{width}}"
