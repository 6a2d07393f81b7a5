"""Progress: what of a soak is done, kept in a file, so that an interrupted soak goes on."""

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from soak.part import Figures


@dataclass
class Done:
    """What of one part is done."""

    units: int = 0
    slices: int = 0
    seconds: float = 0.0
    figures: dict[str, int] = field(default_factory=dict)


@dataclass
class Progress:
    """What of a soak is done. Written whole after every slice."""

    path: Path
    seed: int
    parts: dict[str, Done] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path, seed: int) -> Self:
        """What the file says, or the beginning of a soak drawn by `seed`."""
        if not path.exists():
            return cls(path, seed)
        said = json.loads(path.read_text())
        return cls(path, said["seed"], {name: Done(**done) for name, done in said["parts"].items()})

    def of(self, part: str) -> Done:
        """What of one part is done."""
        return self.parts.setdefault(part, Done())

    def add(self, part: str, units: int, seconds: float, figures: Figures) -> None:
        """Remember a slice that went well."""
        done = self.of(part)
        done.units += units
        done.slices += 1
        done.seconds += seconds
        done.figures = dict(Counter(done.figures) + figures)
        self._write()

    def _write(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps({"seed": self.seed, "parts": {n: asdict(d) for n, d in self.parts.items()}}))
        fresh.replace(self.path)
