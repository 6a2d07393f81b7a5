"""Boards: who stands where, now and when a period was over. Each answer is from one snapshot.

`board` is the key of a leaderboard for what is over, and the name of its scores for what goes on.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from besitos.core.board import HIDING, Score
from besitos.core.clock import Clock
from besitos.store.moments import moment_of, to_micros
from besitos.store.protocol import Logs, Query, Sql, TransientError, UnavailableError
from besitos.store.rows import as_rows

NOBODY = 0
"""No member's id: whoever looks at a board and is not on it."""

STEP = 1_000
"""Ranks of one transaction when a period is closed: others write in between."""

LAPSES_AFTER = timedelta(minutes=1)
"""How long a process that closes a period may be silent before another begins anew."""

SWEEP = 1_000
"""Scores of one transaction when those of a period that is over go."""


class Page(NamedTuple):
    """A board, a period of it, how much of it, and who looks: they see themselves even where they are hidden."""

    board: str
    period: str
    limit: int = 10
    viewer: int = NOBODY


class Place(NamedTuple):
    """One member on a board."""

    member_id: int
    rank: int
    score: Score
    display_name: str | None
    username: str | None


class Closing(NamedTuple):
    """A period of a board that is over."""

    board: str
    period: str
    ends_at: datetime
    closed_at: datetime
    members: int
    paid_at: datetime | None


class Board(NamedTuple):
    """One period of a leaderboard: its key, the name and the period that its scores are kept under, the period."""

    key: str
    scores: str
    kept: str
    period: str


class Shown(NamedTuple):
    """What somebody sees of a board: some places, their own, how many there are; and whether it is over."""

    places: list[Place]
    own: Place | None
    members: int
    closing: Closing | None


async def look(store: Sql, board: Board, limit: int, *, viewer: int = NOBODY, beside: int = 0) -> Shown:
    """The first of a board; or, `beside` whoever looks, so many on either side. What is over stays as it was."""
    closing = await closing_of(store, board.key, board.period) if board.period else None
    is_over = closing is not None
    page = Page(
        board.key if is_over else board.scores, board.period if is_over else board.kept, beside or limit, viewer
    )
    if beside:
        places = await (final_around if is_over else around)(store, page)
    else:
        places = await (final_top if is_over else top)(store, page)
    own = next((place for place in places if place.member_id == viewer), None)
    if own is None and viewer != NOBODY:
        own = await (final_place if is_over else place_of)(store, page.board, page.period, viewer)
    members = closing.members if closing is not None else await how_many(store, page.board, page.period)
    return Shown(places, own, members, closing)


async def top(store: Sql, page: Page) -> list[Place]:
    """Those who stand highest."""
    [rows] = await store.read(Query(_TOP, _named(page)))
    return _places(rows)


async def around(store: Sql, page: Page) -> list[Place]:
    """Whoever looks, with `limit` places on either side of them; nobody where they do not stand on the board."""
    [rows] = await store.read(Query(_AROUND, _named(page)))
    return _places(rows)


async def place_of(store: Sql, board: str, period: str, member_id: int) -> Place | None:
    """Where a member stands."""
    [rows] = await store.read(Query(_OWN, _named(Page(board, period, 1, member_id))))
    return next(iter(_places(rows)), None)


async def how_many(store: Sql, board: str, period: str) -> int:
    """How many stand on a board."""
    [[[count]]] = await store.read(Query(_HOW_MANY, {"board": board, "period": period}))
    return int(count)


async def final_top(store: Sql, page: Page) -> list[Place]:
    """Those who stood highest when the period was over."""
    [rows] = await store.read(Query(_FINAL_TOP, _named(page)))
    return _places(rows)


async def final_around(store: Sql, page: Page) -> list[Place]:
    """Whoever looks, with `limit` ranks on either side of theirs, as they were when the period was over."""
    [rows] = await store.read(Query(_FINAL_AROUND, _named(page)))
    return _places(rows)


async def final_place(store: Sql, board: str, period: str, member_id: int) -> Place | None:
    """Where a member stood when the period was over."""
    [rows] = await store.read(Query(_FINAL_OWN, _named(Page(board, period, 1, member_id))))
    return next(iter(_places(rows)), None)


async def closings(store: Sql, board: str | None = None, *, limit: int = 50) -> list[Closing]:
    """The periods that are over, the latest first: of one board or of all."""
    where = "" if board is None else "WHERE board = :board"
    named = {"limit": limit} if board is None else {"limit": limit, "board": board}
    [rows] = await store.read(Query(_CLOSINGS.format(where=where), named))
    return [_closing(row) for row in rows]


async def closing_of(store: Sql, board: str, period: str) -> Closing | None:
    """A period that is over; None while it goes on."""
    [rows] = await store.read(Query(_CLOSING, {"board": board, "period": period}))
    return _closing(rows[0]) if rows else None


async def unpaid(store: Sql) -> list[Closing]:
    """The periods that are over and whose prizes are not all given."""
    [rows] = await store.read(Query(_UNPAID))
    return [_closing(row) for row in rows]


async def kept_periods(store: Sql) -> list[tuple[str, str]]:
    """Every period of which scores are kept: the name of the scores, and the period."""
    [rows] = await store.read(Query(_KEPT))
    return [(board, period) for board, period in rows]


async def close(store: Logs, closing: Closing, scores: tuple[str, str], clock: Clock) -> bool:
    """Fix the ranks of a period for ever, a thousand at a time. Whether it was us who did it.

    `scores` are the board's name and period under which they were kept; what is written to them from now on is too
    late. Until the last rank is fixed the period goes on for whoever looks. One process does it at a time, under a
    claim that it renews with each step; who finds one that has lapsed begins anew.
    """
    named = {"board": closing.board, "period": closing.period}
    claim = _Claim(f"closing/{closing.board}/{closing.period}", to_micros(clock.now() + LAPSES_AFTER))
    [ours] = await store.amend(Query(_CLAIM, {**named, **claim._asdict(), "now": to_micros(clock.now())}))
    if not ours:
        return False
    try:
        left = STEP
        while left == STEP:  # what somebody left who did not come to the end
            renewal, claim = claim.renewed(clock)
            _, gone = await store.amend(renewal, Query(_UNFIX, {**named, "limit": STEP}))
            left = len(gone)
        members = 0
        async for fixed in _ranks(store, scores):
            members += len(fixed)
            renewal, claim = claim.renewed(clock)
            await store.amend(renewal, Query(_FIX, {**named, "rows": as_rows(fixed)}))
        ended = {**named, "ends_at": closing.ends_at, "now": closing.closed_at, "members": members}
        await store.amend(
            claim.renewed(clock)[0], Query(_CLOSE, ended, must_find=True), Query(_LET_GO, {"name": claim.name})
        )
    except UnavailableError:
        raise
    except TransientError:
        return False  # somebody else has the claim by now
    return True


async def _ranks(store: Logs, scores: tuple[str, str]) -> AsyncIterator[list[str]]:
    """Who stands where, best first, from one snapshot: as rows of JSON, so many at a time as one step fixes."""
    place, rank, last = 0, 0, None
    async for rows in store.stream(Query(_IN_ORDER, {"scores": scores[0], "kept": scores[1]}), STEP):
        ranked = []
        for member_id, bucket, whole, fraction in rows:
            place += 1
            rank = rank if (bucket, whole, fraction) == last else place
            last = (bucket, whole, fraction)
            ranked.append(f"[{member_id},{rank},{whole},{fraction}]")
        yield ranked


class _Claim(NamedTuple):
    """Who closes a period, until when: a cursor whose position is the moment at which the claim lapses."""

    name: str
    until: int

    def renewed(self, clock: Clock) -> tuple[Query, "_Claim"]:
        """The claim as it goes on, and what makes it so, as long as nobody has taken it over."""
        after = _Claim(self.name, max(self.until + 1, to_micros(clock.now() + LAPSES_AFTER)))
        return Query(_RENEW, {"name": self.name, "before": self.until, "until": after.until}, must_find=True), after


async def begin_after(store: Sql, closing: Closing) -> None:
    """Let a board begin with the period after this one, as if it had been empty until then."""
    await store.amend(Query(_CLOSE_EMPTY, closing._asdict()))


async def settled(store: Sql, closing: Closing, at: datetime) -> None:
    """Every prize of a period is given."""
    await store.amend(Query(_SETTLED, {"board": closing.board, "period": closing.period, "at": at}))


async def winners(store: Sql, closing: Closing, last_rank: int, after: tuple[int, int], limit: int) -> list[Place]:
    """Those who stood at this rank or a better one, in order, after this rank and member."""
    named = {"board": closing.board, "period": closing.period, "last_rank": last_rank, "limit": limit}
    [rows] = await store.read(Query(_WINNERS, {**named, "after_rank": after[0], "after_member": after[1]}))
    return _places(rows)


async def sweep(store: Sql, board: str, period: str) -> bool:
    """Forget some scores of a period that is over, or of a board that is no more. Whether any may be left."""
    named = {"board": board, "period": period}
    [gone] = await store.amend(Query(_SWEEP, {**named, "limit": SWEEP}))
    if len(gone) == SWEEP:
        return True
    await store.amend(Query(_SWEEP_BUCKETS, named))
    return False


async def filled_to(store: Sql, board: str) -> int | None:
    """Up to which member a board was filled with what was there before it; None if nobody has begun."""
    [rows] = await store.read(Query("SELECT position FROM cursors WHERE name = :name", {"name": _cursor(board)}))
    return int(rows[0][0]) if rows else None


async def fill_to(store: Sql, board: str, member_id: int) -> None:
    """Note up to which member a board was filled."""
    await store.amend(Query(_FILL_TO, {"name": _cursor(board), "position": member_id}))


async def next_members(store: Sql, after: int, limit: int) -> list[int]:
    """The members who follow, in the order of their ids. Whom nothing has ever happened to stand nowhere."""
    [rows] = await store.read(Query(_NEXT_MEMBERS, {"after": after, "limit": limit}))
    return [member_id for [member_id] in rows]


async def count_members(store: Sql) -> int:
    """How many there are to whom something has happened."""
    [[[count]]] = await store.read(Query("SELECT count(*) FROM members WHERE last_active IS NOT NULL"))
    return int(count)


def _cursor(board: str) -> str:
    return f"leaderboard/{board}"


def _named(page: Page) -> dict[str, object]:
    return {"board": page.board, "period": page.period, "limit": page.limit, "viewer": page.viewer}


def _places(rows: Iterable[Sequence[Any]]) -> list[Place]:
    return [
        Place(member_id, int(rank), Score(whole, fraction), display_name, username)
        for member_id, rank, whole, fraction, display_name, username in rows
    ]


def _closing(row: Sequence[Any]) -> Closing:
    board, period, ends_at, closed_at, members, paid_at = row
    paid = None if paid_at is None else moment_of(paid_at)
    return Closing(board, period, moment_of(ends_at), moment_of(closed_at), int(members), paid)


_SEEN = f"(m.state -> '{HIDING}' ->> 'is_hidden' IS NULL OR m.member_id = :viewer)"
"""Whether whoever looks may see this member. The value is only written where it is so."""

_RANKED = """
    , head AS MATERIALIZED (
        SELECT f.bucket, f.whole, f.fraction,
            (SELECT coalesce(sum(b.members), 0) FROM score_buckets AS b
             WHERE b.board = :board AND b.period = :period AND b.bucket > f.bucket)
            + (SELECT count(*) FROM scores AS h
               WHERE h.board = :board AND h.period = :period AND h.bucket = f.bucket
                   AND (h.whole, h.fraction) > (+f.whole, +f.fraction)) AS ahead
        FROM (SELECT bucket, whole, fraction FROM page ORDER BY bucket DESC, whole DESC, fraction DESC LIMIT 1) AS f
    )
    SELECT s.member_id,
        1 + head.ahead + (
            SELECT count(*) FROM scores AS h
            WHERE h.board = :board AND h.period = :period
                AND (h.bucket, h.whole, h.fraction) > (+s.bucket, +s.whole, +s.fraction)
                AND (h.bucket, h.whole, h.fraction) <= (+head.bucket, +head.whole, +head.fraction)) AS place,
        s.whole, s.fraction, s.display_name, s.username
    FROM page AS s CROSS JOIN head
    ORDER BY s.bucket DESC, s.whole DESC, s.fraction DESC, s.member_id DESC
"""
"""The rank of the first of a page: those in higher buckets, and those in the same one who stand higher. Of the others:
those between them and the first, besides. Hidden members count like all. A bare `+` means nothing, except to SQLite: a
value without the affinity of a column is one that it looks up all columns of an index by.
"""

_ON = f"""
    FROM scores AS s JOIN members AS m ON m.member_id = s.member_id
    WHERE s.board = :board AND s.period = :period AND {_SEEN}
"""
_DOWN = "s.bucket DESC, s.whole DESC, s.fraction DESC, s.member_id DESC"
_UP = "s.bucket, s.whole, s.fraction, s.member_id"
_COLUMNS = "s.bucket, s.whole, s.fraction, s.member_id, m.display_name, m.username"
_OWN_PLACE = """
    (SELECT +bucket, +whole, +fraction, +member_id FROM scores
     WHERE board = :board AND period = :period AND member_id = :viewer)
"""
_TOP = f"""
    WITH page AS MATERIALIZED (SELECT {_COLUMNS} {_ON} ORDER BY {_DOWN} LIMIT :limit) {_RANKED}
"""
_AROUND = f"""
    WITH page AS MATERIALIZED (
        SELECT * FROM (
            SELECT {_COLUMNS} {_ON} AND ({_UP}) > {_OWN_PLACE} ORDER BY {_UP} LIMIT :limit
        ) AS above
        UNION ALL
        SELECT * FROM (
            SELECT {_COLUMNS} {_ON} AND ({_UP}) <= {_OWN_PLACE} ORDER BY {_DOWN} LIMIT :limit + 1
        ) AS below
    ) {_RANKED}
"""
_OWN = f"WITH page AS MATERIALIZED (SELECT {_COLUMNS} {_ON} AND s.member_id = :viewer) {_RANKED}"
_HOW_MANY = "SELECT coalesce(sum(members), 0) FROM score_buckets WHERE board = :board AND period = :period"

_FINAL_PLACE = "s.member_id, s.rank, s.whole, s.fraction, m.display_name, m.username"
_FINAL_ON = _ON.replace("FROM scores", "FROM final_ranks")
_FINAL_TOP = f"SELECT {_FINAL_PLACE} {_FINAL_ON} ORDER BY s.rank, s.member_id LIMIT :limit"
_FINAL_MINE = """
    (SELECT +rank, +member_id FROM final_ranks WHERE board = :board AND period = :period AND member_id = :viewer)
"""
_FINAL_AROUND = f"""
    SELECT s.* FROM (
        SELECT * FROM (
            SELECT {_FINAL_PLACE} {_FINAL_ON} AND (s.rank, s.member_id) < {_FINAL_MINE}
            ORDER BY s.rank DESC, s.member_id DESC LIMIT :limit
        ) AS above
        UNION ALL
        SELECT * FROM (
            SELECT {_FINAL_PLACE} {_FINAL_ON} AND (s.rank, s.member_id) >= {_FINAL_MINE}
            ORDER BY s.rank, s.member_id LIMIT :limit + 1
        ) AS below
    ) AS s
    ORDER BY s.rank, s.member_id
"""
_FINAL_OWN = f"SELECT {_FINAL_PLACE} {_FINAL_ON} AND s.member_id = :viewer"

_CLOSED = "board, period, ends_at, closed_at, members, paid_at"
_CLOSINGS = f"SELECT {_CLOSED} FROM closed_boards {{where}} ORDER BY ends_at DESC, board LIMIT :limit"
_CLOSING = f"SELECT {_CLOSED} FROM closed_boards WHERE board = :board AND period = :period"
_UNPAID = f"SELECT {_CLOSED} FROM closed_boards WHERE paid_at IS NULL ORDER BY ends_at, board, period"
_KEPT = "SELECT DISTINCT board, period FROM score_buckets ORDER BY board, period"
_CLAIM = """
    INSERT INTO cursors (name, position)
    SELECT CAST(:name AS text), CAST(:until AS bigint)
    WHERE NOT EXISTS (SELECT 1 FROM closed_boards WHERE board = :board AND period = :period)
    ON CONFLICT (name) DO UPDATE SET position = excluded.position WHERE cursors.position < :now
    RETURNING position
"""
_RENEW = "UPDATE cursors SET position = :until WHERE name = :name AND position = :before RETURNING name"
_LET_GO = "DELETE FROM cursors WHERE name = :name"
_UNFIX = """
    DELETE FROM final_ranks WHERE board = :board AND period = :period
        AND NOT EXISTS (SELECT 1 FROM closed_boards WHERE board = :board AND period = :period)
        AND member_id IN (
            SELECT member_id FROM final_ranks WHERE board = :board AND period = :period LIMIT :limit)
    RETURNING member_id
"""
_IN_ORDER = """
    SELECT member_id, bucket, whole, fraction FROM scores WHERE board = :scores AND period = :kept
    ORDER BY bucket DESC, whole DESC, fraction DESC, member_id DESC
"""
_FIX = """
    INSERT INTO final_ranks (board, period, member_id, rank, whole, fraction)
    SELECT CAST(:board AS text), CAST(:period AS text), CAST(row.value ->> 0 AS bigint),
        CAST(row.value ->> 1 AS bigint), CAST(row.value ->> 2 AS bigint), CAST(row.value ->> 3 AS bigint)
    FROM json_each(:rows) AS row
"""
_CLOSE = """
    INSERT INTO closed_boards (board, period, ends_at, closed_at, members)
    VALUES (:board, :period, :ends_at, :now, :members)
    ON CONFLICT DO NOTHING RETURNING board
"""
_CLOSE_EMPTY = """
    INSERT INTO closed_boards (board, period, ends_at, closed_at, members, paid_at)
    VALUES (:board, :period, :ends_at, :closed_at, :members, :paid_at)
    ON CONFLICT DO NOTHING
"""
_SETTLED = "UPDATE closed_boards SET paid_at = :at WHERE board = :board AND period = :period AND paid_at IS NULL"
_WINNERS = f"""
    SELECT {_FINAL_PLACE}
    FROM final_ranks AS s JOIN members AS m ON m.member_id = s.member_id
    WHERE s.board = :board AND s.period = :period AND s.rank <= :last_rank
        AND (s.rank, s.member_id) > (:after_rank, :after_member)
    ORDER BY s.rank, s.member_id LIMIT :limit
"""
_SWEEP = """
    DELETE FROM scores WHERE board = :board AND period = :period AND member_id IN (
        SELECT member_id FROM scores WHERE board = :board AND period = :period LIMIT :limit)
    RETURNING member_id
"""
_SWEEP_BUCKETS = "DELETE FROM score_buckets WHERE board = :board AND period = :period"
_FILL_TO = """
    INSERT INTO cursors (name, position) VALUES (:name, :position)
    ON CONFLICT (name) DO UPDATE SET position = excluded.position
"""
_NEXT_MEMBERS = """
    SELECT member_id FROM members WHERE member_id > :after AND last_active IS NOT NULL ORDER BY member_id LIMIT :limit
"""
