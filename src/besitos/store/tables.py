"""Every table, defined once for both databases. Migrations make them; a test holds the two equal.

What one database has alone is marked with its name: PostgreSQL splits the three logs into months, each with a key of
its own (see `partitions.py`); SQLite has the key in the table. No foreign keys: the audit proves what they would.
"""

from typing import Any, TypeVar

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Constraint,
    Date,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Sequence,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateColumn, SchemaItem
from sqlalchemy.sql.compiler import DDLCompiler

from besitos.store.columns import Big, Json, Key, Moment

Item = TypeVar("Item", bound=SchemaItem)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

ONLY_ON = "only_on"
"""In the `info` of a column, index or constraint: the one database that has it."""

UPDATED_OFTEN: dict[str, Any] = {"postgresql_with": {"fillfactor": 80}}
"""Room on each page for the next version of its rows, so that an update touches no index."""

WITHOUT_ROWID: dict[str, Any] = {"sqlite_with_rowid": False}
"""On SQLite the key is the table. For small rows only: large ones would make its tree deep."""

OF_BADGES = text("scope >= 'badge/' AND scope < 'badge_u'")
"""The rows of badges, whose holders are counted: the others are found by their member alone."""

NO_PURSE_BELOW_ZERO_ON_POSTGRESQL = "NOT jsonb_path_exists(wallets::jsonb, '$.*.balance ? (@ < 0)')"
NO_PURSE_BELOW_ZERO_ON_SQLITE = (
    """instr(wallets, '"balance":-') = 0"""
    " AND ifnull(json_extract(wallets, '$.besitos.balance'), 0) >= 0"
    " AND ifnull(json_extract(wallets, '$.xp.balance'), 0) >= 0"
)
"""A CHECK of SQLite cannot walk a document: the text as we encode it, and the main purses however they are written."""


def _only_on(dialect: str, item: Item) -> Item:
    item.info[ONLY_ON] = dialect
    if isinstance(item, Constraint | Index):
        item.ddl_if(dialect=dialect)
    return item


@compiles(CreateColumn, "postgresql")
def _skip_columns_of_sqlite(element: CreateColumn, compiler: DDLCompiler, **options: object) -> str | None:
    """What `ddl_if` would do, if columns had it."""
    if element.element.info.get(ONLY_ON) == "sqlite":
        return None
    return str(compiler.visit_create_column(element, **options))  # type: ignore[no-untyped-call]  # SQLAlchemy gives it no types


# ---------------------------------------------------------------------------------------------------- members

members = Table(
    "members",
    metadata,
    Column("member_id", Big, primary_key=True, autoincrement=False),
    Column("telegram_id", Big, unique=True),
    Column("external_id", Key, unique=True),
    Column("username", Text),
    Column("display_name", Text),
    Column("language", Text),
    Column("created_at", Moment, nullable=False),
    Column("last_active", Moment),
    Column("metadata", Json),
    Column("state", Json, nullable=False, server_default=text("'{}'")),
    Column("wallets", Json, nullable=False, server_default=text("'{}'")),
    Column("seq", Big, nullable=False, server_default=text("0")),
    Column("event_seq", Big, nullable=False, server_default=text("0")),
    _only_on("postgresql", CheckConstraint(NO_PURSE_BELOW_ZERO_ON_POSTGRESQL, name="no_purse_below_zero")),
    _only_on("sqlite", CheckConstraint(NO_PURSE_BELOW_ZERO_ON_SQLITE, name="no_purse_below_zero")),
    **UPDATED_OFTEN,
)
"""The row that is locked for everything a member owns. No index on what changes with an activity."""

rows = Table(
    "rows",
    metadata,
    Column("member_id", Big, primary_key=True, autoincrement=False),
    Column("scope", Key, primary_key=True),
    Column("body", Json, nullable=False),
    Index("ix_rows_badges", "scope", "member_id", postgresql_where=OF_BADGES, sqlite_where=OF_BADGES),
    **UPDATED_OFTEN,
    **WITHOUT_ROWID,
)
"""What grows with what a member does: one row per member and name."""

shared = Table(
    "shared",
    metadata,
    Column("scope", Key, primary_key=True),
    Column("body", Json),
    **UPDATED_OFTEN,
    **WITHOUT_ROWID,
)
"""Things of no member, locked by their name. A row may be opened to be locked before it has a body."""

# ---------------------------------------------------------------------------------------------------- the ledger

transaction_positions = Sequence("transaction_positions", metadata=metadata)

transactions = Table(
    "transactions",
    metadata,
    Column("position", Big, transaction_positions, nullable=False),
    Column("member_id", Big, nullable=False),
    Column("seq", Big, nullable=False),
    Column("transfer_id", Key, nullable=False),
    Column("account", Key, nullable=False),
    Column("amount", Big, nullable=False),
    Column("balance_after", Big, nullable=False),
    Column("type", Text, nullable=False),
    Column("counter", Text, nullable=False),
    Column("lots", Json),
    Column("activity", Key, nullable=False),
    Column("definition", Text, nullable=False),
    Column("game_version", Integer, nullable=False),
    Column("details", Json),
    Column("occurred_at", Moment, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    _only_on("sqlite", PrimaryKeyConstraint("position")),
    _only_on("sqlite", UniqueConstraint("member_id", "seq")),
    _only_on("postgresql", Index(None, "position", postgresql_using="brin")),
    CheckConstraint("amount <> 0 OR details IS NOT NULL", name="amount"),
    CheckConstraint("balance_after >= 0", name="balance_after"),
    postgresql_partition_by="RANGE (recorded_at)",
)
"""One row per account that a transfer touched; triggers refuse every change. `seq` counts the movements of a member.

`position` is the order of writing: on PostgreSQL one number per written batch, on SQLite one per row.
"""

reversals = Table(
    "reversals",
    metadata,
    Column("transfer_id", Key, primary_key=True),
    Column("by", Key, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    **WITHOUT_ROWID,
)
"""Which transfer was reversed by which. In one piece on every database: its key is what makes it happen once."""

texts = Table(
    "texts",
    metadata,
    Column("transfer_id", Key, primary_key=True),
    Column("member_id", Big, nullable=False),
    Column("body", Text, nullable=False),
)
"""What people typed beside a transfer: apart from the ledger, because it may have to be erased."""

seals = Table(
    "seals",
    metadata,
    Column("number", Big, primary_key=True, autoincrement=False),
    Column("first_position", Big, nullable=False),
    Column("last_position", Big, nullable=False),
    Column("row_count", Big, nullable=False),
    Column("hash", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("sealed_at", Moment, nullable=False),
)
"""The hash of a closed range of the ledger, onto the hash of the range before it."""

daily_totals = Table(
    "daily_totals",
    metadata,
    Column("day", Date, primary_key=True),
    Column("currency", Key, primary_key=True),
    Column("house", Key, primary_key=True),
    Column("billions", Big, nullable=False),
    Column("units", Big, nullable=False),
    Column("movements", Big, nullable=False),
    **WITHOUT_ROWID,
)
"""What a source minted or a sink burned, both positive, per day of `occurred_at` in UTC, as far as the seals go.

The amount is `billions * 10^9 + units`, each summed by itself: no row has more than 64 bits and the sum of a day may,
which SQLite cannot add up. What is reversed counts against its source or sink on the day of the reversal. `movements`
counts rows.
"""

# ---------------------------------------------------------------------------------------------------- activities

activities = Table(
    "activities",
    metadata,
    Column("key", Key, nullable=False),
    _only_on("sqlite", Column("month", Integer, nullable=False)),
    Column("member_id", Big, nullable=False),
    Column("kind", Text, nullable=False),
    Column("content", Json, nullable=False),
    Column("is_dated", Boolean, nullable=False),
    Column("outcome", Json, nullable=False),
    Column("game_version", Integer, nullable=False),
    Column("trace", Json),
    Column("occurred_at", Moment, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    _only_on("sqlite", UniqueConstraint("key", "month")),
    Index(
        "ix_activities_explained",
        "member_id",
        "occurred_at",
        postgresql_where=text("trace IS NOT NULL"),
        sqlite_where=text("trace IS NOT NULL"),
    ),
    postgresql_partition_by="RANGE (occurred_at)",
)
"""Inbox and log at once. A key is unique within the month of `occurred_at`, which SQLite keeps as 202611.

Those that have something to explain are found by member; an index over all of them would cost each one of them.
"""

requests = Table(
    "requests",
    metadata,
    Column("key", Key, primary_key=True),
    Column("content", Json, nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", Json, nullable=False),
    Column("actor", Text, nullable=False),
    Column("recorded_at", Moment, nullable=False),
)
"""Acts without a member, with the answer that a repetition gets."""

timers = Table(
    "timers",
    metadata,
    Column("key", Key, primary_key=True),
    Column("due_at", Moment, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("activity", Json, nullable=False),
    **WITHOUT_ROWID,
)
"""Activities to be."""

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("key", Key, primary_key=True),
    Column("month", Integer, primary_key=True, autoincrement=False),
    Column("member_id", Big, nullable=False),
    Column("kind", Text, nullable=False),
    Column("content", Json, nullable=False),
    Column("is_dated", Boolean, nullable=False),
    Column("error", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("occurred_at", Moment, nullable=False),
    Column("failed_at", Moment, nullable=False),
)
"""Activities that failed, to be tried again. A key names one attempt a month, which is kept as 202611."""

# ---------------------------------------------------------------------------------------------------- events

event_positions = Sequence("event_positions", metadata=metadata)

events = Table(
    "events",
    metadata,
    Column("position", Big, event_positions, nullable=False),
    Column("member_id", Big, nullable=False),
    Column("member_seq", Big, nullable=False),
    Column("type", Text, nullable=False),
    Column("body", Json, nullable=False),
    Column("activity", Key, nullable=False),
    Column("game_version", Integer, nullable=False),
    Column("occurred_at", Moment, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    _only_on("sqlite", PrimaryKeyConstraint("position")),
    _only_on("sqlite", UniqueConstraint("member_id", "member_seq")),
    _only_on("postgresql", Index(None, "position", postgresql_using="brin")),
    postgresql_partition_by="RANGE (recorded_at)",
    sqlite_autoincrement=True,
)
"""The outbox and the log of events. Old ones are dropped, and a position is never given twice all the same."""

cursors = Table(
    "cursors",
    metadata,
    Column("name", Key, primary_key=True),
    Column("position", Big, nullable=False),
)
"""How far each subscriber has read."""

# ---------------------------------------------------------------------------------------------------- the game

versions = Table(
    "versions",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("applied_at", Moment, nullable=False),
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
)
"""Every game that was ever in force."""

definitions = Table(
    "definitions",
    metadata,
    Column("kind", Key, primary_key=True),
    Column("key", Key, primary_key=True),
    Column("since", Integer, primary_key=True, autoincrement=False),
    Column("until", Integer),
    Column("body", Json, nullable=False),
    CheckConstraint("until > since", name="until"),
    Index(
        "uq_definitions_in_force",
        "kind",
        "key",
        unique=True,
        postgresql_where=text("until IS NULL"),
        sqlite_where=text("until IS NULL"),
    ),
)
"""What the operator wrote, from version `since` on and before version `until`; one of a name is in force at a time."""

drafts = Table(
    "drafts",
    metadata,
    Column("name", Key, primary_key=True),
    Column("base", Integer, nullable=False),
    Column("files", Json, nullable=False),
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("saved_at", Moment, nullable=False),
    Column("state", Text, nullable=False),
    Column("publish_at", Moment),
    Column("version", Integer),
    Column("refused", Text),
)
"""Games that are not in force: the files of each, the version it was written on, and what is to become of it."""

# ---------------------------------------------------------------------------------------------------- leaderboards

scores = Table(
    "scores",
    metadata,
    Column("board", Key, primary_key=True),
    Column("period", Key, primary_key=True),
    Column("member_id", Big, primary_key=True, autoincrement=False),
    Column("whole", Big, nullable=False),
    Column("fraction", Big, nullable=False),
    Column("bucket", Integer, nullable=False),
    Index("ix_scores_order", "board", "period", "bucket", "whole", "fraction", "member_id"),
    **WITHOUT_ROWID,
)
"""Who stands on a board, and how high: an index of the members' documents, written with them.

A table of its own: an index on what changes with every activity would make each update of a member a dearer one.
"""

score_buckets = Table(
    "score_buckets",
    metadata,
    Column("board", Key, primary_key=True),
    Column("period", Key, primary_key=True),
    Column("bucket", Integer, primary_key=True, autoincrement=False),
    Column("lane", Integer, primary_key=True, autoincrement=False),
    Column("members", Big, nullable=False),
    **UPDATED_OFTEN,
    **WITHOUT_ROWID,
)
"""How many members stand in each range of scores, so that a rank is a short sum.

Each range is kept in several rows, one for each `lane`: connections that write at once do not wait for each other. Who
came by one lane may leave by another, so that only the sum means something; a row may be below zero.
"""

closed_boards = Table(
    "closed_boards",
    metadata,
    Column("board", Key, primary_key=True),
    Column("period", Key, primary_key=True),
    Column("ends_at", Moment, nullable=False),
    Column("closed_at", Moment, nullable=False),
    Column("members", Big, nullable=False),
    Column("paid_at", Moment),
    **WITHOUT_ROWID,
)
"""The periods of boards that are over: when the last rank was fixed, and when the last prize was paid."""

final_ranks = Table(
    "final_ranks",
    metadata,
    Column("board", Key, primary_key=True),
    Column("period", Key, primary_key=True),
    Column("member_id", Big, primary_key=True, autoincrement=False),
    Column("rank", Big, nullable=False),
    Column("whole", Big, nullable=False),
    Column("fraction", Big, nullable=False),
    Index("ix_final_ranks_order", "board", "period", "rank", "member_id"),
    **WITHOUT_ROWID,
)
"""Where everybody stood when a period of a board was over. Kept for ever, under the key of the board."""

# ---------------------------------------------------------------------------------------------------- operation

api_keys = Table(
    "api_keys",
    metadata,
    Column("key_id", Key, primary_key=True),
    Column("client", Key, nullable=False, unique=True),
    Column("secret_hash", Text, nullable=False),
    Column("scopes", Json, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("last_used_at", Moment),
)
"""Who may call the API, and for what."""

staff_log = Table(
    "staff_log",
    metadata,
    Column("log_id", Big, Identity(always=True), primary_key=True),
    Column("actor", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("details", Json, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)
"""What the staff did."""

deployment = Table(
    "deployment",
    metadata,
    Column("name", Key, primary_key=True),
    Column("value", Text, nullable=False),
)
"""What is true of this installation: the seed of chance, the name it was given."""
