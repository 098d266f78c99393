-- Who may sign in, wrong tries, and what was done.

CREATE TABLE person (
    id TEXT PRIMARY KEY,              -- of a directory's people: the directory's own, which renaming keeps
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,           -- the name as it is compared
    source TEXT NOT NULL,             -- "own" or "directory"
    administrator INTEGER NOT NULL DEFAULT 0,
    open INTEGER NOT NULL DEFAULT 0,  -- signs in from the list without a secret
    password_hash TEXT,
    pin_key TEXT UNIQUE,              -- keyed hashes: each finds one person
    card_key TEXT UNIQUE,
    created_at INTEGER NOT NULL,
    last_signed_in_at INTEGER
) WITHOUT ROWID;
CREATE UNIQUE INDEX person_name ON person (name_key) WHERE source = 'own';

CREATE TABLE sign_in_try (
    door TEXT PRIMARY KEY,            -- what the tries are counted for
    wrong INTEGER NOT NULL,           -- in a row
    wait INTEGER NOT NULL,            -- seconds to pay off, as of `at`
    boot TEXT NOT NULL,               -- the boot in which `at` counts
    at INTEGER NOT NULL               -- seconds of that boot's clock
) WITHOUT ROWID;

CREATE TABLE audit (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    what TEXT NOT NULL,
    who TEXT NOT NULL,                -- an owner: "guest", "person:ID", "machine"
    who_name TEXT NOT NULL,           -- as it was then
    face TEXT NOT NULL,
    subject TEXT NOT NULL,            -- an id, or ""
    outcome TEXT NOT NULL,            -- "ok", or a stable code
    detail TEXT NOT NULL              -- JSON: facts, never contents
);
CREATE INDEX audit_at ON audit (at);
