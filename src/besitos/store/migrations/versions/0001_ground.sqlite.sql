-- Statements are parted by blank lines. Times are microseconds since 1970 in UTC, JSON is text.

CREATE TABLE members (
    member_id INTEGER NOT NULL,
    telegram_id INTEGER,
    external_id TEXT,
    username TEXT,
    display_name TEXT,
    language TEXT,
    created_at INTEGER NOT NULL,
    last_active INTEGER,
    metadata TEXT,
    state TEXT DEFAULT '{}' NOT NULL,
    wallets TEXT DEFAULT '{}' NOT NULL,
    seq INTEGER DEFAULT 0 NOT NULL,
    event_seq INTEGER DEFAULT 0 NOT NULL,
    CONSTRAINT pk_members PRIMARY KEY (member_id),
    CONSTRAINT ck_members_no_purse_below_zero CHECK (
        instr(wallets, '"balance":-') = 0
        AND ifnull(json_extract(wallets, '$.besitos.balance'), 0) >= 0
        AND ifnull(json_extract(wallets, '$.xp.balance'), 0) >= 0
    ),
    CONSTRAINT uq_members_telegram_id UNIQUE (telegram_id),
    CONSTRAINT uq_members_external_id UNIQUE (external_id)
);

CREATE TABLE rows (
    member_id INTEGER NOT NULL,
    scope TEXT NOT NULL,
    body TEXT NOT NULL,
    CONSTRAINT pk_rows PRIMARY KEY (member_id, scope)
) WITHOUT ROWID;

CREATE INDEX ix_rows_badges ON rows (scope, member_id) WHERE scope >= 'badge/' AND scope < 'badge_u';

CREATE TABLE shared (
    scope TEXT NOT NULL,
    body TEXT,
    CONSTRAINT pk_shared PRIMARY KEY (scope)
) WITHOUT ROWID;

CREATE TABLE transactions (
    position INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    transfer_id TEXT NOT NULL,
    account TEXT NOT NULL,
    amount INTEGER NOT NULL,
    balance_after INTEGER NOT NULL,
    type TEXT NOT NULL,
    counter TEXT NOT NULL,
    lots TEXT,
    activity TEXT NOT NULL,
    definition TEXT NOT NULL,
    game_version INTEGER NOT NULL,
    details TEXT,
    occurred_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    CONSTRAINT pk_transactions PRIMARY KEY (position),
    CONSTRAINT uq_transactions_member_id_seq UNIQUE (member_id, seq),
    CONSTRAINT ck_transactions_amount CHECK (amount <> 0 OR details IS NOT NULL),
    CONSTRAINT ck_transactions_balance_after CHECK (balance_after >= 0)
);

CREATE TABLE reversals (
    transfer_id TEXT NOT NULL,
    "by" TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    CONSTRAINT pk_reversals PRIMARY KEY (transfer_id)
) WITHOUT ROWID;

CREATE TABLE texts (
    transfer_id TEXT NOT NULL,
    member_id INTEGER NOT NULL,
    body TEXT NOT NULL,
    CONSTRAINT pk_texts PRIMARY KEY (transfer_id)
);

CREATE TABLE seals (
    number INTEGER NOT NULL,
    first_position INTEGER NOT NULL,
    last_position INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    hash TEXT NOT NULL,
    previous TEXT NOT NULL,
    sealed_at INTEGER NOT NULL,
    CONSTRAINT pk_seals PRIMARY KEY (number)
);

CREATE TABLE daily_totals (
    day DATE NOT NULL,
    currency TEXT NOT NULL,
    house TEXT NOT NULL,
    billions INTEGER NOT NULL,
    units INTEGER NOT NULL,
    movements INTEGER NOT NULL,
    CONSTRAINT pk_daily_totals PRIMARY KEY (day, currency, house)
) WITHOUT ROWID;

-- month is that of occurred_at in UTC, as 202611.
CREATE TABLE activities (
    "key" TEXT NOT NULL,
    month INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    content TEXT NOT NULL,
    is_dated BOOLEAN NOT NULL,
    outcome TEXT NOT NULL,
    game_version INTEGER NOT NULL,
    trace TEXT,
    occurred_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    CONSTRAINT uq_activities_key_month UNIQUE ("key", month)
);

CREATE INDEX ix_activities_explained ON activities (member_id, occurred_at) WHERE trace IS NOT NULL;

CREATE TABLE requests (
    "key" TEXT NOT NULL,
    content TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    CONSTRAINT pk_requests PRIMARY KEY ("key")
);

CREATE TABLE timers (
    "key" TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    activity TEXT NOT NULL,
    CONSTRAINT pk_timers PRIMARY KEY ("key")
) WITHOUT ROWID;

CREATE INDEX ix_timers_due_at ON timers (due_at);

CREATE TABLE dead_letters (
    "key" TEXT NOT NULL,
    month INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    content TEXT NOT NULL,
    is_dated BOOLEAN NOT NULL,
    error TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    occurred_at INTEGER NOT NULL,
    failed_at INTEGER NOT NULL,
    CONSTRAINT pk_dead_letters PRIMARY KEY ("key", month)
);

-- AUTOINCREMENT: when every event has been dropped, the next one must not be number 1 again.
CREATE TABLE events (
    position INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    member_id INTEGER NOT NULL,
    member_seq INTEGER NOT NULL,
    type TEXT NOT NULL,
    body TEXT NOT NULL,
    activity TEXT NOT NULL,
    game_version INTEGER NOT NULL,
    occurred_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    CONSTRAINT uq_events_member_id_member_seq UNIQUE (member_id, member_seq)
);

CREATE TABLE cursors (
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    CONSTRAINT pk_cursors PRIMARY KEY (name)
);

CREATE TABLE versions (
    version INTEGER NOT NULL,
    applied_at INTEGER NOT NULL,
    author TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_versions PRIMARY KEY (version)
);

CREATE TABLE definitions (
    kind TEXT NOT NULL,
    "key" TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER,
    body TEXT NOT NULL,
    CONSTRAINT pk_definitions PRIMARY KEY (kind, "key", since),
    CONSTRAINT ck_definitions_until CHECK (until > since)
);

CREATE UNIQUE INDEX uq_definitions_in_force ON definitions (kind, "key") WHERE until IS NULL;

CREATE TABLE scores (
    board TEXT NOT NULL,
    period TEXT NOT NULL,
    member_id INTEGER NOT NULL,
    whole INTEGER NOT NULL,
    fraction INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    CONSTRAINT pk_scores PRIMARY KEY (board, period, member_id)
) WITHOUT ROWID;

CREATE INDEX ix_scores_order ON scores (board, period, bucket, whole, fraction, member_id);

CREATE TABLE score_buckets (
    board TEXT NOT NULL,
    period TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    lane INTEGER NOT NULL,
    members INTEGER NOT NULL,
    CONSTRAINT pk_score_buckets PRIMARY KEY (board, period, bucket, lane)
) WITHOUT ROWID;

CREATE TABLE closed_boards (
    board TEXT NOT NULL,
    period TEXT NOT NULL,
    ends_at INTEGER NOT NULL,
    closed_at INTEGER NOT NULL,
    members INTEGER NOT NULL,
    paid_at INTEGER,
    CONSTRAINT pk_closed_boards PRIMARY KEY (board, period)
) WITHOUT ROWID;

CREATE TABLE final_ranks (
    board TEXT NOT NULL,
    period TEXT NOT NULL,
    member_id INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    whole INTEGER NOT NULL,
    fraction INTEGER NOT NULL,
    CONSTRAINT pk_final_ranks PRIMARY KEY (board, period, member_id)
) WITHOUT ROWID;

CREATE INDEX ix_final_ranks_order ON final_ranks (board, period, rank, member_id);

CREATE TABLE api_keys (
    key_id TEXT NOT NULL,
    client TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER,
    last_used_at INTEGER,
    CONSTRAINT pk_api_keys PRIMARY KEY (key_id),
    CONSTRAINT uq_api_keys_client UNIQUE (client)
);

CREATE TABLE staff_log (
    log_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    details TEXT NOT NULL,
    recorded_at INTEGER NOT NULL
);

CREATE TABLE deployment (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT pk_deployment PRIMARY KEY (name)
);

CREATE TRIGGER transactions_stay_unchanged BEFORE UPDATE ON transactions
BEGIN SELECT RAISE(ABORT, 'transactions are never changed or deleted'); END;

CREATE TRIGGER transactions_stay BEFORE DELETE ON transactions
BEGIN SELECT RAISE(ABORT, 'transactions are never changed or deleted'); END;

CREATE TRIGGER reversals_stay_unchanged BEFORE UPDATE ON reversals
BEGIN SELECT RAISE(ABORT, 'reversals are never changed or deleted'); END;

CREATE TRIGGER reversals_stay BEFORE DELETE ON reversals
BEGIN SELECT RAISE(ABORT, 'reversals are never changed or deleted'); END;

CREATE TRIGGER seals_stay_unchanged BEFORE UPDATE ON seals
BEGIN SELECT RAISE(ABORT, 'seals are never changed or deleted'); END;

CREATE TRIGGER seals_stay BEFORE DELETE ON seals
BEGIN SELECT RAISE(ABORT, 'seals are never changed or deleted'); END;

CREATE VIEW accounts AS
SELECT
    m.member_id AS member_id,
    w.key AS account,
    CASE WHEN instr(w.key, '@') > 0 THEN substr(w.key, 1, instr(w.key, '@') - 1) ELSE w.key END AS currency,
    instr(w.key, '@') > 0 AS is_hold,
    ifnull(json_extract(w.value, '$.balance'), 0) AS balance,
    ifnull(json_extract(w.value, '$.earned'), 0) AS earned,
    ifnull(json_extract(w.value, '$.spent'), 0) AS spent,
    ifnull(json_extract(w.value, '$.debt'), 0) AS debt
FROM members AS m CROSS JOIN json_each(m.wallets) AS w;

-- expires_at is written as 2026-12-01T00:00:00Z or 2026-12-01T00:00:00.123456Z.
CREATE VIEW lots AS
SELECT
    m.member_id AS member_id,
    w.key AS account,
    CAST(strftime('%s', substr(json_extract(l.value, '$[0]'), 1, 19)) AS INTEGER) * 1000000
        + CAST(substr(rtrim(substr(json_extract(l.value, '$[0]'), 21), 'Z') || '000000', 1, 6) AS INTEGER) AS expires_at,
    json_extract(l.value, '$[1]') AS amount,
    CAST(strftime('%s', substr(json_extract(l.value, '$[2]'), 1, 19)) AS INTEGER) * 1000000
        + CAST(substr(rtrim(substr(json_extract(l.value, '$[2]'), 21), 'Z') || '000000', 1, 6) AS INTEGER) AS first_expiry
FROM members AS m
CROSS JOIN json_each(m.wallets) AS w
CROSS JOIN json_each(w.value, '$.lots') AS l;

CREATE VIEW user_balances AS
SELECT
    a.member_id AS member_id,
    m.external_id AS external_id,
    m.telegram_id AS telegram_id,
    a.currency AS currency,
    sum(CASE WHEN a.is_hold THEN 0 ELSE a.balance END) AS balance,
    sum(CASE WHEN a.is_hold THEN a.balance ELSE 0 END) AS held,
    sum(a.earned) AS earned,
    sum(a.spent) AS spent
FROM accounts AS a JOIN members AS m ON m.member_id = a.member_id
GROUP BY a.member_id, m.external_id, m.telegram_id, a.currency;

CREATE VIEW movements AS
SELECT
    t.position, t.member_id, t.seq, t.transfer_id, t.account,
    CASE WHEN instr(t.account, '@') > 0 THEN substr(t.account, 1, instr(t.account, '@') - 1) ELSE t.account END AS currency,
    instr(t.account, '@') > 0 AS is_hold,
    t.amount, t.balance_after, t.type, t.counter,
    t.activity, t.definition, t.game_version,
    date(t.occurred_at / 1000000, 'unixepoch') AS day,
    t.occurred_at, t.recorded_at,
    CASE WHEN t.details IS NULL THEN 0 ELSE ifnull(json_extract(t.details, '$.debt'), 0) END AS debt,
    json_extract(t.details, '$.reverses') AS reverses,
    json_extract(t.details, '$.reversed_type') AS reversed_type
FROM transactions AS t;

CREATE VIEW lot_movements AS
SELECT
    t.member_id AS member_id, t.seq AS seq, t.account AS account, t.type AS type,
    t.amount AS moved,
    CAST(strftime('%s', substr(json_extract(l.value, '$[0]'), 1, 19)) AS INTEGER) * 1000000
        + CAST(substr(rtrim(substr(json_extract(l.value, '$[0]'), 21), 'Z') || '000000', 1, 6) AS INTEGER) AS expires_at,
    json_extract(l.value, '$[1]') AS amount,
    CAST(strftime('%s', substr(json_extract(l.value, '$[2]'), 1, 19)) AS INTEGER) * 1000000
        + CAST(substr(rtrim(substr(json_extract(l.value, '$[2]'), 21), 'Z') || '000000', 1, 6) AS INTEGER) AS first_expiry,
    t.occurred_at AS occurred_at
FROM transactions AS t CROSS JOIN json_each(t.lots) AS l
WHERE t.lots IS NOT NULL;

CREATE VIEW quarantined AS
SELECT
    r.member_id AS member_id,
    r.scope AS scope,
    CASE json_extract(w.value, '$[0]') WHEN 'bonus' THEN 'besitos' ELSE json_extract(w.value, '$[0]') END AS currency,
    json_extract(w.value, '$[1]') AS amount,
    json_extract(r.body, '$.source') AS source,
    CAST(strftime('%s', substr(json_extract(r.body, '$.since'), 1, 19)) AS INTEGER) * 1000000
        + CAST(substr(rtrim(substr(json_extract(r.body, '$.since'), 21), 'Z') || '000000', 1, 6) AS INTEGER) AS since,
    CAST(strftime('%s', substr(json_extract(r.body, '$.releases_at'), 1, 19)) AS INTEGER) * 1000000
        + CAST(substr(rtrim(substr(json_extract(r.body, '$.releases_at'), 21), 'Z') || '000000', 1, 6) AS INTEGER) AS releases_at
FROM rows AS r CROSS JOIN json_each(r.body, '$.amounts') AS w
WHERE r.scope >= 'quarantine/' AND r.scope < 'quarantine0';

-- Nobody writes beside the one writer: what is there is finished.
CREATE VIEW writers AS
SELECT (SELECT ifnull(max(position), 0) FROM transactions) AS last_position, 0 AS oldest, 0 AS coming;

-- A line of the event log numbers itself.
CREATE VIEW next_event AS
SELECT NULL AS position;
