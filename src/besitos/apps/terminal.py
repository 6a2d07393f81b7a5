"""The terminal: data to stdout, messages to stderr, in the language of whoever reads them."""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from besitos.apps.failure import Failure, OutputError
from besitos.apps.language import language_of
from besitos.surfaces.texts import Texts

RED, BOLD, PLAIN = "\033[31m", "\033[1m", "\033[0m"


@dataclass(frozen=True)
class Terminal:
    """Where a command says what it has to say. `json` makes its data one JSON document; `quiet` leaves messages out."""

    json: bool = False
    quiet: bool = False
    texts: Texts = field(default_factory=lambda: Texts(language_of(os.environ)))

    def say(self, code: str, /, **values: object) -> None:
        """A message, unless nobody wants any."""
        if not self.quiet:
            print(self.texts.of(code, **values), file=sys.stderr, flush=True)

    def warn(self, code: str, /, **values: object) -> None:
        """A message that even the quiet are told."""
        print(self.texts.reason(code, values), file=sys.stderr, flush=True)

    def line(self, text: str) -> None:
        """A line of data for people."""
        if not self.json:
            _write(text)

    def data(self, value: object) -> None:
        """The data for programs."""
        if self.json:
            _write(json.dumps(value, ensure_ascii=False, default=_plain))

    def table(self, titles: str, rows: Iterable[Sequence[object]]) -> None:
        """Rows for people under these titles, which are words of the catalogue. Numbers stand to the right."""
        if self.json:
            return
        heads = [self.texts.of(f"cli.title.{title}") for title in titles.split()]
        given = [list(row) for row in rows]
        cells = [heads, *([self._cell(value) for value in row] for row in given)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        is_number = [all(isinstance(row[place], int) for row in given) for place in range(len(heads))]
        for number, row in enumerate(cells):
            parts = zip(row, widths, is_number, strict=True)
            text = "  ".join(cell.rjust(width) if right else cell.ljust(width) for cell, width, right in parts)
            _write(bold(text.rstrip()) if number == 0 else text.rstrip())

    def pairs(self, rows: Iterable[Sequence[object]]) -> None:
        """Names and values for people, one pair a line. Moments say their zone, for no heading could."""
        cells = [
            [f"{self.moment(value)} UTC" if isinstance(value, datetime) else self._cell(value) for value in row]
            for row in rows
        ]
        width = max((len(row[0]) for row in cells), default=0)
        for name, value in cells:
            self.line(f"{bold(name.ljust(width))}  {value}")

    def moment(self, at: datetime | None) -> str:
        """A moment as people write it, UTC."""
        return "" if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"

    def fail(self, failure: Failure) -> None:
        """What went wrong, with its code; for programs as one JSON document on stderr."""
        text = self.texts.reason(failure.code, failure.values)
        if self.json:
            print(json.dumps({"code": failure.code, "message": text}, ensure_ascii=False), file=sys.stderr)
            return
        word = self.texts.of("cli.error")
        print(f"{red(word)}: {text} [{failure.code}]", file=sys.stderr, flush=True)

    def _cell(self, value: object) -> str:
        if isinstance(value, datetime):
            return self.moment(value)
        return "" if value is None else str(value)


def flush() -> None:
    """Bring all data out. `OutputError` if that cannot be; then nothing more is tried, not even when Python ends."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        _turn_away()
        raise OutputError(error) from error


def has_colour(stream: Any) -> bool:  # noqa: ANN401 - anything that may be a terminal
    """Whether to paint: on a terminal, unless `NO_COLOR` is set; `FORCE_COLOR` paints anywhere."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")


def red(text: str) -> str:
    """For what went wrong, on stderr."""
    return f"{RED}{text}{PLAIN}" if has_colour(sys.stderr) else text


def bold(text: str) -> str:
    """For the heads of tables, on stdout."""
    return f"{BOLD}{text}{PLAIN}" if has_colour(sys.stdout) else text


def _write(text: str) -> None:
    try:
        print(text)
    except OSError as error:
        _turn_away()
        raise OutputError(error) from error


def _turn_away() -> None:
    """Let go of a stdout that takes nothing: what is left of our data would be tried, and complained of, at the end."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, frozenset | set | tuple):
        return list(value)
    return str(value)
