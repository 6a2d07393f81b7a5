"""What a rule is."""

from collections.abc import Mapping
from typing import NamedTuple


class Rule(NamedTuple):
    """One rule. `code` names its texts; `columns` are what an offending row says, in the order of the query."""

    code: str
    columns: tuple[str, ...]
    sql: str
    parameters: Mapping[str, object] = {}
