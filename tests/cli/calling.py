"""What the tests of the command line share: calling it, in this process or as one of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from besitos.apps import cli

GAME = """
game: {name: Campus}
activities: {message.posted: {attributes: {to: text}}, prize.won: {}, try.made: {}}
daily_gift: {pays: {besitos: 10, xp: 5}}
rules:
  message: {when: message.posted, pays: {besitos: 2, xp: 1}, limit: 20 besitos/day}
  prize: {when: prize.won, pays: {bonus: 50}, allow: {mints_without_limit: the shop says so once for each prize}}
  try: {when: try.made, pays: {besitos: 5}}
caps:
  few: {limit: 2/day, sources: [try], then: quarantine}
"""

PROGRAM = (sys.executable, "-m", "besitos")


class Said(NamedTuple):
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON is anything
        """Its data."""
        return json.loads(self.out)


class Call:
    """The command, called in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *args: str) -> Said:
        """Call it with these arguments."""
        self._capsys.readouterr()
        code = cli.run(list(args))
        out, err = self._capsys.readouterr()
        return Said(code, out, err)

    def well(self, *args: str) -> Said:
        """Call it; it must succeed."""
        said = self(*args)
        assert said.code == 0, said
        return said

    def json(self, *args: str) -> Any:  # noqa: ANN401 - as above
        """Call it with `--json`; it must succeed. Its data."""
        return self.well(*args, "--json").json

    def balance(self, member: str, currency: str = "besitos") -> int:
        """What a member has."""
        [card] = self.well("balance", member, "--json").json
        balance: int = card["balances"][currency]["balance"]
        return balance


def start(*args: str, **options: Any) -> "subprocess.Popen[str]":  # noqa: ANN401 - as Popen takes them
    """The command as a process of its own."""
    pipe = subprocess.PIPE
    return subprocess.Popen([*PROGRAM, *args], stdout=pipe, stderr=pipe, text=True, env=dict(os.environ), **options)


def finish(process: "subprocess.Popen[str]", seconds: float = 60) -> Said:
    """Wait for it to end by itself."""
    out, err = process.communicate(timeout=seconds)
    return Said(process.returncode, out, err)


def write_lines(path: Path, lines: Sequence[object]) -> Path:
    """A file of JSON lines; what is bytes or text already stays as it is."""
    rows = [line if isinstance(line, bytes) else _text(line).encode() for line in lines]
    path.write_bytes(b"".join(row + b"\n" for row in rows))
    return path


def _text(line: object) -> str:
    return line if isinstance(line, str) else json.dumps(line)
