-- The service's state. Times are seconds since 1970 in UTC.

CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE profile (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,              -- "guest", or a person's id
    provider TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,           -- the name as it is compared
    state TEXT NOT NULL,
    pin_hash TEXT,
    wrong_pins INTEGER NOT NULL DEFAULT 0,
    lock_seconds INTEGER NOT NULL DEFAULT 0, -- length of the lock that is in force, 0: none
    lock_boot TEXT,                   -- the boot in which lock_until counts
    lock_until INTEGER,               -- seconds of that boot's monotonic clock
    account_id TEXT,
    account_email TEXT,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    UNIQUE (owner, name_key)
) WITHOUT ROWID;

CREATE TABLE job (
    number INTEGER PRIMARY KEY AUTOINCREMENT, -- order of acceptance
    id TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL,
    request_key TEXT,                 -- the face's own, so that a repeated request is the same job
    kind TEXT NOT NULL,
    state TEXT NOT NULL,              -- IPP's words
    detail TEXT NOT NULL,             -- JSON: stage, wishes, progress (src/jobs/job.h)
    cancel_requested INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    UNIQUE (owner, request_key)
);
CREATE INDEX job_ended ON job (ended_at);

CREATE TABLE vault_key (owner TEXT PRIMARY KEY, wrapped BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE vault_secret (
    owner TEXT NOT NULL REFERENCES vault_key (owner) ON DELETE CASCADE,
    name TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (owner, name)
) WITHOUT ROWID;
