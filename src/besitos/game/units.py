"""Units of the language: durations, moments, ranges, limits and amounts. Read once, values ever after.

Each is written in one way (GAME-LANGUAGE §3, §5, §7), raises a problem with its own code when it cannot be
read, and gives back what the operator wrote. A pydantic model names the class as the type of its field.
"""

import re
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, ClassVar, LiteralString, Self, TypeAlias, cast, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from besitos.core.calendar import PeriodName, is_zone
from besitos.game.problem import refuse, shown
from besitos.game.written import raw

I64 = 2**63 - 1
MOST_MOMENTS = 100
"""A rolling times limit keeps each moment, so it may not count further than this."""

LONGEST = timedelta(days=36_525)
"""A hundred years: what is further off no calendar reaches from every moment."""

MOST_KEY = 60
KEY = rf"[a-z][a-z0-9_]{{0,{MOST_KEY - 1}}}"
DURATION = r"[1-9][0-9]{0,5}[smhdw]"
NUMBER = r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?"
PERIODS: tuple[PeriodName, ...] = get_args(PeriodName)
SPANS = tuple(name for name in PERIODS if name != "ever")
"""The periods that end."""

SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}


class Unit:
    """A value with a written form."""

    __slots__ = ()
    SHAPE: ClassVar[Mapping[str, Any]]
    """Its JSON Schema."""

    @classmethod
    @abstractmethod
    def read(cls, value: object) -> Self:
        """The value that was written, or an error that says how to write it."""

    @abstractmethod
    def written(self) -> object:
        """What to write so that reading it gives this value."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        def accept(value: object) -> Unit:
            return value if isinstance(value, cls) else cls.read(value)

        writer = core_schema.plain_serializer_function_ser_schema(cls.written)
        return core_schema.no_info_plain_validator_function(accept, serialization=writer)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return dict(cls.SHAPE)


@dataclass(frozen=True, slots=True)
class Duration(Unit):
    """`45s`, `30m`, `12h`, `7d` or `2w`."""

    SHAPE: ClassVar[Mapping[str, Any]] = {"type": "string", "pattern": f"^{DURATION}$"}

    value: timedelta
    text: str = field(compare=False)

    @classmethod
    def read(cls, value: object) -> Self:
        """The duration that was written."""
        if not isinstance(value, str) or not re.fullmatch(DURATION, value):
            refuse("duration.wrong", found=shown(value))
        return cls(_span(value), value)

    def written(self) -> str:
        """As it was written."""
        return self.text


@dataclass(frozen=True, slots=True)
class Range(Unit):
    """`10+` at least, `..5` at most, `3..7`, both ends included. Bounds are numbers, or seconds of a duration."""

    PATTERN: ClassVar[re.Pattern[str]] = re.compile(
        rf"(?:(?P<least>{NUMBER})\+|(?P<low>{NUMBER})\.\.(?P<high>{NUMBER})|\.\.(?P<most>{NUMBER}))"
    )
    OF_TIME: ClassVar[re.Pattern[str]] = re.compile(PATTERN.pattern.replace(NUMBER, DURATION))
    SHAPE: ClassVar[Mapping[str, Any]] = {
        "type": "string",
        "anyOf": [{"pattern": f"^{re.sub(r'[?]P<[a-z]+>', '?:', p.pattern)}$"} for p in (PATTERN, OF_TIME)],
    }

    low: int | Decimal | None
    high: int | Decimal | None
    text: str = field(compare=False)
    is_of_time: bool = False

    @classmethod
    def read(cls, value: object) -> Self:
        """The range that was written. A number alone is refused: half of those who write it mean each end."""
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            refuse("range.bare", found=shown(value))
        if not isinstance(value, str):
            refuse("range.wrong", found=shown(value))
        of_time = cls.OF_TIME.fullmatch(value)
        match = of_time or cls.PATTERN.fullmatch(value)
        if match is None:
            refuse("range.wrong", found=shown(value))
        bound: Callable[[str], int | Decimal] = _bound_of_time if of_time else _number
        low, high = match["least"] or match["low"], match["high"] or match["most"]
        made = cls(bound(low) if low else None, bound(high) if high else None, value, of_time is not None)
        if made.low is not None and made.high is not None and made.low > made.high:
            refuse("range.empty", found=value)
        return made

    def __contains__(self, value: float | Decimal) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def written(self) -> str:
        """As it was written."""
        return self.text


@dataclass(frozen=True, slots=True)
class Limit(Unit):
    """`3/day` times, `200 besitos/day` of a currency, `5/24h` rolling; `per` a value, `for all` of the community."""

    PATTERN: ClassVar[re.Pattern[str]] = re.compile(
        rf"(?P<number>[1-9][0-9]{{0,17}})(?: (?P<currency>{KEY}))?/(?P<period>{'|'.join(PERIODS)}|{DURATION})"
        rf"(?: per (?P<per>{KEY}))?(?P<shared> for all)?"
    )
    SHAPE: ClassVar[Mapping[str, Any]] = {
        "type": "string",
        "pattern": f"^{re.sub(r'[?]P<[a-z]+>', '?:', PATTERN.pattern)}$",
    }

    number: int
    currency: str | None
    period: str
    per: str | None
    shared: bool
    text: str = field(compare=False)

    @classmethod
    def read(cls, value: object) -> Self:
        """The limit that was written."""
        match = cls.PATTERN.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            refuse("limit.wrong", found=shown(value))
        shared = match["shared"] is not None
        made = cls(int(match["number"]), match["currency"], match["period"], match["per"], shared, match[0])
        if made.period not in PERIODS:
            _span(made.period)
        if made.window is not None and made.currency is None and made.number > MOST_MOMENTS:
            refuse("limit.too_many_moments", found=match[0], most=MOST_MOMENTS)
        return made

    @property
    def window(self) -> timedelta | None:
        """How far back a rolling limit looks; None of a calendar period."""
        return None if self.period in PERIODS else timedelta(seconds=_seconds(self.period))

    @property
    def meaning(self) -> tuple[object, ...]:
        """What is equal of two limits that say the same: `5/24h` is `5/1d`."""
        return (self.number, self.currency, self.window or self.period, self.per, self.shared)

    def written(self) -> str:
        """As it was written."""
        return self.text


@dataclass(frozen=True, slots=True)
class Share:
    """An amount for one type of member: a number, or that number per `step` of an attribute, the rest carried over."""

    PATTERN: ClassVar[re.Pattern[str]] = re.compile(
        rf"(-?[1-9][0-9]{{0,17}}) per (?:([1-9][0-9]{{0,17}}) )?({KEY}(?:\.{KEY})?)"
    )

    number: int
    step: int = 1
    attribute: str | None = None

    @classmethod
    def read(cls, value: object, *, zero: bool = False) -> Self:
        """What was written; 0 stands only where `zero` says so: one of the two types gets nothing."""
        if isinstance(value, int) and not isinstance(value, bool):
            if abs(value) > I64 or (value == 0 and not zero):
                refuse("amount.out_of_range", found=shown(value))
            return cls(int(value))
        match = cls.PATTERN.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            refuse("amount.wrong", found=shown(value))
        return cls(int(match[1]), int(match[2] or 1), match[3])

    def written(self) -> int | str:
        """A number, or `1 per 5 minutes`."""
        if self.attribute is None:
            return self.number
        return f"{self.number} per {self.attribute if self.step == 1 else f'{self.step} {self.attribute}'}"


@dataclass(frozen=True, slots=True)
class Amount(Unit):
    """`10`, `-5`, `2 per minutes`, or one of these for each type of member: `{free: 1, vip: 5}`."""

    _ONE: ClassVar[Mapping[str, Any]] = {
        "anyOf": [{"type": "integer"}, {"type": "string", "pattern": f"^{Share.PATTERN.pattern}$"}]
    }
    SHAPE: ClassVar[Mapping[str, Any]] = {
        "anyOf": [
            *_ONE["anyOf"],
            {
                "type": "object",
                "required": ["free", "vip"],
                "properties": {"free": _ONE, "vip": _ONE},
                "additionalProperties": False,
            },
        ]
    }

    free: Share
    vip: Share

    @classmethod
    def read(cls, value: object) -> Self:
        """The amount that was written."""
        if not isinstance(value, dict):
            share = Share.read(value)
            return cls(share, share)
        if set(value) != {"free", "vip"}:
            refuse("amount.types", found=tuple(shown(word) for word in value))
        made = cls(Share.read(value["free"], zero=True), Share.read(value["vip"], zero=True))
        if made.free.number == 0 and made.vip.number == 0:
            refuse("amount.nothing")
        return made

    def of(self, is_vip: bool) -> Share:
        """What a member of this type gets."""
        return self.vip if is_vip else self.free

    @property
    def shares(self) -> tuple[Share, Share]:
        """Both."""
        return (self.free, self.vip)

    def written(self) -> object:
        """One value where both types get the same."""
        if self.free == self.vip:
            return self.free.written()
        return {"free": self.free.written(), "vip": self.vip.written()}


@dataclass(frozen=True, slots=True)
class Within(Unit):
    """`day`: only the present period of the calendar; `7d`: only so far back from now."""

    SHAPE: ClassVar[Mapping[str, Any]] = {
        "type": "string",
        "anyOf": [{"enum": list(SPANS)}, {"pattern": f"^{DURATION}$"}],
    }

    period: PeriodName | None
    window: timedelta | None
    text: str = field(compare=False)

    @classmethod
    def read(cls, value: object) -> Self:
        """The period that was written."""
        if value in SPANS:
            return cls(cast("PeriodName", value), None, str(value))
        if not isinstance(value, str) or not re.fullmatch(DURATION, value):
            refuse("within.wrong", found=shown(value))
        return cls(None, _span(value), value)

    def written(self) -> str:
        """As it was written."""
        return self.text


@dataclass(frozen=True, slots=True)
class Percent(Unit):
    """`10%`: of a hundred, exact."""

    PATTERN: ClassVar[str] = r"(?:0|[1-9][0-9]?)(?:\.[0-9]{1,2})?%|100%"
    SHAPE: ClassVar[Mapping[str, Any]] = {"type": "string", "pattern": f"^(?:{PATTERN})$"}

    value: Decimal
    text: str = field(compare=False)

    @classmethod
    def read(cls, value: object) -> Self:
        """The percentage that was written."""
        if not isinstance(value, str) or not re.fullmatch(cls.PATTERN, value):
            refuse("percent.wrong", found=shown(value))
        return cls(Decimal(value[:-1]), value)

    def written(self) -> str:
        """As it was written."""
        return self.text


@dataclass(frozen=True, slots=True)
class Money(Unit):
    """`9.99 EUR`: an amount in a currency of the world."""

    PATTERN: ClassVar[str] = r"(0|[1-9][0-9]{0,6})(\.[0-9]{1,2})? ([A-Z]{3})"
    SHAPE: ClassVar[Mapping[str, Any]] = {"type": "string", "pattern": f"^{PATTERN}$"}

    amount: Decimal
    currency: str
    text: str = field(compare=False)

    @classmethod
    def read(cls, value: object) -> Self:
        """The price that was written; nothing costs nothing."""
        match = re.fullmatch(cls.PATTERN, value) if isinstance(value, str) else None
        if match is None:
            refuse("money.wrong", found=shown(value))
        amount = Decimal(f"{match[1]}{match[2] or ''}")
        if not amount:
            refuse("money.wrong", found=shown(value))
        return cls(amount, match[3], match[0])

    def written(self) -> str:
        """As it was written."""
        return self.text


def _span(text: str) -> timedelta:
    """A span of time, which may not be too long."""
    span = timedelta(seconds=_seconds(text))
    if span > LONGEST:
        refuse("duration.too_long", found=text)
    return span


def _bound_of_time(text: str) -> int:
    return int(_span(text).total_seconds())


def _seconds(text: str) -> int:
    return int(text[:-1]) * SECONDS[text[-1]]


def _number(text: str) -> int | Decimal:
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else number


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    match = re.fullmatch(r"([12][0-9]{3})-([0-9]{2})-([0-9]{2})(?: ([0-9]{2}):([0-9]{2}))?", raw(value))
    if match is None:
        refuse("moment.wrong", found=shown(value))
    year, month, day, hour, minute = (int(part or 0) for part in match.groups())
    try:
        return datetime(year, month, day, hour, minute)  # noqa: DTZ001 - a clock on a wall of the game's zone
    except ValueError:
        refuse("moment.wrong", found=shown(value))


def _written_moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}" if not (moment.hour or moment.minute) else f"{moment:%Y-%m-%d %H:%M}"


Moment: TypeAlias = Annotated[
    datetime,
    PlainValidator(_moment),
    PlainSerializer(_written_moment),
    WithJsonSchema({"type": "string", "pattern": r"^[12]\d{3}-\d\d-\d\d( \d\d:\d\d)?$"}),
]
"""`2026-12-01` or `2026-12-01 18:00`: a clock on the wall of the game's zone, without a zone of its own."""


def matching(pattern: str, code: LiteralString) -> Callable[[object], str]:
    """A reader of words that have a form; a number is the word that was written."""
    form = re.compile(pattern)

    def read(value: object) -> str:
        text = raw(value)
        if isinstance(value, (dict, list, bool)) or not form.fullmatch(text):
            refuse(code, found=shown(value))
        return text

    return read


def _zone(value: object) -> str:
    name = str(value)
    if not is_zone(name):
        refuse("zone.wrong", found=shown(value))
    return name


def line(value: object) -> object:
    """A number where words are meant is the words that were written."""
    return value if isinstance(value, (str, bool, dict, list)) or value is None else raw(value)


KEY_SHAPE = WithJsonSchema({"type": "string", "pattern": f"^{KEY}$"})
Key: TypeAlias = Annotated[str, BeforeValidator(matching(KEY, "key.wrong")), KEY_SHAPE]
Language: TypeAlias = Annotated[
    str,
    BeforeValidator(matching("[a-z]{2}", "language.wrong")),
    WithJsonSchema({"type": "string", "pattern": "^[a-z]{2}$"}),
]
Zone: TypeAlias = Annotated[str, AfterValidator(_zone)]
Words: TypeAlias = Annotated[str, BeforeValidator(line), Field(min_length=1, max_length=4_096)]
"""Words for operators only: one string, in no particular language."""

Address: TypeAlias = Annotated[
    str,
    BeforeValidator(matching(r"https://[^\s]{3,500}", "address.wrong")),
    WithJsonSchema({"type": "string", "pattern": "^https://"}),
]
"""Where something stands in the web."""


def numbered(pattern: str, code: LiteralString) -> BeforeValidator:
    """The keys of a map that counts: `7` is a number there, though every key is a word."""
    read = matching(pattern, code)
    return BeforeValidator(lambda value: value if type(value) is int else int(read(value)))


def decimal(low: str, high: str, places: int, code: LiteralString) -> PlainValidator:
    """A decimal number between two, both included, of at most so many places."""
    least, most = Decimal(low), Decimal(high)

    def read(value: object) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            refuse(code, found=shown(value))
        number = value if isinstance(value, Decimal) else Decimal(value)
        if not least <= number <= most or number != round(number, places):
            refuse(code, found=shown(value))
        return number

    shape = Annotated[float, Field(ge=float(least), le=float(most))]
    return PlainValidator(read, json_schema_input_type=shape)


YesNo: TypeAlias = Annotated[bool, Field(strict=True)]
Whole: TypeAlias = Annotated[int, Field(strict=True, ge=1, le=I64)]
Count: TypeAlias = Annotated[int, Field(strict=True, ge=0, le=I64)]
Order: TypeAlias = Annotated[int, Field(strict=True, ge=-I64, le=I64)]
