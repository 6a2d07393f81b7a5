CREATE TABLE drafts (
    name text COLLATE "C" NOT NULL,
    base integer NOT NULL,
    files json NOT NULL,
    author text NOT NULL,
    reason text NOT NULL,
    saved_at timestamptz NOT NULL,
    state text NOT NULL,
    publish_at timestamptz,
    version integer,
    refused text,
    CONSTRAINT pk_drafts PRIMARY KEY (name)
);
