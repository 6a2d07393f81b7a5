"""Lines of a JSONL file: from bytes to what somebody sent, or the reason why it is nothing that can be read."""

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypeAlias

import msgspec

from besitos.apps.failure import refuse
from besitos.core.decision import Rejected
from besitos.engine.intake import Sent, text_fault
from besitos.engine.refs import OUR_ID_MAX, sent_ref_of
from besitos.store.protocol import MemberRef

LINE_MAX = 1_000_000
"""Bytes of a line. Whatever is longer is no activity, and is not even read to its end at once."""

GZIP = b"\x1f\x8b"
STDIN = 0


Unpacked: TypeAlias = "io.BufferedReader[io.FileIO]"
Stream: TypeAlias = "Unpacked | gzip.GzipFile"


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line as the format has it: a number names a member by our id, a text as in any activity."""

    key: str
    member: Annotated[int, msgspec.Meta(ge=1, le=OUR_ID_MAX)] | str
    kind: str
    at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    attributes: dict[str, Any] = {}


class Fault(NamedTuple):
    """Why a line cannot be read: a code and the values of its text."""

    code: str
    values: dict[str, Any]


_decoder = msgspec.json.Decoder(Written, float_hook=Decimal)
_FAULTS = (
    ("line.missing_field", re.compile(r"missing required field `(?P<field>.+?)`")),
    ("line.unknown_field", re.compile(r"contains unknown field `(?P<field>.+?)`")),
    ("line.no_zone", re.compile(r"timezone component")),
    (
        "line.wrong_value",
        re.compile(r"^Expected (?P<expected>.+?)(?:, got `?(?P<found>.+?)`?)? - at `\$\.?(?P<field>.*)`$"),
    ),
    ("line.wrong_value", re.compile(r"^(?P<expected>.+?)(?P<found>) - at `\$\.?(?P<field>.*)`$")),
    ("line.not_an_object", re.compile(r"^Expected `object`")),
)


def parse(line: bytes) -> Sent | Fault:
    """What a line says."""
    if len(line) > LINE_MAX:
        return Fault("line.too_long", {"most": LINE_MAX})
    try:
        written = _decoder.decode(line)
    except (msgspec.DecodeError, RecursionError) as error:
        return _fault(str(error))
    except UnicodeDecodeError:
        return Fault("line.not_utf8", {})
    ref = _member(written.member)
    if isinstance(ref, Fault):
        return ref
    return Sent(written.key, ref, written.kind, written.at, written.attributes)


def _member(written: int | str) -> MemberRef | Fault:
    if isinstance(written, int):
        return MemberRef(member_id=written)
    fault = text_fault(written)
    if fault is not None:
        return of_rejected(fault)
    return sent_ref_of(written) or Fault("member.wrong_name", {})


def of_rejected(rejected: Rejected) -> Fault:
    """A refusal as a fault of the line."""
    return Fault(rejected.reason.value, dict(rejected.details))


class Lines(NamedTuple):
    """An open file: its lines, and the file beneath them, which is another one where they are packed."""

    stream: Stream
    file: Unpacked
    size: int

    @property
    def progress(self) -> float:
        """How much has been read, from 0 to 1; of a pipe nobody knows."""
        return self.file.tell() / self.size if self.size else 0.0


@contextmanager
def open_lines(path: Path) -> Iterator[Lines]:
    """The lines of a file, unpacked where it is gzip. `-` is stdin."""
    is_stdin = str(path) == "-"
    with io.BufferedReader(io.FileIO(STDIN, closefd=False) if is_stdin else io.FileIO(path)) as file:
        is_packed = file.peek(2)[:2] == GZIP
        yield Lines(gzip.GzipFile(fileobj=file) if is_packed else file, file, 0 if is_stdin else path.stat().st_size)


def numbered(stream: Stream) -> Iterator[tuple[int, bytes]]:
    """Lines and their numbers, from 1; blank ones are skipped. A byte order mark is not part of the first."""
    number = 0
    while line := _next(stream):
        number += 1
        if len(line) > LINE_MAX:
            _skip_rest(stream, line)
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line.strip() or len(line) > LINE_MAX:
            yield number, line


def _next(stream: Stream) -> bytes:
    try:
        return stream.readline(LINE_MAX + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        refuse("cli.gzip_broken")


def _skip_rest(stream: Stream, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = stream.readline(LINE_MAX)


def _fault(message: str) -> Fault:
    for code, pattern in _FAULTS:
        match = pattern.search(message)
        if match is not None:
            found = {name: (value or "").replace("`", "") for name, value in match.groupdict().items()}
            return Fault(code, found)
    if "UTF-8" in message or "utf-8" in message:
        return Fault("line.not_utf8", {})
    return Fault("line.not_json", {"why": message})
