CREATE TABLE drafts (
    name TEXT NOT NULL,
    base INTEGER NOT NULL,
    files TEXT NOT NULL,
    author TEXT NOT NULL,
    reason TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    publish_at INTEGER,
    version INTEGER,
    refused TEXT,
    CONSTRAINT pk_drafts PRIMARY KEY (name)
);
