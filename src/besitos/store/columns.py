"""Types of columns that mean the same on both databases."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text, cast
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from besitos.store.moments import from_micros, to_micros

Big = BigInteger().with_variant(Integer, "sqlite")
"""64 bits. SQLite's INTEGER has them anyway, and only under that name may a primary key be the row's own number."""

Key = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
"""A name that machines give: compared and sorted by bytes, on SQLite as on PostgreSQL."""


class Moment(TypeDecorator[datetime]):
    """A moment, always with its zone. SQLite has no type for it: microseconds since 1970, which compare as numbers."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """An integer on SQLite, `timestamptz` elsewhere."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Integer())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | int | None:
        """Refuse a moment without a zone: each database would guess another one."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"a moment without a zone: {value}"
            raise ValueError(message)
        return to_micros(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | int | None, _: Dialect) -> datetime | None:
        """The moment, in UTC."""
        return from_micros(value) if isinstance(value, int) else value


class _PostgresJson(UserDefinedType[str]):
    """PostgreSQL's `json` as text. SQLAlchemy's own type would decode it."""

    cache_ok = True
    render_bind_cast = True

    def get_col_spec(self, **_: object) -> str:
        """The type's name in DDL and in casts."""
        return "JSON"


class Json(TypeDecorator[str]):
    """A JSON document as the text it is, in and out: msgspec encodes and decodes it, once.

    Selected as text, because the connections that SQLAlchemy opens decode a `json` before anybody asks.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """`json`, not `jsonb`, on PostgreSQL: it is written often and read whole."""
        return dialect.type_descriptor(_PostgresJson() if dialect.name == "postgresql" else Text())

    def column_expression(self, column: ColumnElement[str]) -> ColumnElement[str]:
        """Read it as text."""
        return cast(column, Text)
