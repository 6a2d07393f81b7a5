"""Portable SQL for PostgreSQL: `:named` parameters become numbered ones."""

import re
from collections.abc import Sequence
from functools import cache

from besitos.store.protocol import Query

_NAME = re.compile(r"(?<![:\w]):([a-z_][a-z_0-9]*)")


@cache
def _numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    names = tuple(dict.fromkeys(_NAME.findall(sql)))
    numbers = {name: f"${number}" for number, name in enumerate(names, 1)}
    return _NAME.sub(lambda match: numbers[match[1]], sql), names


def numbered(query: Query) -> tuple[str, Sequence[object]]:
    """The statement and its arguments in order."""
    sql, names = _numbered(query.sql)
    return sql, [query.parameters[name] for name in names]
