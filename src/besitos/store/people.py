"""Who members are: their names, and the one person behind an application's member and Telegram's."""

from besitos.store.protocol import MemberRef, Person, Query, Sql

DIGITS_MOST = 18
"""Of a number that may be an id."""


def naming(member_id: int, person: Person) -> Query:
    """Write down what is known of a member; what is None stays as it was."""
    return Query(_NAME, {**person._asdict(), "member_id": member_id})


def linking(member_id: int, ref: MemberRef) -> Query:
    """Let `ref`, a name from outside, mean this member too. Refused where they have a name of that kind by now."""
    if ref.telegram_id is not None:
        return Query(_LINK_TELEGRAM, {"member_id": member_id, "telegram_id": ref.telegram_id}, must_find=True)
    assert ref.external_id is not None, "our own ids are never linked"
    return Query(_LINK_EXTERNAL, {"member_id": member_id, "external_id": ref.external_id}, must_find=True)


async def member_ids(store: Sql) -> list[int]:
    """Everybody, by number."""
    [rows] = await store.read(Query(_IDS))
    return [row[0] for row in rows]


async def newest(store: Sql, limit: int, before: int | None = None, search: str = "") -> list[int]:
    """Members, the newest first, those older than `before`: all, or those whose names or ids `search` is a part of.

    Ours and Telegram's ids and an application's must be said whole; of a name, any part will do.
    """
    chosen = {"before": 2**63 - 1 if before is None else before, "limit": limit}
    if not search:
        [rows] = await store.read(Query(_NEWEST.format(where=""), chosen))
        return [row[0] for row in rows]
    number = int(search) if search.isascii() and search.isdecimal() and len(search) <= DIGITS_MOST else 0
    asked = {
        "number": number,
        "external_id": search,
        "part": f"%{_literal(search.lower())}%",
        "typed": f"%{_literal(search)}%",
    }
    [rows] = await store.read(Query(_NEWEST.format(where=_FOUND), {**chosen, **asked}))
    return [row[0] for row in rows]


def _literal(text: str) -> str:
    """A text of which no character stands for others. `Á` is the same as `á` where the database knows letters."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


_NEWEST = """
    SELECT member_id FROM members WHERE member_id < :before AND member_id > 0 {where}
    ORDER BY member_id DESC LIMIT :limit
"""
_FOUND = """
    AND (member_id = :number OR telegram_id = :number OR external_id = :external_id
        OR lower(username) LIKE :part ESCAPE '\\' OR lower(display_name) LIKE :part ESCAPE '\\'
        OR display_name LIKE :typed ESCAPE '\\')
"""
_IDS = "SELECT member_id FROM members ORDER BY member_id"
_NAME = """
    UPDATE members SET username = coalesce(:username, username),
        display_name = coalesce(:display_name, display_name), language = coalesce(:language, language)
    WHERE member_id = :member_id
"""
_LINK_TELEGRAM = """
    UPDATE members SET telegram_id = :telegram_id WHERE member_id = :member_id AND telegram_id IS NULL
    RETURNING member_id
"""
_LINK_EXTERNAL = """
    UPDATE members SET external_id = :external_id WHERE member_id = :member_id AND external_id IS NULL
    RETURNING member_id
"""
