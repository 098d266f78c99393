-- SPDX-License-Identifier: Apache-2.0
-- Rows by number, and ids of renewals. People who are on their way at this moment enter their code once more.
DROP TABLE browser;
CREATE TABLE waiting (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    device_hash TEXT NOT NULL,
    user_hash TEXT NOT NULL,
    public_key BLOB NOT NULL,
    provider TEXT NOT NULL,
    device_name TEXT NOT NULL,
    device_place TEXT NOT NULL,
    domains TEXT NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    state INTEGER NOT NULL,
    refusal TEXT NOT NULL,
    entries INTEGER NOT NULL,
    sealed BLOB NOT NULL);
INSERT INTO waiting (device_hash, user_hash, public_key, provider, device_name, device_place, domains, created,
    expires, state, refusal, entries, sealed)
    SELECT device_hash, user_hash, public_key, provider, device_name, device_place, domains, created, expires,
        state, refusal, entries, sealed FROM request ORDER BY created;
DROP TABLE request;
ALTER TABLE waiting RENAME TO request;
CREATE INDEX request_end ON request (state, expires);
CREATE TABLE browser (
    hash TEXT PRIMARY KEY,
    request INTEGER NOT NULL REFERENCES request(id) ON DELETE CASCADE,
    state_hash TEXT NOT NULL,
    connected INTEGER NOT NULL,
    notice TEXT NOT NULL,
    expires INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX browser_request ON browser (request);
CREATE INDEX browser_end ON browser (expires);
CREATE TABLE seen (id TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;