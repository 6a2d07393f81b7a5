"""A section of the bench: subjects that are measured in turn, and the lines of the table that they are for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.meter import Subject
from bench.table import Line, Run, lines_table, subjects_table


@dataclass(frozen=True)
class Section:
    """What belongs together in one run, so that ratios are of the same minute."""

    subjects: Mapping[str, Subject]
    lines: Sequence[Line]

    async def run(self, repetitions: int) -> list[Run]:
        """Measure all subjects, one after the other, and then all of them again."""
        runs: list[Run] = []
        for _ in range(repetitions):
            runs.append({name: await subject() for name, subject in self.subjects.items()})
            print(".", end="", flush=True)
        print()
        return runs

    def report(self, runs: Sequence[Run]) -> None:
        """Print what was measured and how it stands."""
        print(f"\n{subjects_table(runs)}\n\n{lines_table(self.lines, runs)}\n", flush=True)
