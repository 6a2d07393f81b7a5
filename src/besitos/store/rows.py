"""Many rows in one parameter, in a form that both databases take apart with `json_each` and `->>`."""

from collections.abc import Iterable


def as_rows(lists: Iterable[str]) -> str:
    """JSON lists, one a row, as an object: PostgreSQL's `json_each` takes no list, and SQLite's takes both."""
    return "{" + ",".join(f'"{number}":{each}' for number, each in enumerate(lists)) + "}"
