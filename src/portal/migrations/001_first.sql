-- SPDX-License-Identifier: Apache-2.0
-- The tables of a portal that keeps its store in a file of its own.
CREATE TABLE request (
    id TEXT PRIMARY KEY,
    device_hash TEXT NOT NULL UNIQUE,
    user_hash TEXT NOT NULL UNIQUE,
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
    sealed BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX request_end ON request (state, expires);
CREATE TABLE browser (
    hash TEXT PRIMARY KEY,
    request TEXT NOT NULL REFERENCES request(id) ON DELETE CASCADE,
    state_hash TEXT NOT NULL,
    connected INTEGER NOT NULL,
    notice TEXT NOT NULL,
    expires INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX browser_request ON browser (request);
CREATE INDEX browser_end ON browser (expires);