"""Bodies: how large, how deep and of which numbers a request may be, found out before anything looks at it."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from besitos.surfaces.http.faults import errors_of, request_fault
from besitos.surfaces.http.problem import Refused, Wrong

BODY_MAX = 256 * 1024
BATCH_BODY_MAX = 8 * 1024 * 1024
DEPTH_MAX = 20
DIGITS_MAX = 18

PATIENCE = 30
"""Seconds that a body may take to come."""

LARGE = 64 * 1024
"""What is longer is parsed in a thread, so that it holds up nobody."""

B = TypeVar("B", bound=BaseModel)


class Json(NamedTuple):
    r"""A JSON value. What has no `\u` in it holds no character that a database would not keep."""

    value: Any
    has_escapes: bool = True


async def read_json(request: Request, most: int) -> Json:
    """The JSON value of a request's body. Decimals are exact."""
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != "application/json":
        raise Refused(415, "request.media_type", {"found": content_type})
    body = await read_body(request, most)
    value = await asyncio.to_thread(parse, body) if len(body) > LARGE else parse(body)
    return Json(value, b"\\u" in body)


def parse(body: bytes) -> Any:  # noqa: ANN401 - JSON is anything
    """The value of a JSON text, or a refusal that says what is wrong with it."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise Refused(400, "request.not_utf8", {"at": error.start}) from error
    try:
        value = _decoder.decode(text)
    except json.JSONDecodeError as error:
        raise Refused(400, "request.malformed", {"line": error.lineno, "column": error.colno}) from error
    except RecursionError as error:
        raise Refused(400, "request.too_deep", {"most": DEPTH_MAX}) from error
    if body.count(b"[") + body.count(b"{") > DEPTH_MAX and _depth(value) > DEPTH_MAX:
        raise Refused(400, "request.too_deep", {"most": DEPTH_MAX})
    return value


def validate(shape: type[B], sent: Json) -> B:
    """What was sent as a model, or a refusal that names every wrong place."""
    if sent.has_escapes and (wrong := wrong_texts(sent.value)):
        raise request_fault(wrong)
    try:
        return shape.model_validate(sent.value)
    except ValidationError as error:
        raise request_fault(errors_of(error, shape.model_fields)) from error


def wrong_texts(value: object) -> list[Wrong]:
    """The places of texts that no database keeps: NUL characters, and halves of characters."""
    return [Wrong(place, code) for place, text in _texts(value, "") if (code := _text_fault(text))]


def _text_fault(text: str) -> str:
    if text.isascii():
        return "text.nul" if "\0" in text else ""
    if "\0" in text:
        return "text.nul"
    try:
        text.encode()
    except UnicodeEncodeError:
        return "text.not_unicode"
    return ""


def _texts(value: object, place: str) -> Iterator[tuple[str, str]]:
    """Every text, words of objects included, with its place. A wrong word is not repeated in the place."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        inner = f"{place}." if place else ""
        for word, each in value.items():
            yield f"{place}", word
            yield from _texts(each, f"{inner}{word}" if not _text_fault(word) else place)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _texts(each, f"{place}.{number}" if place else str(number))


async def read_body(request: Request, most: int) -> bytes:
    """The bytes of a request's body, no more than so many."""
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said) > most:
        raise too_large(most)
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(PATIENCE):
            async for chunk in request.stream():
                size += len(chunk)
                if size > most:
                    raise too_large(most)
                chunks.append(chunk)
    except TimeoutError as error:
        raise Refused(408, "request.too_slow", {"most": PATIENCE}).told(connection="close") from error
    return b"".join(chunks)


def too_large(most: int) -> Refused:
    """More than we read. The connection ends, since the rest would be taken for the next request."""
    return Refused(413, "request.body_too_large", {"most": most}).told(connection="close")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        twice = Counter(word for word, _ in pairs).most_common(1)[0][0]
        raise Refused(400, "request.word_twice", {"word": twice[:100]} if not _text_fault(twice) else {"word": ""})
    return made


def _whole(text: str) -> int:
    if len(text) > DIGITS_MAX and len(text.lstrip("-")) > DIGITS_MAX:
        raise Refused(400, "request.number_too_long", {"most": DIGITS_MAX})
    return int(text)


def _decimal(text: str) -> Decimal:
    """An exact number whose digits, written without an exponent, are few: `1e999999999` is a bomb."""
    number = Decimal(text) if len(text) <= 4 * DIGITS_MAX else None
    exponent = number.as_tuple().exponent if number is not None else 0
    if number is None or not isinstance(exponent, int) or max(number.adjusted() + 1, 1) - min(exponent, 0) > DIGITS_MAX:
        raise Refused(400, "request.number_too_long", {"most": DIGITS_MAX})
    return number


def _not_a_number(text: str) -> None:
    raise Refused(400, "request.not_a_number", {"found": text})


_decoder = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_whole, parse_float=_decimal, parse_constant=_not_a_number
)


def _depth(value: object) -> int:
    """How many objects and lists stand in each other."""
    depth, level = 0, [value]
    while level := [each for each in level if isinstance(each, dict | list)]:
        depth += 1
        level = [inner for each in level for inner in (each.values() if isinstance(each, dict) else each)]
    return depth
