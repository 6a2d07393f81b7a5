-- Statements are parted by blank lines. Names that machines give sort by bytes (COLLATE "C"), as they do on SQLite.

CREATE TABLE members (
    member_id bigint NOT NULL,
    telegram_id bigint,
    external_id text COLLATE "C",
    username text,
    display_name text,
    language text,
    created_at timestamptz NOT NULL,
    last_active timestamptz,
    metadata json,
    state json DEFAULT '{}' NOT NULL,
    wallets json DEFAULT '{}' NOT NULL,
    seq bigint DEFAULT 0 NOT NULL,
    event_seq bigint DEFAULT 0 NOT NULL,
    CONSTRAINT pk_members PRIMARY KEY (member_id),
    CONSTRAINT uq_members_telegram_id UNIQUE (telegram_id),
    CONSTRAINT uq_members_external_id UNIQUE (external_id),
    CONSTRAINT ck_members_no_purse_below_zero
        CHECK (NOT jsonb_path_exists(wallets::jsonb, '$.*.balance ? (@ < 0)'))
) WITH (fillfactor = 80);

CREATE TABLE rows (
    member_id bigint NOT NULL,
    scope text COLLATE "C" NOT NULL,
    body json NOT NULL,
    CONSTRAINT pk_rows PRIMARY KEY (member_id, scope)
) WITH (fillfactor = 80);

CREATE INDEX ix_rows_badges ON rows (scope, member_id) WHERE scope >= 'badge/' AND scope < 'badge_u';

CREATE TABLE shared (
    scope text COLLATE "C" NOT NULL,
    body json,
    CONSTRAINT pk_shared PRIMARY KEY (scope)
) WITH (fillfactor = 80);

CREATE SEQUENCE transaction_positions;

-- Each month has the key (member_id, seq) of its own: a key of the whole would have to contain recorded_at.
CREATE TABLE transactions (
    position bigint NOT NULL,
    member_id bigint NOT NULL,
    seq bigint NOT NULL,
    transfer_id text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    amount bigint NOT NULL,
    balance_after bigint NOT NULL,
    type text NOT NULL,
    counter text NOT NULL,
    lots json,
    activity text COLLATE "C" NOT NULL,
    definition text NOT NULL,
    game_version integer NOT NULL,
    details json,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT ck_transactions_amount CHECK (amount <> 0 OR details IS NOT NULL),
    CONSTRAINT ck_transactions_balance_after CHECK (balance_after >= 0)
) PARTITION BY RANGE (recorded_at);

CREATE INDEX ix_transactions_position ON transactions USING brin (position);

CREATE TABLE reversals (
    transfer_id text COLLATE "C" NOT NULL,
    by text COLLATE "C" NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT pk_reversals PRIMARY KEY (transfer_id)
);

CREATE TABLE texts (
    transfer_id text COLLATE "C" NOT NULL,
    member_id bigint NOT NULL,
    body text NOT NULL,
    CONSTRAINT pk_texts PRIMARY KEY (transfer_id)
);

CREATE TABLE seals (
    number bigint NOT NULL,
    first_position bigint NOT NULL,
    last_position bigint NOT NULL,
    row_count bigint NOT NULL,
    hash text NOT NULL,
    previous text NOT NULL,
    sealed_at timestamptz NOT NULL,
    CONSTRAINT pk_seals PRIMARY KEY (number)
);

CREATE TABLE daily_totals (
    day date NOT NULL,
    currency text COLLATE "C" NOT NULL,
    house text COLLATE "C" NOT NULL,
    billions bigint NOT NULL,
    units bigint NOT NULL,
    movements bigint NOT NULL,
    CONSTRAINT pk_daily_totals PRIMARY KEY (day, currency, house)
);

-- Each month has the key (key) of its own.
CREATE TABLE activities (
    key text COLLATE "C" NOT NULL,
    member_id bigint NOT NULL,
    kind text NOT NULL,
    content json NOT NULL,
    is_dated boolean NOT NULL,
    outcome json NOT NULL,
    game_version integer NOT NULL,
    trace json,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL
) PARTITION BY RANGE (occurred_at);

CREATE INDEX ix_activities_explained ON activities (member_id, occurred_at) WHERE trace IS NOT NULL;

CREATE TABLE requests (
    key text COLLATE "C" NOT NULL,
    content json NOT NULL,
    status integer NOT NULL,
    body json NOT NULL,
    actor text NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT pk_requests PRIMARY KEY (key)
);

CREATE TABLE timers (
    key text COLLATE "C" NOT NULL,
    due_at timestamptz NOT NULL,
    kind text NOT NULL,
    activity json NOT NULL,
    CONSTRAINT pk_timers PRIMARY KEY (key)
);

CREATE INDEX ix_timers_due_at ON timers (due_at);

CREATE TABLE dead_letters (
    key text COLLATE "C" NOT NULL,
    month integer NOT NULL,
    member_id bigint NOT NULL,
    kind text NOT NULL,
    content json NOT NULL,
    is_dated boolean NOT NULL,
    error text NOT NULL,
    attempts integer NOT NULL,
    occurred_at timestamptz NOT NULL,
    failed_at timestamptz NOT NULL,
    CONSTRAINT pk_dead_letters PRIMARY KEY (key, month)
);

CREATE SEQUENCE event_positions;

-- Each month has the key (member_id, member_seq) of its own.
CREATE TABLE events (
    position bigint NOT NULL,
    member_id bigint NOT NULL,
    member_seq bigint NOT NULL,
    type text NOT NULL,
    body json NOT NULL,
    activity text COLLATE "C" NOT NULL,
    game_version integer NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL
) PARTITION BY RANGE (recorded_at);

CREATE INDEX ix_events_position ON events USING brin (position);

CREATE TABLE cursors (
    name text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    CONSTRAINT pk_cursors PRIMARY KEY (name)
);

CREATE TABLE versions (
    version integer NOT NULL,
    applied_at timestamptz NOT NULL,
    author text NOT NULL,
    reason text NOT NULL,
    CONSTRAINT pk_versions PRIMARY KEY (version)
);

CREATE TABLE definitions (
    kind text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    since integer NOT NULL,
    until integer,
    body json NOT NULL,
    CONSTRAINT pk_definitions PRIMARY KEY (kind, key, since),
    CONSTRAINT ck_definitions_until CHECK (until > since)
);

CREATE UNIQUE INDEX uq_definitions_in_force ON definitions (kind, key) WHERE until IS NULL;

CREATE TABLE scores (
    board text COLLATE "C" NOT NULL,
    period text COLLATE "C" NOT NULL,
    member_id bigint NOT NULL,
    whole bigint NOT NULL,
    fraction bigint NOT NULL,
    bucket integer NOT NULL,
    CONSTRAINT pk_scores PRIMARY KEY (board, period, member_id)
);

CREATE INDEX ix_scores_order ON scores (board, period, bucket, whole, fraction, member_id);

CREATE TABLE score_buckets (
    board text COLLATE "C" NOT NULL,
    period text COLLATE "C" NOT NULL,
    bucket integer NOT NULL,
    lane integer NOT NULL,
    members bigint NOT NULL,
    CONSTRAINT pk_score_buckets PRIMARY KEY (board, period, bucket, lane)
) WITH (fillfactor = 80);

CREATE TABLE closed_boards (
    board text COLLATE "C" NOT NULL,
    period text COLLATE "C" NOT NULL,
    ends_at timestamptz NOT NULL,
    closed_at timestamptz NOT NULL,
    members bigint NOT NULL,
    paid_at timestamptz,
    CONSTRAINT pk_closed_boards PRIMARY KEY (board, period)
);

CREATE TABLE final_ranks (
    board text COLLATE "C" NOT NULL,
    period text COLLATE "C" NOT NULL,
    member_id bigint NOT NULL,
    rank bigint NOT NULL,
    whole bigint NOT NULL,
    fraction bigint NOT NULL,
    CONSTRAINT pk_final_ranks PRIMARY KEY (board, period, member_id)
);

CREATE INDEX ix_final_ranks_order ON final_ranks (board, period, rank, member_id);

CREATE TABLE api_keys (
    key_id text COLLATE "C" NOT NULL,
    client text COLLATE "C" NOT NULL,
    secret_hash text NOT NULL,
    scopes json NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    last_used_at timestamptz,
    CONSTRAINT pk_api_keys PRIMARY KEY (key_id),
    CONSTRAINT uq_api_keys_client UNIQUE (client)
);

CREATE TABLE staff_log (
    log_id bigint GENERATED ALWAYS AS IDENTITY,
    actor text NOT NULL,
    act text NOT NULL,
    details json NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT pk_staff_log PRIMARY KEY (log_id)
);

CREATE TABLE deployment (
    name text COLLATE "C" NOT NULL,
    value text NOT NULL,
    CONSTRAINT pk_deployment PRIMARY KEY (name)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% are never changed or deleted', TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER transactions_stay BEFORE UPDATE OR DELETE ON transactions
    FOR EACH ROW EXECUTE FUNCTION refuse_change('transactions');

-- A trigger for each row reaches every month by itself; this one is made again with each month.
CREATE TRIGGER transactions_are_not_emptied BEFORE TRUNCATE ON transactions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('transactions');

CREATE TRIGGER reversals_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON reversals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('reversals');

CREATE TRIGGER seals_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON seals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('seals');

CREATE VIEW accounts AS
SELECT
    m.member_id,
    w.key COLLATE "C" AS account,
    split_part(w.key, '@', 1) COLLATE "C" AS currency,
    strpos(w.key, '@') > 0 AS is_hold,
    coalesce((w.value ->> 'balance')::bigint, 0) AS balance,
    coalesce((w.value ->> 'earned')::bigint, 0) AS earned,
    coalesce((w.value ->> 'spent')::bigint, 0) AS spent,
    coalesce((w.value ->> 'debt')::bigint, 0) AS debt
FROM members AS m CROSS JOIN LATERAL json_each(m.wallets) AS w;

CREATE VIEW lots AS
SELECT
    m.member_id,
    w.key COLLATE "C" AS account,
    (l.value ->> 0)::timestamptz AS expires_at,
    (l.value ->> 1)::bigint AS amount,
    (l.value ->> 2)::timestamptz AS first_expiry
FROM members AS m
CROSS JOIN LATERAL json_each(m.wallets) AS w
CROSS JOIN LATERAL json_array_elements(w.value -> 'lots') AS l;

CREATE VIEW user_balances AS
SELECT
    a.member_id,
    m.external_id,
    m.telegram_id,
    a.currency,
    sum(CASE WHEN a.is_hold THEN 0 ELSE a.balance END)::bigint AS balance,
    sum(CASE WHEN a.is_hold THEN a.balance ELSE 0 END)::bigint AS held,
    sum(a.earned)::bigint AS earned,
    sum(a.spent)::bigint AS spent
FROM accounts AS a JOIN members AS m ON m.member_id = a.member_id
GROUP BY a.member_id, m.external_id, m.telegram_id, a.currency;

CREATE VIEW movements AS
SELECT
    t.position, t.member_id, t.seq, t.transfer_id, t.account,
    split_part(t.account, '@', 1) COLLATE "C" AS currency,
    strpos(t.account, '@') > 0 AS is_hold,
    t.amount, t.balance_after,
    t.type COLLATE "C" AS type,
    t.counter COLLATE "C" AS counter,
    t.activity, t.definition, t.game_version,
    (t.occurred_at AT TIME ZONE 'UTC')::date AS day,
    t.occurred_at, t.recorded_at,
    coalesce((t.details ->> 'debt')::bigint, 0) AS debt,
    (t.details ->> 'reverses') COLLATE "C" AS reverses,
    (t.details ->> 'reversed_type') COLLATE "C" AS reversed_type
FROM transactions AS t;

CREATE VIEW lot_movements AS
SELECT
    t.member_id, t.seq, t.account, t.type,
    t.amount AS moved,
    (l.value ->> 0)::timestamptz AS expires_at,
    (l.value ->> 1)::bigint AS amount,
    (l.value ->> 2)::timestamptz AS first_expiry,
    t.occurred_at
FROM transactions AS t CROSS JOIN LATERAL json_array_elements(t.lots) AS l
WHERE t.lots IS NOT NULL;

CREATE VIEW quarantined AS
SELECT
    r.member_id,
    r.scope,
    (CASE WHEN w.value ->> 0 = 'bonus' THEN 'besitos' ELSE w.value ->> 0 END) COLLATE "C" AS currency,
    (w.value ->> 1)::bigint AS amount,
    r.body ->> 'source' AS source,
    (r.body ->> 'since')::timestamptz AS since,
    (r.body ->> 'releases_at')::timestamptz AS releases_at
FROM rows AS r CROSS JOIN LATERAL json_array_elements(r.body -> 'amounts') AS w
WHERE r.scope >= 'quarantine/' AND r.scope < 'quarantine0';

-- How far positions were given out; the oldest transaction that still runs, and the number that comes next.
CREATE VIEW writers AS
SELECT
    (SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM transaction_positions) AS last_position,
    pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS oldest,
    pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS coming;

-- For a line of the event log that is not written by a batch.
CREATE VIEW next_event AS
SELECT nextval('event_positions') AS position;

-- Rows as a batch brings them, in arrays: what it says of each; the rest is the same for the whole batch.
CREATE TYPE new_activity AS (
    key text,
    member_id bigint,
    kind text,
    content json,
    is_dated boolean,
    outcome json,
    trace json,
    occurred_at timestamptz
);

CREATE TYPE new_transaction AS (
    member_id bigint,
    seq bigint,
    transfer_id text,
    account text,
    amount bigint,
    balance_after bigint,
    type text,
    counter text,
    lots json,
    activity text,
    definition text,
    details json,
    occurred_at timestamptz
);

CREATE TYPE member_change AS (
    member_id bigint,
    state json,
    wallets json,
    seq bigint,
    event_seq bigint,
    seq_before bigint,
    last_active timestamptz
);
