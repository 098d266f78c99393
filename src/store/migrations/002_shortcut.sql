CREATE TABLE shortcut (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,              -- its profile's
    profile TEXT NOT NULL,
    kind TEXT NOT NULL,               -- "print", "scan"
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,           -- the name as it is compared
    target TEXT NOT NULL,             -- the cloud's id of the file or folder
    target_name TEXT NOT NULL,        -- its name when it was last seen
    wish TEXT NOT NULL,               -- JSON: the print ticket or the scan settings (docs/api.md)
    pinned INTEGER NOT NULL,
    problem TEXT NOT NULL,            -- why it cannot be used, as last seen; "" for nothing
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    UNIQUE (owner, name_key)
) WITHOUT ROWID;
CREATE INDEX shortcut_profile ON shortcut (profile);
