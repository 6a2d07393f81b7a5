"""Who members are: their names, and the one person behind an application's member and Telegram's."""

from besitos.store.protocol import MemberRef, Person, Query, Sql


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
