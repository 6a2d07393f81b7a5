"""Pages of long lists: each begins where the one before ended."""

from typing import NamedTuple

from starlette.requests import Request

from besitos.surfaces.http.documented import in_query
from besitos.surfaces.http.faults import request_fault
from besitos.surfaces.http.problem import Wrong

CURSOR = in_query(
    "cursor", "`next` of the page before. Without it, the newest.", {"type": "string", "pattern": r"^[1-9][0-9]{0,17}$"}
)
LIMIT = in_query("limit", "How many.", {"type": "integer", "minimum": 1, "maximum": 200, "default": 20})
DIGITS_MAX = 18


class Page(NamedTuple):
    """What is asked for: so many, before this one."""

    limit: int
    before: int | None = None

    def link(self, request: Request, cursor: str) -> str:
        """The `Link` to the page after this one, with whatever else was asked."""
        return f'<{request.url.include_query_params(cursor=cursor, limit=self.limit)}>; rel="next"'


def page_of(request: Request, usual: int, most: int) -> Page:
    """The page that a query asks for."""
    limit = _number(request, "limit", most)
    return Page(usual if limit is None else limit, _number(request, "cursor", 10**DIGITS_MAX - 1))


def text_in(request: Request, name: str, most: int) -> str | None:
    """The text that a query gives under `name`, if it does."""
    given = request.query_params.getlist(name)
    if not given:
        return None
    if len(given) > 1 or not 1 <= len(given[0]) <= most:
        raise request_fault([Wrong(name, "request.wrong_length", {"least": 1, "most": most})])
    if "\0" in given[0]:
        raise request_fault([Wrong(name, "text.nul")])
    return given[0]


def _number(request: Request, name: str, most: int) -> int | None:
    given = request.query_params.getlist(name)
    if not given:
        return None
    text = given[0]
    is_number = text.isascii() and text.isdecimal() and len(text) <= DIGITS_MAX and len(given) == 1
    if not is_number or not 1 <= int(text) <= most:
        raise request_fault([Wrong(name, "request.not_in_range", {"least": 1, "most": most})])
    return int(text)
