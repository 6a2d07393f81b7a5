"""JSON as the engine writes it and reads it again: numbers stay exact, times stay in UTC."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from besitos.core.activity import Activity
from besitos.engine.outcome import Outcome, Step
from besitos.store.protocol import Raw

_encoder = msgspec.json.Encoder(decimal_format="number")
_sorting = msgspec.json.Encoder(decimal_format="number", order="sorted")
_content = msgspec.json.Decoder(float_hook=Decimal)
_outcome = msgspec.json.Decoder(Outcome)
_trace = msgspec.json.Decoder(tuple[Step, ...])


def to_raw(value: object) -> Raw:
    """JSON text of a value or of a document."""
    return _encoder.encode(value).decode()


def content_of(activity: Activity) -> Raw:
    """What was said, with sorted words, so that the same content is the same text."""
    content = activity.content
    return canonical(content) if content else "{}"


def canonical(content: object) -> Raw:
    """JSON text with sorted words, by which a repetition is compared."""
    return _sorting.encode(content).decode()


def parse(raw: Raw) -> Any:  # noqa: ANN401 - JSON is anything
    """The values of a JSON text; decimals are exact."""
    return _content.decode(raw)


def outcome_of(outcome: Raw, trace: Raw | None = None) -> Outcome:
    """A stored outcome again."""
    stored = _outcome.decode(outcome)
    return stored if trace is None else msgspec.structs.replace(stored, trace=_trace.decode(trace))


def activity_of(raw: Raw, shape: type[Activity]) -> Activity:
    """An activity that waited as JSON: in a timer, or among the dead letters."""
    return msgspec.json.Decoder(shape, float_hook=Decimal).decode(raw)


def same_content(one: Raw, other: Raw) -> bool:
    """Whether the same was said, however a database spaced it."""
    return one == other or parse(one) == parse(other)


def details_raw(details: Mapping[str, Any]) -> Raw | None:
    """What only few rows have; NULL for the others."""
    return to_raw(details) if details else None
